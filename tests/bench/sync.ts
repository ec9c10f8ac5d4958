// First load against COPY by psql of the same rows into the same tables: `npm run bench -- sync`, `PEOPLE=1000000 ROUNDS=1 npm run bench -- sync`.
// DATABASE_URL names a PostgreSQL server on which databases can be made; psql is found in the path. Records come from the world in memory, in batches as the feeds bring
// them, and making them is not counted: a mock's feed makes some three thousand records a second, which would be the thing measured.
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import { pino } from 'pino';
import postgres from 'postgres';
import { agencies } from '../../src/agencies/index.ts';
import { createWorld } from '../../src/agencies/world/world.ts';
import { readConfig, thresholdsOf } from '../../src/config.ts';
import type { AgencyRecord } from '../../src/domain/record.ts';
import { prepareShards, followUp } from '../../src/gaps/pass.ts';
import { createCrosswalk } from '../../src/identity/crosswalk.ts';
import { keepIndex } from '../../src/index/keep.ts';
import { openDatabase } from '../../src/store/database.ts';
import { createCrawlList } from '../../src/sync/crawl.ts';
import { createFollowing } from '../../src/sync/following.ts';
import { median } from './measure.ts';

const today = '2026-11-22';
const batchSize = 5_000;
const tables = ['worker', 'agency_record', 'identifier', 'link', 'indexed_worker', 'indexed_record', 'indexed_placement', 'indexed_coverage', 'indexed_health', 'indexed_case', 'indexed_stay', 'indexed_change'];
const feeds = ['BP2MI', 'BPJS_KETENAGAKERJAAN', 'PERWAKILAN'];

