import { createHash } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import type { Database } from '../../store/database.ts';
import { catalogue } from '../catalogue.ts';
import { type Entity, entities } from '../fields.ts';
import { GrowingDictionaries } from './dictionaries.ts';
import { factQuery } from './factQueries.ts';
import { type Bucket, bucketBits, type FactFile, filesOf, type Manifest, writeManifest } from './files.ts';
import { openProfiles, type Profiles } from './profiles.ts';
import { quoted } from './quoted.ts';
import { type Changed, changedSince, copyOf, inSnapshot, readRaw } from './raw.ts';
import { rawTables, statements } from './state.ts';

export interface WriteOptions {
  readonly database: Database;
  readonly folder: string;
  /** Tells the database apart from others. */
  readonly databaseName: string;
  /** Most memory for it, megabytes. */
  readonly memoryMb: number;
  readonly threads: number;
  /** Most profiles of an entity; where there are more, none are used. Default 65,536. */
  readonly mostProfiles?: number;
}

/** How facts are made, as a digest. */
export const format = createHash('sha256')
  .update(JSON.stringify([rawTables.map(copyOf), statements(new GrowingDictionaries({})), entities.map((name) => [factQuery(name, 'past'), catalogue[name].profile]), bucketBits]))
  .digest('base64url');

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

/** Makes the facts of a bucket of what was read, and writes them with those of its other workers: `kept` is SQL for what stays of an old file. */
async function writeBucket(duck: DuckDBConnection, dictionaries: GrowingDictionaries, profiles: Profiles, folder: string, bucket: number, version: number, kept: (name: Entity, which: 'live' | 'past') => string | null): Promise<Map<Entity, Bucket>> {
  const [first, end] = [bucket << bucketBits, (bucket + 1) << bucketBits];
  for (const name of rawTables) await duck.run(`create or replace temp view part_${name} as select * from raw_${name} where serial >= ${first} and serial < ${end}`);
  for (const statement of statements(dictionaries)) await duck.run(statement);
  const made = new Map<Entity, Bucket>();
  for (const name of entities) {
    const write = async (which: 'live' | 'past') => {
      const old = kept(name, which);
      const facts = await profiles.numbered(duck, name, `${old === null ? '' : `${old} union all by name `}${factQuery(name, which)}`);
      return writeFile(duck, folder, `${name}/${bucket}-${version}${which === 'past' ? '-past' : ''}.parquet`, facts);
    };
    const files = { live: await write('live'), past: await write('past') };
    if (files.live || files.past) made.set(name, files);
  }
  return made;
}

/** Does something for each bucket, on all connections at once: much of it is work that DuckDB does on one thread. */
async function eachBucket(ducks: readonly DuckDBConnection[], buckets: readonly number[], work: (duck: DuckDBConnection, bucket: number) => Promise<void>): Promise<void> {
  const left = buckets.values();
  const done = await Promise.allSettled(
    ducks.map(async (duck) => {
      for (const bucket of left) await work(duck, bucket);
    }),
  );
  for (const one of done) if (one.status === 'rejected') throw one.reason;
}

/** Writes the facts that a query answers, sorted by worker, and of each by profile; null where there are none. */
async function writeFile(duck: DuckDBConnection, folder: string, path: string, query: string | null): Promise<FactFile | null> {
  if (query === null) return null;
  const result = await duck.runAndReadAll(`copy (select * from (${query}) order by serial, profile, "since") to ${quoted(join(folder, path))} (format parquet, compression uncompressed, dictionary_size_limit 5000)`);
  return { path, rows: Number(result.getRows()[0]?.[0]) };
}

