import { GraphQLError } from 'graphql';
import type { AuditOutcome } from './access/auditEntry.ts';
import type { Limits } from './access/limits.ts';
import type { TrailEnd } from './access/trail.ts';
import { sightOf } from './access/sight.ts';
import { settleRequest } from './admission.ts';
import { errorCodes } from './domain/failure.ts';
import { answerErrors, type GraphContext } from './graph/context.ts';
import type { Costs } from './graph/cost.ts';
import type { Foretelling } from './graph/foretelling.ts';
import type { Closing, Ended, Operation } from './server/apollo.ts';
import { isErrorCode } from './server/errors.ts';

/** Codes of refusals that are about access, and so stand in the audit log though nothing was read. */
const accessRefusals = new Set(Object.entries<{ readonly status: number | null }>(errorCodes).filter(([, { status }]) => status === 403 || status === 429).map(([code]) => code));

function codesOf(errors: readonly GraphQLError[]): string[] {
  return [...new Set(errors.map(({ extensions }) => (isErrorCode(extensions.code) ? extensions.code : 'INTERNAL_SERVER_ERROR')))];
}

/** Where a worker was left out because her processing is restricted. Callers who may not see everything are not told: to them, what they may not see does not exist. */
function restrictionErrors(context: GraphContext): GraphQLError[] {
  if (!context.metRestriction || sightOf(context.caller) !== null) return [];
  return [new GraphQLError(errorCodes.PROCESSING_RESTRICTED.meaning, { extensions: { code: 'PROCESSING_RESTRICTED', retryable: false, requestId: context.requestId } })];
}

/**
 * Ends a request: says what went wrong beside the data, and puts a row into the audit log if personal data was touched or refused. The answer leaves only
 * when the row is durable; if it cannot be written, there is no answer.
 */
export function endRequest(context: GraphContext, ended: Ended, costs: Costs, limits: Limits, now: Date): Closing {
  context.reader.forget();
  context.shared.clear();
  const told = settleRequest(context, costs, limits, now);
  const errors = ended.how === 'done' ? [...answerErrors(context), ...restrictionErrors(context)] : [];
  const codes = codesOf([...ended.errors, ...errors]);
  const refused = ended.how === 'refused' && codes.some((code) => accessRefusals.has(code));
  const recorded = context.trail.touched || context.metRestriction || refused || context.missingScopes.size > 0;
  return { errors, ...told, ...(recorded && { durable: record(context, ended, codes, now) }) };
}

/** The calls are on their way by then: writing the row would hold them up. Where all agencies have answered sooner, or nobody was asked, there is nothing to be gained. */
const announceAfterMs = 2;

/**
 * Lets a query announce its row. Once its root fields have told what they are going to read, and the agencies have been asked, it is written as it will be where all
 * of them answer.
 */
export function letAnnounce(context: GraphContext, operation: Operation, now: () => Date): void {
  if (operation.type !== 'query') return;
  const { trail, missingScopes, reader, recording } = context;
  const announce = () => {
    // An answer that will lack parts: which, shows at the end.
    if (missingScopes.size > 0 || reader.failures.size > 0) return;
    recording.announce(trail.entry({ at: now(), ...namesOf(operation), outcome: 'ANSWERED', codes: [], denied: [] }, foretelling));
  };
  const foretelling: Foretelling = { workers: new Set(), classes: new Set(), selections: 0, whole: () => void setTimeout(announce, announceAfterMs) };
  context.foretelling = foretelling;
}

async function record(context: GraphContext, { operation, how }: Ended, codes: readonly string[], at: Date): Promise<void> {
  const outcome: AuditOutcome = how === 'refused' ? 'REFUSED' : how === 'failed' ? 'FAILED' : codes.length > 0 ? 'PARTIAL' : 'ANSWERED';
  const restricted = context.metRestriction && !codes.includes('PROCESSING_RESTRICTED') ? ['PROCESSING_RESTRICTED'] : [];
  const entry = context.trail.entry({ at, ...namesOf(operation), outcome, codes: [...codes, ...restricted], denied: [...context.missingScopes].toSorted() });
  try {
    await context.recording.record(entry);
  } catch {
    throw new GraphQLError(errorCodes.SERVICE_UNAVAILABLE.meaning, { extensions: { code: 'SERVICE_UNAVAILABLE', http: { status: 503 } } });
  }
}

function namesOf({ type, name, hash }: Operation): Pick<TrailEnd, 'operation' | 'operationName' | 'documentHash'> {
  return { operation: type, operationName: name ?? null, documentHash: hash };
}
