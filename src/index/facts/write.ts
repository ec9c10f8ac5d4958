import { createHash } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import type { Database } from '../../store/database.ts';
import { catalogue } from '../catalogue.ts';
import { type Entity, entities } from '../fields.ts';
import { GrowingDictionaries } from './dictionaries.ts';
import { type Bucket, bucketBits, type FactFile, type Manifest, writeManifest } from './files.ts';
import { type Changed, changedSince, inSnapshot, quoted, readRaw } from './raw.ts';
import { encodedColumns, rawTables, statements } from './state.ts';

export interface WriteOptions {
  readonly database: Database;
  readonly folder: string;
  /** Tells the database apart from others. */
  readonly databaseName: string;
  /** Most memory for it, megabytes. */
  readonly memoryMb: number;
  readonly threads: number;
  /** Buckets that a thread makes at a time when all are made. Default 2. */
  readonly bucketsAtOnce?: number;
}

/** How facts are made, as a digest. */
export const format = createHash('sha256').update(JSON.stringify([statements(), entities.map((name) => [...encodedColumns(catalogue[name])]), bucketBits])).digest('base64url');

/** A database of DuckDB in which facts are made, gone afterwards; with as many connections to it as there are threads. */
async function workshop<T>({ folder, memoryMb, threads }: WriteOptions, file: string, work: (ducks: readonly [DuckDBConnection, ...DuckDBConnection[]]) => Promise<T>): Promise<T> {
  const instance = await DuckDBInstance.create(file, { threads: String(threads), memory_limit: `${memoryMb}MB`, temp_directory: join(folder, 'spill') });
  const ducks: DuckDBConnection[] = [];
  try {
    for (let i = 0; i < threads; i += 1) ducks.push(await instance.connect());
    return await work(ducks as [DuckDBConnection, ...DuckDBConnection[]]);
  } finally {
    for (const duck of ducks) duck.closeSync();
    instance.closeSync();
    for (const leftover of [file, `${file}.wal`]) if (file !== ':memory:') await rm(leftover, { force: true });
    await rm(join(folder, 'spill'), { recursive: true, force: true });
  }
}

/** Takes the workers of a range out of what was read, and makes their facts. */
async function makeFacts(duck: DuckDBConnection, dictionaries: GrowingDictionaries, range: string): Promise<void> {
  for (const name of rawTables) await duck.run(`create or replace temp view part_${name} as select * from raw_${name} where ${range}`);
  for (const statement of statements()) await duck.run(statement);
  await dictionaries.take(duck, entities.flatMap((name) => [...encodedColumns(catalogue[name])].map(([column, dictionary]) => ({ table: `fact_${name}`, column, dictionary }))));
}

/** What a table of facts says, with numbers for texts. */
function coded(name: Entity, dictionaries: GrowingDictionaries): string {
  const columns = [...encodedColumns(catalogue[name])];
  return `select * ${columns.length > 0 ? `replace (${columns.map(([column, dictionary]) => dictionaries.encoded(column, dictionary)).join(', ')})` : ''} from fact_${name}`;
}

/** Writes what a query answers, sorted by worker; null where that is nothing. */
async function writeFile(duck: DuckDBConnection, folder: string, path: string, query: string): Promise<FactFile | null> {
  const result = await duck.runAndReadAll(`copy (select * from (${query}) order by serial, "recordedFrom") to ${quoted(join(folder, path))} (format parquet)`);
  const rows = Number(result.getRows()[0]?.[0]);
  if (rows > 0) return { path, rows };
  await rm(join(folder, path), { force: true });
  return null;
}

const none: Bucket = { live: null, past: null };

/** Makes all facts anew; how many workers that are is in the manifest. */
export async function writeAll(options: WriteOptions, before: Manifest | null): Promise<Omit<Refreshed, 'changed'>> {
  const { database, folder, bucketsAtOnce = 2 } = options;
  const version = (before?.version ?? 0) + 1;
  for (const name of entities) await mkdir(join(folder, name), { recursive: true });
  return workshop(options, join(folder, 'build.duckdb'), async (ducks) => {
    const [duck] = ducks;
    // What is read is of use once, and would be compressed for longer than it is read.
    await duck.run(`set force_compression = 'uncompressed'`);
    const { reading, seen } = await inSnapshot(database, async (q, now) => {
      await readRaw(q, duck, folder, null, now.restricted);
      return { reading: now, seen: marks(await changedSince(q, now.xid)) };
    });
    const dictionaries = new GrowingDictionaries({});
    const buckets = Object.fromEntries(entities.map((name) => [name, {}])) as Record<Entity, Record<number, Bucket>>;
    const [[last, workers]] = (await duck.runAndReadAll('select coalesce(max(serial), 0), count(*)::integer from person')).getRows() as [[number, number]];
    let next = 0;
    // Much of it is work that DuckDB does on one thread: so all threads are busy.
    const done = await Promise.allSettled(
      ducks.map(async (one) => {
        while (next <= last >> bucketBits) {
          const first = next;
          next += bucketsAtOnce;
          await makeFacts(one, dictionaries, `serial >= ${first << bucketBits} and serial < ${(first + bucketsAtOnce) << bucketBits}`);
          for (let bucket = first; bucket < first + bucketsAtOnce && bucket <= last >> bucketBits; bucket += 1) {
            for (const name of entities) {
              const files = await writeBucket(one, dictionaries, folder, name, bucket, version);
              if (files.live || files.past) buckets[name][bucket] = files;
            }
          }
        }
      }),
    );
    for (const one of done) if (one.status === 'rejected') throw one.reason;
    const manifest: Manifest = { format, database: options.databaseName, version, ...reading, workers, dictionaries: dictionaries.all, buckets };
    await writeManifest(folder, manifest, pathsIn(buckets));
    return { manifest, seen };
  });
}

