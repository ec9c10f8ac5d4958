import type { IncomingHttpHeaders } from 'node:http';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Logger } from 'pino';
import type { Agency } from './agencies/agency.ts';
import type { TransportLimits } from './agencies/transport/transport.ts';
import { type Audit, createAudit } from './access/audit.ts';
import { createDocumentGate } from './access/documentGate.ts';
import { createDocuments, type Documents } from './access/documents.ts';
import { createGuesses } from './access/guesses.ts';
import { createLimits } from './access/limits.ts';
import { createMeters } from './access/meters.ts';
import { createPersons } from './access/persons.ts';
import { createPlaces } from './access/places.ts';
import { createKeys, type Keys } from './access/keys.ts';
import { createRestrictions, type Restrictions } from './access/restrictions.ts';
import { presentedCredential } from './access/presented.ts';
import type { Caller } from './access/scopes.ts';
import { createStaff, type Staff } from './access/staff.ts';
import type { CallerLimits } from './access/terms.ts';
import { type Config, thresholdsOf } from './config.ts';
import { type Exporting, openExporting } from './exporting.ts';
import { createEventLog, type EventLog } from './events/log.ts';
import type { Assessing } from './gaps/assessing.ts';
import { createCosts } from './graph/cost.ts';
import type { GraphContext } from './graph/context.ts';
import { createOpaque } from './graph/opaque.ts';
import { schema } from './graph/schema.ts';
import { createCrosswalk, type Crosswalk } from './identity/crosswalk.ts';
import { createDriftWatch } from './identity/hub/drift.ts';
import { createLinks, type Links } from './identity/hub/links.ts';
import { createCursors } from './index/lists/cursor.ts';
import { downloadPath } from './index/exports/link.ts';
import { createGate } from './index/lists/gate.ts';
import { createGapReader } from './index/lists/gaps.ts';
import { createLists, type Lists } from './index/lists/lists.ts';
import { createSearch, type Search } from './index/search/search.ts';
import { readIndexedThrough } from './index/lists/through.ts';
import { createKeepingUp } from './keepingUp.ts';
import { makeObjectsYoung } from './newObjects.ts';
import { createIndexed } from './records/indexed.ts';
import { createKeeper } from './records/keeper.ts';
import { createRecords } from './records/reader.ts';
import { createReferrals } from './referrals/referrals.ts';
import { createRequests } from './requests.ts';
import type { Blocked, ContextRequest } from './server/graphql.ts';
import { createMetrics } from './server/metrics.ts';
import { exchanges } from './server/exchange.ts';
import { createServer } from './server/server.ts';
import { type Database, openDatabase } from './store/database.ts';
import { sharedSecret } from './store/secret.ts';
import { createFacts, type Facts } from './index/facts/facts.ts';
import { createStatistics, type Statistics } from './index/statistics/statistics.ts';
import { traceDatabase } from './tracing/database.ts';
import type { Tracing } from './tracing/tracing.ts';
import { readSyncStatus } from './store/syncStatus.ts';
import type { Crawling } from './sync/crawling.ts';
import type { Following } from './sync/following.ts';
import type { Syncing } from './sync/syncing.ts';
import { createSubscribing } from './subscribing.ts';
import { createTelling, type Telling } from './telling.ts';

export interface HubOptions {
  readonly config: Config;
  readonly databaseUrl: string;
  /** Address of each agency by name: the real one, or its mock. */
  readonly agencyUrls: Readonly<Record<string, string>>;
  readonly logger: Logger;
  /** Default: the system clock. */
  readonly now?: () => Date;
}

