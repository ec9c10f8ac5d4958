import * as fc from 'fast-check';
import { sql } from 'drizzle-orm';
import { beforeAll, describe, expect, it } from 'vitest';
import type { AgencyRecord } from '../../../src/domain/record.ts';
import type { PersonClaim } from '../../../src/domain/person.ts';
import { personSchema } from '../../../src/identity/attributes.ts';
import { type Learned, putInForce } from '../../../src/identity/hub/model.ts';
import { createMatcher } from '../../../src/identity/incremental.ts';
import { link } from '../../../src/identity/link.ts';
import type { Model } from '../../../src/identity/model.ts';
import { recordOf } from '../../../src/identity/record.ts';
import { at, emptyIndex, type Index, worldRecords } from './world.ts';

const records = worldRecords(300, 12);
let model: Model;
let learned: Learned;
beforeAll(() => {
  const result = link(records.map(recordOf), personSchema);
  ({ model } = result);
  learned = { model, scores: result.report.best };
});

async function indexWithModel(): Promise<Index> {
  const index = await emptyIndex();
  await index.database.transaction((q) => putInForce(q, learned, records.length, at));
  return index;
}
const pages = (all: readonly AgencyRecord[], size: number) => Array.from({ length: Math.ceil(all.length / size) }, (_, i) => all.slice(i * size, (i + 1) * size));
const workersOf = async ({ database }: Index) =>
  new Map((await database.run((q) => q.execute<{ agency: string; record_id: string; worker_id: string }>(sql`select agency, record_id, worker_id from agency_record`))).map((row) => [`${row.agency} ${row.record_id}`, row.worker_id]));
const pending = async ({ database }: Index) => (await database.run((q) => q.execute(sql`select number from link_pending`))).length;

/** The keys of all records as they are filed, and as they should be. */
async function keysOf({ database }: Index) {
  const matcher = createMatcher(model);
  const rows = await database.run((q) => q.execute<{ number: string; agency: string; record_id: string; person: PersonClaim; pending: boolean }>(sql`
    select r.number, agency, record_id, body -> 'person' as person, p.number is not null as pending from agency_record r left join link_pending p on p.number = r.number`));
  const filed = await database.run((q) => q.execute<{ key: string; records: string }>(sql`select key, array_to_string(records, ',') as records from blocking_key`));
  const pairs = (of: Iterable<readonly [string, string]>) => [...of].map(([key, number]) => `${key} ${number}`).toSorted();
  return {
    filed: pairs(filed.flatMap(({ key, records: numbers }) => numbers.split(',').map((number) => [key, number] as const))),
    due: pairs(rows.filter((row) => !row.pending).flatMap((row) => matcher.keys(recordOf({ agency: row.agency, recordId: row.record_id, person: row.person })).map((key) => [String(key), row.number] as const))),
  };
}

describe('records that come in bulk', () => {
  it('are linked by the exact rule at once, and by the model when they are looked at', async () => {
    await using index = await indexWithModel();
    for (const page of pages(records, 500)) await index.database.transaction((q) => index.crosswalk.rememberIn(q, page, at, { defer: true }));
    const exact = new Set((await workersOf(index)).values()).size;
    expect(exact).toBeLessThan(records.length * 0.6);
    expect(await pending(index)).toBe(records.length);
    expect(await index.crosswalk.linkPending()).toBe(records.length);
    expect(await pending(index)).toBe(0);
    const linked = await workersOf(index);
    expect(new Set(linked.values()).size).toBeLessThan(exact - 10);
    // Where linking them all in one go puts them, but for a few: who comes first is not asked there.
    const { clusters } = link(records.map(recordOf), personSchema, { model });
    const whole = clusters.filter((members) => {
      const workers = new Set(members.map((id) => linked.get(id.replace(':', ' '))));
      return workers.size === 1 && [...linked.values()].filter((id) => workers.has(id)).length === members.length;
    });
    expect(whole.length / clusters.length).toBeGreaterThan(0.98);
    expect(await index.crosswalk.linkPending()).toBe(0);
  });

  it('wait as long as no model is in force, and lose nothing meanwhile', async () => {
    await using index = await emptyIndex();
    await index.crosswalk.remember(records.slice(0, 20), at);
    expect(await index.crosswalk.linkPending()).toBe(0);
    expect(await pending(index)).toBe(20);
    await index.database.transaction((q) => putInForce(q, learned, records.length, at));
    expect(await index.crosswalk.linkPending({ batch: 7 })).toBe(20);
    const { filed, due } = await keysOf(index);
    expect(filed).toEqual(due);
    expect(due.length).toBeGreaterThan(20 * 30);
  });
});

describe('keys', () => {
  it('lead to every record that is not pending, and to nothing else, whatever comes in', async () => {
    await using index = await indexWithModel();
    const some = records.slice(0, 40);
    const ids = fc.uniqueArray(fc.nat(some.length - 1), { minLength: 1, maxLength: 6 });
    const step = fc.oneof(
      fc.record({ what: fc.constant('come' as const), ids, defer: fc.boolean() }),
      // The claims of another person's record: the hardest change there is.
      fc.record({ what: fc.constant('change' as const), ids, defer: fc.boolean(), by: fc.nat(some.length - 1) }),
      fc.record({ what: fc.constant('go' as const), ids }),
      fc.record({ what: fc.constant('look' as const) }),
    );
    await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 8 }), async (steps) => {
      for (const one of steps) {
        if (one.what === 'look') await index.crosswalk.linkPending();
        else if (one.what === 'go') {
          for (const [agency, gone] of Map.groupBy(one.ids.map((i) => some[i]!), (record) => record.agency)) {
            await index.database.transaction((q) => index.crosswalk.removeIn(q, agency, gone.map(({ recordId }) => recordId), at));
          }
        } else {
          const batch = one.ids.map((i) => (one.what === 'come' ? some[i]! : { ...some[i]!, person: some[(i + one.by) % some.length]!.person }));
          await index.database.transaction((q) => index.crosswalk.rememberIn(q, batch, at, { defer: one.defer }));
        }
        const { filed, due } = await keysOf(index);
        expect(filed).toEqual(due);
        const homeless = await index.database.run((q) => q.execute(sql`
          select 1 from agency_record r join worker w on w.id = r.worker_id where w.merged_into is not null
          union all select 1 from agency_record r where not exists (select 1 from link l where l.valid_to is null and (l.agency, l.record_id, l.worker_id) = (r.agency, r.record_id, r.worker_id))
          union all select 1 from identifier i left join agency_record r on (r.worker_id, r.agency, r.record_id) = (i.worker_id, i.agency, i.record_id) where r.agency is null
          union all select 1 from link_pending p left join agency_record r on r.number = p.number where r.number is null`));
        expect([...homeless]).toEqual([]);
      }
    }), { numRuns: 12 });
  });
});
