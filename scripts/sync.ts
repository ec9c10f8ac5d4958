// Reads the agencies' change feeds into the hub's index: `npm run sync`.
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { pino } from 'pino';
import { createRestrictions } from '../src/access/restrictions.ts';
import type { Agency } from '../src/agencies/agency.ts';
import { type Config, ConfigError, readConfig } from '../src/config.ts';
import { limitsOf } from '../src/hub.ts';
import { createCrosswalk } from '../src/identity/crosswalk.ts';
import { createKeepingUp } from '../src/keepingUp.ts';
import { createLogger } from '../src/logger.ts';
import { openDatabase } from '../src/store/database.ts';
import { reachDatabase } from '../src/store/reach.ts';
import { createProgress } from './syncProgress.ts';

const help = `npm run sync -- [--agency NAME] [--watch] [--accept-removals]

Reads every agency's change feed to its end, from where the last reading stopped, and brings the index up to it. It may be stopped or killed at any moment and started
again, and run beside a hub: nothing is lost and nothing doubled. Progress goes to standard error, the result to standard output.
The database is the one of DATABASE_URL, else the embedded one of DATA_DIR (./data), whether or not a hub runs. An agency without AGENCY_<NAME>_URL is its mock, which
runs with the hub or with npm run mocks.

--agency           only this one; may be given several times. One without a feed is asked about the workers that are due, at its pace and within its quota
--watch            reads again every SYNC_INTERVAL_MS, until Ctrl-C
--accept-removals  removes what an agency says it has deleted although it is more than SYNC_MAX_REMOVAL_SHARE of its records: after you have looked

It ends with 0 when all feeds are at their ends, 1 where something failed, 3 where removals wait for your word.
`;

/** How it ends where removals wait. */
const removalsWait = 3;

function openAgencies(config: Config, names: readonly string[], parts: AsyncDisposableStack): Agency[] {
  const unknown = names.filter((name) => !config.agencies.some(({ definition }) => definition.name === name));
  if (unknown.length > 0) throw new ConfigError(`--agency: there is no ${unknown.join(', ')}; there are ${config.agencies.map(({ definition }) => definition.name).join(', ')}`);
  return config.agencies.map(({ definition, url, mockPort, settings }) =>
    parts.adopt(definition.open({ url: url ?? `http://127.0.0.1:${mockPort}`, mock: url === undefined, settings, limits: limitsOf(config) }), (agency) => agency.close()));
}

async function main(): Promise<void> {
  const flag = { type: 'boolean', default: false } as const;
  const { values } = parseArgs({ options: { agency: { type: 'string', multiple: true, default: [] }, watch: flag, 'accept-removals': flag, help: flag } });
  if (values.help) {
    process.stdout.write(help);
    return;
  }
  const config = readConfig(process.env);
  await using parts = new AsyncDisposableStack();
  const server = parts.adopt(await reachDatabase({ databaseUrl: config.DATABASE_URL, dataDir: config.DATA_DIR }), (s) => s.stop());
  const database = parts.adopt(await openDatabase({ url: server.url, connections: 6 }), (d) => d.close());
  const all = openAgencies(config, values.agency, parts);
  const chosen = values.agency.length === 0 ? all.filter((agency) => agency.changes) : all.filter(({ name }) => values.agency.includes(name));

  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
  const { workers: restricted } = await createRestrictions(database);
  const crosswalk = await createCrosswalk(database);
  const keepingUp = await createKeepingUp({
    config, database, crosswalk, agencies: all, restricted, acceptRemovals: values['accept-removals'], logger: createLogger(config.LOG_LEVEL, pino.destination(2)), now: () => new Date(),
  });
  const { syncing, crawling, following } = keepingUp;
  stop.signal.addEventListener('abort', () => void Promise.all([syncing.close(), crawling.close(), following.close()]));
  const only = chosen.map(({ name }) => name);
  const progress = createProgress((line) => process.stderr.write(`${line}\n`));

  for (;;) {
    const results = await syncing.run(progress.page, only);
    await crawling.run(progress.step, only);
    if (!stop.signal.aborted) progress.indexed(await following.drain());
    for (const line of progress.summary(results, new Set(all.filter(({ mock }) => mock).map(({ name }) => name)))) process.stdout.write(`${line}\n`);
    const ends = [...results.values()];
    process.exitCode = progress.failed || ends.some(({ failure }) => failure !== null) ? 1 : ends.some(({ held }) => held > 0) ? removalsWait : 0;
    if (!values.watch || stop.signal.aborted) break;
    await pause(Math.max(1_000, config.SYNC_INTERVAL_MS), undefined, { signal: stop.signal }).catch(() => {});
    if (stop.signal.aborted) break;
  }
  // What the model has yet to look at waits for the hub, or for link:all.
  await syncing.close();
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message.split('\n')[0] : 'unknown fault'}\n`);
  process.exitCode = 1;
});
