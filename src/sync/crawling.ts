import type { Logger } from 'pino';
import { setTimeout as pause } from 'node:timers/promises';
import type { Agency, Failure } from '../agencies/agency.ts';
import type { AgencyName, AgencyRecord } from '../domain/record.ts';
import type { Crosswalk } from '../identity/crosswalk.ts';
import type { Database } from '../store/database.ts';
import { type Claim, claimWorkers, countDue, type CrawlRules, giveBack, markAsked, noteCaughtUp } from './crawl.ts';

export interface CrawlingOptions {
  /** Those without a feed are crawled. */
  readonly agencies: readonly Agency[];
  readonly database: Database;
  readonly crosswalk: Crosswalk;
  readonly rules: (agency: Agency) => CrawlRules;
  /** Most calls under way at one agency; a small share of what the transport allows, so that live reads find their places. Default 4. */
  readonly concurrency?: number;
  /** Workers whose processing is restricted, as of now: nobody asks about them. */
  readonly restricted: ReadonlySet<string>;
  readonly logger: Logger;
  readonly now: () => Date;
  /** How often it is looked whether somebody is due, where nobody was; and how long an agency is left alone that failed. Milliseconds. Default 5000 and 30000. */
  readonly idleMs?: number;
  readonly afterFaultMs?: number;
}

/** What asking about a batch of workers came to. */
export interface CrawlStep {
  readonly agency: AgencyName;
  readonly asked: number;
  readonly found: number;
  /** What the agency failed with, if it did. */
  readonly failure: Failure | null;
}

/** Refreshes the records of agencies without a feed: asks about one worker after the other, those first who were asked about longest ago, at a set pace. */
export interface Crawling {
  /** Asks about all who are due, at the agencies named or at all, or until the quota is used up or the agency fails. */
  run(onStep?: (step: CrawlStep & { readonly left: number }) => void, only?: readonly string[]): Promise<void>;
  /** Goes on as workers become due, until closed. */
  start(): void;
  /** Stops after the calls under way; workers who were claimed and not asked about are given back. */
  close(): Promise<void>;
}

/** Workers of one claim: what is asked about in two seconds, within bounds. */
const claimOf = ({ perSecond }: CrawlRules) => Math.max(1, Math.min(200, Math.round(perSecond * 2)));

export function createCrawling(options: CrawlingOptions): Crawling {
  const { database, crosswalk, restricted, logger, now } = options;
  const concurrency = options.concurrency ?? 4;
  const agencies = options.agencies.filter((agency) => !agency.changes && options.rules(agency).perSecond > 0);
  const stop = new AbortController();
  const loops: Promise<void>[] = [];

  /** Asks about one batch; null where nobody is due. */
  async function step(agency: Agency): Promise<CrawlStep | null> {
    const rules = options.rules(agency);
    const claim = await claimWorkers(database, agency, rules, claimOf(rules), now());
    if (claim === null) return null;
    const { asked, uncalled, failed, failure, found, first } = await askPaced(agency, claim, rules);
    const at = now();
    // What an agency says of somebody for the first time was there before, and is no news.
    await store(first, at, false);
    await store(found, at, true);
    await database.transaction(async (q) => {
      await markAsked(q, agency, asked, at);
      // One who failed is tried again later, so that she does not hold up the others; the rest is anybody's.
      await giveBack(q, agency, failed, 0, new Date(at.getTime() + (options.afterFaultMs ?? 30_000) * 10), at);
      await giveBack(q, agency, uncalled, uncalled.length, at, at);
    });
    return { agency: agency.name, asked: asked.length, found: found.length + first.length, failure };
  }

  async function askPaced(agency: Agency, { workers, from }: Claim, { perSecond }: CrawlRules) {
    const [asked, failed, uncalled]: [string[], string[], string[]] = [[], [], []];
    const [found, first]: [AgencyRecord[], AgencyRecord[]] = [[], []];
    let failure: Failure | null = null;
    let next = 0;
    const start = from.getTime() - now().getTime();
    const begin = performance.now() + Math.max(0, start);
    const requestId = `crawl-${crypto.randomUUID()}`;
    const turn = async () => {
      for (let place = next++; place < workers.length; place = next++) {
        const worker = workers[place]!;
        const wait = begin + (place / perSecond) * 1000 - performance.now();
        if (wait > 1) await pause(wait, undefined, { signal: stop.signal }).catch(() => {});
        if (stop.signal.aborted || failure !== null) {
          uncalled.push(worker.id);
          continue;
        }
        // Restricted since she was claimed; or her last number went since.
        if (restricted.has(worker.id) || worker.identifiers.length === 0) {
          failed.push(worker.id);
          continue;
        }
        const result = (await agency.fetch([{ ref: worker.id, identifiers: worker.identifiers }], { requestId, signal: stop.signal })).get(worker.id)!;
        if (result.status !== 'failed') asked.push(worker.id);
        else failed.push(worker.id);
        if (result.status === 'found') (worker.neverAsked ? first : found).push(...result.records);
        // What is wrong with one answer says nothing of the next; all else does.
        if (result.status === 'failed' && result.failure.code !== 'AGENCY_INVALID_ANSWER' && result.failure.code !== 'AGENCY_MISATTRIBUTED' && !stop.signal.aborted) failure = result.failure;
      }
    };
    await Promise.all(Array.from({ length: Math.min(concurrency, workers.length) }, turn));
    return { asked, failed, uncalled, found, first, failure };
  }

  async function store(found: readonly AgencyRecord[], at: Date, news: boolean): Promise<void> {
    if (found.length === 0) return;
    const { touched } = await database.transaction((q) => crosswalk.rememberIn(q, found, at, { news }));
    await crosswalk.forget(touched);
  }

  async function runAgency(agency: Agency, onStep: (step: CrawlStep) => Promise<void> | void): Promise<void> {
    for (let done: CrawlStep | null = null; !stop.signal.aborted; ) {
      done = await step(agency);
      if (done === null) return void (await database.run((q) => noteCaughtUp(q, agency, now())));
      await onStep(done);
      if (done.failure !== null) {
        logger.warn({ agency: agency.name, code: done.failure.code }, 'the crawl of an agency without a feed stopped for a while');
        return;
      }
    }
  }

  async function loop(agency: Agency): Promise<void> {
    while (!stop.signal.aborted) {
      let failed = false;
      await runAgency(agency, ({ failure }) => void (failed = failure !== null)).catch((error: unknown) => {
        failed = true;
        logger.error({ fault: error }, 'the crawl of an agency without a feed failed');
      });
      const wait = failed ? (options.afterFaultMs ?? 30_000) : (options.idleMs ?? 5_000);
      await pause(wait, undefined, { signal: stop.signal, ref: false }).catch(() => {});
    }
  }

  return {
    run: async (onStep, only) => void (await Promise.all(agencies.filter(({ name }) => only?.includes(name) ?? true).map((agency) => runAgency(agency, async (step) => onStep?.({ ...step, left: await countDue(database, agency, options.rules(agency), now()) }))))),
    start() {
      if (loops.length === 0 && !stop.signal.aborted) loops.push(...agencies.map(loop));
    },
    async close() {
      stop.abort();
      await Promise.all(loops);
    },
  };
}
