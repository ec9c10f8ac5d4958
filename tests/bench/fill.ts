/**
 * Fills the database of a PostgreSQL server with the people of the synthetic world, so that benchmarks have 10 thousand or 5 million of them without reading any
 * feed: workers by the world's ground truth, their records, numbers and links, and the index, by the functions of the first load.
 *
 *     node tests/bench/fill.ts --people 100000 --url postgres://user:password@127.0.0.1:5432/name [--lean] [--processes 2] [--seed 1] [--today 2026-11-22]
 *
 * The database is created if it is missing, brought up to date, and must have no workers. `--lean` leaves out `agency_record`, `identifier` and `link`: enough for
 * statistics, and 60 % less disk. Tables lose their keys and indexes while they are filled and get them back at the end, whatever they are by then; the tables are
 * analysed. What follows up on changes (`changed_worker`) has nothing to do afterwards. `sync_state` says that the feeds of the mocks have been read, so that a hub
 * with WORLD_PEOPLE, WORLD_SEED and the same day has nothing to read.
 *
 * Per thousand people about: 900 records of BP2MI, 620 of BPJS_KETENAGAKERJAAN, 800 of BPJS_KESEHATAN, 720 of PERWAKILAN; 8,300 numbers; 1,450 placements,
 * 3,100 cover periods, 800 memberships of JKN, 170 cases, 590 reports of stay. To fill several sizes, make a copy: `create database b template a`. For more than a million see
 * multiply.ts.
 */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import postgres from 'postgres';
import { createWorld, type WorldPerson } from '../../src/agencies/world/world.ts';
import { agencies } from '../../src/agencies/index.ts';
import type { AgencyRecord } from '../../src/domain/record.ts';
import { first, type LinkEvidence } from '../../src/identity/hub/evidence.ts';
import { type Loaded, loadRecords, loadWorkers } from '../../src/identity/hub/load.ts';
import { keepIndex } from '../../src/index/keep.ts';
import { openDatabase } from '../../src/store/database.ts';

export interface FillOptions {
  /** Of a database on a PostgreSQL server; created if it is missing. */
  readonly url: string;
  readonly people: number;
  /** Default 1. */
  readonly seed?: number;
  /** The day on which the world is seen, and on which the hub learned all of it. Default: 2026-11-22. */
  readonly today?: string;
  /** Leaves out records, numbers and links. Default false. */
  readonly lean?: boolean;
  /** Processes that make and write people. Default 2. */
  readonly processes?: number;
  /** Told how many people are written. */
  readonly onProgress?: (people: number) => void;
}

interface Share extends Required<Omit<FillOptions, 'processes' | 'onProgress'>> {
  readonly from: number;
  readonly to: number;
}

/** People of one transaction. */
const peopleAtOnce = 2_000;

/** A record as the hub has it: of a membership of JKN, what an answer for that day says. */
export function asAnswered(record: AgencyRecord, today: string): AgencyRecord {
  const standing = record.healthMemberships.find(({ serviceDate }) => serviceDate <= today) ?? record.healthMemberships.at(-1);
  return standing ? { ...record, healthMemberships: [{ ...standing, serviceDate: today }] } : record;
}

export async function fillDatabase(options: FillOptions): Promise<void> {
  const { url, people, seed = 1, today = '2026-11-22', lean = false, processes = 2 } = options;
  await createMissing(url);
  await (await openDatabase({ url })).close();
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  try {
    const [there] = await sql`select 1 from worker limit 1`;
    if (there) throw new Error('The database has workers already: name an empty one.');
    const restore = await strip(sql, filled);
    const share = Math.ceil(people / processes);
    const done = Array.from({ length: processes }, () => 0);
    await Promise.all(done.map((_, i) => fillShare({ url, people, seed, today, lean, from: i * share, to: Math.min(people, (i + 1) * share) }, (count) => {
      done[i] = count;
      options.onProgress?.(done.reduce((a, b) => a + b, 0));
    })));
    await restore();
    await sql`truncate changed_worker`;
    // As after a first reading: no model has looked at them yet.
    await sql`insert into link_pending select number from agency_record`;
    const cursor = Buffer.from('edits.0.0').toString('base64url');
    const at = new Date(today).toISOString();
    for (const { name } of agencies.filter((agency) => agency.name !== 'BPJS_KESEHATAN')) {
      await sql`insert into sync_state (agency, cursor, caught_up, last_page_at, first_caught_up_at) values (${name}, ${cursor}, true, ${at}, ${at})`;
    }
    await sql`analyze`;
  } finally {
    await sql.end();
  }
}

async function createMissing(url: string): Promise<void> {
  const name = new URL(url).pathname.slice(1);
  const server = new URL(url);
  server.pathname = '/postgres';
  const sql = postgres(server.href, { max: 1, onnotice: () => {} });
  try {
    const [there] = await sql`select 1 from pg_database where datname = ${name}`;
    if (!there) await sql`create database ${sql(name)}`;
  } finally {
    await sql.end();
  }
}

/** `indexed_change` keeps its key: what is written to it depends on it. So does `indexed_worker`: each batch looks there for who is in the index, and without keys would read all. */
const filled = ['worker', 'agency_record', 'identifier', 'link', 'indexed_record', 'indexed_placement', 'indexed_coverage', 'indexed_health', 'indexed_case', 'indexed_stay'];

