import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { catalogue, placedNames } from '../../../src/index/catalogue.ts';
import { storedColumns } from '../../../src/index/facts/factQueries.ts';
import { createFacts, type Facts } from '../../../src/index/facts/facts.ts';
import type { Manifest } from '../../../src/index/facts/files.ts';
import { entities, type Entity } from '../../../src/index/fields.ts';
import { makePlan, type Question } from '../../../src/index/statistics/plan.ts';
import { createStatistics, type Statistics } from '../../../src/index/statistics/statistics.ts';
import { type Database, openDatabase } from '../../../src/store/database.ts';
import { testDatabase, type TestDatabase } from '../../support/database.ts';
import { addWorkers, giveGaps, giveRecords } from '../statistics/register.ts';

const caller = { scopes: new Set(['statistics:read', 'statistics:exact', 'case:sensitive'] as const), bounds: {}, purposes: null };
const [start, later] = [new Date('2026-01-01T00:00:00Z'), new Date('2026-02-01T00:00:00Z')];
let made: TestDatabase;
let database: Database;
let folder: string;
const opened: { close(): Promise<void> }[] = [];

function open(dataDir: string, mostProfiles?: number): { facts: Facts; statistics: Statistics } {
  const facts = createFacts({ database, databaseUrl: made.url, dataDir, memoryMb: 400, threads: 2, logger: pino({ level: 'silent' }), ...(mostProfiles !== undefined && { mostProfiles }) });
  const statistics = createStatistics({ facts, threads: 1, memoryMb: 300, concurrency: 1, timeoutMs: 20_000, costLimit: 1e9 });
  opened.push(facts, statistics);
  return { facts, statistics };
}

async function manifestOf(facts: Facts): Promise<Manifest> {
  const { manifest, release } = await facts.hold();
  release();
  return manifest;
}

/** How many facts there are of an entity, and how many of them have the values that their profile says. */
async function agreeing(entity: Entity, { buckets, profiles }: Manifest): Promise<[number, number]> {
  const duck = await (await DuckDBInstance.create(':memory:')).connect();
  try {
    const files = Object.values(buckets[entity]).flatMap(({ live, past }) => [live, past].flatMap((file) => (file ? [`'${join(folder, 'facts', file.path)}'`] : [])));
    const same = catalogue[entity].profile.map((name) => `f."${name}" is not distinct from p."${name}"`).join(' and ');
    const read = await duck.runAndReadAll(`select count(*)::integer, count(*) filter (where ${same})::integer from read_parquet([${files.join(', ')}]) f left join '${join(folder, 'facts', profiles[entity]!.path)}' p using (profile)`);
    return read.getRows()[0] as [number, number];
  } finally {
    duck.closeSync();
  }
}

/** By the first of the columns of profiles, and with all measures. */
const question = (entity: Entity, keys = 2): Question => {
  const groupBy = catalogue[entity].profile.slice(0, keys).map((column) => ({ dimension: catalogue[entity].dimensions.find(({ name }) => name === column)!, grain: null }));
  return { entity, where: { and: [] }, groupBy, rollUp: true, measures: catalogue[entity].measures, day: '2026-03-01', knownAt: null };
};

/** Figures by what their groups are of, whatever the order in which these were met. */
const figuresOf = async (statistics: Statistics, entity: Entity) => new Map((await statistics.ask(question(entity), caller)).groups.map(({ keys, figures, subtotal }) => [JSON.stringify([...keys, subtotal]), figures] as const).toSorted(([a], [b]) => (a < b ? -1 : 1)));

