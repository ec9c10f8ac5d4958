import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { graphql } from 'graphql';
import { pino } from 'pino';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Scope } from '../../../src/access/scopes.ts';
import { schema } from '../../../src/graph/schema.ts';
import { createFacts, type Facts } from '../../../src/index/facts/facts.ts';
import { createStatistics, type Statistics } from '../../../src/index/statistics/statistics.ts';
import { type Database, openDatabase } from '../../../src/store/database.ts';
import { asRow, handwritten } from '../../bench/analysisSql.ts';
import { testDatabase, type TestDatabase } from '../../support/database.ts';
import { addWorkers, giveRecords } from './register.ts';

const caller = { scopes: new Set<Scope>(['statistics:read', 'statistics:exact', 'case:sensitive']), bounds: {}, purposes: null };
let made: TestDatabase;
let database: Database;
let facts: Facts;
let statistics: Statistics;
let sql: postgres.Sql;
let folder: string;

beforeAll(async () => {
  made = await testDatabase();
  database = await openDatabase({ url: made.url });
  sql = postgres(made.url, { max: 1 });
  folder = await mkdtemp(join(tmpdir(), 'payung-handwritten-'));
  const workers = await addWorkers(database, 2_000);
  await giveRecords(database, workers, new Date('2025-01-01T00:00:00Z'), 11);
  // Some have rows that no longer hold.
  await giveRecords(database, workers.slice(0, 200), new Date('2025-06-01T00:00:00Z'), 12);
  facts = createFacts({ database, databaseUrl: made.url, dataDir: folder, memoryMb: 500, threads: 2, logger: pino({ level: 'silent' }) });
  statistics = createStatistics({ facts, threads: 2, memoryMb: 300, concurrency: 1, timeoutMs: 20_000, costLimit: 1e9 });
});
afterAll(async () => {
  await statistics.close();
  await facts.close();
  await sql.end();
  await database.close();
  await made.drop();
  await rm(folder, { recursive: true, force: true });
});

const sorted = (rows: readonly Record<string, unknown>[]) => rows.map((row) => JSON.stringify(row, (_key, value: unknown) => (typeof value === 'number' ? Number(value.toPrecision(12)) : value))).toSorted();

describe('a ready question, by the facts and by SQL over the index that was written by hand,', () => {
  it.each(Object.entries(handwritten))('%s, has one and the same answer', async (name, query) => {
    const source = await readFile(new URL(`../../../schema/operations/analysis/${name}.graphql`, import.meta.url), 'utf8');
    for (const asOf of ['2022-06-15', '2024-03-01', '2026-11-22']) {
      const { data, errors } = await graphql({ schema, source, variableValues: { asOf }, contextValue: { caller, today: '2026-11-22', statistics, trail: { sawClass: () => {} }, missingScopes: new Set() } });
      expect(errors).toBeUndefined();
      const [answer] = Object.values(data as Record<string, { groups: Record<string, unknown>[] }>);
      const result = await sql.unsafe(query, [asOf]);
      expect(result.length).toBeGreaterThan(1);
      const columns = result.columns.map(({ name: column }) => column);
      expect(sorted(answer!.groups.map((group) => asRow(group, columns)))).toEqual(sorted(result as unknown as Record<string, unknown>[]));
    }
  });
});
