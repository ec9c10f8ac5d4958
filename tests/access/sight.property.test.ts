import { array, asyncProperty, assert, constantFrom, integer, option, record as arbitraryRecord, subarray } from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { agencies } from '../../src/agencies/index.ts';
import { unbounded } from '../../src/access/bounds.ts';
import { allScopes, type Scope } from '../../src/access/scopes.ts';
import { isPlaceholder } from '../../src/domain/identifier.ts';
import { missionFor, missions as allMissions } from '../../src/domain/missions.ts';
import type { AgencyRecord } from '../../src/domain/record.ts';
import { startTestHub, type TestHub } from '../support/hub.ts';
import { type Asker, oracle, scopeToAskBy, type Shown } from './oracle.ts';

const people = 600;
let hub: TestHub;
beforeAll(async () => {
  hub = await startTestHub({ people });
});
afterAll(() => hub[Symbol.asyncDispose]());

const fields = `
  id name phone
  identifiers { kind value agencies }
  placements { id number passport }
  currentPlacement { number }
  socialSecurity { kpjs coverages { id kpj claims { caseNumber } } }
  healthInsurance { id card }
  cases { id number category }
  stays { id number }
  sources { agency state records code }
  identitySource { agency recordId }`;
interface WorkerAnswer {
  readonly id: string;
  readonly name: string | null;
  readonly phone: string | null;
  readonly identifiers: readonly { kind: string; value: string; agencies: string[] }[] | null;
  readonly placements: readonly { id: string; number: string; passport: string | null }[] | null;
  readonly currentPlacement: { number: string } | null;
  readonly socialSecurity: { kpjs: string[]; coverages: { id: string; kpj: string; claims: { caseNumber: string | null }[] }[] } | null;
  readonly healthInsurance: readonly { id: string; card: string }[] | null;
  readonly cases: readonly { id: string; number: string }[] | null;
  readonly stays: readonly { id: string; number: string }[] | null;
  readonly sources: readonly { agency: string; state: string; records: number }[];
  readonly identitySource: { agency: string; recordId: string | null } | null;
}
const byKey = `query ($by: WorkerKey!) { worker(by: $by) { ${fields} } }`;
const byNode = `query ($id: ID!) { node(id: $id) { ... on Worker { ${fields} } } }`;
const argument: Readonly<Record<string, string>> = { NIK: 'nik', PASSPORT: 'passport', PMI_ID: 'pmiId', KPJ: 'kpj', JKN_CARD: 'jknCard', CASE_NUMBER: 'caseNumber' };
/** Well-formed numbers that nobody has. */
const nobodys: Readonly<Record<string, string>> = { NIK: '3507104101909999', PASSPORT: 'X9182736', PMI_ID: 'PMI-NOBODY', KPJ: '99999999998', JKN_CARD: '9999999999998', CASE_NUMBER: 'NOBODY/0000' };

interface Person {
  readonly globalId: string;
  readonly records: readonly AgencyRecord[];
  readonly facts: readonly string[];
}
const persons = new Map<number, Promise<Person | null>>();
/** Whom the hub takes a person's NIK for, with all that is known of her, by a caller who sees everything. */
function personOf(index: number): Promise<Person | null> {
  let person = persons.get(index);
  if (!person) persons.set(index, (person = load(index)));
  return person;
}
async function load(index: number): Promise<Person | null> {
  const { data } = await hub.ask<{ worker: WorkerAnswer | null }, object>(byKey, { by: { nik: hub.world.person(index).truth.nik } }, { as: 'admin' });
  const worker = data?.worker;
  if (!worker) return null;
  await hub.hub.flush();
  const id = Buffer.from(worker.id, 'base64').toString().split(':')[1]!;
  const known = await Promise.all(agencies.map(({ name }) => hub.hub.crosswalk.lastKnown([id], name)));
  const facts = [...worker.placements!, ...worker.socialSecurity!.coverages, ...worker.healthInsurance!, ...worker.cases!, ...worker.stays!].map((fact) => fact.id);
  return { globalId: worker.id, records: known.flatMap((found) => (found.get(id) ?? []).map(({ record }) => record)), facts };
}

