import type { Logger } from 'pino';
import type { Agency } from '../agencies/agency.ts';
import type { Crosswalk } from '../identity/crosswalk.ts';
import type { Database } from '../store/database.ts';
import { syncAgency, type SyncOptions, type SyncResult } from './sync.ts';

export interface SyncingOptions {
  readonly agencies: readonly Agency[];
  readonly database: Database;
  readonly crosswalk: Crosswalk;
  /** Largest share of an agency's records that a run may remove. Default 0.05. */
  readonly maxRemovalShare?: number;
  /** Removes whatever waits to be removed, since a human has looked at it. Default false. */
  readonly acceptRemovals?: boolean;
  /** Records of one transaction while a feed is read for the first time. Default 5000. */
  readonly batchEntries?: number;
  /** Pause between two runs, milliseconds; 0 runs only when told. */
  readonly intervalMs: number;
  readonly logger: Logger;
  readonly now: () => Date;
}

/** Keeps the store up with the agencies' change feeds while the hub runs. */
export interface Syncing {
  /** Reads all feeds, or those of the agencies named, to their ends; joins a run that is under way. One agency's failure does not stop the others. What was deferred waits for {@link linkWaiting}. */
  run(onPage?: SyncOptions['onPage'], only?: readonly string[]): Promise<ReadonlyMap<string, SyncResult>>;
  /** Lets the model look at what the first reading of a feed has left for later. It takes longer than the reading, and nobody need wait for it. */
  linkWaiting(): Promise<void>;
  /** Links what waits; runs again and again, until closed. */
  start(): void;
  /** Stops after the pages under way. */
  close(): Promise<void>;
}

export function createSyncing(options: SyncingOptions): Syncing {
  const stop = new AbortController();
  let running: Promise<ReadonlyMap<string, SyncResult>> | null = null;
  let timer: NodeJS.Timeout | null = null;
  let linking: Promise<void> = Promise.resolve();

  async function runAll(onPage?: SyncOptions['onPage'], only?: readonly string[]): Promise<ReadonlyMap<string, SyncResult>> {
    const { database, crosswalk, now, maxRemovalShare, acceptRemovals: accept = false } = options;
    const removals = { accept, ...(maxRemovalShare !== undefined && { maxShare: maxRemovalShare }) };
    const results = await Promise.all(
      options.agencies
        .filter((agency) => agency.changes && (only?.includes(agency.name) ?? true))
        .map(async (agency) => {
          const result = await syncAgency({ agency, database, crosswalk, requestId: `sync-${crypto.randomUUID()}`, signal: stop.signal, now, removals, ...(options.batchEntries !== undefined && { batchEntries: options.batchEntries }), ...(onPage ? { onPage } : {}) });
          if (result.failure) options.logger.warn({ agency: agency.name, code: result.failure.code }, 'sync stopped before the end of the feed');
          if (result.held > 0) options.logger.error({ agency: agency.name, held: result.held }, 'more removals than one run may make wait for a human: npm run sync -- --accept-removals');
          if (result.rejected > 0) options.logger.warn({ agency: agency.name, rejected: result.rejected }, 'the change feed held entries that do not fit its protocol');
          return [agency.name, result] as const;
        }),
    );
    return new Map(results);
  }

  async function linkAfter(before: Promise<void>): Promise<void> {
    await before;
    try {
      await options.crosswalk.linkPending({ signal: stop.signal, batch: 50 });
    } catch (error) {
      options.logger.error({ fault: error }, 'could not link what was read');
    }
  }

  const syncing: Syncing = {
    run: (onPage, only) => (running ??= runAll(onPage, only).finally(() => (running = null))),
    linkWaiting: () => (linking = linkAfter(linking)),
    start() {
      void syncing.linkWaiting();
      if (options.intervalMs === 0 || stop.signal.aborted) return;
      timer = setTimeout(() => {
        syncing
          .run()
          .catch((error: unknown) => options.logger.error({ fault: error }, 'sync failed'))
          .finally(() => syncing.start());
      }, options.intervalMs);
    },
    async close() {
      stop.abort();
      if (timer) clearTimeout(timer);
      await running?.catch(() => {});
      await linking;
    },
  };
  return syncing;
}
