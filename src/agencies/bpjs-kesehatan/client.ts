import type { Identifier } from '../../domain/identifier.ts';
import { isPlaceholder } from '../../domain/identifier.ts';
import { todayInJakarta } from '../../domain/time.ts';
import type { Day } from '../../domain/time.ts';
import type { Agency, CallContext, PersonKey, Result } from '../agency.ts';
import { attach } from '../attach.ts';
import type { OpenOptions } from '../definition.ts';
import { createTransport } from '../transport/create.ts';
import { failure } from '../transport/failures.ts';
import { parseJson } from '../transport/json.ts';
import type { Outcome, WireReply } from '../transport/transport.ts';
import { createSeals, unwrap } from './cipher.ts';
import { codes, envelopeSchema, lookUpSchema } from './contract.ts';
import type { about, settings } from './index.ts';
import { toRecord } from './map.ts';

const absent: Result = { status: 'absent' };

/** Where VClaim lies on BPJS's production host. */
const usualPath = '/vclaim-rest';

export function open(definition: typeof about, options: OpenOptions<typeof settings>): Agency {
  const { CONS_ID: consId, SECRET: secret, USER_KEY: userKey } = options.settings;
  const clock = options.now ?? (() => new Date());
  const seals = createSeals({ consId, secret });
  const url = new URL(options.url).pathname === '/' ? options.url + usualPath : options.url;
  const transport = createTransport({ ...options, agency: definition.name, url });

  // Signed anew for each attempt, since the agency takes no old timestamps.
  function headers(): Record<string, string> {
    const timestamp = String(Math.floor(clock().getTime() / 1_000));
    return { 'x-cons-id': consId, 'x-timestamp': timestamp, 'x-signature': seals(timestamp).signature, user_key: userKey };
  }

  /** The JSON inside an answer; null where the agency has no such member. */
  function read(reply: WireReply): Outcome<unknown> {
    const json = parseJson(reply);
    if (!json.ok) return json;
    const envelope = envelopeSchema.safeParse(json.value);
    if (!envelope.success) return invalid('The answer has not the envelope of VClaim.');
    const { metaData, response } = envelope.data;
    if (metaData.code === codes.unknownOrMalformed) return { ok: true, value: null };
    if (metaData.code === codes.refused) return { ok: false, failure: failure('AGENCY_REFUSED', 'The agency refused the hub’s signature or key.') };
    if (metaData.code !== codes.ok) return otherCode(metaData.code);
    if (response === undefined || response === null) return invalid('The answer says success but is empty.');
    // The key follows from the timestamp of the request, not of the answer.
    return { ok: true, value: JSON.parse(unwrap(response, seals(reply.sentHeaders['x-timestamp'] ?? ''))) as unknown };
  }

  async function lookUp(key: PersonKey, context: CallContext): Promise<Result> {
    const identifier = choose(key.identifiers);
    if (identifier === null) return absent;
    const serviceDate = todayInJakarta(clock());
    const outcome = await transport.call({ operation: 'lookUp', method: 'GET', path: pathOf(identifier, serviceDate), headers }, (reply): Outcome<Result> => {
      const body = read(reply);
      if (!body.ok) return body;
      if (body.value === null) return { ok: true, value: absent };
      const parsed = lookUpSchema.safeParse(body.value);
      if (!parsed.success) return invalid('The member’s data are not of the form that VClaim’s are.');
      const { results, foreign } = attach([key], [toRecord(parsed.data.peserta, serviceDate)]);
      return { ok: true, value: results.get(key.ref) ?? absent, foreign };
    }, context);
    return outcome.ok ? outcome.value : { status: 'failed', failure: outcome.failure };
  }

  return {
    ...definition,
    mock: options.mock,
    async fetch(keys, context) {
      if (keys.length > definition.batchLimit) throw new RangeError(`${keys.length} keys in a batch of at most ${definition.batchLimit}`);
      const results = await Promise.all(keys.map(async (key) => [key.ref, await lookUp(key, context)] as const));
      return new Map(results);
    },
    async ping(context) {
      // A number that nobody has: the agency must check the signature and look before it can say so.
      const path = pathOf({ kind: 'JKN_CARD', value: '0' }, todayInJakarta(clock()));
      const outcome = await transport.call({ operation: 'ping', method: 'GET', path, headers }, read, context);
      return outcome.ok ? null : outcome.failure;
    },
    vitals: () => transport.vitals(),
    close: () => transport.close(),
  };
}

/** The card number tells more than the NIK, which may have been mistyped at registration. Placeholders find other people's records. */
function choose(identifiers: readonly Identifier[]): Identifier | null {
  const usable = (kind: Identifier['kind']) => identifiers.find((identifier) => identifier.kind === kind && !isPlaceholder(identifier));
  return usable('JKN_CARD') ?? usable('NIK') ?? null;
}

function pathOf(identifier: Identifier, serviceDate: Day): string {
  return `/Peserta/${identifier.kind === 'NIK' ? 'nik' : 'nokartu'}/${identifier.value}/tglSEP/${serviceDate}`;
}

function invalid(message: string): Outcome<never> {
  return { ok: false, failure: failure('AGENCY_INVALID_ANSWER', message) };
}

function otherCode(code: string): Outcome<never> {
  const known = /^\d{1,4}$/.test(code);
  const fault = failure('AGENCY_ERROR', known ? `The agency answered with code ${code}.` : 'The agency answered with a code that is no number.');
  // Codes of the 500s are faults of the moment; any other is a rule that will fail again.
  return { ok: false, failure: { ...fault, retryable: known && code.startsWith('5') } };
}
