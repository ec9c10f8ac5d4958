/**
 * The closed list of error codes: one registry, from which `docs/errors.md` is made. `extensions.code` of every GraphQL error is one of these.
 * `status` is the HTTP status when the whole request is refused; null where the code only ever stands beside partial data.
 */
export const errorCodes = {
  GRAPHQL_PARSE_FAILED: { status: 400, retryable: false, meaning: 'The document is not GraphQL.' },
  GRAPHQL_VALIDATION_FAILED: { status: 400, retryable: false, meaning: 'The document does not fit the schema.' },
  OPERATION_RESOLUTION_FAILURE: { status: 400, retryable: false, meaning: 'The document has several operations, or none of the name given: send `operationName`.' },
  BAD_REQUEST: { status: 400, retryable: false, meaning: 'The HTTP request is not one that the endpoint takes: see the message or detail.' },
  BAD_USER_INPUT: { status: 400, retryable: false, meaning: 'A variable or argument has a value it must not have.' },
  NOT_FOUND: { status: 404, retryable: false, meaning: 'The hub serves nothing at this path.' },
  METHOD_NOT_ALLOWED: { status: 405, retryable: false, meaning: 'The path does not take this method; mutations need POST.' },
  NOT_ACCEPTABLE: { status: 406, retryable: false, meaning: 'The `accept` header takes none of the types the hub can answer with.' },
  REQUEST_TIMEOUT: { status: 408, retryable: true, meaning: 'The request did not arrive whole in time.' },
  PAYLOAD_TOO_LARGE: { status: 413, retryable: false, meaning: 'The request body is larger than 1 MB.' },
  UNSUPPORTED_MEDIA_TYPE: { status: 415, retryable: false, meaning: 'The request body is not `application/json`.' },
  UNAUTHENTICATED: { status: 401, retryable: false, meaning: 'No API key, or one the hub does not know: send `authorization: Bearer KEY` or `x-api-key: KEY`.' },
  QUERY_TOO_COMPLEX: { status: 400, retryable: false, meaning: 'The operation is larger than any may be: the message says in what. Ask in smaller parts. Beside data: a list or search would cost the database too much, or did; narrow it.' },
  ANSWER_TOO_LARGE: { status: 400, retryable: false, meaning: 'The answer would be larger than 1 MB, so none of it was sent: ask for fewer workers or fields at a time.' },
  DOCUMENT_NOT_FOUND: { status: 400, retryable: false, meaning: 'No trusted document has this `documentId`: it was never published, or it is retired.' },
  DOCUMENT_NOT_LISTED: { status: 403, retryable: false, meaning: 'The key runs trusted documents only: send a `documentId`, or a document of the list as it was published.' },
  INTROSPECTION_FORBIDDEN: { status: 403, retryable: false, meaning: 'Introspection needs the scope `schema:read` here; the schema is also published as schema/schema.graphql.' },
  QUERY_TOO_EXPENSIVE: { status: null, retryable: false, meaning: 'Statistics that are reckoned to cost more than any may, or that proved to: the message says how to narrow them.' },
  QUERY_TIMEOUT: { status: null, retryable: false, meaning: 'Statistics took longer than they may: the message says how to narrow them.' },
  STATISTICS_BUSY: { status: null, retryable: true, meaning: 'Too many statistics are being asked for at the moment: try again in a while.' },
  RATE_LIMITED: { status: 429, retryable: true, meaning: 'A limit of the caller, or of wrong keys from an address, is used up: try again after `retry-after` seconds.' },
  FORBIDDEN: { status: null, retryable: false, meaning: 'The caller lacks the scope for a field; the field is null and nobody was asked for it.' },
  PROCESSING_RESTRICTED: { status: null, retryable: false, meaning: 'The processing of a worker’s data is restricted: she is null, and nobody was asked about her.' },
  PURPOSE_REQUIRED: { status: 403, retryable: false, meaning: 'A read of an identified person without a purpose that the caller may state: send the header `x-purpose` (docs/access.md). Nobody was asked.' },
  AGENCY_UNREACHABLE: { status: null, retryable: true, meaning: 'No connection to the agency, or it broke.' },
  AGENCY_TIMEOUT: { status: null, retryable: true, meaning: 'The agency did not answer in time.' },
  AGENCY_ERROR: { status: null, retryable: true, meaning: 'The agency answered with a fault of its own.' },
  AGENCY_INVALID_ANSWER: { status: null, retryable: false, meaning: 'The agency’s answer is not what its protocol says: unreadable, of the wrong type, too large, or of the wrong shape.' },
  AGENCY_MISATTRIBUTED: { status: null, retryable: false, meaning: 'The agency sent records of people who were not asked for; they were left out.' },
  AGENCY_REFUSED: { status: null, retryable: false, meaning: 'The agency refused the hub’s credentials or signature.' },
  AGENCY_QUOTA_EXCEEDED: { status: null, retryable: true, meaning: 'The hub’s quota at the agency is used up for now.' },
  AGENCY_UNAVAILABLE: { status: null, retryable: true, meaning: 'The agency failed so often lately that it is not being asked for a while (circuit breaker).' },
  AGENCY_BUSY: { status: null, retryable: true, meaning: 'Too many calls to the agency are waiting; this one was not sent.' },
  INTERNAL_SERVER_ERROR: { status: 500, retryable: false, meaning: 'A fault of the hub. Report it with the `requestId`.' },
  SERVICE_UNAVAILABLE: { status: 503, retryable: true, meaning: 'The hub cannot serve now (starting, stopping, or its database does not answer).' },
} as const satisfies Record<string, { status: number | null; retryable: boolean; meaning: string }>;

export type ErrorCode = keyof typeof errorCodes;

/** Codes for faults of an agency, or on the way to it. */
export type FailureCode = Extract<ErrorCode, `AGENCY_${string}`>;
