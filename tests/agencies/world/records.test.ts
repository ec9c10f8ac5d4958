import { describe, expect, test } from 'vitest';
import { caseCategories } from '../../../src/domain/case.ts';
import { canonical } from '../../../src/domain/identifier.ts';
import { missionByCode, missionFor } from '../../../src/domain/missions.ts';
import { facets } from '../../../src/domain/record.ts';
import type { AgencyRecord } from '../../../src/domain/record.ts';
import { addDays, addMonths, isDay } from '../../../src/domain/time.ts';
import { describeArea } from '../../../src/areas/areas.ts';
import { castSize } from '../../../src/agencies/world/cast/size.ts';
import { createWorld } from '../../../src/agencies/world/world.ts';
import { neighbours, sample, today } from './sample.ts';

const cast = createWorld({ size: castSize, today });
const people = [...Array.from({ length: castSize }, (_, index) => cast.person(index)), ...sample(4_000)];
const records = people.flatMap((p) => p.records);
const at = (agency: string) => records.filter((r) => r.agency === agency);
const coverages = records.flatMap((r) => r.coverages);
const placements = people.flatMap((p) => p.records.flatMap((r) => r.placements));

/** Every text in a value, with its path. */
function texts(value: unknown, path = ''): [string, string][] {
  if (typeof value === 'string') return [[path, value]];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => texts(inner, `${path}.${key}`));
}

describe('NIKs', () => {
  test('none can be a real one: every serial lies in 9000..9999, also where it is mistyped', () => {
    const niks = [...people.map((p) => p.truth.nik), ...records.flatMap((r) => r.person.identifiers.filter((id) => id.kind === 'NIK').map((id) => id.value))];
    expect(niks.filter((nik) => nik !== '0000000000000000' && !/^\d{12}9\d{3}$/.test(nik))).toEqual([]);
  });

  test('each person has her own, of her district, birth day and sex', () => {
    expect(new Set(people.map((p) => p.truth.nik)).size).toBe(people.length);
    for (const { truth, mismatches } of people) {
      const day = Number(truth.dateOfBirth.slice(8)) + (truth.sex === 'FEMALE' ? 40 : 0);
      expect(truth.nik.slice(6, 12)).toBe(`${String(day).padStart(2, '0')}${truth.dateOfBirth.slice(5, 7)}${truth.dateOfBirth.slice(2, 4)}`);
      expect(truth.nik.slice(0, 6) === truth.area.replaceAll('.', '')).toBe(!mismatches.includes('AREA_STALE'));
      expect(describeArea(truth.area)?.district).not.toBeNull();
    }
  });

  test('twins share district, day and parents, and differ in the last four digits only', () => {
    const pairs = neighbours(4_000).filter((p) => p.mismatches.includes('TWIN'));
    expect(pairs.length).toBeGreaterThan(20);
    expect(pairs.length % 2).toBe(0);
    for (let k = 0; k < pairs.length; k += 2) {
      const [one, other] = [pairs[k]!, pairs[k + 1]!];
      expect(other.index).toBe(one.index + 1);
      expect(other.truth).toMatchObject({ sex: one.truth.sex, dateOfBirth: one.truth.dateOfBirth, area: one.truth.area, motherName: one.truth.motherName });
      expect(other.truth.nik.slice(0, 12)).toBe(one.truth.nik.slice(0, 12));
      expect(other.truth.nik).not.toBe(one.truth.nik);
    }
  });
});

