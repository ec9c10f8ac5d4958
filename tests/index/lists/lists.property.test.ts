import { sql } from 'drizzle-orm';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { agencies as definitions } from '../../../src/agencies/index.ts';
import type { Bounds } from '../../../src/access/bounds.ts';
import { allScopes, type Grant } from '../../../src/access/scopes.ts';
import { missions as allMissions } from '../../../src/domain/missions.ts';
import type { AgencyRecord } from '../../../src/domain/record.ts';
import { type Entity, type Field, fieldsOf } from '../../../src/index/fields.ts';
import type { Listed, ListOf } from '../../../src/index/lists/lists.ts';
import { type Order, orderName } from '../../../src/index/lists/order.ts';
import { type IndexRow, projectWorker } from '../../../src/index/project.ts';
import { varyGaps } from '../../support/gaps.ts';
import { startTestHub, type TestHub } from '../../support/hub.ts';
import { orderOf, whereOf } from './arbitrary.ts';
import { type GapRow, holds, seenBy, type SeenWorker } from './oracle.ts';

const order = definitions.map(({ name }) => name);
const listed = ['worker', 'placement', 'coverage', 'case', 'gap'] as const satisfies readonly Entity[];
type ListedEntity = (typeof listed)[number];

let hub: TestHub;
let people: Map<string, AgencyRecord[]>;
let gaps: Map<string, GapRow[]>;
const values = new Map<string, (string | number | boolean)[]>();
beforeAll(async () => {
  hub = await startTestHub({ people: 300, settings: { LIST_COST_LIMIT: '1000000000', LIST_TIMEOUT_MS: '60000' } });
  const rows = await hub.hub.database.run((q) => q.execute<{ worker_id: string; body: AgencyRecord }>(sql`select worker_id, body from agency_record order by worker_id, agency, record_id`));
  people = new Map([...Map.groupBy(rows, ({ worker_id }) => worker_id)].map(([id, of]) => [id, of.map(({ body }) => body)]));
  await hub.hub.assessing.run();
  await varyGaps(hub.hub.database);
  // Some are over.
  await hub.hub.database.run((q) => q.execute(sql`update gap set closed_at = opened_at + interval '40 days' where get_byte(uuid_send(id), 0) % 5 = 0`));
  const found = await hub.hub.database.run((q) => q.execute<{ gap: IndexRow & { readonly id: string }; reach: GapRow['reach'] }>(sql`select to_jsonb(g) - 'reach' - 'evidence' gap, reach from gap g`));
  gaps = Map.groupBy(found.map(({ gap, reach }) => ({ row: { ...gap, key: gap.id }, reach })), ({ row }) => row.worker_id);
  for (const [id, records] of people) {
    const projected = { ...projectWorker(id, records, order), gap: (gaps.get(id) ?? []).map(({ row }) => row) };
    for (const entity of Object.keys(fieldsOf) as Entity[]) {
      for (const field of fieldsOf[entity]) {
        const columns = field.kind === 'area' ? ['province', 'regency'] : [field.column];
        const key = `${entity}.${field.name}`;
        const list = values.get(key) ?? [];
        values.set(key, list);
        for (const row of projected[entity] as readonly IndexRow[]) for (const column of columns) for (const value of [row[column]].flat()) if (value !== null && value !== undefined && list.length < 40 && !list.includes(value as string)) list.push(value as string);
      }
    }
  }
});
afterAll(() => hub[Symbol.asyncDispose]());
const seen = (entity: Entity, field: Field) => values.get(`${entity}.${field.name}`) ?? [];

/** Callers of every kind of bound, with values that occur and others. */
const grants: fc.Arbitrary<Grant> = fc
  .record({
    scopes: fc.subarray([...allScopes]),
    missions: fc.option(fc.subarray(allMissions.map(({ code }) => code), { maxLength: 6 }), { freq: 2 }),
    areas: fc.option(fc.array(fc.constantFrom('35', '33', '32', '52', '35.07', '52.03', '33.01', '32.12'), { maxLength: 3 }), { freq: 2 }),
    p3mis: fc.option(fc.array(fc.integer({ min: 0, max: 39 }), { maxLength: 12 }), { freq: 2 }),
  })
  .map(({ scopes, missions, areas, p3mis }) => {
    const companies = values.get('placement.p3miId') ?? [];
    const bounds: Bounds = { ...(missions && { missions }), ...(areas && { areas }), ...(p3mis && { p3mis: p3mis.map((i) => String(companies[i % companies.length])) }) };
    return { scopes: new Set(scopes), bounds, purposes: null };
  });

