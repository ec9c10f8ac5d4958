// The hub without its access control: nobody is identified, no purpose, no limits, no audit. Only to measure what they cost.
import { fileURLToPath } from 'node:url';
import { pino } from 'pino';
import { unbounded } from '../../../src/access/bounds.ts';
import { allScopes, type Caller } from '../../../src/access/scopes.ts';
import { usualTerms } from '../../../src/access/terms.ts';
import { readConfig } from '../../../src/config.ts';
import { answerErrors, type GraphContext } from '../../../src/graph/context.ts';
import { schema } from '../../../src/graph/schema.ts';
import { startHub } from '../../../src/hub.ts';
import { createMetrics } from '../../../src/server/metrics.ts';
import { createServer } from '../../../src/server/server.ts';

const config = readConfig({ ...process.env, PORT: '0', SYNC_INTERVAL_MS: '0', LOG_LEVEL: 'warn' });
const logger = pino({ level: 'warn' }, pino.destination(2));
const hub = await startHub({ config, databaseUrl: config.DATABASE_URL!, agencyUrls: JSON.parse(process.env.BENCH_URLS!) as Record<string, string>, logger });
if (process.env.BENCH_SYNC === '1') await hub.syncing.run();
const everybody: Caller = { kind: 'KEY', id: 'everybody', name: 'everybody', scopes: new Set(allScopes), bounds: unbounded, purposes: null, environment: 'test', ...usualTerms };
const server = await createServer<Caller, GraphContext>({
  schema,
  trustLeaves: true,
  authenticate: async () => everybody,
  context: (request) => hub.context(request),
  finish: (context) => ({ errors: answerErrors(context) }),
  ready: async () => ({ ready: true, checks: {} }),
  metrics: createMetrics(),
  logger,
  operationsDir: fileURLToPath(new URL('../../../schema/operations', import.meta.url)),
  port: 0,
});
process.on('SIGTERM', () => process.exit(0));
process.send!({ ready: true, url: `${server.url}/graphql`, key: 'none' });
