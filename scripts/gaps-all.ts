// Assesses everybody by the index: `npm run gaps:all`.
import { parseArgs } from 'node:util';
import { agencies } from '../src/agencies/index.ts';
import { readConfig, thresholdsOf } from '../src/config.ts';
import { assessAll } from '../src/gaps/all.ts';
import { reachDatabase } from '../src/store/reach.ts';

const help = `npm run gaps:all

Assesses every worker by the records in the hub's index, on all cores. The hub does so by itself, at a slower pace, whenever a day begins or thresholds change;
this is for those who do not want to wait. It may be stopped at any time and started again, and a hub may run meanwhile.
The database is the one of DATABASE_URL, else the embedded one of DATA_DIR (./data), whether or not a hub runs.
`;

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { help: { type: 'boolean', default: false } } });
  if (values.help) {
    process.stdout.write(help);
    return;
  }
  const config = readConfig(process.env);
  await using parts = new AsyncDisposableStack();
  const server = parts.adopt(await reachDatabase({ databaseUrl: config.DATABASE_URL, dataDir: config.DATA_DIR }), (s) => s.stop());
  const total = { workers: 0, opened: 0, closed: 0, changed: 0 };
  const began = performance.now();
  await assessAll({
    url: server.url, agencies, thresholds: thresholdsOf(config), coverEndingDays: config.COVER_ENDING_DAYS, records: 4_000,
    onStep: (step) => {
      for (const name of ['workers', 'opened', 'closed', 'changed'] as const) total[name] += step[name];
    },
  });
  process.stdout.write(`${total.workers} workers assessed in ${((performance.now() - began) / 1000).toFixed(1)} s: ${total.opened} gaps opened, ${total.closed} closed, ${total.changed} changed.\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message.split('\n')[0] : 'unknown fault'}\n`);
  process.exitCode = 1;
});
