import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';
import type { BreakerState } from '../agencies/agency.ts';
import type { SyncStatus } from '../domain/sync.ts';
import { watchSync } from './syncMetrics.ts';
import type { CallEvent } from '../agencies/transport/transport.ts';

/** What kind of operation a request carried; `none` when it was refused before one was found. */
export type OperationType = 'query' | 'mutation' | 'none';

/**
 * How a request ended: `ok` without errors, `partial` with data and errors, `refused` for a 4xx, `failed` for a 5xx, `gone` when the client
 * went away before the answer.
 */
export type RequestOutcome = 'ok' | 'partial' | 'refused' | 'failed' | 'gone';

/** Where a look-up in the record cache ended: a fresh record, none, or only one past its time. */
export type CacheOutcome = 'hit' | 'miss' | 'stale';

export interface MetricsOptions {
  /** Whether to add memory, CPU, event loop and garbage collection of the process. Default true; tests that make many turn it off. */
  readonly processMetrics?: boolean;
}

/** Scores of links of late beside those at training. */
export interface ScoreDrift {
  /** Share of records that scored below so many bits at training; null where that is not known. */
  readonly expected: ((bits: number) => number) | null;
  /** How many scores it is about. */
  readonly decisions: number;
  /** Null as long as there are too few to tell. */
  readonly index: number | null;
}

/** The hub's metrics. Labels are closed lists and agency names: never anything a caller typed. */
export interface Metrics {
  request(type: OperationType, outcome: RequestOutcome, durationMs: number): void;
  /** Fits `OpenOptions.observe` of an agency. */
  agencyCall(event: CallEvent): void;
  /** Counts look-ups in the record cache; `count` is 1 unless told. */
  cache(outcome: CacheOutcome, count?: number): void;
  /** Says where to read the breakers' states from, when Prometheus asks. */
  watchBreakers(read: () => Iterable<{ readonly agency: string; readonly state: BreakerState }>): void;
  /** Counts changes of links as records come in: by what became of them. */
  linked(changes: Readonly<Record<'linked' | 'created' | 'moved' | 'doubts', number>> & { readonly scores: readonly number[] }): void;
  /** Says where to read the scores of late from, and those at training, when Prometheus asks. */
  watchDrift(read: () => Promise<ScoreDrift | null>): void;
  /** Says where to read the size and age of the stewards' queue from, when Prometheus asks. */
  watchReviews(read: () => Promise<{ readonly open: number; readonly oldest: Date | null }>): void;
  /** Says where to read from how far the agencies' records have been read, and what waits to be followed up, when Prometheus asks. */
  watchSync(read: () => Promise<SyncFigures>): void;
  /** A document that is not on the list of trusted ones, sent by a caller who is to be noted (`noted`) or may not send it (`refused`). */
  unlisted(outcome: 'noted' | 'refused'): void;
  /** The text of `/metrics`. */
  text(): Promise<string>;
  readonly contentType: string;
}

/** How far the hub has read, and what it has yet to take into the index. */
export interface SyncFigures {
  readonly agencies: ReadonlyMap<string, SyncStatus>;
  readonly followUp: { readonly changes: number; readonly since: Date | null };
}

const breakerLevels: Record<BreakerState, number> = { CLOSED: 0, HALF_OPEN: 1, OPEN: 2 };
const scoreBuckets = [-40, -30, -20, -10, 0, 10, 20, 30, 40, 50];
const latencyBuckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 4, 8];

/** One read for all gauges that are asked at the same time; null where it fails. */
function together<T>(read: () => Promise<T>): () => Promise<T | null> {
  let running: Promise<T | null> | null = null;
  return () => (running ??= read().catch(() => null).finally(() => (running = null)));
}

