// `npm run bench` runs every benchmark, `npm run bench -- live` one of them, with `--quick` for a trial; `--rounds=4 --seconds=4 --warm-up=8` shorten those that
// measure in rounds. Prints markdown for docs/benchmarks.md.
import { spawnSync } from 'node:child_process';
import { cpus, loadavg } from 'node:os';
import { linkIncremental } from './link-incremental.ts';
import { linkIndex } from './link-index.ts';
import { abuse } from './abuse.ts';
import { access } from './access.ts';
import { assessAllBench } from './assess-all.ts';
import { beside } from './beside.ts';
import { exportsBench } from './exports.ts';
import { kill } from './kill.ts';
import { lists } from './lists.ts';
import { live } from './live.ts';
import { type Pace, paces } from './measure.ts';
import { statisticsBench } from './statistics.ts';
import { startUp } from './start-up.ts';
import { sync } from './sync.ts';
import { webhooksBench } from './webhooks.ts';

const benches: Record<string, (quick: boolean, pace: Pace) => Promise<string>> = { abuse, access, assessAll: assessAllBench, beside, exports: exportsBench, kill, lists, live, startUp, webhooks: webhooksBench, linkIncremental, linkIndex, sync, statistics: statisticsBench };
/** Those that measure a server against a client of its own: the client has the second core, the server the first. All others have all cores. */
const against = new Set(['abuse', 'access', 'lists', 'live']);
const asked = process.argv.slice(2).filter((word) => !word.startsWith('--'));
const quick = process.argv.includes('--quick');
const usual = quick ? paces.quick : paces.full;
const number = (name: string, otherwise: number) => Number(process.argv.find((word) => word.startsWith(`--${name}=`))?.split('=')[1] ?? otherwise);
const pace: Pace = { rounds: number('rounds', usual.rounds), seconds: number('seconds', usual.seconds), warmUp: number('warm-up', usual.warmUp) };
const unknown = asked.filter((name) => !(name in benches));
if (unknown.length > 0) {
  process.stderr.write(`No benchmark ${unknown.join(', ')}. There are: ${Object.keys(benches).join(', ')}.\n`);
  process.exit(2);
}
process.stdout.write(`${new Date().toISOString()}, Node ${process.versions.node}, ${cpus().length} x ${cpus()[0]?.model.trim()}, load average ${loadavg()[0]!.toFixed(1)}, ${pace.rounds} rounds of ${pace.seconds} s\n\n`);
for (const name of asked.length > 0 ? asked : Object.keys(benches)) {
  spawnSync('taskset', ['-a', '-p', '-c', against.has(name) ? '1' : `0-${cpus().length - 1}`, String(process.pid)]);
  process.stdout.write(`## ${name}\n\n${await benches[name]!(quick, pace)}\n`);
}
process.exit(0);
