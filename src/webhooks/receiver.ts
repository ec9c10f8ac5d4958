import { lookup as resolve } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { Webhook } from 'standardwebhooks';
import { Agent, buildConnector, request } from 'undici';

export interface ReceiversOptions {
  /** Whether an address that is not public may be sent to. */
  readonly allowed: (address: string) => boolean;
  /** Longest time for one attempt, milliseconds. */
  readonly timeoutMs: number;
}

/** One message to a receiver. */
export interface Message {
  readonly url: string;
  /** The same at each attempt: receivers know by it what they have had. */
  readonly id: string;
  readonly payload: string;
  /** The first signs; so does the other while its owner goes over. */
  readonly secrets: readonly Uint8Array[];
}

/**
 * What became of an attempt. `REJECTED`: it answered, and not with a success. `UNREACHABLE`: it did not answer, or asks to be left alone for a while.
 * `GONE`: it answered 410 and wants nothing more.
 */
export type Attempt = { readonly outcome: 'TAKEN' } | { readonly outcome: 'REJECTED' | 'UNREACHABLE' | 'GONE'; readonly why: string; readonly retryAfterMs: number | null };

/** Networks of RFC 6890 and others that are nobody's server on the internet. */
const special: readonly (readonly [string, number, 'ipv4' | 'ipv6'])[] = [
  ['0.0.0.0', 8, 'ipv4'], ['10.0.0.0', 8, 'ipv4'], ['100.64.0.0', 10, 'ipv4'], ['127.0.0.0', 8, 'ipv4'], ['169.254.0.0', 16, 'ipv4'], ['172.16.0.0', 12, 'ipv4'], ['192.0.0.0', 24, 'ipv4'],
  ['192.0.2.0', 24, 'ipv4'], ['192.88.99.0', 24, 'ipv4'], ['192.168.0.0', 16, 'ipv4'], ['198.18.0.0', 15, 'ipv4'], ['198.51.100.0', 24, 'ipv4'], ['203.0.113.0', 24, 'ipv4'],
  ['224.0.0.0', 4, 'ipv4'], ['240.0.0.0', 4, 'ipv4'],
  ['::', 128, 'ipv6'], ['::1', 128, 'ipv6'], ['64:ff9b::', 96, 'ipv6'], ['64:ff9b:1::', 48, 'ipv6'], ['100::', 64, 'ipv6'], ['2001::', 23, 'ipv6'], ['2001:db8::', 32, 'ipv6'], ['2002::', 16, 'ipv6'],
  ['fc00::', 7, 'ipv6'], ['fe80::', 10, 'ipv6'], ['fec0::', 10, 'ipv6'], ['ff00::', 8, 'ipv6'],
];
const notPublic = new BlockList();
for (const [address, bits, family] of special) notPublic.addSubnet(address, bits, family);

/** Whether the address is a server's on the internet. An IPv4 address written as IPv6 is what it holds. */
export function isPublic(address: string): boolean {
  const family = isIP(address);
  if (family === 0) return false;
  // BlockList weighs ::ffff:0:0/96 as IPv4 by itself.
  return !notPublic.check(address, family === 4 ? 'ipv4' : 'ipv6');
}

/** An address that may not be sent to. */
export class ForbiddenAddress extends Error {
  override readonly name = 'ForbiddenAddress';
  readonly code = 'FORBIDDEN_ADDRESS';
}

/** Why a URL cannot be a receiver's; null where it can. Names are looked up when they are connected to. */
export function urlFault(text: string, allowed: (address: string) => boolean): string | null {
  if (text.length > 2_000) return 'The URL has more than 2000 characters.';
  const url = URL.parse(text);
  if (!url) return 'It is not a URL.';
  if (url.username !== '' || url.password !== '') return 'The URL must not hold user or password.';
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const loopback = host === 'localhost' || host.startsWith('127.') || host === '::1';
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && loopback)) return 'The URL must begin with https://.';
  if (isIP(host) !== 0 && !isPublic(host) && !allowed(host)) return 'The address is not a public one.';
  if (host === 'localhost' && !allowed('127.0.0.1') && !allowed('::1')) return 'The address is not a public one.';
  return null;
}

/** Sends messages to receivers. */
export interface Receivers {
  send(message: Message): Promise<Attempt>;
  close(): Promise<void>;
}

export function createReceivers({ allowed, timeoutMs }: ReceiversOptions): Receivers {
  const mayReach = (address: string) => isPublic(address) || allowed(address);
  // The very address that was checked is connected to, so that a name cannot lead elsewhere between the check and the connection.
  const lookup: LookupFunction = (hostname, options, done) => {
    resolve(hostname, { ...options, all: true }, (error, found) => {
      const good = found?.filter(({ address }) => mayReach(address)) ?? [];
      if (error || good.length === 0) done(error ?? new ForbiddenAddress('The name leads to no address that may be reached.'), '', 4);
      else if (options.all) done(null, good);
      else done(null, good[0]!.address, good[0]!.family);
    });
  };
  const connect = buildConnector({ lookup, timeout: timeoutMs });
  const agent = new Agent({
    // As many connections as there are requests under way: webhooks limit themselves, and one must not wait for another at the same host.
    pipelining: 1,
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    keepAliveTimeout: 10_000,
    // Numbers are not looked up: they are checked here.
    connect: (options, done) => {
      const host = options.hostname.replace(/^\[|\]$/g, '');
      if (isIP(host) !== 0 && !mayReach(host)) done(new ForbiddenAddress('The address may not be reached.'), null);
      else connect(options, done);
    },
  });

  return {
    async send({ url, id, payload, secrets }) {
      const at = new Date();
      const signatures = secrets.map((secret) => new Webhook(Buffer.from(secret).toString('base64')).sign(id, at, payload));
      try {
        const answer = await request(url, {
          dispatcher: agent,
          method: 'POST',
          headers: { 'content-type': 'application/json', 'user-agent': 'payung', 'webhook-id': id, 'webhook-timestamp': String(Math.floor(at.getTime() / 1000)), 'webhook-signature': signatures.join(' ') },
          body: payload,
          signal: AbortSignal.timeout(timeoutMs),
        });
        // What it says is not read; a body without end must not hold the connection.
        await answer.body.dump({ limit: 16_384 }).catch(() => {});
        return judge(answer.statusCode, answer.headers['retry-after']);
      } catch (error) {
        return { outcome: 'UNREACHABLE', why: reasonOf(error), retryAfterMs: null };
      }
    },
    close: () => agent.destroy(),
  };
}

function judge(status: number, retryAfter: string | string[] | undefined): Attempt {
  if (status >= 200 && status < 300) return { outcome: 'TAKEN' };
  const seconds = typeof retryAfter === 'string' && /^\d{1,6}$/.test(retryAfter) ? Number(retryAfter) : null;
  const outcome = status === 410 ? 'GONE' : status === 429 || status === 503 ? 'UNREACHABLE' : 'REJECTED';
  return { outcome, why: `HTTP_${status}`, retryAfterMs: seconds === null ? null : Math.min(seconds, 86_400) * 1000 };
}

/** A short code; a remote text never. */
function reasonOf(error: unknown): string {
  const inner = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (!(inner instanceof Error)) return 'FAILED';
  const code = 'code' in inner ? String(inner.code) : '';
  if (inner.name === 'TimeoutError' || /TIMEOUT|TIMEDOUT/.test(code)) return 'TIMEOUT';
  return /^[A-Z_]{3,40}$/.test(code) ? code : 'FAILED';
}
