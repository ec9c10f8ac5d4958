import type { PersonClaim } from '../domain/person.ts';
import type { Instant } from '../domain/time.ts';
import { personSchema } from './attributes.ts';
import type { Comparator } from './compare/comparator.ts';
import { normaliseDate } from './normalise/date.ts';
import { normaliseNik } from './normalise/nik.ts';
import { Comparison } from './prepare.ts';

/*
 * The golden record: of each attribute one value, the rule that chose it, and every claim. Nothing is hidden: who disagrees with the chosen value is among the
 * claims, and how badly is told by `conflictsOf`.
 *
 * | Attribute | Chosen |
 * |---|---|
 * | name | what most agencies write, spellings of one name counted together; of the spellings, the fullest that the agency highest in the order of agencies writes |
 * | nik | what most agencies write, whole numbers only |
 * | sex | what most agencies write |
 * | dateOfBirth | the date that the chosen NIK encodes, where an agency writes it too; else what most agencies write, days that stand for "unknown" (1 January) last |
 * | placeOfBirth, motherName | as for the name |
 * | phone, passport | what the record that its agency changed last says: numbers change |
 * | area | the most precise code of the area that most agencies name |
 *
 * "Most agencies" counts each agency once per value. A tie goes to the agency that comes first in the order of agencies: the placement register, whose data
 * was checked against papers, before the insurers, before the missions.
 */

export const goldenAttributes = ['name', 'nik', 'sex', 'dateOfBirth', 'placeOfBirth', 'motherName', 'phone', 'area', 'passport'] as const;
export type GoldenAttribute = (typeof goldenAttributes)[number];

/** A record's word, with whatever the caller keeps of where it comes from. */
export interface Claimant<P> {
  readonly agency: string;
  readonly asOf: Instant | null;
  readonly person: PersonClaim;
  readonly provenance: P;
}

export interface Claim<P> {
  /** As the agency wrote it. */
  readonly value: string;
  readonly agency: string;
  readonly asOf: Instant | null;
  readonly provenance: P;
}

/**
 * `ONLY_CLAIM`: nobody else says anything. `AGREED`: all say the same. `MAJORITY`: most agencies say so. `AUTHORITY`: as many say otherwise; the agency first
 * in order decided. `IN_NIK`: the chosen NIK encodes it. `LATEST`: the record changed last says so. `MOST_PRECISE`: the finest of those that fit together.
 */
export const goldenRules = ['ONLY_CLAIM', 'AGREED', 'MAJORITY', 'AUTHORITY', 'IN_NIK', 'LATEST', 'MOST_PRECISE'] as const;
export type GoldenRule = (typeof goldenRules)[number];

export interface Golden<P> {
  readonly attribute: GoldenAttribute;
  readonly value: string;
  readonly rule: GoldenRule;
  /** The claim whose wording was taken. */
  readonly chosen: Claim<P>;
  /** All claims, in the order of agencies. */
  readonly claims: readonly Claim<P>[];
}

/**
 * How badly claims disagree: `SPELLING`, one value in several spellings or lengths; `TYPING_ERROR`, a slip of the pen; `DIFFERENT`, values that are not each
 * other's, as when she has moved; `DIFFERENT_PERSON_SUSPECTED`, what one person cannot have two of.
 */
export const severities = ['SPELLING', 'TYPING_ERROR', 'DIFFERENT', 'DIFFERENT_PERSON_SUSPECTED'] as const;
export type Severity = (typeof severities)[number];

export interface Conflict<P> {
  readonly attribute: GoldenAttribute;
  /** The worst among its pairs of claims. */
  readonly severity: Severity;
  readonly claims: readonly Claim<P>[];
}

const comparison = new Comparison(personSchema);
const comparatorOf = (attribute: GoldenAttribute): Comparator<unknown> => comparison.attributes.find(({ spec }) => spec.name === attribute)!.comparator;

function valuesOf(attribute: GoldenAttribute, person: PersonClaim): readonly string[] {
  switch (attribute) {
    case 'nik': return numbersOf(person, 'NIK');
    case 'passport': return numbersOf(person, 'PASSPORT');
    default: return person[attribute] === null ? [] : [person[attribute]];
  }
}

/** Damaged numbers count as claims too: that they are damaged is what a reader must see. */
function numbersOf(person: PersonClaim, kind: 'NIK' | 'PASSPORT'): string[] {
  return [...person.identifiers.filter((id) => id.kind === kind).map(({ value }) => value), ...person.raw.filter((id) => id.kind === kind).map(({ text }) => text)];
}

interface Prepared<P> {
  readonly claim: Claim<P>;
  readonly cell: unknown;
  readonly order: number;
}

