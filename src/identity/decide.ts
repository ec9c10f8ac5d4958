import type { Thresholds } from './model.ts';
import type { Attribute, Comparison } from './prepare.ts';
import { MISSING } from './prepare.ts';
import { nikLevel } from './compare/identifier.ts';

/** LINK: joined by machine. REVIEW: a steward decides. NONE: two people. */
export const zones = ['LINK', 'REVIEW', 'NONE'] as const;
export type Zone = (typeof zones)[number];

/**
 * Why a pair is not linked by machine although its score would do:
 * - `TWIN`: both NIKs are whole and differ in the serial alone, and the names are not word for word the same;
 * - `SEX`: the records state different sexes;
 * - `TWO_NIKS`: two whole NIKs with nothing in common, and no other identifier that agrees;
 * - `BORROWED`: an identifier agrees, name and date of birth both do not: papers of someone else;
 * - `REJECTED`: a steward has said that these are two people.
 */
export const vetoes = ['TWIN', 'SEX', 'TWO_NIKS', 'BORROWED', 'REJECTED'] as const;
export type Veto = (typeof vetoes)[number];

/** Which vetoes also keep two clusters apart when any pair between them has it. */
const binding: ReadonlySet<Veto> = new Set(['TWIN', 'SEX', 'TWO_NIKS', 'REJECTED']);
export const isBinding = (veto: Veto | null): boolean => veto !== null && binding.has(veto);

/** Finds the veto of a pair from its levels. Made once per schema. */
export function vetoFinder(comparison: Comparison): (levels: Uint8Array, offset: number, derived: number) => Veto | null {
  const where = (test: (attribute: Attribute) => boolean) => comparison.attributes.flatMap((attribute, i) => (test(attribute) ? [i] : []));
  const nik = where(({ spec }) => spec.form === 'nik')[0] ?? -1;
  const sex = where(({ spec }) => spec.form === 'sex')[0] ?? -1;
  const identifiers = where(({ spec }) => spec.kind === 'identifier' && spec.form !== 'nik');
  const name = where(({ spec }) => spec.kind === 'name')[0] ?? -1;
  const date = where(({ spec }) => spec.kind === 'date')[0] ?? -1;
  const agrees = (i: number, level: number) => level <= comparison.attributes[i]!.comparator.lastAgreeing;

  return (levels, offset, derived) => {
    const at = (i: number) => (i < 0 ? MISSING : levels[offset + i]!);
    const [nikAt, nameAt, dateAt] = [at(nik), at(name), at(date)];
    const otherIdentifier = identifiers.some((i) => levels[offset + i] === 0);
    const namesVary = nameAt !== MISSING && !comparison.attributes[name]!.comparator.wordForWord!(nameAt);
    const namesDiffer = nameAt !== MISSING && !comparison.attributes[name]!.comparator.fullyAgrees!(nameAt);
    if ((nikAt === nikLevel.OTHER_SERIAL || nikAt === nikLevel.SERIAL_ERROR) && namesVary) return 'TWIN';
    if (at(sex) === 1 && !((derived >> sex) & 1)) return 'SEX';
    if (nikAt === nikLevel.DIFFERENT && !otherIdentifier) return 'TWO_NIKS';
    if ((nikAt === nikLevel.SAME || otherIdentifier) && namesDiffer && dateAt !== MISSING && !agrees(date, dateAt) && !agrees(name, nameAt)) return 'BORROWED';
    return null;
  };
}

/** The zone of a pair by its probability, no further than review where there is a veto. */
export function zoneOf(probability: number, veto: Veto | null, { link, review }: Thresholds): Zone {
  if (probability < review) return 'NONE';
  if (veto === 'REJECTED') return 'NONE';
  return probability >= link && veto === null ? 'LINK' : 'REVIEW';
}

/**
 * Reads from levels whether phone and residence agree (1), differ (-1) or are unknown (0): what stands on no paper, and so tells the lender of papers from
 * the borrower. Empty where the schema lacks one of them. A residence read out of a NIK does not count.
 */
export function lifeFacts(comparison: Comparison): (levels: Uint8Array, derived: number) => readonly number[] {
  const facts = comparison.attributes.flatMap(({ spec, comparator }, i) => (spec.kind === 'phone' || spec.form === 'area' ? [{ i, lastAgreeing: comparator.lastAgreeing }] : []));
  if (facts.length < 2) return () => [];
  return (levels, derived) =>
    facts.map(({ i, lastAgreeing }) => {
      const level = levels[i]!;
      return level === MISSING || (derived >> i) & 1 ? 0 : level <= lastAgreeing ? 1 : -1;
    });
}