async function everyPage(wanted: ListOf, first: number): Promise<Listed[]> {
  const rows: Listed[] = [];
  for (let after: string | null = null; ; ) {
    const page = await hub.hub.lists.page({ ...wanted, first, after });
    rows.push(...page.rows);
    expect(page.rows.length === first || !page.hasNextPage).toBe(true);
    if (!page.hasNextPage) return rows;
    after = page.rows.at(-1)!.cursor;
  }
}

interface Expected {
  readonly id: string;
  readonly row: IndexRow;
}
function expectedOf(entity: ListedEntity, workers: readonly SeenWorker[], where: Record<string, unknown> | null): Expected[] {
  return workers.flatMap((worker) => {
    const rows = entity === 'worker' ? [worker.attributes] : worker.rows[entity];
    return rows.filter((row) => where === null || holds(entity, row, worker, where)).map((row) => ({ id: JSON.stringify([worker.id, row.agency ?? null, row.record_id ?? null, row.key ?? null]), row }));
  });
}
const idOf = ({ workerId, agency, recordId, key }: Listed) => JSON.stringify([workerId, agency, recordId, key]);

/** Values of the sort fields, to be compared with those of the row before: ascending or descending, and what has none last. */
function sortsRight(entity: Entity, orders: readonly Order[], a: IndexRow, b: IndexRow): boolean {
  for (const { field: name, direction } of orders) {
    const field = fieldsOf[entity].find((one) => orderName(one) === name)!;
    const [x, y] = [a[field.column] ?? null, b[field.column] ?? null];
    if (x === y) continue;
    if (x === null || y === null) return y === null;
    const numeric = field.kind === 'integer' || field.kind === 'decimal';
    const less = numeric ? Number(x) < Number(y) : Buffer.compare(Buffer.from(String(x)), Buffer.from(String(y))) < 0;
    if (numeric && Number(x) === Number(y)) continue;
    return less === (direction === 'ASC');
  }
  return true;
}

describe('lists', () => {
  it('hold exactly what `sightOf` lets a caller see, whatever the bounds', async () => {
    let [some, hidden] = [0, 0];
    await fc.assert(
      fc.asyncProperty(grants, fc.constantFrom(...listed), async (grant, entity) => {
        const workers = [...people].flatMap(([id, records]) => seenBy(grant, id, records, order, gaps.get(id)) ?? []);
        const expected = expectedOf(entity, workers, null).map(({ id }) => id);
        const found = await everyPage({ grant, entity, where: null, orderBy: [] }, 97);
        expect(found.map(idOf).toSorted()).toEqual(expected.toSorted());
        expect(await hub.hub.lists.count({ grant, entity, where: null, orderBy: [] })).toBe(expected.length);
        if (expected.length > 0) some += 1;
        if (workers.length < people.size) hidden += 1;
      }),
      { numRuns: 80 },
    );
    // Both must have been tried, or the test says nothing.
    expect(Math.min(some, hidden)).toBeGreaterThan(15);
  }, 240_000);

  it('meet conditions of any shape as a plain evaluation in memory does, in the order asked, over any pages', async () => {
    let [met, unmet] = [0, 0];
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...listed).chain((entity) => fc.record({ entity: fc.constant(entity), where: fc.constant(null).chain(() => whereOf(entity, seen)), orderBy: orderOf(entity), first: fc.integer({ min: 20, max: 100 }) })),
        fc.oneof({ weight: 2, arbitrary: fc.constant<Grant>({ scopes: new Set(allScopes), bounds: {}, purposes: null }) }, { weight: 1, arbitrary: grants }),
        async ({ entity, where, orderBy, first }, grant) => {
          const workers = [...people].flatMap(([id, records]) => seenBy(grant, id, records, order, gaps.get(id)) ?? []);
          const expected = new Map(expectedOf(entity, workers, where).map(({ id, row }) => [id, row]));
          // Some eight pages at most: each works out the whole condition anew.
          const found = await everyPage({ grant, entity, where, orderBy }, Math.max(first, Math.ceil(expected.size / 8)));
          const ids = new Set(found.map(idOf));
          const wrong = { missing: [...expected.keys()].filter((id) => !ids.has(id)).length, extra: found.filter((row) => !expected.has(idOf(row))).length, doubled: found.length - ids.size };
          expect(wrong).toEqual({ missing: 0, extra: 0, doubled: 0 });
          const rows = found.map((row) => expected.get(idOf(row))!);
          expect(rows.every((row, i) => i === 0 || sortsRight(entity, orderBy, rows[i - 1]!, row))).toBe(true);
          if (expected.size > 0) met += 1;
          else unmet += 1;
        },
      ),
      { numRuns: 200 },
    );
    expect(Math.min(met, unmet)).toBeGreaterThan(20);
  }, 240_000);
});
