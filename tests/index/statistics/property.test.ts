import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import * as fc from 'fast-check';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { catalogue } from '../../../src/index/catalogue.ts';
import { createFacts, type Facts } from '../../../src/index/facts/facts.ts';
import type { Dimension } from '../../../src/index/dimension.ts';
import { entities, type Entity } from '../../../src/index/fields.ts';
import type { ShownGroup } from '../../../src/index/statistics/statistics.ts';
import { createStatistics, type Statistics } from '../../../src/index/statistics/statistics.ts';
import { keyName, keysOf } from '../../../src/index/statistics/keys.ts';
import type { Question } from '../../../src/index/statistics/plan.ts';
import type { Leaf, Where } from '../../../src/index/statistics/where.ts';
import { type Database, openDatabase } from '../../../src/store/database.ts';
import { testDatabase, type TestDatabase } from '../../support/database.ts';
import { answer, type Known, knownAt } from './oracle.ts';
import { addWorkers, giveGaps, giveRecords } from './register.ts';

const exactCaller = { scopes: new Set(['statistics:read', 'statistics:exact', 'case:sensitive'] as const), bounds: {}, purposes: null };
const moments = [new Date('2025-01-01T00:00:00Z'), new Date('2025-06-01T00:00:00Z'), new Date('2026-01-01T00:00:00Z')];

let made: TestDatabase;
let database: Database;
let facts: Facts;
let statistics: Statistics;
let folder: string;
let workers: string[];

beforeAll(async () => {
  made = await testDatabase();
  database = await openDatabase({ url: made.url });
  folder = await mkdtemp(join(tmpdir(), 'payung-statistics-'));
  // As among many: in several buckets, which different processes read.
  await database.run((q) => q.execute(sql`alter table worker alter column serial set increment by 2000`));
  workers = await addWorkers(database, 120);
  await giveRecords(database, workers, moments[0]!, 1);
  await giveGaps(database, workers, moments[0]!, 11);
  facts = createFacts({ database, databaseUrl: made.url, dataDir: folder, memoryMb: 500, threads: 2, logger: pino({ level: 'silent' }) });
  statistics = createStatistics({ facts, threads: 2, memoryMb: 300, concurrency: 2, timeoutMs: 20_000, costLimit: 1e9 });
  (await facts.hold()).release();
  // The first is taken in by making all, the others by refreshes.
  await giveRecords(database, workers.slice(30, 90), moments[1]!, 2);
  await facts.refresh();
  // Gaps alone change, of workers whose records do not as well.
  await giveGaps(database, workers.slice(10, 70), moments[1]!, 12);
  await facts.refresh();
  await giveRecords(database, workers.slice(60), moments[2]!, 3);
  await giveGaps(database, workers.slice(40), new Date(moments[2]!.getTime() + 3_600_000), 13);
  await facts.refresh();
}, 180_000);
afterAll(async () => {
  await statistics.close();
  await facts.close();
  await database.close();
  await made.drop();
  await rm(folder, { recursive: true, force: true });
});

/** A group as the oracle tells it. */
function plain(question: Question, { groupedBy, keys, figures }: ShownGroup): [string, Record<string, unknown>] {
  const key = JSON.stringify(groupedBy.map((one) => [keyName(one), keys.get(keyName(one)) ?? null]));
  return [
    key,
    Object.fromEntries(
      question.measures.map(({ name, is }) => {
        const { value, counts, money, quantity } = figures.get(name)!;
        if (is.kind === 'facts' || is.kind === 'persons') return [name, value];
        if (is.kind === 'count') return [name, { count: value }];
        if (is.kind === 'sum') return [name, { sum: value }];
        if (is.kind === 'counts') return [name, counts.map(({ count }) => count)];
        if (is.kind === 'money') return [name, Object.fromEntries(money.map(({ currency, total, count }) => [String(currency), { count, total }]).toSorted(([a], [b]) => (String(a) < String(b) ? -1 : 1)))];
        return [name, { count: quantity!.count, mean: quantity!.mean, median: quantity!.median, p90: quantity!.p90 }];
      }),
    ),
  ];
}

const rounded = (value: unknown): unknown => JSON.parse(JSON.stringify(value, (_key, one: unknown) => (typeof one === 'number' ? Number(one.toPrecision(12)) : one)));

