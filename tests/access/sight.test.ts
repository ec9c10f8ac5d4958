import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sightOf } from '../../src/access/sight.ts';
import { facets } from '../../src/domain/record.ts';
import type { AgencyRecord } from '../../src/domain/record.ts';
import { createCrosswalk, type Crosswalk } from '../../src/identity/crosswalk.ts';
import { createKeeper } from '../../src/records/keeper.ts';
import { createRecords, type WorkerKey } from '../../src/records/reader.ts';
import { type Database, openDatabase } from '../../src/store/database.ts';
import { bareRecord } from '../agencies/fakeWorld.ts';
import { testDatabase, type TestDatabase } from '../support/database.ts';
import { fakeAgency, timedOut } from '../support/fake-agency.ts';

const nik = { kind: 'NIK', value: '3507104101909001' } as const;
const passport = { kind: 'PASSPORT', value: 'C7654321' } as const;
const caseNumber = { kind: 'CASE_NUMBER', value: 'KL/2026/0001' } as const;
const person = { name: 'SITI AMINAH', dateOfBirth: '1990-01-01', area: '35.07' };
const aCase = { number: caseNumber.value, mission: 'KBRI_KUALA_LUMPUR', category: 'TPPO', subcategory: null, kind: 'KHUSUS', status: 'IN_PROCESS', place: null, openedOn: '2026-01-01', closedOn: null, claimed: null, recovered: null, parties: [], events: [] } as const;

/** One woman: placed, with a trafficking case of which the mission's file holds nothing else. Only the file carries the passport. */
const placed: AgencyRecord = bareRecord('BP2MI', 'PMI-0001', [nik], person);
const file: AgencyRecord = { ...bareRecord('MISSIONS', 'F-1', [nik, passport, caseNumber], person), cases: [aCase] };

let db: TestDatabase;
let database: Database;
let crosswalk: Crosswalk;
const agencies = {
  bp2mi: fakeAgency({ name: 'BP2MI', holds: ['IDENTITY', 'PLACEMENT'], looksUpBy: ['NIK'], records: [placed] }),
  tk: fakeAgency({ name: 'TK', holds: ['IDENTITY', 'SOCIAL_SECURITY'], looksUpBy: ['KPJ', 'PASSPORT'] }),
  missions: fakeAgency({ name: 'MISSIONS', holds: ['IDENTITY', 'CASE', 'STAY'], looksUpBy: ['NIK', 'PASSPORT', 'CASE_NUMBER'], records: [file] }),
};
beforeAll(async () => {
  db = await testDatabase();
  database = await openDatabase({ url: db.url, connections: 3 });
  crosswalk = await createCrosswalk(database);
  await crosswalk.remember([placed, file], new Date());
});
afterAll(async () => {
  await database.close();
  await db.drop();
});

const scopes = new Set(['identity:read', 'placement:read', 'insurance:read', 'case:read'] as const);
async function read(key: WorkerKey, grant: { readonly sensitive: boolean; readonly areas?: string[] }) {
  for (const agency of Object.values(agencies)) agency.asked.length = 0;
  const keeper = createKeeper(crosswalk);
  const all = new Set([...scopes, ...(grant.sensitive ? ['case:sensitive' as const] : [])]);
  const sight = sightOf({ scopes: all, bounds: grant.areas ? { areas: grant.areas } : {}, purposes: null });
  const reader = createRecords({ agencies: Object.values(agencies), crosswalk, keeper, cacheMs: 0 }).forRequest({ requestId: 'test', may: () => true, sight });
  const [worker] = await reader.read([key], new Set(facets));
  await keeper.close();
  const asked = Object.values(agencies).map((agency) => agency.asked.length);
  return { worker, asked, failures: reader.failures.size, states: worker?.answers.map(({ agency, state, records }) => `${agency} ${state} ${records.length}`) };
}

describe('a file that holds nothing but what the caller may not see', () => {
  it('is there for those who may', async () => {
    const { states } = await read(nik, { sensitive: true });
    expect(states).toEqual(['BP2MI OK 1', 'TK ABSENT 0', 'MISSIONS OK 1']);
  });

  it('is absent for others, and its numbers are no reason to ask an agency', async () => {
    const { worker, states, asked } = await read(nik, { sensitive: false });
    // The passport stands on the hidden file only, so the agency that could look her up by it is not asked.
    expect(states).toEqual(['BP2MI OK 1', 'TK SKIPPED 0', 'MISSIONS ABSENT 0']);
    expect(asked).toEqual([1, 0, 1]);
    expect([...worker!.known.records.values()].flatMap(({ identifiers }) => identifiers.map(({ kind }) => kind))).toEqual(['NIK']);
  });

  it('does not lead to her by a number that stands on it only', async () => {
    for (const key of [passport, caseNumber]) {
      expect((await read(key, { sensitive: true })).worker).not.toBeNull();
      expect((await read(key, { sensitive: false })).worker).toBeNull();
    }
  });

  it('is no more there when its agency fails', async () => {
    agencies.missions.failing = timedOut;
    expect((await read(nik, { sensitive: true })).states).toContain('MISSIONS STALE 1');
    const { states, worker } = await read(nik, { sensitive: false });
    expect(states).toContain('MISSIONS FAILED 0');
    expect(worker!.answers.find(({ agency }) => agency === 'MISSIONS')!.at).toBeNull();
    agencies.missions.failing = null;
  });
});

describe('a worker outside the bounds', () => {
  it('is like nobody: no calls, no failures, also while an agency fails', async () => {
    agencies.bp2mi.failing = timedOut;
    const nobody = { kind: 'NIK', value: '3507104101909002' } as const;
    expect(await read(nik, { sensitive: true, areas: ['32'] })).toEqual(await read(nobody, { sensitive: true, areas: ['32'] }));
    expect(await read(nik, { sensitive: true, areas: ['32'] })).toMatchObject({ worker: null, asked: [0, 0, 0], failures: 0 });
    agencies.bp2mi.failing = null;
  });

  it('by the answer of an agency that knows better than the last record is null too', async () => {
    expect((await read(nik, { sensitive: true, areas: ['35.07'] })).worker).not.toBeNull();
    const moved = (record: AgencyRecord): AgencyRecord => ({ ...record, person: { ...record.person, area: '32.12' } });
    agencies.bp2mi.records = [moved(placed)];
    agencies.missions.records = [moved(file)];
    expect((await read(nik, { sensitive: true, areas: ['35.07'] })).worker).toBeNull();
  });
});
