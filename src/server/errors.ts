import { GraphQLError } from 'graphql';
import type { GraphQLFormattedError } from 'graphql';
import type { Logger } from 'pino';
import { errorCodes } from '../domain/failure.ts';
import type { ErrorCode } from '../domain/failure.ts';
import { exchanges } from './exchange.ts';
import { ownMessage, parseMessage, validationMessage } from './redaction.ts';

/** Neutral message for whatever is the hub's own fault: what happened is in the log under the same request id. */
export const internalMessage = 'The hub failed at this; report it with the requestId.';

/** Codes that Apollo or HTTP give where the registry has a closer one. */
const codeOfStatus: Readonly<Record<number, ErrorCode>> = {
  401: 'UNAUTHENTICATED',
  429: 'RATE_LIMITED',
  404: 'NOT_FOUND',
  405: 'METHOD_NOT_ALLOWED',
  406: 'NOT_ACCEPTABLE',
  408: 'REQUEST_TIMEOUT',
  413: 'PAYLOAD_TOO_LARGE',
  415: 'UNSUPPORTED_MEDIA_TYPE',
  503: 'SERVICE_UNAVAILABLE',
};

/** The registry's code for a refusal with an HTTP status. */
export function codeForStatus(status: number): ErrorCode {
  return codeOfStatus[status] ?? (status >= 400 && status < 500 ? 'BAD_REQUEST' : 'INTERNAL_SERVER_ERROR');
}

export function isErrorCode(code: unknown): code is ErrorCode {
  return typeof code === 'string' && Object.hasOwn(errorCodes, code);
}

/** The only details that leave with an error, besides code, retryable and requestId. */
const passedOn = ['agency', 'scope'] as const;

/**
 * The one place that turns an error into what the caller sees. Only codes of the registry pass; anything else becomes INTERNAL_SERVER_ERROR with a
 * neutral message and one log line that holds no message, since messages of libraries can carry bound parameters and remote texts.
 */
export function createErrorFormatter(logger: Logger): (formatted: GraphQLFormattedError, error: unknown) => GraphQLFormattedError {
  return (formatted, error) => {
    const requestId = exchanges.getStore()?.requestId;
    const code = codeOf(formatted, error);
    if (code === 'INTERNAL_SERVER_ERROR') logFault(logger, error, formatted.path);
    const given = formatted.extensions ?? {};
    const retryable = typeof given['retryable'] === 'boolean' ? given['retryable'] : errorCodes[code].retryable;
    const details = Object.fromEntries(passedOn.filter((key) => given[key] !== undefined).map((key) => [key, given[key]]));
    return {
      message: messageOf(code, formatted, error),
      ...(formatted.locations && { locations: formatted.locations }),
      ...(formatted.path && { path: formatted.path }),
      extensions: { code, ...details, retryable, requestId },
    };
  };
}

function codeOf(formatted: GraphQLFormattedError, error: unknown): ErrorCode {
  const code = formatted.extensions?.['code'];
  if (code === 'PERSISTED_QUERY_NOT_SUPPORTED') return 'BAD_REQUEST';
  if (!isErrorCode(code)) return 'INTERNAL_SERVER_ERROR';
  if (code === 'BAD_REQUEST') return codeForStatus(httpStatusOf(error) ?? 400);
  return code;
}

/** The HTTP status that Apollo put on its own refusals. */
function httpStatusOf(error: unknown): number | undefined {
  const http: unknown = error instanceof GraphQLError ? error.extensions['http'] : undefined;
  const status: unknown = typeof http === 'object' && http !== null && 'status' in http ? http.status : undefined;
  return typeof status === 'number' ? status : undefined;
}

function messageOf(code: ErrorCode, formatted: GraphQLFormattedError, error: unknown): string {
  switch (code) {
    case 'INTERNAL_SERVER_ERROR':
      return internalMessage;
    case 'GRAPHQL_PARSE_FAILED':
      return parseMessage(formatted.message);
    case 'GRAPHQL_VALIDATION_FAILED':
      return validationMessage(formatted.message, error instanceof GraphQLError ? error.nodes : undefined, exchanges.getStore()?.document ?? '');
    default:
      return ownMessage(formatted.message);
  }
}

/** Most lines about faults of one request: one broken field over a hundred workers is one fault. */
const mostFaults = 3;

function logFault(logger: Logger, error: unknown, path: GraphQLFormattedError['path']): void {
  const exchange = exchanges.getStore();
  if (exchange && exchange.faults++ >= mostFaults) return;
  logger.error({ requestId: exchange?.requestId, path: path?.join('.'), fault: describeFault(error) }, 'unexpected fault');
}

/** What a log may hold of a fault: kinds and places, never messages. */
export interface Fault {
  readonly name: string;
  /** A code such as `ECONNREFUSED` or a PostgreSQL one. */
  readonly code?: string;
  /** Stack frames without the message. */
  readonly at: readonly string[];
  readonly cause?: Fault;
}

export function describeFault(thrown: unknown): Fault {
  if (!(thrown instanceof Error)) return { name: typeof thrown, at: [] };
  const inner = thrown instanceof GraphQLError && thrown.originalError ? thrown.originalError : thrown;
  const code: unknown = 'code' in inner ? inner.code : undefined;
  return {
    name: inner.name,
    ...(typeof code === 'string' && /^\w{1,40}$/.test(code) && { code }),
    at: (inner.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line)).slice(0, 8).map((line) => line.trim()),
    ...(inner.cause !== undefined && { cause: describeFault(inner.cause) }),
  };
}

/** A refusal that goes out as a GraphQL answer without data. */
export function refusal(code: ErrorCode, requestId: string, message: string = errorCodes[code].meaning): string {
  return JSON.stringify({ errors: [{ message, extensions: { code, retryable: errorCodes[code].retryable, requestId } }] });
}

/** A refusal where no GraphQL was spoken yet, as RFC 9457 problem details. */
export function problem(status: number, requestId: string, detail?: string): string {
  const code = codeForStatus(status);
  const { meaning, retryable } = errorCodes[code];
  return JSON.stringify({ type: 'about:blank', title: meaning, status, detail, code, retryable, requestId });
}