async function compare(question: Question, known: Known): Promise<number> {
  const expected = answer(known, question);
  const { groups } = await statistics.ask(question, exactCaller);
  const found = new Map(groups.map((group) => plain(question, group)));
  expect(rounded(Object.fromEntries([...found].toSorted()))).toEqual(rounded(Object.fromEntries([...expected].toSorted())));
  expect(groups).toHaveLength(expected.size);
  return expected.size;
}

const days = fc.constantFrom('2021-06-01', '2023-01-14', '2024-05-05', '2025-12-30', '2027-02-02');
const texts = ['MY', 'TW', 'HOUSE MAID', 'Worker', 'G_TO_G', '35', '35.07', '52.03.01', 'PAID', 'ACTIVE', 'NOT_FOUND', 'FEMALE', 'OVERSTAY', '25_34', 'BP2MI+PERWAKILAN', 'KJRI_HONG_KONG', 'nothing'];
const text = fc.constantFrom(...texts);

function leafOf(dimension: Dimension): fc.Arbitrary<Leaf> {
  const make = (comparator: string, value: fc.Arbitrary<Leaf['value']>) => value.map((one) => ({ dimension: dimension.name, comparator, value: one }));
  const isNull = make('isNull', fc.boolean());
  const ordered = (value: fc.Arbitrary<string | number>) =>
    fc.oneof(isNull, ...['eq', 'ne', 'lt', 'lte', 'gt', 'gte'].map((name) => make(name, value)), make('in', fc.array(value, { maxLength: 3 })), make('notIn', fc.array(value, { maxLength: 3 })), make('between', fc.record({ from: value, to: value })));
  switch (dimension.type.kind) {
    case 'flag':
      return fc.oneof(isNull, make('eq', fc.boolean()));
    case 'day':
      return ordered(days);
    case 'number':
      return ordered(fc.constantFrom(0, 1, 2, 12, 24));
    default:
      return fc.oneof(isNull, make('eq', text), make('ne', text), make('in', fc.array(text, { maxLength: 4 })), make('notIn', fc.array(text, { maxLength: 4 })), make('contains', fc.constantFrom('A', 'bp2mi', '%', '_', '07')), make('startsWith', fc.constantFrom('3', 'k', 'it\'s')));
  }
}

function whereOf(dimensions: readonly Dimension[]): fc.Arbitrary<Where> {
  const leaf = fc.constantFrom(...dimensions).chain(leafOf).map((is): Where => ({ is }));
  const { tree } = fc.letrec<{ tree: Where }>((tie) => ({
    tree: fc.oneof({ maxDepth: 3, withCrossShrink: true }, leaf, fc.array(tie('tree'), { maxLength: 3 }).map((and) => ({ and })), fc.array(tie('tree'), { minLength: 1, maxLength: 3 }).map((or) => ({ or })), tie('tree').map((not) => ({ not }))),
  }));
  return tree;
}

const questionOf = (entity: Entity): fc.Arbitrary<Question> => {
  const { dimensions, measures } = catalogue[entity];
  const keys = dimensions.flatMap(keysOf);
  return fc.record<Question>({
    entity: fc.constant(entity),
    where: fc.oneof(fc.constant<Where>({ and: [] }), whereOf(dimensions)),
    groupBy: fc.uniqueArray(fc.constantFrom(...keys), { maxLength: 3, selector: keyName }),
    rollUp: fc.boolean(),
    measures: fc.subarray([...measures], { minLength: 1 }),
    day: days,
    knownAt: fc.constantFrom(null, null, ...moments.map((moment) => moment.getTime()), moments[1]!.getTime() - 1, moments[0]!.getTime() - 1),
  });
};

describe('statistics', () => {
  it.for(entities)('of any %s equal a plain computation over the same rows', { timeout: 120_000 }, async (entity) => {
    const known = new Map<number | null, Known>();
    for (const moment of [null, ...moments.map((one) => one.getTime()), moments[1]!.getTime() - 1, moments[0]!.getTime() - 1]) known.set(moment, await knownAt(database, moment === null ? null : new Date(moment)));
    let groups = 0;
    await fc.assert(
      fc.asyncProperty(questionOf(entity), async (question) => {
        groups += await compare(question, known.get(question.knownAt)!);
      }),
      { numRuns: 60, seed: 7 },
    );
    expect(groups).toBeGreaterThan(150);
  });
});
