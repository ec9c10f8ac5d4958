import { createDecipheriv, createHash, createHmac } from 'node:crypto';
import lz from 'lz-string';

/*
 * A client of VClaim and PCare written from the facts of the protocol alone (docs/bpjs-kesehatan.md). The adapter and the mock share one cipher and would
 * agree on a mistake in it; this client must not: it takes nothing from src/agencies/bpjs-kesehatan.
 */

/** The ways in which clients are known to differ. */
export interface Manner {
  /** Header names as written on the wire. Default: as in docs/bpjs-kesehatan.md, `X-cons-id`, `X-timestamp`, `X-signature`, `user_key`. */
  readonly headerNames?: HeaderNames;
  /** What is done to the signature's base64 before it is sent. Default: nothing. */
  readonly writeSignature?: (base64: string) => string;
  /** Leaves the PKCS#7 padding behind the decrypted text. Default: strips it, and throws where it is none. */
  readonly keepsPadding?: boolean;
  /** Turns `\/` in an answer's text into `/` before reading it as JSON. Default: leaves that to the JSON parser. */
  readonly undoesEscapedSlashes?: boolean;
}

export interface HeaderNames {
  readonly consId: string;
  readonly timestamp: string;
  readonly signature: string;
  readonly userKey: string;
}

export interface ClientOptions extends Manner {
  /** Where both services lie, `/vclaim-rest` and `/pcare-rest`. */
  readonly url: string;
  readonly consId: string;
  readonly secret: string;
  readonly userKey: string;
  /** User, password and application code of PCare. Default: calls of PCare go without a login. */
  readonly pcareLogin?: readonly [string, string, string];
  /** Unix time in seconds. */
  readonly clock: () => number;
}

/** An envelope with its `response` decrypted, or the text of an answer that was no JSON. */
export type Answer = { readonly metaData: { readonly code: unknown; readonly message: unknown }; readonly response?: unknown } | { readonly page: string };

export interface IndependentClient {
  /** VClaim's look-up of a member as of a service date, yyyy-MM-dd. */
  peserta(by: 'nik' | 'nokartu', number: string, date: string): Promise<Answer>;
  /** PCare's look-up of a member as of today. */
  pesertaPcare(by: 'nik' | 'noka', number: string): Promise<Answer>;
}

const usualNames: HeaderNames = { consId: 'X-cons-id', timestamp: 'X-timestamp', signature: 'X-signature', userKey: 'user_key' };

export function createIndependentClient(options: ClientOptions): IndependentClient {
  const { consId, secret, headerNames = usualNames, writeSignature = (base64) => base64 } = options;

  function sign(timestamp: string): Record<string, string> {
    const signature = createHmac('sha256', secret).update(`${consId}&${timestamp}`).digest('base64');
    return {
      [headerNames.consId]: consId,
      [headerNames.timestamp]: timestamp,
      [headerNames.signature]: writeSignature(signature),
      [headerNames.userKey]: options.userKey,
    };
  }

  function decrypt(response: string, timestamp: string): unknown {
    const key = createHash('sha256').update(`${consId}${secret}${timestamp}`).digest();
    const decipher = createDecipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(options.keepsPadding !== true);
    const text = Buffer.concat([decipher.update(Buffer.from(response, 'base64')), decipher.final()]).toString('utf8');
    return JSON.parse(lz.decompressFromEncodedURIComponent(text));
  }

  async function get(path: string, login: Record<string, string>): Promise<Answer> {
    const timestamp = String(options.clock());
    // The HTTP status is not looked at: success and failure are told by the envelope alone.
    const body = await (await fetch(options.url + path, { headers: { ...sign(timestamp), ...login } })).text();
    const envelope = readEnvelope(options.undoesEscapedSlashes === true ? body.replaceAll('\\/', '/') : body);
    if (envelope === null) return { page: body };
    // Whatever is there is taken to be encrypted, whatever the code says.
    return envelope.response ? { ...envelope, response: decrypt(String(envelope.response), timestamp) } : envelope;
  }

  const login: Record<string, string> =
    options.pcareLogin === undefined ? {} : { 'X-authorization': `Basic ${Buffer.from(options.pcareLogin.join(':')).toString('base64')}` };
  return {
    peserta: (by, number, date) => get(`/vclaim-rest/Peserta/${by}/${encodeURIComponent(number)}/tglSEP/${encodeURIComponent(date)}`, {}),
    pesertaPcare: (by, number) => get(`/pcare-rest/peserta/${by}/${encodeURIComponent(number)}`, login),
  };
}

/** Null where a gateway answered with a page, or with nothing. */
function readEnvelope(text: string): Extract<Answer, { metaData: unknown }> | null {
  try {
    return JSON.parse(text) as Extract<Answer, { metaData: unknown }>;
  } catch {
    return null;
  }
}