export function createMetrics(options: MetricsOptions = {}): Metrics {
  const registry = new Registry();
  const registers = [registry];
  if (options.processMetrics ?? true) collectDefaultMetrics({ register: registry });

  const requests = new Counter({
    name: 'payung_requests_total',
    help: 'GraphQL requests by operation type and outcome',
    labelNames: ['operation', 'outcome'],
    registers,
  });
  const requestSeconds = new Histogram({
    name: 'payung_request_duration_seconds',
    help: 'Time from the arrival of a GraphQL request to the end of its answer',
    labelNames: ['operation'],
    buckets: latencyBuckets,
    registers,
  });
  const agencyCalls = new Counter({
    name: 'payung_agency_calls_total',
    help: 'Calls to agencies by outcome: OK or an error code of docs/errors.md',
    labelNames: ['agency', 'outcome'],
    registers,
  });
  const agencySeconds = new Histogram({
    name: 'payung_agency_call_duration_seconds',
    help: 'Time of a call to an agency with its retries and its wait for a place',
    labelNames: ['agency'],
    buckets: latencyBuckets,
    registers,
  });
  // Told for every worker and agency, so counted here and added up when Prometheus asks.
  const lookups = new Map<CacheOutcome, number>();
  const cacheLookups = new Counter({
    name: 'payung_cache_lookups_total',
    help: 'Look-ups in the record cache by outcome',
    labelNames: ['outcome'],
    registers,
    collect() {
      for (const [outcome, count] of lookups) this.inc({ outcome }, count);
      lookups.clear();
    },
  });
  cacheLookups.reset();
  let readBreakers: Parameters<Metrics['watchBreakers']>[0] = () => [];
  const breakers = new Gauge({
    name: 'payung_agency_breaker_state',
    help: 'Circuit breaker in front of an agency: 0 closed, 1 half open, 2 open',
    labelNames: ['agency'],
    registers,
    collect() {
      for (const { agency, state } of readBreakers()) this.set({ agency }, breakerLevels[state]);
    },
  });
  breakers.reset();
  const linkChanges = new Counter({
    name: 'payung_link_changes_total',
    help: 'Records that came in by what became of them: linked to a worker, created one, moved to another; and pairs put before the stewards (doubts)',
    labelNames: ['change'],
    registers,
  });
  const unlistedDocuments = new Counter({
    name: 'payung_unlisted_documents_total',
    help: 'Documents that are not trusted ones, from callers with the policy log (noted) or listed (refused)',
    labelNames: ['outcome'],
    registers,
  });
  let readReviews: Parameters<Metrics['watchReviews']>[0] = async () => ({ open: 0, oldest: null });
  const reviews = together(() => readReviews());
  const reviewAge = new Gauge({
    name: 'payung_link_review_oldest_seconds',
    help: 'How long the oldest pair has waited for a steward; 0 where none waits',
    registers,
    async collect() {
      const queue = await reviews();
      if (queue) this.set(queue.oldest === null ? 0 : Math.max(0, (Date.now() - queue.oldest.getTime()) / 1000));
    },
  });
  const reviewsOpen = new Gauge({
    name: 'payung_link_reviews_open',
    help: 'Pairs of records that wait for a steward',
    registers,
    async collect() {
      const queue = await reviews();
      if (queue) this.set(queue.open);
    },
  });

  reviewAge.reset();
  reviewsOpen.reset();
  const linkScores = new Histogram({
    name: 'payung_link_score_bits',
    help: 'Best score of each record that the model in force looked at, in bits without the prior',
    buckets: scoreBuckets,
    registers,
  });
  let readDrift: Parameters<Metrics['watchDrift']>[0] = async () => null;
  const scores = together(() => readDrift());
  const expectedScores = new Gauge({
    name: 'payung_link_score_expected',
    help: 'Share of records that scored at most so many bits when the model in force was learned',
    labelNames: ['le'],
    registers,
    async collect() {
      const found = await scores();
      this.reset();
      if (found?.expected) for (const le of scoreBuckets) this.set({ le }, found.expected(le));
    },
  });
  const driftWindow = new Gauge({
    name: 'payung_link_score_window',
    help: 'Latest scores that payung_link_score_drift is about',
    registers,
    async collect() {
      this.set((await scores())?.decisions ?? 0);
    },
  });
  const drift = new Gauge({
    name: 'payung_link_score_drift',
    help: 'Population stability index of the latest scores against those at training: below 0.1 stable, above 0.25 the model should be learned anew. Absent where there are too few',
    registers,
    async collect() {
      const index = (await scores())?.index;
      this.remove();
      if (index !== null && index !== undefined) this.set(index);
    },
  });
  expectedScores.reset();
  driftWindow.reset();
  drift.remove();

  /** Calls that are yet to be counted: that takes longer than to note them, and whoever waits for the agency's answer need not wait for it. */
  let calls: CallEvent[] = [];
  function countCalls(): void {
    const ended = calls;
    calls = [];
    for (const { agency, outcome, durationMs } of ended) {
      agencyCalls.inc({ agency, outcome });
      agencySeconds.observe({ agency }, durationMs / 1000);
    }
  }

  return {
    request(type, outcome, durationMs) {
      requests.inc({ operation: type, outcome });
      requestSeconds.observe({ operation: type }, durationMs / 1000);
    },
    agencyCall(event) {
      if (calls.length === 0) setImmediate(countCalls);
      calls.push(event);
    },
    cache(outcome, count = 1) {
      lookups.set(outcome, (lookups.get(outcome) ?? 0) + count);
    },
    watchBreakers(read) {
      readBreakers = read;
    },
    linked({ scores, ...changes }) {
      for (const [change, count] of Object.entries(changes)) if (count > 0) linkChanges.inc({ change }, count);
      for (const score of scores) linkScores.observe(Math.max(score, -1_000));
    },
    watchDrift(read) {
      readDrift = read;
    },
    watchSync: watchSync(registers),
    watchReviews(read) {
      readReviews = read;
    },
    unlisted(outcome) {
      unlistedDocuments.inc({ outcome });
    },
    text() {
      countCalls();
      return registry.metrics();
    },
    contentType: registry.contentType,
  };
}