/** Bounds that hit and miss: some of the person's own values, some of others. */
const askers = arbitraryRecord({
  scopes: subarray([...allScopes], { minLength: 3 }),
  missions: option(arbitraryRecord({ own: subarray([0, 1, 2], { maxLength: 2 }), others: array(constantFrom(...allMissions.map(({ code }) => code)), { maxLength: 1 }) }), { freq: 2 }),
  areas: option(arbitraryRecord({ own: constantFrom(0, 2, 5, 8), others: array(constantFrom('35', '35.07', '52.03', '32.12', '33'), { maxLength: 2 }) }), { freq: 2 }),
  p3mis: option(arbitraryRecord({ own: subarray([0, 1]), others: array(constantFrom('P3MI-017', 'P3MI-297'), { maxLength: 1 }) }), { freq: 2 }),
});
function askerFor(wanted: Parameters<Parameters<typeof askers.map>[0]>[0], records: readonly AgencyRecord[]): Asker {
  const placements = records.flatMap((r) => r.placements);
  const missions = [...new Set([...placements.map((p) => p.mission ?? missionFor(p.place)), ...records.flatMap((r) => [...r.cases, ...r.stays].map((fact) => fact.mission))])].filter((m) => m !== null);
  const p3mis = [...new Set(placements.flatMap((p) => (p.p3mi ? [p.p3mi.id] : [])))];
  const area = records.find((r) => r.person.area !== null)?.person.area ?? null;
  const pick = <T>(own: readonly number[], values: readonly T[]) => own.flatMap((i) => (values[i] === undefined ? [] : [values[i]]));
  return {
    scopes: wanted.scopes,
    missions: wanted.missions && [...pick(wanted.missions.own, missions), ...wanted.missions.others],
    areas: wanted.areas && [...(area !== null && wanted.areas.own > 0 ? [area.slice(0, wanted.areas.own)] : []), ...wanted.areas.others],
    p3mis: wanted.p3mis && [...pick(wanted.p3mis.own, p3mis), ...wanted.p3mis.others],
  };
}

async function keyFor({ scopes, missions, areas, p3mis }: Asker): Promise<Record<string, string>> {
  const bounds = { ...unbounded, ...(missions && { missions }), ...(areas && { areas }), ...(p3mis && { p3mis }) };
  const { key } = await hub.hub.keys.create({ name: 'property', scopes, bounds, expiresAt: new Date(Date.now() + 3_600_000), environment: 'test' });
  return { 'x-api-key': key };
}

const sorted = (list: readonly string[]) => [...new Set(list)].toSorted();
/** An answer without what differs between any two answers. */
const bytes = (answer: { data: unknown; errors: readonly { message: string; extensions: Record<string, unknown> }[] }) =>
  JSON.stringify({ data: answer.data, errors: answer.errors.map(({ message, extensions }) => ({ message, ...extensions, requestId: null })) });

/** What the answer shows otherwise than it must; empty when it is right. */
function wrongs(worker: WorkerAnswer, asker: Asker, shown: Shown): object[] {
  const has = (scope: Scope) => asker.scopes.includes(scope);
  const numbers = (list: readonly { number: string }[] | null) => list && sorted(list.map(({ number }) => number));
  const mayRead = (number: string) => {
    const scope = scopeToAskBy(number.split(' ')[0]!);
    return scope === undefined || has(scope);
  };
  const caseNumbers = worker.socialSecurity?.coverages.flatMap(({ claims }) => claims.flatMap(({ caseNumber }) => caseNumber ?? [])) ?? [];
  const identity = [worker.name, ...(worker.placements ?? []).map(({ passport }) => passport)].filter((value) => value !== null);
  const count = (agency: string) => shown.agencies.filter((name) => name === agency).length;
  const checks: Record<string, readonly [actual: unknown, expected: unknown]> = {
    placements: [numbers(worker.placements), has('placement:read') ? sorted(shown.placements) : null],
    currentPlacement: [[worker.currentPlacement?.number ?? []].flat().filter((number) => !shown.placements.includes(number)), []],
    cases: [numbers(worker.cases), has('case:read') ? sorted(shown.cases) : null],
    stays: [numbers(worker.stays), has('case:read') ? sorted(shown.stays) : null],
    kpjs: [worker.socialSecurity && sorted(worker.socialSecurity.coverages.map(({ kpj }) => kpj)), has('insurance:read') ? sorted(shown.kpjs) : null],
    cards: [worker.healthInsurance && sorted(worker.healthInsurance.map(({ card }) => card)), has('health:read') ? sorted(shown.cards) : null],
    identifiers: [worker.identifiers && sorted(worker.identifiers.map(({ kind, value }) => `${kind} ${value}`)), has('identity:read') ? sorted(shown.numbers.filter(mayRead)) : null],
    agencies: [(worker.identifiers ?? []).flatMap((id) => id.agencies).filter((agency) => !shown.agencies.includes(agency)), []],
    identity: [has('identity:read') ? [] : identity, []],
    identitySource: [worker.identitySource && (!has('identity:read') || !shown.agencies.includes(worker.identitySource.agency) || shown.numbers.some((number) => number.endsWith(` ${worker.identitySource!.recordId}`) && !mayRead(number))), worker.identitySource && false],
    phone: [has('contact:read') ? null : worker.phone, null],
    claims: [has('case:read') && has('case:sensitive') && !asker.missions ? [] : caseNumbers, []],
    sources: [worker.sources.map(({ agency, state, records }) => [agency, state === 'OK' && records === 0, records]), worker.sources.map(({ agency, state }) => [agency, false, state === 'OK' ? count(agency) : 0])],
  };
  return Object.entries(checks).flatMap(([name, [actual, expected]]) => (JSON.stringify(actual) === JSON.stringify(expected) ? [] : [{ name, actual, expected }]));
}

