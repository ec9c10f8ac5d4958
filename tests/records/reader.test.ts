import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Identifier } from '../../src/domain/identifier.ts';
import { type AgencyRecord, facets, type Facet } from '../../src/domain/record.ts';
import { createCrosswalk, type Crosswalk } from '../../src/identity/crosswalk.ts';
import { createKeeper, type Keeper } from '../../src/records/keeper.ts';
import { createRecords, type RecordReader, type WorkerKey } from '../../src/records/reader.ts';
import { type Database, openDatabase } from '../../src/store/database.ts';
import { bareRecord } from '../agencies/fakeWorld.ts';
import { testDatabase } from '../support/database.ts';
import { fakeAgency, timedOut } from '../support/fake-agency.ts';

const nik = (n: number): Identifier => ({ kind: 'NIK', value: `35071041019${n}9001`.padEnd(16, '0').slice(0, 16) });
const kpj = (n: number): Identifier => ({ kind: 'KPJ', value: `1900000000${n}` });
const card = (n: number): Identifier => ({ kind: 'JKN_CARD', value: `000190000000${n}` });
const person = { name: 'SITI AMINAH', dateOfBirth: '1990-01-01' };

function placed(n: number): AgencyRecord {
  return { ...bareRecord('BP2MI', `P-${n}`, [nik(n), { kind: 'PMI_ID', value: `PMI-000${n}` }], person), asOf: '2026-01-01T00:00:00.000Z' };
}
function insured(n: number): AgencyRecord {
  return { ...bareRecord('TK', `${kpj(n).value}`, [nik(n), kpj(n)], person), asOf: '2026-01-01T00:00:00.000Z' };
}
const member = (n: number) => bareRecord('JKN', card(n).value, [nik(n), card(n)], person);

