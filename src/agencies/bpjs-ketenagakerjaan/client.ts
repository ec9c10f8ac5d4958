import type { z } from 'zod';
import type { CallContext, Failure } from '../agency.ts';
import type { Filed, ReadRows } from '../batch.ts';
import type { Credentials } from '../credentials.ts';
import { basic } from '../credentials.ts';
import type { FeedPage } from '../feed.ts';
import { readForm, readRows } from '../rows.ts';
import { failure, unknownCursor } from '../transport/failures.ts';
import { parseJson } from '../transport/json.ts';
import type { Outcome, Transport, WireReply, WireRequest } from '../transport/transport.ts';
import { cariAnswer, codes, envelope, perubahan, perubahanAnswer } from './contract.ts';
import type { Entri, Perubahan } from './contract.ts';

export interface ClientOptions extends Credentials {
  readonly transport: Transport;
}

export interface Client {
  lookUp(people: readonly Entri[], read: ReadRows, context: CallContext): Promise<Outcome<readonly Filed[]>>;
  changes(cursor: string | null, context: CallContext): Promise<Outcome<FeedPage<Perubahan>>>;
  status(context: CallContext): Promise<Outcome<null>>;
}

const feedSize = 500;

export function createClient(options: ClientOptions): Client {
  const { transport } = options;
  const authorization = basic(options.username, options.password);
  const headers = () => ({ user_key: options.userKey, authorization, accept: 'application/json', 'content-type': 'application/json' });

  return {
    async lookUp(people, read, context) {
      const request: WireRequest = {
        operation: 'lookUp', method: 'POST', path: '/api/pmi/kepesertaan/cari', headers, body: JSON.stringify({ peserta: people }),
      };
      const outcome = await transport.call(request, (reply) => {
        const answer = open(reply, cariAnswer);
        return answer.ok ? read(answer.value.data.peserta) : answer;
      }, context);
      return outcome.ok ? { ok: true, value: [outcome.value] } : outcome;
    },

    async changes(cursor, context) {
      const from = cursor === null ? '' : `kursor=${encodeURIComponent(cursor)}&`;
      const request: WireRequest = { operation: 'changes', method: 'GET', path: `/api/pmi/kepesertaan/perubahan?${from}jumlah=${feedSize}`, headers };
      const outcome = await transport.call(request, (reply) => open(reply, perubahanAnswer), context);
      if (!outcome.ok) return outcome;
      const { data } = outcome.value;
      return { ok: true, value: { ...readRows(perubahan, data.perubahan), cursor: data.kursor, more: data.lanjut } };
    },

    async status(context) {
      const request: WireRequest = { operation: 'ping', method: 'GET', path: '/api/status', headers };
      const outcome = await transport.call(request, (reply) => open(reply, envelope), context);
      return outcome.ok ? { ok: true, value: null } : outcome;
    },
  };
}

/** The answer within the envelope, or the fault that its code stands for. */
function open<T extends z.infer<typeof envelope>>(reply: WireReply, form: z.ZodType<T>): Outcome<T> {
  const json = parseJson(reply);
  if (!json.ok) return json;
  const outer = readForm(envelope, json.value);
  if (!outer.ok) return outer;
  if (outer.value.code === codes.ok) return readForm(form, json.value);
  return { ok: false, failure: failureOfCode(outer.value.code) };
}

const settings = 'AGENCY_BPJS_KETENAGAKERJAAN_USER_KEY, _USERNAME and _PASSWORD';

function failureOfCode(code: number): Failure {
  if (code === codes.refused) return failure('AGENCY_REFUSED', `BPJS Ketenagakerjaan refused the hub: check ${settings}.`);
  if (code === codes.quota) return failure('AGENCY_QUOTA_EXCEEDED', 'BPJS Ketenagakerjaan says that the hub’s quota for today is used up.');
  if (code === codes.badCursor) return unknownCursor;
  if (code >= 500) return failure('AGENCY_ERROR', 'BPJS Ketenagakerjaan reports a fault of its own.');
  return { code: 'AGENCY_ERROR', retryable: false, message: 'BPJS Ketenagakerjaan refused the request as it was put.' };
}
