import type { Case, CaseCategory, Stay } from '../domain/case.ts';
import type { EventReach } from '../domain/event.ts';
import { canonical, type Identifier } from '../domain/identifier.ts';
import { missionFor } from '../domain/missions.ts';
import type { Placement } from '../domain/placement.ts';
import type { AgencyName, AgencyRecord } from '../domain/record.ts';
import { areaWithin, isBounded } from './bounds.ts';
import { facetScope, type Grant, type ReferralScope } from './scopes.ts';

/** Cases that only callers with the scope `case:sensitive` see. */
export const sensitiveCategories: ReadonlySet<CaseCategory> = new Set(['TPPO', 'KEKERASAN', 'HUKUMAN_MATI', 'PIDANA', 'SAKIT']);

/*
 * The one place that says which facts and workers a caller may see. A fact that a bound speaks of (a placement's mission and company, a case's and a stay's
 * mission) must lie inside it; what the fact does not say counts as outside. A fact that no bound speaks of (cover, health membership) goes with the worker.
 */

export function maySeePlacement(grant: Grant, placement: Placement): boolean {
  return maySeePlaced(grant, { p3mi: placement.p3mi?.id ?? null, mission: placement.mission ?? missionFor(placement.place) });
}

/** The same by what decides it. */
export function maySeePlaced({ bounds }: Grant, { p3mi, mission }: NonNullable<EventReach['placement']>): boolean {
  if (bounds.p3mis && !(p3mi !== null && bounds.p3mis.includes(p3mi))) return false;
  return maySeeMission(bounds.missions, mission);
}

/** Whether a caller may hear of what an event rests on; whether of the worker, her records tell. */
export function mayHearOf(grant: Grant, { facets, placement, case: file, referral }: EventReach): boolean {
  return facets.every((facet) => grant.scopes.has(facetScope[facet])) && (!placement || maySeePlaced(grant, placement)) && (!file || maySeeCase(grant, file)) && (!referral || isParty(grant, referral));
}

/** The agencies for which a caller may do what a scope lets it do with referrals; null: every one. */
export function actsFor({ scopes, bounds }: Grant, scope: ReferralScope): readonly AgencyName[] | null {
  return scopes.has(scope) ? (bounds.agencies ?? null) : [];
}

/** Whether a caller is on one of the two sides of a referral. Of its case holds what holds of every case: {@link maySeeCase}. */
export function isParty(grant: Grant, { from, to }: NonNullable<EventReach['referral']>): boolean {
  return (actsFor(grant, 'referral:send')?.includes(from) ?? true) || (actsFor(grant, 'referral:handle')?.includes(to) ?? true);
}

export function maySeeCase({ bounds, scopes }: Grant, { mission, category }: Pick<Case, 'mission' | 'category'>): boolean {
  return maySeeMission(bounds.missions, mission) && (scopes.has('case:sensitive') || !sensitiveCategories.has(category));
}

export function maySeeStay({ bounds }: Grant, { mission }: Pick<Stay, 'mission'>): boolean {
  return maySeeMission(bounds.missions, mission);
}

function maySeeMission(missions: readonly string[] | undefined, mission: string | null): boolean {
  return missions === undefined || (mission !== null && missions.includes(mission));
}

/** Whether every placement there is may be seen: only then does it mean something that none is. */
export function seesEveryPlacement({ bounds }: Grant): boolean {
  return bounds.missions === undefined && bounds.p3mis === undefined;
}

/** Whether every case there is may be seen: only then may a number of a case be shown that stands elsewhere than on the case. */
export function seesEveryCase({ bounds, scopes }: Grant): boolean {
  return bounds.missions === undefined && scopes.has('case:sensitive');
}

/** Whether a worker may be seen, by the records of her that may be seen: each bound must be met by one of them. */
export function maySeeWorker({ bounds }: Grant, records: readonly AgencyRecord[]): boolean {
  if (records.length === 0) return false;
  const { areas, missions, p3mis } = bounds;
  if (areas && !records.some(({ person }) => person.area !== null && areaWithin(person.area, areas))) return false;
  // Sifted records hold no placement, case or stay of another mission or company: that there is one is enough.
  if (p3mis && !records.some((record) => record.placements.length > 0)) return false;
  return !missions || records.some((record) => record.placements.length + record.cases.length + record.stays.length > 0);
}

/** A record with the facts that may be seen; null where facts were taken out and none is left, so that not even the record's being there tells of them. */
export function siftRecord(grant: Grant, record: AgencyRecord): AgencyRecord | null {
  const placements = record.placements.filter((placement) => maySeePlacement(grant, placement));
  const cases = record.cases.filter((entry) => maySeeCase(grant, entry));
  const stays = record.stays.filter((stay) => maySeeStay(grant, stay));
  const kept = placements.length + cases.length + stays.length;
  if (kept === record.placements.length + record.cases.length + record.stays.length) return record;
  if (kept + record.coverages.length + record.healthMemberships.length === 0) return null;
  const hidden = new Set([
    ...numbersOf('CASE_NUMBER', record.cases.filter((entry) => !cases.includes(entry))),
    ...numbersOf('LAPOR_DIRI', record.stays.filter((stay) => !stays.includes(stay))),
  ]);
  const shown = ({ kind, value }: Identifier) => !hidden.has(`${kind} ${value}`);
  const unread = record.person.raw.filter(({ kind }) => kind !== 'CASE_NUMBER' && kind !== 'LAPOR_DIRI');
  const person = { ...record.person, identifiers: record.person.identifiers.filter(shown), raw: unread };
  return { ...record, person, placements, cases, stays };
}

function numbersOf(kind: 'CASE_NUMBER' | 'LAPOR_DIRI', facts: readonly { readonly number: string }[]): string[] {
  return facts.map(({ number }) => `${kind} ${canonical(kind, number)?.value ?? number}`);
}

/** What the caller may see, in the form that the records layer applies (its `Sight`); null: everything, at no cost. */
export function sightOf(grant: Grant) {
  const bounded = isBounded(grant.bounds);
  if (!bounded && grant.scopes.has('case:sensitive')) return null;
  return {
    bounded,
    sift: (record: AgencyRecord) => siftRecord(grant, record),
    includes: (records: readonly AgencyRecord[]) => maySeeWorker(grant, records),
  };
}
