// Files all records of a filled database under the keys of the starting model, at once: what `npm run link:all` does record by record in the hub, in minutes instead of hours.
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { sql } from 'drizzle-orm';
import { keyLimit } from '../../src/identity/hub/filing.ts';
import { createModelKeeper, putInForce } from '../../src/identity/hub/model.ts';
import { placedRow, type PlacedRow } from '../../src/identity/hub/neighbours.ts';
import { readStartingModel } from '../../src/identity/starting/install.ts';
import { copyRows } from '../../src/store/copy.ts';
import { type Database, openDatabase } from '../../src/store/database.ts';

/** Puts the starting model in force where none is. */
export async function putStartingModel(database: Database): Promise<void> {
  const [there] = await database.run((q) => q.execute(sql`select 1 from link_model where in_force`));
  if (there) return;
  const starting = await readStartingModel();
  const [count] = await database.run((q) => q.execute<{ records: number }>(sql`select count(*)::int as records from agency_record`));
  await database.transaction((q) => putInForce(q, starting, count!.records, new Date()));
}

const processes = 2;
const recordsAtOnce = 2_000;

/** Files what is pending. The keys are collected in a table of their own, since to add to them one record at a time costs most. */
export async function fileAllKeys(url: string, database: Database): Promise<void> {
  await database.run((q) => q.execute(sql`drop table if exists bench_key`));
  await database.run((q) => q.execute(sql`create unlogged table bench_key (key bigint not null, number bigint not null)`));
  await Promise.all(Array.from({ length: processes }, (_, share) => {
    const child = fork(fileURLToPath(import.meta.url), [], { env: { ...process.env, KEYS_OF: JSON.stringify({ url, share }) } });
    return new Promise<void>((resolve, reject) => {
      child.on('error', reject);
      child.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`a process that makes keys ended with ${code}`))));
    });
  }));
  await database.transaction(async (q) => {
    await q.execute(sql`set local work_mem = '1GB'`);
    // As `fileKeys` leaves them: no more of a key's records than tell that it is too common.
    await q.execute(sql`insert into blocking_key (key, records) select key, (array_agg(number))[1:${sql.raw(String(keyLimit + 1))}] from bench_key group by key order by key`);
    await q.execute(sql`truncate link_pending`);
    await q.execute(sql`drop table bench_key`);
  });
  await database.run((q) => q.execute(sql`vacuum analyze blocking_key`));
}

/** Makes the keys of every other batch of pending records. */
async function makeKeys(url: string, share: number): Promise<void> {
  const database = await openDatabase({ url, connections: 2 });
  const models = createModelKeeper();
  const inForce = await database.run((q) => models.current(q));
  const [ends] = await database.run((q) => q.execute<{ first: string | null; last: string | null }>(sql`select min(number) as first, max(number) as last from link_pending`));
  for (let from = Number(ends!.first ?? 0) + share * recordsAtOnce; from <= Number(ends!.last ?? -1); from += processes * recordsAtOnce) {
    const rows = await database.run((q) => q.execute<PlacedRow>(sql`
      select r.number, r.worker_id, r.agency, r.record_id, r.body -> 'person' as person from agency_record r join link_pending p on p.number = r.number where r.number >= ${from} and r.number < ${from + recordsAtOnce}`));
    const keys = function* () {
      for (const row of rows) for (const key of inForce!.matcher.keys(placedRow(row).record)) yield [key, row.number] as const;
    };
    await database.transaction((q) => copyRows(q, 'bench_key', ['key', 'number'], keys()));
  }
  await database.close();
}

if (import.meta.main) {
  const { url, share } = JSON.parse(process.env['KEYS_OF']!) as { url: string; share: number };
  await makeKeys(url, share);
}