const isSensitive = ({ category }: { readonly category: string }) => ['TPPO', 'KEKERASAN', 'HUKUMAN_MATI', 'SAKIT', 'PIDANA'].includes(category);

describe('who sees what', { timeout: 300_000 }, () => {
  it('is what the oracle says, for any caller, bounds, person and path', async () => {
    let [seen, hidden] = [0, 0];
    const everybody = Array.from({ length: people }, (_, i) => i);
    const having = (has: (records: readonly AgencyRecord[]) => boolean) => everybody.filter((i) => has(hub.world.person(i).records));
    // Those in whom a bound or scope can tell facts apart are few: each kind is drawn as often as anybody.
    const kinds = [
      everybody,
      having((records) => new Set(records.flatMap((r) => [...r.placements.map((p) => p.mission), ...r.cases.map((c) => c.mission), ...r.stays.map((stay) => stay.mission)])).size > 1),
      having((records) => records.some((r) => r.cases.length > 0)),
      having((records) => records.some((r) => r.cases.some(isSensitive))),
      // A record that is seen in part: its hidden facts' numbers stand beside those of the others.
      having((records) => records.some((r) => r.cases.some(isSensitive) && (r.stays.length > 0 || !r.cases.every(isSensitive)))),
    ];
    expect(Math.min(...kinds.map(({ length }) => length))).toBeGreaterThan(0);
    await assert(
      asyncProperty(askers, constantFrom(...kinds), integer({ min: 0, max: people - 1 }), integer({ min: 0, max: 1_000 }), async (wanted, kind, drawn, nth) => {
        const person = await personOf(kind[drawn % kind.length]!);
        if (!person) return;
        const asker = askerFor(wanted, person.records);
        const headers = await keyFor(asker);
        const shown = oracle(asker, person.records);
        const bounded = asker.missions !== null || asker.areas !== null || asker.p3mis !== null;

        // By her id.
        const node = await hub.ask<{ node: WorkerAnswer | null }, object>(byNode, { id: person.globalId }, { as: null, headers });
        expect([node.data!.node === null, shown === null && node.errors.length > 0]).toEqual([shown === null, false]);
        expect(shown ? wrongs(node.data!.node!, asker, shown) : []).toEqual([]);

        // By one of her numbers, against one that nobody has.
        const carried = person.records.flatMap((r) => r.person.identifiers).filter((id) => id.kind in argument && !isPlaceholder(id));
        const number = carried[nth % carried.length]!;
        const field = argument[number.kind]!;
        const owner = await hub.ask<{ worker: WorkerAnswer | null }, object>(byKey, { by: { [field]: number.value } }, { as: 'admin' });
        if (owner.data!.worker?.id !== person.globalId) return;
        hub.reset();
        const answer = await hub.ask<{ worker: WorkerAnswer | null }, object>(byKey, { by: { [field]: number.value } }, { as: null, headers });
        const calls = Object.values(hub.calls());
        const mayAskBy = scopeToAskBy(number.kind) === undefined || asker.scopes.includes(scopeToAskBy(number.kind)!);
        const found = mayAskBy && shown !== null && shown.numbers.includes(`${number.kind} ${number.value}`);
        expect(answer.data!.worker !== null).toBe(found);
        expect(found ? wrongs(answer.data!.worker!, asker, shown) : []).toEqual([]);
        hub.reset();
        const nobody = await hub.ask(byKey, { by: { [field]: nobodys[number.kind]! } }, { as: null, headers });
        const forNobody = Object.values(hub.calls());
        // Same bytes, same calls; and none at all where that can be known beforehand.
        expect(found ? null : [bytes(answer), calls]).toEqual(found ? null : [bytes(nobody), forNobody]);
        expect(bounded || !mayAskBy ? forNobody : [0, 0, 0, 0]).toEqual([0, 0, 0, 0]);
        if (found) seen += 1;
        else hidden += 1;

        // Each of her facts by its id.
        const facts = await hub.ask<{ nodes: ({ id: string } | null)[] }, object>('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids: person.facts }, { as: null, headers });
        const visible = new Set(shown && node.data!.node ? factIds(node.data!.node) : []);
        expect(facts.data!.nodes.map((fact) => fact?.id ?? null)).toEqual(person.facts.map((id) => (visible.has(id) ? id : null)));
      }),
      { numRuns: 250 },
    );
    // Both sides must have been tried, or the test says nothing.
    expect(Math.min(seen, hidden)).toBeGreaterThan(15);
  });
});

function factIds(worker: WorkerAnswer): string[] {
  return [...(worker.placements ?? []), ...(worker.socialSecurity?.coverages ?? []), ...(worker.healthInsurance ?? []), ...(worker.cases ?? []), ...(worker.stays ?? [])].map(({ id }) => id);
}
