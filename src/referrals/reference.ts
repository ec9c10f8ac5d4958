import { randomInt } from 'node:crypto';

/** Digits and letters that nobody takes for one another (Crockford's base 32). */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** A new reference, such as `RJK-7Q4M-K2XD` (rujukan, referral): 40 random bits, so that from one nobody can tell of another, nor how many there are. */
export function newReference(random: (below: number) => number = randomInt): string {
  const four = () => Array.from({ length: 4 }, () => alphabet[random(alphabet.length)]).join('');
  return `RJK-${four()}-${four()}`;
}

/** A reference as it is stored, from what somebody wrote: small letters, and the letters that stand for digits, are forgiven. Null where it is none. */
export function readReference(text: string): string | null {
  const value = text.trim().toUpperCase();
  const [, first, second] = /^RJK-?([0-9A-Z]{4})-?([0-9A-Z]{4})$/.exec(value) ?? [];
  if (first === undefined || second === undefined) return null;
  const told = `${first}${second}`.replaceAll('O', '0').replace(/[IL]/g, '1');
  return [...told].every((sign) => alphabet.includes(sign)) ? `RJK-${told.slice(0, 4)}-${told.slice(4)}` : null;
}