async function writeBucket(duck: DuckDBConnection, dictionaries: GrowingDictionaries, folder: string, name: Entity, bucket: number, version: number): Promise<Bucket> {
  const facts = `select * from (${coded(name, dictionaries)}) where serial >> ${bucketBits} = ${bucket}`;
  return {
    live: await writeFile(duck, folder, `${name}/${bucket}-${version}.parquet`, `${facts} and "recordedTo" is null`),
    past: await writeFile(duck, folder, `${name}/${bucket}-${version}-past.parquet`, `${facts} and "recordedTo" is not null`),
  };
}

function pathsIn(buckets: Readonly<Record<Entity, Readonly<Record<number, Bucket>>>>): string[] {
  return Object.values(buckets).flatMap((of) => Object.values(of).flatMap(({ live, past }) => [live, past].flatMap((file) => (file ? [file.path] : []))));
}

/** What a refresh found and did. */
export interface Refreshed {
  /** The state before, with a later time, where nothing had changed. */
  readonly manifest: Manifest;
  /** By which transaction each worker in it had last been changed: of those that a later reading will find again. */
  readonly seen: ReadonlyMap<number, string>;
  readonly changed: number;
}

/** By which transaction each worker was last changed. */
function marks(changed: readonly Changed[]): ReadonlyMap<number, string> {
  return new Map(changed.map(({ serial, xid }) => [serial, xid]));
}

/**
 * Brings the facts up to the index: rewrites the buckets whose workers changed since. `seen` is what the refresh before gave back. Where most have changed, all is made
 * anew.
 */
export async function writeChanges(options: WriteOptions, before: Manifest, seen: ReadonlyMap<number, string>): Promise<Refreshed> {
  const { database, folder } = options;
  return workshop(options, ':memory:', async ([duck]) => {
    const found = await inSnapshot(database, async (q, now) => {
      const all = await changedSince(q, before.xid);
      const fresh = all.filter(({ serial, xid }) => seen.get(serial) !== xid).map(({ serial }) => serial);
      const [was, is] = [new Set(before.restricted), new Set(now.restricted)];
      const workers = [...new Set([...fresh, ...[...was].filter((serial) => !is.has(serial)), ...[...is].filter((serial) => !was.has(serial))])];
      const many = workers.length > 1_000 && workers.length > before.workers / 5;
      if (workers.length > 0 && !many) await readRaw(q, duck, folder, workers, now.restricted);
      return { now, workers, many, seen: marks(all) };
    });
    if (found.many) return { ...(await writeAll(options, before)), changed: found.workers.length };
    if (found.workers.length === 0) return { manifest: { ...before, ...found.now }, seen: found.seen, changed: 0 };
    const version = before.version + 1;
    const dictionaries = new GrowingDictionaries(before.dictionaries);
    await makeFacts(duck, dictionaries, 'true');
    await duck.run(`create temp table changed as select unnest([${found.workers.join(',')}])::integer serial`);
    const buckets = Object.fromEntries(entities.map((name) => [name, { ...before.buckets[name] }])) as Record<Entity, Record<number, Bucket>>;
    const fresh: string[] = [];
    for (const bucket of new Set(found.workers.map((serial) => serial >> bucketBits))) {
      for (const name of entities) {
        const old = buckets[name][bucket] ?? none;
        const kept = (file: FactFile | null) => (file ? `select * from read_parquet(${quoted(join(folder, file.path))}) where serial not in (select serial from changed) union all by name` : '');
        const own = `select * from (${coded(name, dictionaries)}) where serial >> ${bucketBits} = ${bucket}`;
        const live = await writeFile(duck, folder, `${name}/${bucket}-${version}.parquet`, `${kept(old.live)} ${own} and "recordedTo" is null`);
        const past = await writeFile(duck, folder, `${name}/${bucket}-${version}-past.parquet`, `${kept(old.past)} ${own} and "recordedTo" is not null`);
        for (const file of [live, past]) if (file) fresh.push(file.path);
        if (live || past) buckets[name][bucket] = { live, past };
        else delete buckets[name][bucket];
      }
    }
    const workers = Object.values(buckets.worker).reduce((sum, { live }) => sum + (live?.rows ?? 0), 0);
    const manifest: Manifest = { ...before, ...found.now, version, workers, dictionaries: dictionaries.all, buckets };
    await writeManifest(folder, manifest, fresh);
    return { manifest, seen: found.seen, changed: found.workers.length };
  });
}
