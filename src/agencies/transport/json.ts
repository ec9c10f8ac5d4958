import type { Outcome, WireReply } from './transport.ts';
import { failure } from './failures.ts';

/** The JSON of a reply, or AGENCY_INVALID_ANSWER where it is none or does not say that it is. */
export function parseJson(reply: WireReply): Outcome<unknown> {
  if (reply.contentType !== 'application/json' && !reply.contentType.endsWith('+json')) {
    return { ok: false, failure: failure('AGENCY_INVALID_ANSWER', 'The answer is not of type application/json.') };
  }
  try {
    return { ok: true, value: JSON.parse(reply.body) as unknown };
  } catch {
    return { ok: false, failure: failure('AGENCY_INVALID_ANSWER', 'The answer is not readable JSON.') };
  }
}
