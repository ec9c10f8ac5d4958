import type { AgencyRecord } from '../../src/domain/record.ts';
import { missionFor } from '../../src/domain/missions.ts';
import type { Scope } from '../../src/access/scopes.ts';

/** A caller, in plain lists. */
export interface Asker {
  readonly scopes: readonly Scope[];
  readonly missions: readonly string[] | null;
  readonly areas: readonly string[] | null;
  readonly p3mis: readonly string[] | null;
}

/** What an answer must show of a worker. Written from docs/access.md, apart from the code that decides. */
export interface Shown {
  readonly placements: readonly string[];
  readonly cases: readonly string[];
  readonly stays: readonly string[];
  readonly kpjs: readonly string[];
  readonly cards: readonly string[];
  /** `KIND value`. */
  readonly numbers: readonly string[];
  /** Agencies of which records may be known. */
  readonly agencies: readonly string[];
}

const secretCategories = ['TPPO', 'KEKERASAN', 'HUKUMAN_MATI', 'PIDANA', 'SAKIT'];
const classOf: Readonly<Record<string, Scope | undefined>> = { KPJ: 'insurance:read', JKN_CARD: 'health:read', CASE_NUMBER: 'case:read', LAPOR_DIRI: 'case:read' };

/** The scope that asking by a kind of number needs. */
export const scopeToAskBy = (kind: string): Scope | undefined => classOf[kind];

/** Null: she must be as if she did not exist. */
export function oracle(asker: Asker, records: readonly AgencyRecord[]): Shown | null {
  const has = (scope: Scope) => asker.scopes.includes(scope);
  const inMission = (mission: string | null) => asker.missions === null || asker.missions.some((m) => m === mission);
  const shown = { placements: [] as string[], cases: [] as string[], stays: [] as string[], kpjs: [] as string[], cards: [] as string[], numbers: [] as string[], agencies: [] as string[] };
  const areas: string[] = [];
  let [anyRecord, inAnyMission, ofAnyCompany] = [false, false, false];
  for (const record of records) {
    const placements = record.placements.filter((p) => inMission(p.mission ?? missionFor(p.place)) && (asker.p3mis === null || asker.p3mis.some((id) => id === p.p3mi?.id)));
    const cases = record.cases.filter((c) => inMission(c.mission) && (has('case:sensitive') || !secretCategories.includes(c.category)));
    const stays = record.stays.filter((s) => inMission(s.mission));
    const before = record.placements.length + record.cases.length + record.stays.length;
    const after = placements.length + cases.length + stays.length;
    if (after < before && after + record.coverages.length + record.healthMemberships.length === 0) continue;
    anyRecord = true;
    if (after > 0) inAnyMission = true;
    if (placements.length > 0) ofAnyCompany = true;
    if (record.person.area !== null) areas.push(record.person.area);
    shown.agencies.push(record.agency);
    shown.placements.push(...placements.map((p) => p.number));
    shown.cases.push(...cases.map((c) => c.number));
    shown.stays.push(...stays.map((s) => s.number));
    shown.kpjs.push(...record.coverages.map((c) => c.kpj));
    shown.cards.push(...record.healthMemberships.map((h) => h.card));
    const gone = [...record.cases, ...record.stays].filter((fact) => ![...cases, ...stays].some((kept) => kept.number === fact.number)).map((fact) => fact.number.toUpperCase());
    shown.numbers.push(...record.person.identifiers.filter(({ value }) => !gone.includes(value)).map(({ kind, value }) => `${kind} ${value}`));
  }
  if (!anyRecord) return null;
  if (asker.areas !== null && !areas.some((area) => asker.areas!.some((bound) => `${area}.`.startsWith(`${bound}.`)))) return null;
  if (asker.missions !== null && !inAnyMission) return null;
  if (asker.p3mis !== null && !ofAnyCompany) return null;
  return shown;
}