describe('profiles of a register', () => {
  beforeEach(async () => {
    made = await testDatabase();
    database = await openDatabase({ url: made.url });
    folder = await mkdtemp(join(tmpdir(), 'payung-profiles-'));
  });
  afterEach(async () => {
    for (const one of opened.splice(0).toReversed()) await one.close();
    await database.close();
    await made.drop();
    await rm(folder, { recursive: true, force: true });
  });

  it('say of each fact what it holds, also of those that come and go later', async () => {
    const workers = await addWorkers(database, 60);
    await giveRecords(database, workers.slice(0, 20), start, 1);
    await giveGaps(database, workers.slice(0, 20), start, 1);
    const { facts } = open(folder);
    const before = await manifestOf(facts);
    await giveRecords(database, workers.slice(10), later, 2);
    await giveGaps(database, workers.slice(10), later, 2);
    expect(await facts.refresh()).toBe(50);
    const after = await manifestOf(facts);
    let more = 0;
    for (const entity of entities) {
      const [all, agree] = await agreeing(entity, after);
      expect(all).toBeGreaterThan(10);
      expect([entity, agree]).toEqual([entity, all]);
      more += after.profiles[entity]!.rows - before.profiles[entity]!.rows;
    }
    expect(more).toBeGreaterThan(20);
  });

  it('are not used where there are too many, and figures are the same', async () => {
    const workers = await addWorkers(database, 40);
    await giveRecords(database, workers, start, 1);
    await giveGaps(database, workers, start, 1);
    const [many, few] = [open(folder), open(join(folder, 'few'), 2)];
    expect(Object.keys((await manifestOf(many.facts)).profiles)).toEqual([...entities]);
    expect((await manifestOf(few.facts)).profiles).toEqual({});
    for (const entity of entities) {
      const figures = await figuresOf(many.statistics, entity);
      expect(figures.size).toBeGreaterThan(1);
      expect(await figuresOf(few.statistics, entity)).toEqual(figures);
    }
    // Nor later, where too few are new to be too many.
    await giveRecords(database, workers.slice(0, 1), later, 2);
    await few.facts.refresh();
    expect((await manifestOf(few.facts)).profiles).toEqual({});
  });
});

describe('profiles', () => {
  const planOf = (entity: Entity, asked: Question) => {
    const manifest = { buckets: Object.fromEntries(entities.map((name) => [name, { 0: { live: { path: `${name}.parquet`, rows: 1 }, past: null } }])), profiles: { [entity]: { path: 'profiles.parquet', rows: 1 } }, dictionaries: {} } as unknown as Manifest;
    return makePlan(asked, caller, { manifest, folder: '/facts' }, true);
  };

  it.each(entities)('of %s are asked for what they tell, and rows for the rest', (entity) => {
    const { sqls, profiles, shape } = planOf(entity, question(entity));
    expect(shape.columns.profile).not.toBeNull();
    expect(sqls[0]).toContain('profile');
    for (const name of catalogue[entity].profile.slice(0, 2)) {
      expect(profiles!.sql).toContain(`"${name}"`);
      expect(sqls[0]).not.toContain(`"${name}"`);
    }
  });

  it('are not asked where that would spare one value of a row, and rows are asked for others as well', () => {
    const { sqls, profiles, shape } = planOf('gap', question('gap', 1));
    expect([profiles, shape.columns.profile]).toEqual([null, null]);
    expect(sqls[0]).toContain('"rule"');
    const alone = { ...question('gap', 1), measures: catalogue.gap.measures.filter(({ name }) => name === 'count') };
    expect(planOf('gap', alone).shape.columns).toMatchObject({ cell: [], profile: 3 });
  });

  it('of gaps tell nothing of a placement, which is hidden from callers beyond whose bounds it lies', () => {
    expect(placedNames.length).toBeGreaterThan(3);
    expect(catalogue.gap.profile.filter((name) => placedNames.includes(name))).toEqual([]);
  });

  it.each(entities)('of %s are of columns that facts hold as numbers', (entity) => {
    const { profile, dimensions } = catalogue[entity];
    expect(profile.length).toBeGreaterThan(1);
    for (const name of profile) {
      expect([...storedColumns(catalogue[entity]).keys()]).toContain(name);
      expect(['day', undefined]).not.toContain(dimensions.find((one) => one.name === name)?.type.kind ?? 'number of a measure');
    }
  });
});