/** Moments sort as text, and a locale costs. */
function byLatest({ asOf: a }: Claim<unknown>, { asOf: b }: Claim<unknown>): number {
  const [x, y] = [a ?? '', b ?? ''];
  return x === y ? 0 : x < y ? 1 : -1;
}

/** The claims on an attribute that say anything, in the order of agencies. */
function prepare<P>(attribute: GoldenAttribute, claimants: readonly Claimant<P>[], agencies: readonly string[]): Prepared<P>[] {
  const comparator = comparatorOf(attribute);
  return claimants
    .flatMap(({ agency, asOf, person, provenance }) => valuesOf(attribute, person).map((value) => ({ claim: { value, agency, asOf, provenance }, cell: comparator.prepare([value]), order: agencies.indexOf(agency) })))
    .filter(({ cell }) => cell !== null)
    // What an agency changed last comes first among its own; the rest is settled by the values, so that the order of records decides nothing.
    .toSorted((a, b) => a.order - b.order || byLatest(a.claim, b.claim) || (attribute === 'nik' || attribute === 'passport' ? 0 : a.claim.value.localeCompare(b.claim.value)));
}

/** Level up to which two values of the attribute are one value, written differently. */
const oneValue: Readonly<Record<GoldenAttribute, (attribute: Comparator<unknown>, level: number) => boolean>> = {
  name: (comparator, level) => comparator.fullyAgrees!(level),
  motherName: (comparator, level) => comparator.fullyAgrees!(level),
  placeOfBirth: (_comparator, level) => level <= 1,
  area: (_comparator, level) => level <= 2,
  nik: (_comparator, level) => level === 0,
  sex: (_comparator, level) => level === 0,
  dateOfBirth: (_comparator, level) => level === 0,
  phone: (_comparator, level) => level === 0,
  passport: (_comparator, level) => level === 0,
};

/** Claims that are one value, by the first of each group; the group that most agencies stand behind first, then by the order of agencies. */
function grouped<P>(attribute: GoldenAttribute, claims: readonly Prepared<P>[]): Prepared<P>[][] {
  const comparator = comparatorOf(attribute);
  const groups: Prepared<P>[][] = [];
  for (const entry of claims) {
    const group = groups.find(([head]) => oneValue[attribute](comparator, comparator.compare(head!.cell, entry.cell)));
    if (group) group.push(entry);
    else groups.push([entry]);
  }
  return groups.toSorted((a, b) => voices(b) - voices(a) || a[0]!.order - b[0]!.order);
}

const voices = <P>(group: readonly Prepared<P>[]) => new Set(group.map(({ claim }) => claim.agency)).size;

function byMajority<P>(groups: readonly Prepared<P>[][]): GoldenRule {
  if (groups.length === 1) return groups[0]!.length === 1 ? 'ONLY_CLAIM' : 'AGREED';
  return voices(groups[0]!) > voices(groups[1]!) ? 'MAJORITY' : 'AUTHORITY';
}

/** The fullest spelling of the agency that comes first. */
function fullest<P>(group: readonly Prepared<P>[]): Prepared<P> {
  const longest = Math.max(...group.map(({ claim }) => claim.value.length));
  // A name cut short at a passport's line, or with initials, gives way to the whole one.
  return group.find(({ claim }) => claim.value.length * 2 > longest + claim.value.split(' ').length && claim.value.length >= longest * 0.8) ?? group[0]!;
}

const isVague = (value: string) => normaliseDate(value)?.quality !== 'EXACT';

function choose<P>(attribute: GoldenAttribute, claims: readonly Prepared<P>[], nik: string | null): { readonly rule: GoldenRule; readonly chosen: Prepared<P> } {
  if (attribute === 'phone' || attribute === 'passport') {
    const groups = grouped(attribute, claims);
    if (groups.length === 1) return { rule: byMajority(groups), chosen: claims[0]! };
    // The agency's own best passport comes first on its record.
    const latest = claims.toSorted((a, b) => byLatest(a.claim, b.claim) || a.order - b.order)[0]!;
    return { rule: 'LATEST', chosen: latest };
  }
  const usable = attribute === 'dateOfBirth' && claims.some(({ claim }) => !isVague(claim.value)) ? claims.filter(({ claim }) => !isVague(claim.value))
    : attribute === 'nik' && claims.some(({ claim }) => normaliseNik(claim.value)?.prefixOnly === null) ? claims.filter(({ claim }) => normaliseNik(claim.value)?.prefixOnly === null)
    : claims;
  const groups = grouped(attribute, usable);
  const rule = byMajority(groups);
  const [best] = groups as [Prepared<P>[]];
  if (attribute === 'dateOfBirth' && groups.length > 1) {
    const birth = nik === null ? null : normaliseNik(nik)?.birth;
    const encoded = birth && usable.find(({ claim }) => {
      const date = normaliseDate(claim.value);
      return date !== null && date.year === birth.year && date.month === birth.month && date.day === birth.day;
    });
    if (encoded) return { rule: 'IN_NIK', chosen: encoded };
  }
  if (attribute === 'area') {
    const finest = best.toSorted((a, b) => b.claim.value.length - a.claim.value.length || a.order - b.order)[0]!;
    const coarser = best.some(({ claim }) => claim.value.length < finest.claim.value.length);
    return { rule: coarser ? 'MOST_PRECISE' : rule, chosen: finest };
  }
  return { rule, chosen: attribute === 'name' || attribute === 'motherName' ? fullest(best) : best[0]! };
}

