// Apollo Server as its documentation sets it up (standalone, graphql-js, cacheControl on), over the same schema, callers and records.
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { pino } from 'pino';
import { readConfig } from '../../../src/config.ts';
import { demoCallers } from '../../../src/demo.ts';
import type { GraphContext } from '../../../src/graph/context.ts';
import { schema } from '../../../src/graph/schema.ts';
import { startHub } from '../../../src/hub.ts';

const config = readConfig({ ...process.env, PORT: '0', SYNC_INTERVAL_MS: '0' });
const hub = await startHub({ config, databaseUrl: config.DATABASE_URL!, agencyUrls: JSON.parse(process.env.BENCH_URLS!) as Record<string, string>, logger: pino({ level: 'warn' }, pino.destination(2)) });
const { key } = await hub.keys.create({ name: 'bench', ...demoCallers.desk, environment: 'test', expiresAt: new Date(Date.now() + 86_400_000) });
const { url } = await startStandaloneServer(new ApolloServer<GraphContext>({ schema }), {
  listen: { port: 0, host: '127.0.0.1' },
  context: async ({ req }) => {
    const caller = await hub.authenticate(req.headers, req.socket.remoteAddress ?? '');
    if (!caller || 'retryAt' in caller) throw new Error('unknown key');
    return hub.context({ caller, requestId: crypto.randomUUID(), signal: AbortSignal.timeout(8_000), headers: req.headers });
  },
});
process.send!({ ready: true, url, key });
