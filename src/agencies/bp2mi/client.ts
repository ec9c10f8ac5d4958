import type { z } from 'zod';
import type { CallContext, Failure } from '../agency.ts';
import type { Filed, ReadRows } from '../batch.ts';
import type { Credentials } from '../credentials.ts';
import { basic } from '../credentials.ts';
import { shareDeadline } from '../deadline.ts';
import type { FeedPage } from '../feed.ts';
import { readForm, readRows } from '../rows.ts';
import { failure, unknownCursor } from '../transport/failures.ts';
import { parseJson } from '../transport/json.ts';
import type { Outcome, Transport, WireReply, WireRequest } from '../transport/transport.ts';
import { cariAnswer, codes, envelope, perubahan, perubahanAnswer } from './contract.ts';
import type { Orang, Perubahan } from './contract.ts';

export interface ClientOptions extends Credentials {
  readonly transport: Transport;
  /** Longest time for a look-up with all its pages, milliseconds. */
  readonly callTimeoutMs: number;
}

export interface Client {
  lookUp(people: readonly Orang[], read: ReadRows, context: CallContext): Promise<Outcome<readonly Filed[]>>;
  changes(cursor: string | null, context: CallContext): Promise<Outcome<FeedPage<Perubahan>>>;
  status(context: CallContext): Promise<Outcome<null>>;
}

const feedSize = 500;
/** A batch needs one page, seldom two; an agency that goes on for ever is at fault. */
const mostPages = 20;

interface Page {
  readonly filed: Filed;
  readonly next: string | null;
}

export function createClient(options: ClientOptions): Client {
  const { transport } = options;
  const authorization = basic(options.username, options.password);
  const headers = () => ({ user_key: options.userKey, authorization, accept: 'application/json', 'content-type': 'application/json' });

  function page(people: readonly Orang[], halaman: string | null, read: ReadRows, context: CallContext): Promise<Outcome<Page>> {
    const request: WireRequest = {
      operation: 'lookUp', method: 'POST', path: '/api/v1/pmi/cari', headers, body: JSON.stringify({ permintaan: people, halaman }),
    };
    return transport.call(request, (reply) => {
      const answer = open(reply, cariAnswer);
      if (!answer.ok) return answer;
      const filed = read(answer.value.data);
      return filed.ok ? { ...filed, value: { filed: filed.value, next: answer.value.halamanBerikut } } : filed;
    }, context);
  }

  return {
    async lookUp(people, read, context) {
      const further = shareDeadline(context, options.callTimeoutMs);
      const pages: Filed[] = [];
      let halaman: string | null = null;
      while (pages.length < mostPages) {
        const outcome: Outcome<Page> = await page(people, halaman, read, halaman === null ? context : further());
        if (!outcome.ok) return outcome;
        pages.push(outcome.value.filed);
        halaman = outcome.value.next;
        if (halaman === null) return { ok: true, value: pages };
      }
      return { ok: false, failure: failure('AGENCY_INVALID_ANSWER', `The answer has more than ${mostPages} pages.`) };
    },

    async changes(cursor, context) {
      const from = cursor === null ? '' : `kursor=${encodeURIComponent(cursor)}&`;
      const request: WireRequest = { operation: 'changes', method: 'GET', path: `/api/v1/pmi/perubahan?${from}jumlah=${feedSize}`, headers };
      const outcome = await transport.call(request, (reply) => open(reply, perubahanAnswer), context);
      if (!outcome.ok) return outcome;
      const { data, kursor, masihAda } = outcome.value;
      return { ok: true, value: { ...readRows(perubahan, data), cursor: kursor, more: masihAda } };
    },

    async status(context) {
      const request: WireRequest = { operation: 'ping', method: 'GET', path: '/api/v1/status', headers };
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
  if (outer.value.kode === codes.ok) return readForm(form, json.value);
  return { ok: false, failure: failureOfCode(outer.value.kode) };
}

function failureOfCode(kode: string): Failure {
  if (kode === codes.refused) return failure('AGENCY_REFUSED', 'BP2MI refused the hub: check AGENCY_BP2MI_USER_KEY, _USERNAME and _PASSWORD.');
  if (kode === codes.quota) return failure('AGENCY_QUOTA_EXCEEDED', 'BP2MI says that the hub’s quota is used up.');
  if (kode === codes.badCursor) return unknownCursor;
  if (kode === codes.fault) return failure('AGENCY_ERROR', 'BP2MI reports a fault of its own.');
  return { code: 'AGENCY_ERROR', retryable: false, message: 'BP2MI refused the request as it was put.' };
}