/** Takes keys, indexes and triggers away from tables; gives back what puts them there again. */
export async function strip(sql: postgres.Sql, tables: readonly string[]): Promise<() => Promise<void>> {
  const keys = await sql<{ tab: string; name: string; def: string; kind: string }[]>`
    select conrelid::regclass::text as tab, conname as name, pg_get_constraintdef(oid) as def, contype as kind from pg_constraint
    where contype in ('p', 'u', 'f') and conrelid::regclass::text in ${sql(tables)} or contype = 'f' and confrelid = 'worker'::regclass order by contype = 'f' desc`;
  for (const { tab, name } of keys) await sql`alter table ${sql(tab)} drop constraint ${sql(name)}`;
  const indexes = await sql<{ name: string; def: string }[]>`
    select indexrelid::regclass::text as name, pg_get_indexdef(indexrelid) as def from pg_index where indrelid::regclass::text in ${sql(tables)}`;
  for (const { name } of indexes) await sql`drop index ${sql(name)}`;
  for (const table of tables) await sql`alter table ${sql(table)} disable trigger user`;
  return async () => {
    await sql`set maintenance_work_mem = '1GB'`;
    await sql`set max_parallel_maintenance_workers = 2`;
    // Primary keys before what refers to them.
    for (const { tab, name, def } of keys.filter(({ kind }) => kind !== 'f')) await sql`alter table ${sql(tab)} add constraint ${sql(name)} ${sql.unsafe(def)}`;
    for (const { def } of indexes) await sql.unsafe(def);
    // They hold by construction: no need to read everything again.
    for (const { tab, name, def } of keys.filter(({ kind }) => kind === 'f')) await sql`alter table ${sql(tab)} add constraint ${sql(name)} ${sql.unsafe(def)} not valid`;
    for (const table of tables) await sql`alter table ${sql(table)} enable trigger user`;
  };
}

function fillShare(share: Share, onProgress: (people: number) => void): Promise<void> {
  const child = fork(fileURLToPath(import.meta.url), [], { env: { ...process.env, FILL_SHARE: JSON.stringify(share) } });
  return new Promise((resolve, reject) => {
    child.on('message', (count) => onProgress(Number(count)));
    child.on('error', reject);
    child.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`a process of the filling ended with ${code}`))));
  });
}

function linked(person: WorldPerson, workerId: string, today: string): Loaded[] {
  const [leader] = person.records;
  return person.records.map((record) => {
    const evidence: LinkEvidence = record === leader ? first : { rule: 'EXACT', against: { agency: leader!.agency, recordId: leader!.recordId }, weighed: null };
    return { record: asAnswered(record, today), workerId, evidence };
  });
}

async function writeShare({ url, people, seed, today, lean, from, to }: Share): Promise<void> {
  const world = createWorld({ seed, size: people, today });
  const database = await openDatabase({ url, connections: 2 });
  const at = new Date(today);
  const order = agencies.map(({ name }) => name);
  let writing: Promise<void> = Promise.resolve();
  for (let start = from; start < to; start += peopleAtOnce) {
    const workers = new Map<string, Loaded[]>();
    for (let i = start; i < Math.min(to, start + peopleAtOnce); i += 1) {
      const id = crypto.randomUUID();
      const entries = linked(world.person(i), id, today);
      if (entries.length > 0) workers.set(id, entries);
    }
    await writing;
    writing = database.transaction(async (q) => {
      await loadWorkers(q, workers.keys());
      if (!lean) await loadRecords(q, [...workers.values()].flat(), at);
      await keepIndex(q, new Map([...workers].map(([id, entries]) => [id, entries.map(({ record }) => record)])), order, at);
    });
    process.send?.(Math.min(to, start + peopleAtOnce) - from);
  }
  await writing;
  await database.close();
}

async function main(): Promise<void> {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({ options: { people: text, url: text, seed: { ...text, default: '1' }, today: { ...text, default: '2026-11-22' }, lean: { type: 'boolean', default: false }, processes: { ...text, default: '2' } } });
  const url = values.url ?? process.env['DATABASE_URL'];
  if (values.people === undefined || url === undefined) throw new Error('--people and --url (or DATABASE_URL) are needed');
  const began = performance.now();
  const seconds = () => `${((performance.now() - began) / 1000).toFixed(1)} s`;
  let told = 0;
  await fillDatabase({
    url, people: Number(values.people), seed: Number(values.seed), today: values.today, lean: values.lean, processes: Number(values.processes),
    onProgress: (people) => {
      if (people - told < Number(values.people) / 20 && people < Number(values.people)) return;
      told = people;
      process.stderr.write(`${seconds()}  ${people} people${people === Number(values.people) ? '; keys and indexes' : ''}\n`);
    },
  });
  process.stderr.write(`${seconds()}  done\n`);
}

if (import.meta.main) {
  const share = process.env['FILL_SHARE'];
  await (share ? writeShare(JSON.parse(share) as Share) : main()).catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : 'unknown fault'}\n`);
    process.exitCode = 1;
  });
}
