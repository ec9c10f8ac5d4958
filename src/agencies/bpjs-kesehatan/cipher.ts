import { createCipheriv, createDecipheriv, createHash, createHmac } from 'node:crypto';
import lz from 'lz-string';
import { LRUCache } from 'lru-cache';

/** The consumer's id and secret, which sign requests and encrypt answers. */
export interface Consumer {
  readonly consId: string;
  readonly secret: string;
}

/** What follows from one timestamp: the signature of the request and the key of its answer. */
export interface Seal {
  readonly signature: string;
  readonly key: Buffer;
  readonly iv: Buffer;
}

/**
 * Seals by timestamp, Unix time in seconds as text. All calls of one second share their seal, so the latest ones are kept: with a member per call,
 * a query makes 25 of them.
 */
export function createSeals(consumer: Consumer): (timestamp: string) => Seal {
  const seals = new LRUCache<string, Seal>({ max: 32 });
  return (timestamp) => {
    let seal = seals.get(timestamp);
    if (seal === undefined) {
      const key = createHash('sha256').update(consumer.consId + consumer.secret + timestamp).digest();
      const signature = createHmac('sha256', consumer.secret).update(`${consumer.consId}&${timestamp}`).digest('base64');
      seal = { signature, key, iv: key.subarray(0, 16) };
      seals.set(timestamp, seal);
    }
    return seal;
  };
}

/** The JSON text inside an encrypted `response`; throws where it is not encrypted by the seal. */
export function unwrap(response: string, seal: Seal): string {
  const decipher = createDecipheriv('aes-256-cbc', seal.key, seal.iv);
  // The compressed form is all ASCII.
  return lz.decompressFromEncodedURIComponent(decipher.update(response, 'base64', 'latin1') + decipher.final('latin1'));
}

/** The first half of {@link wrap}, the costly one, which depends on no timestamp. */
export function compress(json: string): string {
  return lz.compressToEncodedURIComponent(json);
}

/** Encrypts compressed JSON as an answer's `response`. */
export function wrap(compressed: string, seal: Seal): string {
  const cipher = createCipheriv('aes-256-cbc', seal.key, seal.iv);
  return cipher.update(compressed, 'latin1', 'base64') + cipher.final('base64');
}