function* batches(people: number, agency: string): Iterable<AgencyRecord[]> {
  const world = createWorld({ seed: 1, size: people, today });
  let batch: AgencyRecord[] = [];
  for (let index = 0; index < people; index += 1) {
    for (const record of world.person(index).records) if (record.agency === agency) batch.push(record);
    if (batch.length < batchSize) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

interface Load {
  readonly linkS: number;
  readonly indexS: number;
  /** Processor time of the hub alone. */
  readonly hubS: number;
  readonly rows: number;
}

/** Loads by the hub's own path: batches as the reading of a feed saves them, then the following up. */
async function load(url: string, people: number, say: (line: string) => void): Promise<Load> {
  const database = await openDatabase({ url, connections: 3 });
  await prepareShards(database);
  const crosswalk = await createCrosswalk(database);
  let linkMs = 0;
  let hubS = 0;
  const spent = ({ user, system }: NodeJS.CpuUsage) => (user + system) / 1e6;
  for (const agency of feeds) {
    for (const batch of batches(people, agency)) {
      const began = performance.now();
      const cpu = process.cpuUsage();
      await database.transaction((q) => crosswalk.rememberIn(q, batch, new Date(), { defer: true, news: false }));
      linkMs += performance.now() - began;
      hubS += spent(process.cpuUsage(cpu));
    }
    say(`${agency} saved and linked, ${(linkMs / 1000).toFixed(1)} s`);
  }
  const order = agencies.map(({ name }) => name);
  const config = readConfig({});
  const rules = { agencies: agencies.map(({ name, holds }) => ({ name, holds })), thresholds: thresholdsOf(config), coverEndingDays: config.COVER_ENDING_DAYS };
  const following = createFollowing({
    database,
    followers: [
      { name: 'index', follow: async (q, workers, at) => void (await keepIndex(q, workers, order, at)) },
      { name: 'gaps', follow: (q, workers, at) => followUp(q, workers, rules, at) },
      createCrawlList(agencies.filter(({ name }) => !feeds.includes(name))),
    ],
    logger: pino({ level: 'silent' }),
    now: () => new Date(),
  });
  const began = performance.now();
  const cpu = process.cpuUsage();
  await following.drain();
  const indexS = (performance.now() - began) / 1000;
  hubS += spent(process.cpuUsage(cpu));
  say(`indexed, ${indexS.toFixed(1)} s`);
  let rows = 0;
  for (const table of tables) rows += (await database.run((q) => q.execute<{ n: number }>(sql`select count(*)::int as n from ${sql.identifier(table)}`)))[0]!.n;
  if ((await following.waiting()).changes > 0) throw new Error('the queue is not empty');
  await database.close();
  return { linkS: linkMs / 1000, indexS, hubS, rows };
}

function psql(url: string, ...commands: string[]): void {
  const done = spawnSync('psql', ['-X', '-q', '-v', 'ON_ERROR_STOP=1', url, ...commands.flatMap((command) => ['-c', command])], { encoding: 'utf8' });
  if (done.status !== 0) throw new Error(`psql: ${done.error?.message ?? done.stderr}`);
}

export async function sync(quick: boolean): Promise<string> {
  const server = process.env['DATABASE_URL'];
  if (!server) return 'DATABASE_URL must name a PostgreSQL server on which databases can be made.\n';
  const people = Number(process.env['PEOPLE'] ?? (quick ? 5_000 : 100_000));
  const rounds = Number(process.env['ROUNDS'] ?? (quick ? 1 : 3));
  const say = (line: string) => process.stderr.write(`${new Date().toISOString().slice(11, 19)} ${line}\n`);
  const folder = await mkdtemp(join(tmpdir(), 'payung-bench-'));
  const admin = postgres(server, { max: 1, onnotice: () => {} });
  const databaseUrl = (name: string) => Object.assign(new URL(server), { pathname: `/${name}` }).href;
  const fresh = async (name: string) => {
    await admin`drop database if exists ${admin(name)} with (force)`;
    await admin`create database ${admin(name)}`;
    return databaseUrl(name);
  };
  const ours: Load[] = [];
  const theirs: number[] = [];
  try {
    for (let round = 0; round < rounds; round += 1) {
      const from = await fresh('payung_bench_load');
      ours.push(await load(from, people, say));
      psql(from, ...tables.map((table) => `\\copy ${table} to '${join(folder, table)}'`));
      const to = await fresh('payung_bench_copy');
      await (await openDatabase({ url: to })).close();
      const began = performance.now();
      psql(to, ...tables.map((table) => `\\copy ${table} from '${join(folder, table)}'`));
      theirs.push((performance.now() - began) / 1000);
      say(`psql, ${theirs.at(-1)!.toFixed(1)} s`);
    }
  } finally {
    for (const name of ['payung_bench_load', 'payung_bench_copy']) await admin`drop database if exists ${admin(name)} with (force)`;
    await admin.end();
    await rm(folder, { recursive: true, force: true });
  }
  const { rows } = ours[0]!;
  const wholes = ours.map(({ linkS, indexS }) => linkS + indexS);
  const perSecond = (seconds: number) => Math.round(rows / seconds);
  const ratio = median(wholes.map((seconds, i) => theirs[i]! / seconds));
  return [
    `${people} people, ${rows} rows in ${tables.length} tables with their keys, indexes and triggers; medians of ${rounds} round(s), in turn; load ${loadavg()[0]!.toFixed(1)} at the end; the hub's own processor time ${median(ours.map(({ hubS }) => hubS)).toFixed(1)} s.`,
    '',
    '| | seconds | rows/s | ratio to psql |',
    '|---|---|---|---|',
    `| first load: save and link | ${median(ours.map(({ linkS }) => linkS)).toFixed(1)} | | |`,
    `| first load: index | ${median(ours.map(({ indexS }) => indexS)).toFixed(1)} | | |`,
    `| first load, whole | ${median(wholes).toFixed(1)} | ${perSecond(median(wholes))} | ${ratio.toFixed(2)} |`,
    `| COPY by psql of the same rows | ${median(theirs).toFixed(1)} | ${perSecond(median(theirs))} | 1 |`,
    '',
  ].join('\n');
}
