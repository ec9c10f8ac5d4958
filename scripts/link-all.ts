// Links all records of the index anew, and learns a model where there is none: `npm run link:all`.
import { parseArgs } from 'node:util';
import { ConfigError, readConfig } from '../src/config.ts';
import { createCrosswalk } from '../src/identity/crosswalk.ts';
import { relinkAll } from '../src/identity/hub/relink.ts';
import { openDatabase } from '../src/store/database.ts';
import { reachDatabase } from '../src/store/reach.ts';

const help = `npm run link:all -- [--relearn] [--least 200] [--most 50000]

Links every record in the hub's index anew, by the model in force; where there is none, one is learned from the records first. What stewards have decided stays.
It may be stopped at any time and started again: it goes on where it was. Run twice, it changes nothing.
The database is the one of DATABASE_URL, else the embedded one of DATA_DIR (./data), whether or not a hub runs.

--relearn   learn a model from the records although one is in force
--least     records below which nothing can be learned (default 200)
--most      records that are learned from, at most; they are held in memory, some 10 kB each (default 50000)
`;

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { relearn: { type: 'boolean', default: false }, least: { type: 'string', default: '200' }, most: { type: 'string', default: '50000' }, help: { type: 'boolean', default: false } } });
  if (values.help) {
    process.stdout.write(help);
    return;
  }
  for (const name of ['least', 'most'] as const) if (!/^\d{1,7}$/.test(values[name])) throw new ConfigError(`--${name} is a whole number`);
  const config = readConfig(process.env);
  await using parts = new AsyncDisposableStack();
  const server = parts.adopt(await reachDatabase({ databaseUrl: config.DATABASE_URL, dataDir: config.DATA_DIR }), (s) => s.stop());
  const database = parts.adopt(await openDatabase({ url: server.url, connections: 3 }), (d) => d.close());
  const crosswalk = await createCrosswalk(database);
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort());
  const began = performance.now();
  const report = await relinkAll({
    database, crosswalk, relearn: values.relearn, leastRecords: Number(values.least), mostRecords: Number(values.most), signal: stop.signal,
    onStage: (stage) => process.stderr.write(`${((performance.now() - began) / 1000).toFixed(1).padStart(7)} s  ${stage}\n`),
  });
  const { records, workers, model } = report;
  process.stdout.write(model === null
    ? `${records} records are too few to learn from: the exact rule stays in force.\n`
    : `model ${model}: ${records} records of ${workers} workers; ${report.moved} records moved, ${report.merged} workers merged, ${report.split} split off, ${report.weighed} links weighed; ${report.opened} reviews opened, ${report.closed} closed${report.stopped ? '; stopped before the end: run it again to go on' : ''}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message.split('\n')[0] : 'unknown fault'}\n`);
  process.exitCode = 1;
});