describe('every record', () => {
  test('has an id of its own at its agency, which is the number the agency gives', () => {
    const kinds: Record<string, readonly string[]> = { BP2MI: ['PMI_ID'], BPJS_KETENAGAKERJAAN: ['KPJ'], BPJS_KESEHATAN: ['JKN_CARD'], PERWAKILAN: ['LAPOR_DIRI', 'CASE_NUMBER'] };
    for (const [agency, allowed] of Object.entries(kinds)) {
      const own = at(agency);
      expect(own.length).toBeGreaterThan(1_000);
      expect(new Set(own.map((r) => r.recordId)).size).toBe(own.length);
      expect(own.filter((r) => !r.person.identifiers.some((id) => allowed.includes(id.kind) && id.value === r.recordId))).toEqual([]);
    }
  });

  test('carries identifiers in canonical form, and raw only what is not', () => {
    for (const { person } of records) {
      for (const id of person.identifiers) expect(canonical(id.kind, id.value)).toEqual(id);
      for (const { kind, text } of person.raw) expect(canonical(kind, text)).toBeNull();
    }
  });

  test('holds the facts of its agency and no others', () => {
    const holds = (r: AgencyRecord) => [r.placements.length > 0 && 'PLACEMENT', r.coverages.length > 0 && 'SOCIAL_SECURITY', r.healthMemberships.length > 0 && 'HEALTH_INSURANCE', r.cases.length > 0 && 'CASE', r.stays.length > 0 && 'STAY'].filter((f) => f !== false);
    const allowed: Record<string, readonly string[]> = { BP2MI: ['PLACEMENT'], BPJS_KETENAGAKERJAAN: ['SOCIAL_SECURITY'], BPJS_KESEHATAN: ['HEALTH_INSURANCE'], PERWAKILAN: ['CASE', 'STAY'] };
    for (const r of records) expect(holds(r).filter((facet) => !allowed[r.agency]!.includes(facet))).toEqual([]);
    expect(new Set(records.flatMap(holds)).size).toBe(facets.length - 1);
  });

  test('tells of days that exist, and of nothing later than the world’s day', () => {
    const late: string[] = [];
    const future = /\.(contract|window|passportValidUntil|healthMemberships)/;
    for (const r of records) {
      for (const [path, text] of texts(r)) {
        if (!/^\d{4}-\d{2}-\d{2}/.test(text)) continue;
        expect(isDay(text.slice(0, 10))).toBe(true);
        if (!future.test(path) && text.slice(0, 10) > today) late.push(`${r.agency}${path} ${text}`);
      }
      for (const { serviceDate } of r.healthMemberships) expect(serviceDate <= today).toBe(true);
    }
    expect(late).toEqual([]);
  });
});

describe('placements', () => {
  test('go forward in time', () => {
    for (const p of placements.filter(({ procedure }) => procedure === 'PROSEDURAL')) {
      const days = [p.registeredOn, p.departedOn, p.arrivedOn, p.returnedOn].filter((d) => d !== null);
      expect(days).toEqual(days.toSorted());
    }
  });

  test('have contracts of as many months as they say', () => {
    const contracts = placements.map((p) => p.contract).filter(({ start, end, months }) => start !== null && end !== null && months !== null);
    expect(contracts.length).toBeGreaterThan(3_000);
    expect(contracts.filter(({ start, end, months }) => end !== addDays(addMonths(start!, months!), -1))).toEqual([]);
  });

  test('name a mission only where the place decides it', () => {
    const elsewhere = placements.filter((p) => p.mission !== null && missionByCode(p.mission)?.country !== p.place.country);
    // Macau has no mission of its own.
    expect(elsewhere.filter((p) => p.place.country !== 'MO')).toEqual([]);
    expect(placements.some((p) => p.place.region === 'Sabah' && p.place.district === null && missionFor(p.place) === null)).toBe(true);
  });

  test('that extend another one point to it, and begin where it ends', () => {
    const extensions = people.flatMap((p) => {
      const own = p.records.flatMap((r) => r.placements);
      return own.filter((x) => x.renews !== null).map((x) => [x, own.find((y) => y.number === x.renews)] as const);
    });
    expect(extensions.length).toBeGreaterThan(200);
    const known = extensions.filter(([, before]) => before !== undefined);
    for (const [after, before] of known) expect(before).toMatchObject({ stage: 'RENEWED', contract: { end: addDays(after.contract.start!, -1) } });
    expect(known.length).toBeGreaterThan(extensions.length * 0.9);
  });

  test('are outside procedure for some, who have no company', () => {
    const outside = placements.filter((p) => p.procedure === 'NON_PROSEDURAL');
    expect(outside.length).toBeGreaterThan(5);
    expect(outside.filter((p) => p.p3mi !== null)).toEqual([]);
  });

  test('of domestic workers to Malaysia since April 2022 say whether they went by the One Channel System, others do not', () => {
    const said = placements.filter((p) => p.oneChannelSystem !== null);
    expect(new Set(said.map((p) => p.oneChannelSystem)).size).toBe(2);
    for (const p of said) expect(p.place.country === 'MY' && (p.registeredOn ?? '') >= '2022-04-01').toBe(true);
  });
});

