import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { type TestHub, startTestHub } from '../support/hub.ts';

const feeds = ['BP2MI', 'BPJS_KETENAGAKERJAAN', 'PERWAKILAN'];
const node = process.execPath;
const script = fileURLToPath(new URL('../../scripts/sync.ts', import.meta.url));

/** Everything that a reading leaves behind, without what differs from run to run: workers go by the first of their records. */
const contents = {
  records: `select agency, record_id, body, first from agency_record join leader using (worker_id) order by 1, 2`,
  numbers: `select agency, record_id, kind, value, position, first from identifier join leader using (worker_id) order by 1, 2, 3, 4`,
  links: `select agency, record_id, evidence, first from link join leader using (worker_id) where valid_to is null order by 1, 2`,
  ended: `select count(*)::int from link where valid_to is not null`,
  workers: `select count(*)::int from worker`,
  state: `select agency, cursor, caught_up, pages, rejected, outcome, first_caught_up_at is not null as first from sync_state order by 1`,
  waiting: `select (select count(*)::int from changed_worker) as changed, (select count(*)::int from sync_removal) as removals, (select count(*)::int from event_inbox) as events`,
  people: `select agencies, name, first from indexed_worker join leader using (worker_id) where recorded_to is null order by first`,
  placements: `select agency, record_id, key, stage, country, first from indexed_placement join leader using (worker_id) where recorded_to is null order by 1, 2, 3`,
  coverages: `select agency, record_id, key, status, covers_from, first from indexed_coverage join leader using (worker_id) where recorded_to is null order by 1, 2, 3`,
};

async function contentOf(url: string): Promise<Record<string, readonly unknown[]>> {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  try {
    const rows: [string, readonly unknown[]][] = [];
    for (const [name, query] of Object.entries(contents)) {
      rows.push([name, [...await sql.unsafe(`with leader as (select worker_id, min(agency || ' ' || record_id) as first from agency_record group by 1) ${query}`)]]);
    }
    return Object.fromEntries(rows);
  } finally {
    await sql.end();
  }
}

describe('npm run sync', () => {
  let hub: TestHub;
  let store: TestDatabase;
  let sql: postgres.Sql;
  beforeAll(async () => {
    hub = await startTestHub({ people: 2_500, sync: false });
    store = await testDatabase();
    sql = postgres(store.url, { max: 1, onnotice: () => {} });
  }, 60_000);
  afterAll(async () => {
    await sql.end();
    await store.drop();
    await hub[Symbol.asyncDispose]();
  });

  function start(agency: string, more: string[] = []): { child: ChildProcess; said: () => string; told: () => string } {
    const urls = Object.fromEntries(Object.entries(hub.mocks).map(([name, mock]) => [`AGENCY_${name}_URL`, mock.url]));
    // A page is a transaction, so that there is a middle to be killed in.
    const child = spawn(node, [script, '--agency', agency, ...more], { env: { ...process.env, ...urls, DATABASE_URL: store.url, SYNC_BATCH: '1', CRAWL_PER_SECOND: '1000' }, stdio: ['ignore', 'pipe', 'pipe'] });
    const [out, err]: string[][] = [[], []];
    child.stdout!.on('data', (chunk) => out!.push(String(chunk)));
    child.stderr!.on('data', (chunk) => err!.push(String(chunk)));
    return { child, said: () => out!.join(''), told: () => err!.join('') };
  }
  const ended = async ({ child, told }: ReturnType<typeof start>) => {
    const [code] = child.exitCode === null ? ((await once(child, 'close')) as [number | null]) : [child.exitCode];
    return { code, told: told() };
  };
  const count = async (agency: string) => {
    const [row] = await sql<{ n: number }[]>`select count(*)::int as n from agency_record where agency = ${agency}`.catch(() => [{ n: 0 }]);
    return row!.n;
  };

  it('loses and doubles nothing, however often it is killed', async () => {
    // What an uninterrupted reading leaves, agency by agency.
    for (const agency of feeds) await hub.hub.syncing.run(undefined, [agency]);
    await hub.hub.following.drain();
    const whole = await contentOf(hub.databaseUrl);

    let middles = 0;
    for (const [place, agency] of feeds.entries()) {
      hub.mocks[agency]!.faults.set({ slowMs: 150 });
      for (let kills = 0; kills < (place === 0 ? 3 : 1); kills += 1) {
        const run = start(agency);
        const before = await count(agency);
        while ((await count(agency)) <= before && run.child.exitCode === null) await new Promise((resolve) => setTimeout(resolve, 5));
        run.child.kill('SIGKILL');
        await once(run.child, 'close');
        const after = await count(agency);
        if (after > 0 && after < hub.world.size / 2) middles += 1;
      }
      hub.mocks[agency]!.faults.reset();
      expect(await ended(start(agency))).toMatchObject({ code: 0 });
    }
    expect(middles).toBeGreaterThan(1);
    // Row by row: of thousands that are held against each other at once, it is not told which differ.
    const left = await contentOf(store.url);
    for (const [name, rows] of Object.entries(whole)) {
      const [wanted, found] = [rows, left[name]!].map((some) => some.map((row) => JSON.stringify(row)));
      expect({ name, missing: wanted!.filter((row, i) => row !== found![i]), extra: found!.filter((row, i) => row !== wanted![i]) }).toEqual({ name, missing: [], extra: [] });
    }
  }, 240_000);

  it('says what it did, and stops for removals until a human has looked', async () => {
    const ids = (await sql<{ id: string }[]>`select record_id as id from agency_record where agency = 'BP2MI' order by 1`).map(({ id }) => id);
    for (const id of ids.slice(0, 300)) hub.mocks['BP2MI']!.book.remove(id);
    const first = start('BP2MI');
    expect(await ended(first)).toMatchObject({ code: 3 });
    expect(first.said()).toMatch(/BP2MI +REMOVALS_HELD: 0 records saved, 0 removed; 300 removals wait/);
    expect(await count('BP2MI')).toBe(ids.length);
    const second = start('BP2MI', ['--accept-removals']);
    expect(await ended(second)).toMatchObject({ code: 0 });
    expect(second.said()).toMatch(/BP2MI +CAUGHT_UP: 0 records saved, 300 removed/);
    expect(await count('BP2MI')).toBe(ids.length - 300);
  }, 120_000);

  it('asks about the workers who are due at an agency without a feed', async () => {
    const run = start('BPJS_KESEHATAN');
    expect(await ended(run)).toMatchObject({ code: 0 });
    expect(run.said()).toMatch(/BPJS_KESEHATAN +asked about 2\d{3} workers, \d{4} records found/);
  }, 120_000);

  it('says what failed, and which agencies there are', async () => {
    hub.mocks['PERWAKILAN']!.faults.set({ down: true });
    const down = start('PERWAKILAN');
    expect(await ended(down)).toMatchObject({ code: 1 });
    expect(down.said()).toMatch(/PERWAKILAN +AGENCY_UNREACHABLE: 0 records saved/);
    expect(await ended(start('NOBODY'))).toEqual({ code: 1, told: '--agency: there is no NOBODY; there are BP2MI, BPJS_KETENAGAKERJAAN, BPJS_KESEHATAN, PERWAKILAN\n' });
  }, 120_000);
});
