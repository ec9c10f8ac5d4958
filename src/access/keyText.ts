import { hash, randomInt } from 'node:crypto';
import { crc32 } from 'node:zlib';

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** 27 base62 characters hold 160.8 bits. */
const secretLength = 27;
const idLength = 8;
const form = new RegExp(`^payung_(live|test)_([0-9A-Za-z]{${idLength}})_[0-9A-Za-z]{${secretLength}}[0-9A-Za-z]{6}$`);

export const environments = ['live', 'test'] as const;
/** `test` keys reach the mocks only. */
export type Environment = (typeof environments)[number];

/** A key as it is written: `payung_test_<id>_<secret><checksum>`. */
export interface KeyText {
  readonly environment: Environment;
  /** Public. */
  readonly id: string;
}

function random(length: number): string {
  return Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join('');
}

/** CRC32 of the text in six base62 digits: typing errors and scanners' finds are told apart from real keys without the database. */
function checksum(text: string): string {
  let rest = crc32(text);
  let digits = '';
  for (let i = 0; i < 6; i += 1) {
    digits = alphabet[rest % 62] + digits;
    rest = Math.floor(rest / 62);
  }
  return digits;
}

/** A new key; of it only the {@link digest} is to be kept. */
export function writeKey(environment: Environment): KeyText & { readonly key: string } {
  const id = random(idLength);
  return { environment, id, key: keyOf(environment, id, random(secretLength)) };
}

/** The parts of a key put together, with the checksum. */
export function keyOf(environment: Environment, id: string, secret: string): string {
  const body = `payung_${environment}_${id}_${secret}`;
  return body + checksum(body);
}

/** What a key says of itself; null where it is none. */
export function readKey(key: string): KeyText | null {
  const parts = form.exec(key);
  if (!parts || checksum(key.slice(0, -6)) !== key.slice(-6)) return null;
  return { environment: parts[1] as Environment, id: parts[2]! };
}

/** SHA-256: enough for a secret of 160 random bits, which nobody can guess from its hash. */
export function digest(key: string): Buffer {
  return hash('sha256', key, 'buffer');
}