describe('cover', () => {
  test('windows and contributions are those of Permenaker 4/2023', () => {
    const contributions = new Map([[6, '108000'], [12, '189000'], [24, '332500'], [36, '494500']]);
    const begun = coverages.filter((c) => c.window.start !== null);
    const of = (phase: string) => begun.filter((c) => c.phase === phase && c.programme !== 'JHT');
    const owed = (phase: string) => of(phase).filter((c) => c.programme === 'JKK').map((c) => [c.contractMonths, c.payment.owed?.amount] as const);
    expect(of('BEFORE').filter((c) => c.window.end! > addMonths(c.window.start!, 5))).toEqual([]);
    expect(of('AFTER').filter((c) => c.window.end !== addDays(c.window.start!, 30))).toEqual([]);
    expect(owed('BEFORE').filter(([, amount]) => amount !== '37500')).toEqual([]);
    expect(owed('DURING').filter(([months, amount]) => amount !== contributions.get(months!) && amount !== String(13_500 * months!))).toEqual([]);
    expect(coverages.filter((c) => c.programme === 'JKM' && (c.payment.owed !== null || c.payment.paid !== null))).toEqual([]);
    expect(coverages.filter((c) => c.programme === 'JHT' && Number(c.payment.owed!.amount) / c.contractMonths! > 600_000)).toEqual([]);
    expect(new Set(coverages.map((c) => `${c.programme} ${c.phase}`)).size).toBe(7);
  });

  test('paid, part paid and unpaid, lapsed, doubled and claimed all occur', () => {
    expect(new Set(coverages.map((c) => c.status))).toEqual(new Set(['REGISTERED_UNPAID', 'ACTIVE', 'EXPIRED', 'CLAIMED', 'SUPERSEDED']));
    expect(new Set(coverages.map((c) => c.payment.status))).toEqual(new Set(['PAID', 'UNPAID', 'PARTIAL']));
    for (const c of coverages) expect(c.payment.paidOn === null).toBe(c.payment.status === 'UNPAID');
  });

  test('stands under the KPJ of its record', () => {
    for (const r of at('BPJS_KETENAGAKERJAAN')) expect(r.coverages.every((c) => c.kpj === r.recordId)).toBe(true);
  });

  test('some people have several KPJ', () => {
    expect(people.filter((p) => p.records.filter((r) => r.agency === 'BPJS_KETENAGAKERJAAN').length > 1).length).toBeGreaterThan(50);
  });

  test('claims name the case that is their evidence', () => {
    const cases = new Set(records.flatMap((r) => r.cases.map((c) => c.number)));
    const claims = coverages.flatMap((c) => c.claims).filter((c) => c.caseNumber !== null);
    expect(claims.length).toBeGreaterThan(0);
    expect(claims.filter((c) => !cases.has(c.caseNumber!))).toEqual([]);
  });
});

describe('JKN', () => {
  test('a membership has its history, newest first, and every segment and reason occurs', () => {
    const cards = at('BPJS_KESEHATAN');
    for (const { healthMemberships: history } of cards) {
      const days = history.map((m) => m.serviceDate);
      expect(days).toEqual(days.toSorted().toReversed());
      expect(days.at(-1)).toBe(history[0]!.start);
      for (const m of history) expect(m.active).toBe(m.statusCode === '0' && m.inactiveReason === null);
    }
    expect(new Set(cards.map((r) => r.healthMemberships[0]!.segment))).toEqual(new Set(['PBI', 'PPU', 'PBPU', 'BP']));
    expect(new Set(cards.map((r) => r.healthMemberships[0]!.inactiveReason))).toEqual(new Set([null, 'ARREARS', 'SUSPENDED_ABROAD', 'DECEASED', 'OTHER']));
  });
});

describe('missions', () => {
  test('a record is a report of stay with its cases, or a case of someone who never reported', () => {
    for (const r of at('PERWAKILAN')) {
      const own = r.stays.length > 0 ? r.stays : r.cases;
      expect(own.map(({ number }) => number)).toEqual([r.recordId]);
      for (const c of r.cases) expect(r.person.identifiers).toContainEqual({ kind: 'CASE_NUMBER', value: c.number });
    }
  });

  test('a case is handled where its place says, and its history agrees with its status', () => {
    for (const c of records.flatMap((r) => r.cases)) {
      expect(caseCategories).toContain(c.category);
      expect(c.mission).toBe(missionFor(c.place!));
      expect(c.events.at(-1)!.status).toBe(c.status);
      expect(c.events.map((e) => e.at)).toEqual(c.events.map((e) => e.at).toSorted());
      expect(c.closedOn !== null).toBe(c.status === 'CLOSED' || c.status === 'REJECTED');
    }
  });
});