/** Makes all facts anew; how many workers that are is in the manifest. */
export async function writeAll(options: WriteOptions, before: Manifest | null): Promise<Made> {
  const { database, folder } = options;
  const version = (before?.version ?? 0) + 1;
  for (const name of [...entities, 'profiles']) await mkdir(join(folder, name), { recursive: true });
  return workshop(options, join(folder, 'build.duckdb'), async (ducks) => {
    const [duck] = ducks;
    // What is read is of use once, and would be compressed for longer than it is read.
    await duck.run(`set force_compression = 'uncompressed'`);
    const dictionaries = new GrowingDictionaries({});
    const { reading, seen } = await inSnapshot(database, async (q, now) => {
      await readRaw(q, duck, dictionaries, null, now.restricted);
      return { reading: now, seen: marks(await changedSince(q, now.xid)) };
    });
    const growing = await openProfiles(duck, folder, null, options.mostProfiles);
    const buckets = Object.fromEntries(entities.map((name) => [name, {}])) as Record<Entity, Record<number, Bucket>>;
    const [[last, workers]] = (await duck.runAndReadAll('select coalesce(max(serial), 0), count(*)::integer from person')).getRows() as [[number, number]];
    await eachBucket(ducks, Array.from({ length: (last >> bucketBits) + 1 }, (_, bucket) => bucket), async (one, bucket) => {
      for (const [name, files] of await writeBucket(one, dictionaries, growing, folder, bucket, version, () => null)) buckets[name][bucket] = files;
    });
    const { profiles } = await growing.write(duck, version);
    const manifest: Manifest = { format, database: options.databaseName, version, ...reading, workers, dictionaries: dictionaries.all, buckets, profiles };
    await writeManifest(folder, manifest, [...filesOf(manifest)]);
    return { manifest, seen };
  });
}

/** What was made. */
export interface Made {
  readonly manifest: Manifest;
  /** By which transaction each worker in it had last been changed: of those that a later reading will find again. */
  readonly seen: ReadonlyMap<number, string>;
}

/** What a refresh found and did; the state before, with a later time, where nothing had changed. */
export interface Refreshed extends Made {
  readonly changed: number;
}

/** By which transaction each worker was last changed. */
function marks(changed: readonly Changed[]): ReadonlyMap<number, string> {
  return new Map(changed.map(({ serial, xid }) => [serial, xid]));
}

/**
 * Brings the facts up to the index: rewrites the buckets whose workers changed since. `seen` is what the refresh before gave back. Where most have changed, all is made
 * anew by `makeAll`.
 */
export async function writeChanges(options: WriteOptions, before: Manifest, seen: ReadonlyMap<number, string>, makeAll: () => Promise<Made>): Promise<Refreshed> {
  const { database, folder } = options;
  return workshop(options, ':memory:', async (ducks) => {
    const [duck] = ducks;
    const dictionaries = new GrowingDictionaries(before.dictionaries);
    const found = await inSnapshot(database, async (q, now) => {
      const all = await changedSince(q, before.xid);
      const fresh = all.filter(({ serial, xid }) => seen.get(serial) !== xid).map(({ serial }) => serial);
      const [was, is] = [new Set(before.restricted), new Set(now.restricted)];
      const workers = [...new Set([...fresh, ...[...was].filter((serial) => !is.has(serial)), ...[...is].filter((serial) => !was.has(serial))])];
      const many = workers.length > 1_000 && workers.length > before.workers / 5;
      if (workers.length > 0 && !many) await readRaw(q, duck, dictionaries, workers, now.restricted);
      return { now, workers, many, seen: marks(all) };
    });
    if (found.many) return { ...(await makeAll()), changed: found.workers.length };
    if (found.workers.length === 0) return { manifest: { ...before, ...found.now }, seen: found.seen, changed: 0 };
    const version = before.version + 1;
    await duck.run(`create table changed as select unnest([${found.workers.join(',')}])::integer serial`);
    const growing = await openProfiles(duck, folder, before, options.mostProfiles);
    const buckets = Object.fromEntries(entities.map((name) => [name, { ...before.buckets[name] }])) as Record<Entity, Record<number, Bucket>>;
    const fresh: string[] = [];
    await eachBucket(ducks, [...new Set(found.workers.map((serial) => serial >> bucketBits))], async (one, bucket) => {
      const made = await writeBucket(one, dictionaries, growing, folder, bucket, version, (name, which) => {
        const file = before.buckets[name][bucket]?.[which];
        return file ? `select * exclude (profile) from read_parquet(${quoted(join(folder, file.path))}) where serial not in (select serial from changed)` : null;
      });
      for (const name of entities) {
        const files = made.get(name);
        if (files) buckets[name][bucket] = files;
        else delete buckets[name][bucket];
        for (const file of [files?.live, files?.past]) if (file) fresh.push(file.path);
      }
    });
    const workers = Object.values(buckets.worker).reduce((sum, { live }) => sum + (live?.rows ?? 0), 0);
    const written = await growing.write(duck, version);
    const manifest: Manifest = { ...before, ...found.now, version, workers, dictionaries: dictionaries.all, buckets, profiles: written.profiles };
    await writeManifest(folder, manifest, [...fresh, ...written.fresh]);
    return { manifest, seen: found.seen, changed: found.workers.length };
  });
}