describe('reading by key', () => {
  let database: Database;
  let drop: () => Promise<void>;
  let crosswalk: Crosswalk;
  let keeper: Keeper;
  const people = [1, 2, 3, 4, 5];
  const make = () => ({
    bp2mi: fakeAgency({ name: 'BP2MI', holds: ['IDENTITY', 'PLACEMENT'], looksUpBy: ['NIK', 'PMI_ID'], batchLimit: 2, records: people.map(placed) }),
    tk: fakeAgency({ name: 'TK', holds: ['IDENTITY', 'SOCIAL_SECURITY'], looksUpBy: ['NIK', 'KPJ'], records: people.map(insured) }),
    jkn: fakeAgency({ name: 'JKN', holds: ['IDENTITY', 'HEALTH_INSURANCE'], looksUpBy: ['JKN_CARD', 'NIK'], batchLimit: 1, records: people.map(member) }),
  });
  let agencies: ReturnType<typeof make>;
  let clock: Date;

  beforeEach(async () => {
    const db = await testDatabase();
    drop = db.drop;
    database = await openDatabase({ url: db.url, connections: 4 });
    crosswalk = await createCrosswalk(database);
    keeper = createKeeper(crosswalk, { delayMs: 5 });
    agencies = make();
    clock = new Date('2026-11-22T00:00:00Z');
  });
  afterEach(async () => {
    await keeper.close();
    await database.close();
    await drop();
  });

  const reader = (options: { cacheMs?: number; may?: (facet: Facet) => boolean } = {}): RecordReader =>
    createRecords({ agencies: Object.values(agencies), crosswalk, keeper, cacheMs: options.cacheMs ?? 0, now: () => clock }).forRequest({ requestId: 'test', may: options.may ?? (() => true) });
  const calls = () => Object.values(agencies).map((agency) => agency.asked.length);
  const everything = new Set(facets);
  const learn = async (...niks: WorkerKey[]) => {
    await reader().read(niks, everything);
    await keeper.flush();
    for (const agency of Object.values(agencies)) agency.asked.length = 0;
  };

  it('asks a batch agency ⌈N / limit⌉ times and a single one once per member, unknown or known', async () => {
    const keys = people.map(nik);
    for (const round of ['unknown', 'known']) {
      const workers = await reader().read(keys, everything);
      expect(workers.map((worker) => worker?.answers.map((answer) => answer.state)), round).toEqual(people.map(() => ['OK', 'OK', 'OK']));
      expect(calls(), round).toEqual([3, 1, 5]);
      for (const agency of Object.values(agencies)) agency.asked.length = 0;
    }
  });

  it('asks for a worker named twice once', async () => {
    await learn(nik(1));
    const [a, b] = await reader().read([nik(1), kpj(1)], everything);
    expect(a!.id).toBe(b!.id);
    expect(calls()).toEqual([1, 1, 1]);
  });

  it('calls no agency that nothing selected needs', async () => {
    await learn(nik(1));
    const [worker] = await reader().read([nik(1)], new Set<Facet>(['SOCIAL_SECURITY']));
    expect(calls()).toEqual([0, 1, 0]);
    expect(worker!.answers.map((answer) => answer.state)).toEqual(['SKIPPED', 'OK', 'SKIPPED']);
  });

  it('calls no agency whose facets the caller may not read', async () => {
    await learn(nik(1));
    const [worker] = await reader({ may: (facet) => facet !== 'HEALTH_INSURANCE' }).read([nik(1)], everything);
    expect(calls()).toEqual([1, 1, 0]);
    expect(worker!.answers.map((answer) => answer.state)).toEqual(['OK', 'OK', 'DENIED']);
  });

  it('asks all agencies of a known worker in one wave', async () => {
    await learn(nik(1));
    let open!: () => void;
    const gate = new Promise<void>((resolve) => (open = resolve));
    for (const agency of Object.values(agencies)) agency.gate = gate;
    const reading = reader().read([nik(1)], everything);
    await expect.poll(calls).toEqual([1, 1, 1]);
    open();
    expect((await reading)[0]!.answers.map((answer) => answer.state)).toEqual(['OK', 'OK', 'OK']);
  });

  it('asks a known worker’s agencies by their own numbers', async () => {
    await learn(nik(1));
    // The agency mistyped her NIK since; its own number still finds her.
    agencies.tk.records = [{ ...insured(1), person: { ...insured(1).person, identifiers: [nik(9), kpj(1)] } }];
    const [worker] = await reader().read([nik(1)], everything);
    expect(worker!.answers[1]!.state).toBe('OK');
    expect(agencies.tk.asked[0]![0]!.identifiers).toContainEqual(kpj(1));
  });

  it('gives null for a number that nobody knows, and does not look for placeholders', async () => {
    expect(await reader().read([nik(9), { kind: 'NIK', value: '0000000000000000' }], everything)).toEqual([null, null]);
    expect(agencies.tk.asked.flat().map((key) => key.identifiers[0]!.value)).toEqual([nik(9).value]);
  });

  it('keeps a record of another person under a shared number off her desk', async () => {
    agencies.tk.records = [insured(1), bareRecord('TK', '19000000999', [nik(1), { kind: 'KPJ', value: '19000000999' }], { name: 'BUDI SANTOSO', dateOfBirth: '1971-03-04' })];
    const [worker] = await reader().read([nik(1)], everything);
    expect(worker!.answers[1]!.records.map(({ record }) => record.recordId)).toEqual([kpj(1).value]);
  });

  it('answers with the last known record, its age and one failure, when an agency fails', async () => {
    await learn(nik(1), nik(2));
    agencies.tk.failing = timedOut;
    clock = new Date('2026-11-22T01:00:00Z');
    const now = reader();
    const [worker] = await now.read([nik(1), nik(2)], everything);
    expect(worker!.answers.map((answer) => answer.state)).toEqual(['OK', 'STALE', 'OK']);
    expect(worker!.answers[1]!.records[0]!.provenance).toMatchObject({ freshness: 'STALE', fetchedAt: '2026-11-22T00:00:00.000Z' });
    expect([...now.failures]).toEqual([['TK', timedOut.status === 'failed' && timedOut.failure]]);
  });

  it('says FAILED where nothing is known from before, and the facts are null, not empty', async () => {
    agencies.tk.failing = timedOut;
    const [worker] = await reader().read([nik(1)], everything);
    expect(worker!.answers[1]!.state).toBe('FAILED');
    expect(worker!.facts('SOCIAL_SECURITY', (record) => record.coverages)).toBeNull();
    expect(worker!.facts('PLACEMENT', (record) => record.placements)).toEqual([]);
  });

  it('answers from the short cache until it is over, then asks again', async () => {
    await learn(nik(1));
    const records = createRecords({ agencies: Object.values(agencies), crosswalk, keeper, cacheMs: 60_000, now: () => clock });
    const request = { requestId: 'test', may: () => true };
    await records.forRequest(request).read([nik(1)], everything);
    const [worker] = await records.forRequest(request).read([nik(1)], everything);
    expect(calls()).toEqual([1, 1, 1]);
    expect(worker!.answers.map((answer) => answer.records[0]?.provenance.freshness)).toEqual(['CACHED', 'CACHED', 'CACHED']);
    const [fresh] = await records.forRequest({ ...request, noCache: true }).read([nik(1)], everything);
    expect(calls()).toEqual([2, 2, 2]);
    expect(fresh!.answers[0]!.records[0]!.provenance.freshness).toBe('LIVE');
  });

  it('does not use a cached answer once her links have changed', async () => {
    await learn(nik(1));
    const records = createRecords({ agencies: Object.values(agencies), crosswalk, keeper, cacheMs: 60_000, now: () => clock });
    const request = { requestId: 'test', may: () => true };
    await records.forRequest(request).read([nik(1)], everything);
    agencies.tk.records.push(bareRecord('TK', '19000000888', [nik(1), { kind: 'KPJ', value: '19000000888' }], person));
    await crosswalk.remember([agencies.tk.records.at(-1)!], clock);
    const [worker] = await records.forRequest(request).read([nik(1)], everything);
    expect(worker!.answers[1]!.records).toHaveLength(2);
  });

  it('lets the placement register speak for who she is, whatever else is selected', async () => {
    agencies.tk.records = people.map((n) => ({ ...insured(n), person: { ...insured(n).person, name: 'SITI AMINAH B' } }));
    await learn(nik(1));
    for (const selection of [new Set<Facet>(['IDENTITY']), everything]) {
      const [worker] = await reader().read([nik(1)], selection);
      expect(worker!.identity()!.record.person.name).toBe('SITI AMINAH');
    }
  });

  it('finds her by a number that only a second round could bring', async () => {
    agencies.jkn.records = [bareRecord('JKN', card(1).value, [nik(1), card(1)], person)];
    const [worker] = await reader().read([{ kind: 'PMI_ID', value: 'PMI-0001' }], everything);
    expect(worker!.answers.map((answer) => answer.state)).toEqual(['OK', 'OK', 'OK']);
    expect(agencies.jkn.asked).toHaveLength(1);
  });
});
