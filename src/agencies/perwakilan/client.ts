import type { z } from 'zod';
import type { CallContext } from '../agency.ts';
import type { Filed, ReadRows } from '../batch.ts';
import { basic } from '../credentials.ts';
import { shareDeadline } from '../deadline.ts';
import type { FeedPage } from '../feed.ts';
import { readForm, readRows } from '../rows.ts';
import { failure } from '../transport/failures.ts';
import { parseJson } from '../transport/json.ts';
import type { Outcome, Transport, WireReply, WireRequest } from '../transport/transport.ts';
import { cariAnswer, perubahan, perubahanAnswer, status, token } from './contract.ts';
import type { Orang, Perubahan } from './contract.ts';

export interface ClientOptions {
  readonly transport: Transport;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Longest time for an operation with the call for a token before it, milliseconds. */
  readonly callTimeoutMs: number;
  /** Default: the system clock. */
  readonly now?: () => Date;
}

export interface Client {
  lookUp(people: readonly Orang[], read: ReadRows, context: CallContext): Promise<Outcome<readonly Filed[]>>;
  changes(cursor: string | null, context: CallContext): Promise<Outcome<FeedPage<Perubahan>>>;
  status(context: CallContext): Promise<Outcome<null>>;
}

const feedSize = 500;

export function createClient(options: ClientOptions): Client {
  const { transport } = options;
  const tokens = createTokens(options);

  /** A call with a token; where the agency refuses it, once more with another. */
  async function call<T>(request: Omit<WireRequest, 'headers'>, decode: (reply: WireReply) => Outcome<T>, context: CallContext): Promise<Outcome<T>> {
    const further = shareDeadline(context, options.callTimeoutMs);
    const kept = tokens.held();
    const first = kept === null ? await tokens.fresh(further()) : ({ ok: true, value: kept } as const);
    if (!first.ok) return first;
    const outcome = await transport.call({ ...request, headers: bearer(first.value) }, decode, kept === null ? further() : context);
    if (outcome.ok || outcome.failure.code !== 'AGENCY_REFUSED') return outcome;
    tokens.drop(first.value);
    if (kept === null) return outcome;
    // Another call that was refused may have brought the next one already.
    const next = tokens.held();
    const second = next === null ? await tokens.fresh(further()) : ({ ok: true, value: next } as const);
    return second.ok ? transport.call({ ...request, headers: bearer(second.value) }, decode, further()) : second;
  }

  return {
    async lookUp(people, read, context) {
      const outcome = await call({ operation: 'lookUp', method: 'POST', path: '/api/v1/wni/cari', body: JSON.stringify({ wni: people }) }, (reply) => {
        const answer = open(reply, cariAnswer);
        return answer.ok ? read(answer.value.berkas) : answer;
      }, context);
      return outcome.ok ? { ok: true, value: [outcome.value] } : outcome;
    },

    async changes(cursor, context) {
      const from = cursor === null ? '' : `penanda=${encodeURIComponent(cursor)}&`;
      const request = { operation: 'changes', method: 'GET', path: `/api/v1/berkas/perubahan?${from}jumlah=${feedSize}` } as const;
      const outcome = await call(request, (reply) => open(reply, perubahanAnswer), context);
      if (!outcome.ok) return outcome;
      const { value } = outcome;
      return { ok: true, value: { ...readRows(perubahan, value.perubahan), cursor: value.penanda, more: value.masihAda } };
    },

    async status(context) {
      const outcome = await call({ operation: 'ping', method: 'GET', path: '/api/v1/status' }, (reply) => open(reply, status), context);
      return outcome.ok ? { ok: true, value: null } : outcome;
    },
  };
}

function open<T>(reply: WireReply, form: z.ZodType<T>): Outcome<T> {
  const json = parseJson(reply);
  return json.ok ? readForm(form, json.value) : json;
}

function bearer(value: string): () => Record<string, string> {
  return () => ({ authorization: `Bearer ${value}`, accept: 'application/json', 'content-type': 'application/json' });
}

interface Tokens {
  /** A token that should still hold, or null. Where it ends soon, a new one is fetched meanwhile. */
  held(): string | null;
  /** A new token. All who wait for one share one call. */
  fresh(context: CallContext): Promise<Outcome<string>>;
  /** Forgets a token that was refused. */
  drop(value: string): void;
}

/** Shares of a token's life: when a new one is fetched beside it, and when it is no longer used. */
const renewAfter = 0.8;
const useUntil = 0.97;

function createTokens(options: ClientOptions): Tokens {
  const now = () => (options.now?.() ?? new Date()).getTime();
  const headers = () => ({
    authorization: basic(options.clientId, options.clientSecret), accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded',
  });
  const request: WireRequest = { operation: 'token', method: 'POST', path: '/oauth/token', headers, body: 'grant_type=client_credentials' };
  let current: { readonly value: string; readonly renewAt: number; readonly endsAt: number } | null = null;
  let underWay: Promise<Outcome<string>> | null = null;

  async function ask(requestId: string): Promise<Outcome<string>> {
    const askedAt = now();
    // Without a caller's signal: others wait for the same token.
    const outcome = await options.transport.call(request, (reply) => open(reply, token), { requestId });
    underWay = null;
    if (!outcome.ok) return outcome;
    const life = outcome.value.expires_in * 1_000;
    current = { value: outcome.value.access_token, renewAt: askedAt + life * renewAfter, endsAt: askedAt + life * useUntil };
    return { ok: true, value: current.value };
  }

  return {
    held() {
      if (current === null || current.endsAt <= now()) return null;
      if (current.renewAt <= now()) underWay ??= ask('token-renewal');
      return current.value;
    },
    fresh(context) {
      underWay ??= ask(context.requestId);
      return orGiveUp(underWay, context.signal);
    },
    drop(value) {
      if (current?.value === value) current = null;
    },
  };
}

const givenUp: Outcome<never> = { ok: false, failure: failure('AGENCY_TIMEOUT', 'The request ended before the agency gave a token.') };

/** Waits for something shared, but no longer than the signal lets. */
async function orGiveUp<T>(shared: Promise<Outcome<T>>, signal: AbortSignal | undefined): Promise<Outcome<T>> {
  if (signal === undefined) return shared;
  if (signal.aborted) return givenUp;
  const over = Promise.withResolvers<Outcome<T>>();
  const leave = () => over.resolve(givenUp);
  signal.addEventListener('abort', leave);
  try {
    return await Promise.race([shared, over.promise]);
  } finally {
    signal.removeEventListener('abort', leave);
  }
}
