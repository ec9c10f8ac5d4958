import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { lockFolder } from '../../store/embedded/lock.ts';
import type { Database } from '../../store/database.ts';
import { sharedSecret } from '../../store/secret.ts';
import { makeFolder, type Manifest, readManifest, sweep } from './files.ts';
import { makeAll, type MakeOptions } from './makeAll.ts';
import { format, writeChanges } from './write.ts';

export interface FactsOptions {
  readonly database: Database;
  /** Of the same database. */
  readonly databaseUrl: string;
  /** Folder of the data; the facts stand in `facts` in it. */
  readonly dataDir: string;
  /** Most memory for making facts, megabytes. */
  readonly memoryMb: number;
  /** Threads for making facts. */
  readonly threads: number;
  readonly logger: Logger;
  /** From how many workers on all facts are made by a process of its own, see {@link MakeOptions}. */
  readonly processFrom?: number;
  /** See {@link MakeOptions}. */
  readonly mostProfiles?: number;
  /** Longest wait before a change is seen whose notification was lost, milliseconds. Default 5000. */
  readonly pollMs?: number;
}

/** One state of the facts, held: its files stay as long as it is. */
export interface Held {
  readonly manifest: Manifest;
  readonly folder: string;
  release(): void;
}

/** The facts of the statistics: this instance's own copy of the index, in columns. Nothing is opened or made before it is first asked for. */
export interface Facts {
  /** The present state; made first where there is none. */
  hold(): Promise<Held>;
  /** Takes in what has changed in the index by now. Gives back how many workers that were. */
  refresh(): Promise<number>;
  /** Makes the facts where there are none, and goes on as the index changes, until closed. */
  start(): Promise<void>;
  close(): Promise<void>;
}

/** Most hubs on one folder of data, each with a copy of its own. */
const mostCopies = 16;

export function createFacts(options: FactsOptions): Facts {
  const { database, logger } = options;
  const stop = new AbortController();
  /** States in use, and the present one. */
  const inUse = new Map<Manifest, number>();
  let current: Manifest | null = null;
  let opening: Promise<void> | null = null;
  let place: { readonly write: MakeOptions; readonly lock: { release(): void } } | null = null;
  let seen: ReadonlyMap<number, string> = new Map();
  let working: Promise<unknown> = Promise.resolve();
  let timer: NodeJS.Timeout | null = null;
  let wanted = false;

  /** The first folder that no other hub has. */
  async function claim(): Promise<{ folder: string; lock: { release(): void } }> {
    for (let copy = 1; ; copy += 1) {
      const folder = join(options.dataDir, copy === 1 ? 'facts' : `facts-${copy}`);
      await makeFolder(folder);
      try {
        return { folder, lock: await lockFolder(folder) };
      } catch (error) {
        if (copy === mostCopies) throw error;
      }
    }
  }

  async function open(): Promise<void> {
    const databaseName = createHash('sha256').update(await sharedSecret(database, 'facts')).digest('base64url').slice(0, 22);
    const { folder, lock } = await claim();
    const { databaseUrl, memoryMb, threads, processFrom, mostProfiles } = options;
    const write: MakeOptions = { database, databaseUrl, folder, databaseName, memoryMb, threads, ...(processFrom !== undefined && { processFrom }), ...(mostProfiles !== undefined && { mostProfiles }) };
    place = { write, lock };
    const kept = await readManifest(folder);
    const usable = kept !== null && kept.format === format && kept.database === databaseName ? kept : null;
    await sweep(folder, usable ? [usable] : []);
    if (usable) current = usable;
    else {
      const made = await makeAll(write, kept, stop.signal);
      seen = made.seen;
      await put(made.manifest);
    }
  }

  async function put(manifest: Manifest): Promise<void> {
    current = manifest;
    await sweep(place!.write.folder, [manifest, ...inUse.keys()]);
  }

  /** One piece of work on the files at a time. */
  function alone<T>(work: () => Promise<T>): Promise<T> {
    const next = working.then(work, work);
    working = next.catch(() => {});
    return next;
  }

  const ready = () =>
    (opening ??= alone(open).catch((error: unknown) => {
      opening = null;
      place?.lock.release();
      place = null;
      throw error;
    }));

  function hear(): void {
    if (stop.signal.aborted || wanted) return;
    wanted = true;
    const began = performance.now();
    facts
      .refresh()
      .catch((error: unknown) => logger.error({ fault: error }, 'could not bring the facts of the statistics up to the index; it is tried again'))
      .finally(() => {
        // While much changes, half of the time is left to others.
        timer = setTimeout(() => {
          wanted = false;
          if (again) hear();
          again = false;
        }, performance.now() - began);
        timer.unref();
      });
  }
  let again = false;
  const notified = () => {
    if (wanted) again = true;
    else hear();
  };

  const facts: Facts = {
    async hold() {
      await ready();
      const manifest = current!;
      inUse.set(manifest, (inUse.get(manifest) ?? 0) + 1);
      let released = false;
      return {
        manifest,
        folder: place!.write.folder,
        release() {
          if (released) return;
          released = true;
          const left = inUse.get(manifest)! - 1;
          if (left > 0) inUse.set(manifest, left);
          else inUse.delete(manifest);
        },
      };
    },
    async refresh() {
      await ready();
      return alone(async () => {
        const before = current!;
        const { manifest, seen: now, changed } = await writeChanges(place!.write, before, seen, () => makeAll(place!.write, before, stop.signal));
        seen = now;
        if (manifest.version !== before.version) await put(manifest);
        else current = manifest;
        return changed;
      });
    },
    async start() {
      await ready().catch((error: unknown) => {
        if (!stop.signal.aborted) logger.error({ fault: error }, 'could not make the facts of the statistics; it is tried again');
      });
      if (stop.signal.aborted) return;
      for (const channel of ['payung_indexed', 'payung_restrictions']) await database.listen(channel, notified, notified);
      const poll = setInterval(notified, options.pollMs ?? 5_000);
      poll.unref();
      stop.signal.addEventListener('abort', () => clearInterval(poll));
    },
    async close() {
      stop.abort();
      if (timer) clearTimeout(timer);
      await working;
      place?.lock.release();
    },
  };
  return facts;
}
