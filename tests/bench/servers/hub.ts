// The hub as it is, over the replayed upstreams.
import { pino } from 'pino';
import { readConfig } from '../../../src/config.ts';
import { demoCallers } from '../../../src/demo.ts';
import { startHub } from '../../../src/hub.ts';

// One caller sends the load of many: his limits are as high as they can be, and counted all the same.
const unlimited = { LIMIT_REQUESTS_PER_MINUTE: '1000000000', LIMIT_COST_PER_MINUTE: '1000000000', LIMIT_CONCURRENT: '1000000' };
const config = readConfig({ ...process.env, ...unlimited, PORT: '0', SYNC_INTERVAL_MS: '0', LOG_LEVEL: 'warn' });
const hub = await startHub({ config, databaseUrl: config.DATABASE_URL!, agencyUrls: JSON.parse(process.env.BENCH_URLS!) as Record<string, string>, logger: pino({ level: 'warn' }, pino.destination(2)) });
if (process.env.BENCH_SYNC === '1') await hub.syncing.run();
const { key } = await hub.keys.create({ name: 'bench', ...demoCallers[process.env.BENCH_CALLER === 'admin' ? 'admin' : 'desk'], environment: 'test', expiresAt: new Date(Date.now() + 86_400_000) });
process.on("SIGTERM", () => process.exit(0));
process.send!({ ready: true, url: `${hub.url}/graphql`, key });
