// Linking against an index of many people in PostgreSQL, through the hub's own path: the first load in bulk, then one changed record at a time.
// `npm run bench -- linkIndex`, `PEOPLE=100000 npm run bench -- linkIndex`; DATABASE_URL names an empty database, else an embedded one is started.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import { createWorld } from '../../src/agencies/world/world.ts';
import type { AgencyRecord } from '../../src/domain/record.ts';
import { personSchema } from '../../src/identity/attributes.ts';
import { createCrosswalk } from '../../src/identity/crosswalk.ts';
import { putInForce } from '../../src/identity/hub/model.ts';
import { link } from '../../src/identity/link.ts';
import { recordOf } from '../../src/identity/record.ts';
import { openDatabase } from '../../src/store/database.ts';
import { startEmbedded } from '../../src/store/embedded.ts';

const batchSize = 2_000;
const now = () => performance.now();

function* batches(size: number): Iterable<AgencyRecord[]> {
  const world = createWorld({ seed: 1, size, today: '2026-11-22' });
  let batch: AgencyRecord[] = [];
  for (let index = 0; index < size; index++) {
    batch.push(...world.person(index).records);
    if (batch.length >= batchSize) {
      yield batch;
      batch = [];
    }
  }
  yield batch;
}

export async function linkIndex(quick: boolean): Promise<string> {
  const people = Number(process.env.PEOPLE ?? (quick ? 5_000 : 1_000_000));
  await using parts = new AsyncDisposableStack();
  const dataDir = parts.adopt(await mkdtemp(join(tmpdir(), 'payung-bench-')), (folder) => rm(folder, { recursive: true, force: true }));
  const url = process.env.DATABASE_URL ?? parts.adopt(await startEmbedded({ dataDir }), (server) => server.stop()).url;
  const database = parts.adopt(await openDatabase({ url, connections: 3 }), (d) => d.close());
  const crosswalk = await createCrosswalk(database);

  const sample = createWorld({ seed: 4, size: 4_000, today: '2026-11-22' });
  const { model } = link(Array.from({ length: 4_000 }, (_, i) => sample.person(i).records.map(recordOf)).flat(), personSchema);
  await database.transaction((q) => putInForce(q, model, 12_000, new Date()));

  const say = (line: string) => process.stderr.write(`${(now() / 1000).toFixed(0)} s ${line}\n`);
  let loaded = 0;
  let spent = 0;
  for (const batch of batches(people)) {
    const began = now();
    await database.transaction((q) => crosswalk.rememberIn(q, batch, new Date(), { defer: true }));
    spent += now() - began;
    const before = loaded;
    loaded += batch.length;
    if (Math.floor(loaded / 50_000) > Math.floor(before / 50_000)) say(`${loaded} records, ${((1000 * loaded) / spent).toFixed(0)} a second`);
  }
  await database.run((q) => q.execute(sql`analyze`));
  const bulk = (1000 * loaded) / spent;
  const began = now();
  const pendingOf = 4_000;
  const stop = new AbortController();
  let looked = 0;
  while (looked < pendingOf) {
    looked += await crosswalk.linkPending({ batch: 200, signal: AbortSignal.any([stop.signal, AbortSignal.timeout(2_000)]) });
  }
  say(`bulk ${bulk.toFixed(0)}/s; pending ${((1000 * looked) / (now() - began)).toFixed(0)}/s`);
  return `${bulk} ${looked}`;
}
