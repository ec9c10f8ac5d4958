// Learns from the whole index who is who, and links all records anew: `npm run link:all`.
import { parseArgs } from 'node:util';
import { ConfigError, readConfig } from '../src/config.ts';
import { createCrosswalk } from '../src/identity/crosswalk.ts';
import { relinkAll } from '../src/identity/hub/relink.ts';
import { openDatabase } from '../src/store/database.ts';
import { reachDatabase } from '../src/store/reach.ts';

const help = `npm run link:all -- [--keep-model] [--least 200]

Learns a model from the records in the hub's index, puts it in force, and links every record anew. What stewards have decided stays. It may be stopped at any
time and started again; run twice, it changes nothing. New records are then linked by the model as they come.
The database is the one of DATABASE_URL, else the embedded one of DATA_DIR (./data), whether or not a hub runs.

--keep-model   use the model in force instead of learning a new one
--least        records below which nothing can be learned, and the exact rule stays in force (default 200)
`;

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { 'keep-model': { type: 'boolean', default: false }, least: { type: 'string', default: '200' }, help: { type: 'boolean', default: false } } });
  if (values.help) {
    process.stdout.write(help);
    return;
  }
  if (!/^\d{1,6}$/.test(values.least)) throw new ConfigError('--least is a whole number');
  const config = readConfig(process.env);
  await using parts = new AsyncDisposableStack();
  const server = parts.adopt(await reachDatabase({ databaseUrl: config.DATABASE_URL, dataDir: config.DATA_DIR }), (s) => s.stop());
  const database = parts.adopt(await openDatabase({ url: server.url, connections: 3 }), (d) => d.close());
  const crosswalk = await createCrosswalk(database);
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort());
  const began = performance.now();
  const report = await relinkAll({
    database, crosswalk, keepModel: values['keep-model'], leastRecords: Number(values.least), signal: stop.signal,
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