/**
 * The golden record of a worker: the attributes of which anything is known.
 * @param agencies all agencies, in order of authority on who a person is
 * @param wanted attributes to look at; all of them unless told
 */
export function goldenOf<P>(claimants: readonly Claimant<P>[], agencies: readonly string[], wanted: readonly GoldenAttribute[] = goldenAttributes): Golden<P>[] {
  let nik: string | null = null;
  // The NIK comes first, since it tells the date of birth.
  return (wanted.includes('nik') || wanted.includes('dateOfBirth') ? (['nik', ...wanted.filter((attribute) => attribute !== 'nik')] as const) : wanted)
    .flatMap((attribute): Golden<P>[] => {
      const claims = prepare(attribute, claimants, agencies);
      if (claims.length === 0) return [];
      const { rule, chosen } = choose(attribute, claims, nik);
      if (attribute === 'nik') {
        nik = chosen.claim.value;
        if (!wanted.includes('nik')) return [];
      }
      return [{ attribute, value: chosen.claim.value, rule, chosen: chosen.claim, claims: claims.map(({ claim }) => claim) }];
    })
    .toSorted((a, b) => goldenAttributes.indexOf(a.attribute) - goldenAttributes.indexOf(b.attribute));
}

/** How badly two claims disagree; null where they are one. */
function severityOf(attribute: GoldenAttribute, a: Prepared<unknown>, b: Prepared<unknown>): Severity | null {
  const comparator = comparatorOf(attribute);
  const level = comparator.compare(a.cell, b.cell);
  const words = (value: string) => value.trim().replace(/\s+/g, ' ').toUpperCase();
  switch (attribute) {
    case 'name': case 'motherName':
      if (words(a.claim.value) === words(b.claim.value)) return null;
      if (comparator.fullyAgrees!(level)) return 'SPELLING';
      return level <= comparator.lastAgreeing ? 'TYPING_ERROR' : attribute === 'name' ? 'DIFFERENT_PERSON_SUSPECTED' : 'DIFFERENT';
    case 'placeOfBirth':
      if (words(a.claim.value) === words(b.claim.value)) return null;
      return level <= 1 ? 'SPELLING' : 'DIFFERENT';
    // A code that is only coarser contradicts nothing.
    case 'area': return a.claim.value.startsWith(b.claim.value) || b.claim.value.startsWith(a.claim.value) ? null : 'DIFFERENT';
    case 'sex': return level === 0 ? null : 'DIFFERENT_PERSON_SUSPECTED';
    case 'nik': case 'dateOfBirth':
      if (level === 0) return null;
      // Twins' NIKs differ in the serial alone: no slip to be trusted.
      return level <= comparator.lastAgreeing ? 'TYPING_ERROR' : 'DIFFERENT_PERSON_SUSPECTED';
    // A new passport and a new phone are no other person.
    case 'phone': case 'passport': return level === 0 ? null : level === 1 ? 'TYPING_ERROR' : 'DIFFERENT';
  }
}

/** The attributes on which the claims disagree, worst first. */
export function conflictsOf<P>(claimants: readonly Claimant<P>[], agencies: readonly string[]): Conflict<P>[] {
  return goldenAttributes
    .flatMap((attribute): Conflict<P>[] => {
      const claims = prepare(attribute, claimants, agencies);
      const found = claims.flatMap((a, i) => claims.slice(i + 1).flatMap((b) => severityOf(attribute, a, b) ?? []));
      const severity = severities.findLast((one) => found.includes(one));
      return severity === undefined ? [] : [{ attribute, severity, claims: claims.map(({ claim }) => claim) }];
    })
    .toSorted((a, b) => severities.indexOf(b.severity) - severities.indexOf(a.severity));
}