/** A running hub. */
export interface Hub {
  readonly url: string;
  /** Who is asking, by the headers and the address; null for nobody. */
  authenticate(headers: IncomingHttpHeaders, address: string): Promise<Caller | Blocked | null>;
  /** What the resolvers of one request share. */
  context(request: ContextRequest<Caller>): GraphContext;
  readonly keys: Keys;
  readonly audit: Audit;
  readonly restrictions: Restrictions;
  readonly documents: Documents;
  readonly database: Database;
  readonly crosswalk: Crosswalk;
  readonly links: Links;
  readonly lists: Lists;
  readonly facts: Facts;
  readonly statistics: Statistics;
  readonly search: Search;
  readonly exporting: Exporting;
  readonly agencies: readonly Agency[];
  readonly syncing: Syncing;
  readonly crawling: Crawling;
  readonly following: Following;
  readonly assessing: Assessing;
  readonly events: EventLog;
  readonly telling: Telling;
  /** Writes what reads have brought and not yet stored. */
  flush(): Promise<void>;
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** The limits of calls to agencies, as set. */
export function limitsOf(config: Config): TransportLimits {
  return {
    attemptTimeoutMs: config.AGENCY_ATTEMPT_TIMEOUT_MS,
    callTimeoutMs: config.AGENCY_CALL_TIMEOUT_MS,
    attempts: config.AGENCY_ATTEMPTS,
    retryBudget: config.AGENCY_RETRY_BUDGET,
    concurrency: config.AGENCY_CONCURRENCY,
    queue: config.AGENCY_QUEUE,
    bodyLimit: config.AGENCY_BODY_LIMIT,
    breakerThreshold: config.AGENCY_BREAKER_THRESHOLD,
    breakerOpenMs: config.AGENCY_BREAKER_OPEN_MS,
  };
}

/** The limits of callers that have none of their own. */
function usualLimits(config: Config): CallerLimits {
  return { requestsPerMinute: config.LIMIT_REQUESTS_PER_MINUTE, costPerMinute: config.LIMIT_COST_PER_MINUTE, concurrent: config.LIMIT_CONCURRENT, personsPerDay: config.LIMIT_PERSONS_PER_DAY };
}

/** The agencies' staff, where an identity provider is set. */
function staffOf(config: Config, logger: Logger, now: () => Date): Staff | null {
  const { OIDC_ISSUER: issuer, OIDC_AUDIENCE: audience, OIDC_JWKS_URL: jwksUrl } = config;
  if (issuer === undefined || audience === undefined) return null;
  const onFault = (error: unknown) => logger.warn({ fault: error instanceof Error ? error.name : 'unknown' }, 'the identity provider could not be reached');
  return createStaff({ issuer, audience, ...(jwksUrl !== undefined && { jwksUrl }), onFault, now });
}

/** Traces, where a receiver is set. OpenTelemetry is not even loaded where none is. */
async function tracingOf(config: Config, logger: Logger): Promise<Tracing | null> {
  const { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_EXPORTER_OTLP_HEADERS: headers, OTEL_SERVICE_NAME: service, OTEL_TRACES_SAMPLER_ARG: share } = config;
  if (endpoint === undefined) return null;
  const { startTracing } = await import('./tracing/otel.ts');
  return startTracing({ endpoint, headers, service, share, onFault: () => logger.warn('spans could not be sent to OTEL_EXPORTER_OTLP_ENDPOINT') });
}

/** Reads at most once in a while; who asks meanwhile gets what was read last. */
function recent<T>(read: () => Promise<T>, ms: number): () => Promise<T> {
  let last: Promise<T> | null = null;
  let until = 0;
  return () => {
    if (last === null || performance.now() >= until) {
      until = performance.now() + ms;
      last = read();
      last.catch(() => (last = null));
    }
    return last;
  };
}

/** Puts the hub together and starts it. What was opened is closed again if a later part fails. */
export async function startHub(options: HubOptions): Promise<Hub> {
  const { config, logger } = options;
  const now = options.now ?? (() => new Date());
  await using parts = new AsyncDisposableStack();
  makeObjectsYoung();

  const tracing = await tracingOf(config, logger);
  if (tracing) parts.adopt(tracing, (t) => t.close());
  const opened = parts.adopt(await openDatabase({ url: options.databaseUrl, connections: config.DATABASE_CONNECTIONS, listConnections: config.LIST_CONNECTIONS, listTimeoutMs: config.LIST_TIMEOUT_MS }), (d) => d.close());
  const database = tracing ? traceDatabase(opened, () => exchanges.getStore()?.trace) : opened;
  const metrics = createMetrics();
  const limits = limitsOf(config);
  const agencies = config.agencies.map(({ definition, url, settings }) =>
    parts.adopt(
      definition.open({ url: options.agencyUrls[definition.name]!, mock: url === undefined, settings, limits, observe: (event) => metrics.agencyCall(event), now }),
      (agency) => agency.close(),
    ),
  );
  metrics.watchBreakers(() => agencies.map((agency) => ({ agency: agency.name, state: agency.vitals().breaker })));

  const drift = createDriftWatch(database);
  metrics.watchDrift(() => drift.read());
  const crosswalk = await createCrosswalk(database, {
    onLinked(changes) {
      metrics.linked(changes);
      drift.scored(changes.scores);
    },
  });
  const keeper = parts.adopt(
    createKeeper(crosswalk, { onFault: (error) => logger.error({ fault: error }, 'could not store what the agencies answered') }),
    (k) => k.close(),
  );
  const onFault = (error: unknown) => logger.error({ fault: error }, 'could not store how keys were used');
  const keys = parts.adopt(await createKeys(database, { acceptTest: agencies.every((agency) => agency.mock), onFault, now }), (k) => k.close());
  const audit = createAudit(database);
  const links = createLinks(database, crosswalk);
  metrics.watchReviews(() => links.queue());
  const restrictions = await createRestrictions(database);
  const staff = staffOf(config, logger, now);
  const meters = createMeters(database);
  const persons = createPersons(database, {
    onAlarm: (caller) => logger.warn({ caller }, 'a caller has read as many different persons as a day allows'),
    onFault: (error) => logger.error({ fault: error }, 'could not count the persons that callers read'),
  });
  parts.defer(() => persons.flush());
  const usual = usualLimits(config);
  const places = parts.adopt(createPlaces(database, { onFault: (error) => logger.error({ fault: error }, 'could not renew or give back places for requests under way') }), (p) => p.close());
  const callerLimits = createLimits({ meters, persons, places, usual });
  const guesses = await createGuesses({ meters, database, perMinute: config.LIMIT_WRONG_KEYS_PER_MINUTE });
  const documents = await createDocuments(database);
  const sweep = () => void Promise.all([meters.sweep(), places.sweep()]).catch((error: unknown) => logger.error({ fault: error }, 'could not remove limits that are over'));
  sweep();
  const sweeping = setInterval(sweep, 3_600_000);
  sweeping.unref();
  parts.defer(() => clearInterval(sweeping));
  const opaque = createOpaque(await sharedSecret(database, 'object-names'));
  const order = agencies.map(({ name }) => name);
  const gate = createGate({ database, costLimit: config.LIST_COST_LIMIT });
  const ofLists = { gate, cursors: createCursors(await sharedSecret(database, 'cursors')), agencies: order, restricted: restrictions.workers };
  const lists = createLists(ofLists);
  const search = createSearch(ofLists);
  const facts = parts.adopt(
    createFacts({ database, databaseUrl: options.databaseUrl, dataDir: resolve(config.DATA_DIR), memoryMb: config.STATISTICS_MEMORY_MB, threads: config.STATISTICS_THREADS, logger }),
    (f) => f.close(),
  );
  const statistics = parts.adopt(
    createStatistics({
      facts,
      threads: config.STATISTICS_THREADS,
      memoryMb: config.STATISTICS_MEMORY_MB,
      concurrency: config.STATISTICS_CONCURRENCY,
      timeoutMs: config.STATISTICS_TIMEOUT_MS,
      costLimit: config.STATISTICS_COST,
    }),
    (s) => s.close(),
  );
  const exporting = parts.use(await openExporting({ database, statistics, config, audit, persons, restricted: restrictions.workers, agencies: order, logger, now }));
  await exporting.runner.start();
  const feeds = agencies.filter((agency) => agency.changes).map(({ name }) => name);
  const keepingUp = await createKeepingUp({ config, database, crosswalk, agencies, restricted: restrictions.workers, logger, now });
  const { syncing, crawling, following, assessing } = keepingUp;
  for (const part of [syncing, crawling, assessing, following]) parts.adopt(part, (p) => p.close());
  await following.start();
  const progress = recent(async () => ({ agencies: await readSyncStatus(database), followUp: await following.waiting() }), 2_000);
  metrics.watchSync(progress);
  const events = parts.adopt(
    await createEventLog(database, { keepDays: config.EVENTS_KEEP_DAYS, onFault: (error) => logger.error({ fault: error }, 'could not read or file events; they wait'), now }),
    (e) => e.close(),
  );
  const mocksOnly = agencies.every((agency) => agency.mock);
  const telling = parts.adopt(
    createTelling({ config, database, log: events, keys, audit, persons, limitsOf: (caller) => callerLimits.of(caller), restricted: restrictions.workers, crosswalk, opaque, mocksOnly, logger, now }),
    (t) => t.close(),
  );
  telling.sending.start();

  const authenticate: Hub['authenticate'] = async (headers, address) => {
    const credential = presentedCredential(headers);
    if (credential === null) return null;
    const retryAt = guesses.blockedUntil(address, credential);
    if (retryAt !== null) return { retryAt };
    const caller = await (staff && !credential.startsWith('payung_') ? staff.identify(credential) : keys.identify(credential, address));
    if (caller) guesses.right(address, credential);
    else await guesses.wrong(address);
    return caller;
  };
  const { context, admit, finish } = createRequests({
    common: {
      agencies,
      keys,
      usualLimits: usual,
      audit,
      links,
      restrictions,
      progress,
      statistics,
      opaque,
      events: { log: events, hearing: telling.hearing },
      webhooks: telling.webhooks,
      referrals: createReferrals(database),
      thresholds: thresholdsOf(config),
      lists,
      gaps: createGapReader(database),
      search,
      exports: exporting.exports,
      indexedThrough: () => readIndexedThrough(database, feeds),
    },
    records: createRecords({ agencies, crosswalk, keeper, cacheMs: config.CACHE_MS, onCache: (_agency, outcome) => metrics.cache(outcome), now }),
    indexed: createIndexed({ database, agencies, restricted: restrictions.workers }),
    crosswalk,
    costs: createCosts(schema, agencies),
    limits: callerLimits,
    introspectionNeedsScope: (config.INTROSPECTION ?? (mocksOnly ? 'any' : 'scope')) === 'scope',
    now,
  });

  const server = parts.adopt(
    await createServer<Caller, GraphContext>({
      schema,
      // Every value comes from a validated answer or from code whose types are the schema's; tests/e2e/differential.test.ts compares.
      trustLeaves: true,
      authenticate,
      context,
      admit,
      finish,
      streams: createSubscribing({ context, admit, finish, keys, staff, telling }),
      ready: async () => {
        const [row] = await database.run((q) => q.execute<{ one: number }>('select 1 as one')).catch(() => []);
        return { ready: row !== undefined, checks: { database: row !== undefined } };
      },
      metrics,
      logger,
      operationsDir: fileURLToPath(new URL('../schema/operations', import.meta.url)),
      tracing,
      documents: createDocumentGate({
        documents,
        onUnlisted({ outcome, caller, hash, first }) {
          metrics.unlisted(outcome);
          if (first) logger.warn({ caller: caller.name, callerId: caller.id, documentHash: hash, outcome }, 'a document that is not on the list of trusted ones');
        },
      }),
      downloads: { path: downloadPath, download: (link, caller) => exporting.exports.download(link, caller) },
      origins: config.CORS_ORIGINS,
      host: config.HOST,
      port: config.PORT,
      trustedProxies: config.TRUSTED_PROXIES,
      deadlineMs: config.REQUEST_TIMEOUT_MS,
    }),
    (s) => s.close(),
  );

  const owned = parts.move();
  const close = () => owned.disposeAsync();
  return {
    url: server.url, authenticate, context, keys, audit, links, restrictions, documents, database, crosswalk, lists, search, facts, statistics, exporting, agencies, syncing, crawling, following, assessing, events, telling,
    flush: () => keeper.flush(), close, [Symbol.asyncDispose]: close,
  };
}
