import { readFileSync, readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { demoCallers } from '../../src/demo.ts';
import type { DemoCaller } from '../../src/demo.ts';
import { type Caller, type Scope, mayHave } from '../../src/access/scopes.ts';
import { createRecording } from '../../src/access/recording.ts';
import { sightOf } from '../../src/access/sight.ts';
import { usualTerms } from '../../src/access/terms.ts';
import { createTrail } from '../../src/access/trail.ts';
import type { GraphContext } from '../../src/graph/context.ts';
import { createOpaque } from '../../src/graph/opaque.ts';
import { schema } from '../../src/graph/schema.ts';
import { defaultOptions } from '../../src/protection/input.ts';
import { createGapReader } from '../../src/index/lists/gaps.ts';
import { createIndexed } from '../../src/records/indexed.ts';
import { type Keeper, createKeeper } from '../../src/records/keeper.ts';
import { createRecords } from '../../src/records/reader.ts';
import { createReferrals } from '../../src/referrals/referrals.ts';
import { expectSameAnswers } from '../support/differential.ts';
import { type TestHub, startTestHub } from '../support/hub.ts';

let hub: TestHub;
let keeper: Keeper;
let context: (as: DemoCaller) => GraphContext;
beforeAll(async () => {
  hub = await startTestHub({ people: 100 });
  await hub.hub.assessing.run();
  const { agencies, crosswalk } = hub.hub;
  const now = (): Date => new Date('2026-11-22T00:00:00Z');
  keeper = createKeeper(crosswalk);
  const records = createRecords({ agencies, crosswalk, keeper, cacheMs: 0, now });
  const opaque = createOpaque(new Uint8Array(32));
  context = (as) => {
    const scopes: ReadonlySet<Scope> = new Set(demoCallers[as].scopes);
    const caller: Caller = { kind: 'KEY', name: as, id: 'test', scopes, bounds: demoCallers[as].bounds, purposes: null, environment: 'test', ...usualTerms };
    return {
      caller,
      requestId: 'differential',
      now: now(),
      today: '2026-11-22',
      agencies,
      keys: hub.hub.keys,
      usualLimits: { requestsPerMinute: 1, costPerMinute: 1, concurrent: 1, personsPerDay: 1 },
      audit: hub.hub.audit,
      restrictions: hub.hub.restrictions,
      progress: async () => ({ agencies: new Map(), followUp: { changes: 0, since: null } }),
      trail: createTrail({ caller, requestId: 'differential', purpose: null, caseReference: null, client: { name: null, version: null } }),
      recording: createRecording(hub.hub.audit),
      foretelling: null,
      statement: { purpose: 'SERVICE', caseReference: null, fault: null },
      opaque,
      thresholds: defaultOptions,
      events: { log: hub.hub.events, hearing: hub.hub.telling.hearing },
      webhooks: hub.hub.telling.webhooks,
      referrals: createReferrals(hub.hub.database),
      stream: null,
      use: { estimate: null, admission: null, retryAt: null },
      shared: new Map(),
      links: hub.hub.links,
      lists: hub.hub.lists,
      gaps: createGapReader(hub.hub.database),
      statistics: hub.hub.statistics,
      search: hub.hub.search,
      exports: hub.hub.exporting.exports,
      indexed: createIndexed({ database: hub.hub.database, agencies, restricted: new Set() }).forRequest({ may: (facet) => mayHave(scopes, facet), sight: sightOf(caller), onRead: () => undefined }),
      indexedThrough: async () => null,
      missingScopes: new Set(),
      metRestriction: false,
      reader: records.forRequest({ requestId: 'differential', may: (facet) => mayHave(scopes, facet), sight: sightOf(caller) }),
    };
  };
});
afterAll(async () => {
  await keeper.close();
  await hub[Symbol.asyncDispose]();
});

const folder = new URL('../../schema/operations/', import.meta.url);
const files = readdirSync(folder).filter((file) => file.endsWith('.graphql'));

describe('graphql-jit answers every ready-made operation as graphql-js does', () => {
  for (const file of files) {
    it.each(['admin', 'desk', 'analyst', 'partner'] as const)(`${file} for %s`, async (as) => {
      const niks = [0, 1, 2, 3, 40, 41].map((index) => ({ nik: hub.world.person(index).truth.nik }));
      const first = await hub.ask('query ($by: WorkerKey!) { worker(by: $by) { id } }', { by: niks[0] });
      const id = (first.data as { worker: { id: string } | null }).worker!.id;
      const query = readFileSync(new URL(file, folder), 'utf8');
      const many = /\$by: \[WorkerKey!\]!/.test(query);
      const variables = { ...(query.includes('$by') && { by: many ? niks : niks[0] }), ...(query.includes('$id') && { id }), ...(query.includes('$on') && { on: '2026-01-01' }) };
      const answer = await expectSameAnswers(schema, { query, variables, moving: ['latencyMs', 'lastSuccessAt', 'cursor', 'startCursor', 'endCursor'] }, () => context(as), { trustLeaves: true });
      expect(answer.data).toBeTruthy();
    });
  }
});
