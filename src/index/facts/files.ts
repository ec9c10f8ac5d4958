import { mkdir, open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Entity } from '../fields.ts';
import type { Dictionaries } from './dictionaries.ts';

/** Workers in a bucket, by their numbers: a bucket is what a refresh rewrites when one of its workers has changed. */
export const bucketBits = 15;

/** A Parquet file of facts, sorted by worker. */
export interface FactFile {
  /** Relative to the folder. */
  readonly path: string;
  readonly rows: number;
}

/** The files of a bucket: facts that still stand, and those that did once; null for none. */
export interface Bucket {
  readonly live: FactFile | null;
  readonly past: FactFile | null;
}

/** One state of the facts: which files are it. Written last and renamed into its place, so that the facts change at once or not at all. */
export interface Manifest {
  /** Digest of how facts are made: those made another way are made anew. */
  readonly format: string;
  /** Digest that tells databases apart. */
  readonly database: string;
  readonly version: number;
  readonly xid: string;
  readonly through: string;
  readonly restricted: readonly number[];
  readonly workers: number;
  readonly dictionaries: Dictionaries;
  readonly buckets: Readonly<Record<Entity, Readonly<Record<number, Bucket>>>>;
  /** Of each entity the profiles that its facts have (see profiles.ts); none where there are too many. */
  readonly profiles: Readonly<Partial<Record<Entity, FactFile>>>;
}

const manifestName = 'manifest.json';

export async function readManifest(folder: string): Promise<Manifest | null> {
  try {
    return JSON.parse(await readFile(join(folder, manifestName), 'utf8')) as Manifest;
  } catch {
    // None, or one that cannot be read: the facts are made anew.
    return null;
  }
}

/** Brings a file's content to the disk. */
async function settle(path: string): Promise<void> {
  const file = await open(path, 'r');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Puts a state in the place of the one before. Its new files are on the disk before it is. */
export async function writeManifest(folder: string, manifest: Manifest, fresh: readonly string[]): Promise<void> {
  for (const path of fresh) await settle(join(folder, path));
  const beside = join(folder, `${manifestName}.new`);
  await writeFile(beside, JSON.stringify(manifest));
  await settle(beside);
  await rename(beside, join(folder, manifestName));
  await settle(folder);
}

export function filesOf({ buckets, profiles }: Pick<Manifest, 'buckets' | 'profiles'>): Set<string> {
  const files = new Set(Object.values(profiles).map(({ path }) => path));
  for (const of of Object.values(buckets)) for (const { live, past } of Object.values(of)) for (const file of [live, past]) if (file) files.add(file.path);
  return files;
}

/** Removes what is in the folder and stands in none of the states. */
export async function sweep(folder: string, kept: readonly Manifest[]): Promise<void> {
  const needed = new Set(kept.flatMap((manifest) => [...filesOf(manifest)]));
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name).slice(folder.length + 1);
    if (entry.isFile() && (path.endsWith('.parquet') || path.startsWith('spill/') || path.startsWith('build.duckdb')) && !needed.has(path)) await rm(join(folder, path), { force: true });
  }
}

export async function makeFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
}
