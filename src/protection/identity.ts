import { isPlaceholder } from '../domain/identifier.ts';
import type { PersonClaim } from '../domain/person.ts';
import type { Held, ProtectionInput, Source } from './input.ts';

const keyOf = ({ agency, recordId }: Source) => `${agency} ${recordId}`;

/** Who she is by the records that her cover stands on, and by all others. */
export function claimants(input: Pick<ProtectionInput, 'persons' | 'coverages'>): { insured: Held<PersonClaim>[]; others: Held<PersonClaim>[] } {
  const covers = new Set(input.coverages.filter(({ value }) => value.status !== 'SUPERSEDED').map(({ source }) => keyOf(source)));
  const social = new Set(input.coverages.map(({ source }) => source.agency));
  return {
    insured: input.persons.filter(({ source }) => covers.has(keyOf(source))),
    others: input.persons.filter(({ source }) => !social.has(source.agency)),
  };
}

/** Those whose records carry what a claim is proved with: a placement (passport, contract), a report of stay or a case (the mission's statement). */
export function witnesses(input: Pick<ProtectionInput, 'placements' | 'stays' | 'cases'>, persons: readonly Held<PersonClaim>[]): Held<PersonClaim>[] {
  const records = new Set([...input.placements, ...input.stays, ...input.cases].map(({ source }) => keyOf(source)));
  return persons.filter(({ source }) => records.has(keyOf(source)));
}

/** NIK on the record; null where there is none, or one that stands for none. */
export function nikOf({ identifiers }: PersonClaim): string | null {
  return identifiers.find((id) => id.kind === 'NIK' && !isPlaceholder(id))?.value ?? null;
}

/** The NIK without the 40 that is added to a woman's day of birth, so that a forgotten one makes no difference. */
function withoutSex(nik: string): string {
  const tens = Number(nik[6]);
  return tens >= 4 ? `${nik.slice(0, 6)}${tens - 4}${nik.slice(7)}` : nik;
}

/** Whether two numbers of the same length differ in at most one digit, or by two neighbours exchanged. */
function isSlip(a: string, b: string): boolean {
  const differing = [...a].map((digit, k) => (digit === b[k] ? -1 : k)).filter((k) => k >= 0);
  if (differing.length <= 1) return true;
  const [first, second] = differing as [number, number];
  return differing.length === 2 && second === first + 1 && a[first] === b[second] && a[second] === b[first];
}

/**
 * How two NIKs differ: not at all; as the same number written wrongly (one digit, two neighbours exchanged, or a forgotten 40, which may come on top); or as
 * the numbers of two people. The hub's own reading of what a slip is.
 */
export function compareNiks(a: string, b: string): 'SAME' | 'SLIP' | 'OTHER' {
  if (a === b) return 'SAME';
  return isSlip(a, b) || isSlip(withoutSex(a), withoutSex(b)) ? 'SLIP' : 'OTHER';
}
