// Apollo Server as its documentation sets it up (standalone, graphql-js, cacheControl on), over the same schema and the same records.
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { demoCallers } from '../../../src/demo.ts';
import { createKeys, presentedKey } from '../../../src/access/keys.ts';
import { facetScope, type Scope } from '../../../src/access/scopes.ts';
import { readConfig } from '../../../src/config.ts';
import { defaultLimits } from '../../../src/agencies/transport/transport.ts';
import { todayInJakarta } from '../../../src/domain/time.ts';
import type { GraphContext } from '../../../src/graph/context.ts';
import { createOpaque } from '../../../src/graph/opaque.ts';
import { schema } from '../../../src/graph/schema.ts';
import { createCrosswalk } from '../../../src/identity/crosswalk.ts';
import { createKeeper } from '../../../src/records/keeper.ts';
import { createRecords } from '../../../src/records/reader.ts';
import { openDatabase } from '../../../src/store/database.ts';

const config = readConfig(process.env);
const urls = JSON.parse(process.env.BENCH_URLS!) as Record<string, string>;
const database = await openDatabase({ url: config.DATABASE_URL! });
const crosswalk = await createCrosswalk(database);
const agencies = config.agencies.map(({ definition, settings }) => definition.open({ url: urls[definition.name]!, mock: true, settings, limits: defaultLimits }));
const records = createRecords({ agencies, crosswalk, keeper: createKeeper(crosswalk), cacheMs: config.CACHE_MS });
const keys = createKeys(database);
const key = await keys.create({ name: 'bench', scopes: demoCallers.desk, environment: 'test', expiresAt: new Date(Date.now() + 86_400_000) });
const opaque = createOpaque(new Uint8Array(32));
const { url } = await startStandaloneServer(new ApolloServer<GraphContext>({ schema }), {
  listen: { port: 0, host: '127.0.0.1' },
  context: async ({ req }) => {
    const caller = (await keys.identify(presentedKey(req.headers) ?? ''))!;
    const requestId = crypto.randomUUID();
    return { caller, requestId, now: new Date(), today: todayInJakarta(new Date()), agencies, opaque, missingScopes: new Set<Scope>(), reader: records.forRequest({ requestId, may: (facet) => caller.scopes.has(facetScope[facet]) }) };
  },
});
process.send!({ ready: true, url, key });
