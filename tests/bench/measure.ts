import { type ChildProcess, fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import autocannon from 'autocannon';

/** A server under test in a process of its own, pinned to the first core; the client has the other. */
export interface Subject {
  readonly name: string;
  readonly url: string;
  readonly body: string;
  readonly headers: Record<string, string>;
  readonly child: ChildProcess;
}

export interface Round {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  /** Processor time of the server per request, microseconds. Near a million divided by perSecond when the server is what limits. */
  readonly cpuUs: number;
}

/** How long the servers of a table are measured. */
export interface Pace {
  readonly rounds: number;
  /** Of one round against one server. */
  readonly seconds: number;
  /** Seconds before the first round, for each server. */
  readonly warmUp: number;
}

/** The pace of a table that goes into the docs, and that of a trial. */
export const paces: { readonly full: Pace; readonly quick: Pace } = { full: { rounds: 15, seconds: 2, warmUp: 15 }, quick: { rounds: 1, seconds: 2, warmUp: 2 } };

/** Servers that are the hub, or the hub without a part. */
const hubs = new Set(['hub.ts', 'open.ts']);
const { scripts } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { readonly scripts: { readonly start: string } };
/** The flags with which `npm start` runs the hub: it is measured with the same. */
const hubFlags = scripts.start.split(' ').filter((word) => word.startsWith('--'));

/** Starts a bench process on a core, or on some as `taskset` takes them, and waits for its first message. */
export async function startProcess<T>(file: string, cores: number | string, environment: Record<string, string>): Promise<{ child: ChildProcess; ready: T }> {
  const child = fork(fileURLToPath(new URL(`servers/${file}`, import.meta.url)), [], { execArgv: hubs.has(file) ? hubFlags : [], env: { ...process.env, ...environment }, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const { spawnSync } = await import('node:child_process');
  spawnSync('taskset', ['-a', '-p', '-c', String(cores), String(child.pid)]);
  const ready = await new Promise<T>((resolve, reject) => {
    child.once('message', (message) => resolve(message as T));
    child.once('exit', (code) => reject(new Error(`${file} ended with ${code}`)));
  });
  return { child, ready };
}

/** Sends a message to a bench process and waits for its answer. */
export function tell<T>(child: ChildProcess, message: object): Promise<T> {
  return new Promise((resolve) => {
    child.once('message', (answer) => resolve(answer as T));
    child.send(message);
  });
}

/** Processor time that a process has used, microseconds (Linux counts it in hundredths of a second). */
function cpuTime(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10_000;
}

/** One round against one server. Fails when any answer is not a 200. */
export async function measure(subject: Subject, connections: number, seconds: number): Promise<Round> {
  const before = cpuTime(subject.child.pid!);
  const options = { url: subject.url, method: 'POST', headers: { 'content-type': 'application/json', ...subject.headers }, body: subject.body, connections, duration: seconds } as const;
  // Its own quantiles are in whole milliseconds.
  const latencies: number[] = [];
  const result = await new Promise<autocannon.Result>((resolve, reject) => {
    autocannon(options, (error: Error | null, ended) => (error ? reject(error) : resolve(ended))).on('response', (_client, _status, _bytes, ms) => latencies.push(ms));
  });
  if (result.non2xx > 0 || result.errors > 0) throw new Error(`${subject.name}: ${result.non2xx} answers other than 2xx, ${result.errors} errors`);
  const requests = result.requests.total;
  return { perSecond: requests / result.duration, p50Ms: median(latencies), p95Ms: quantile(latencies, 0.95), cpuUs: (cpuTime(subject.child.pid!) - before) / requests };
}

export const quantile = (values: readonly number[], share: number) => values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))]!;

export const median = (values: readonly number[]) => quantile(values, 0.5);

/** Requests after which the compiler has settled, by experience; a loaded machine does not get there within the seconds of a warm-up. */
const settledAfter = 4_000;
const warmed = new WeakMap<ChildProcess, number>();

/** Warms a server up for some seconds, and again, at most four times as long, until it has answered enough requests in its life. */
async function warm(subject: Subject, connections: number, seconds: number): Promise<void> {
  // One connection would never get there.
  const turns = connections > 1 ? 4 : 1;
  for (let turn = 0; turn === 0 || (turn < turns && warmed.get(subject.child)! < settledAfter); turn += 1) {
    const { perSecond } = await measure(subject, connections, seconds);
    warmed.set(subject.child, (warmed.get(subject.child) ?? 0) + perSecond * seconds);
  }
}

/** All rounds of each server, in turn, so that whatever else the machine does falls on all alike. */
export type Rounds = ReadonlyMap<string, readonly Round[]>;

export async function interleave(subjects: readonly Subject[], options: Pace & { readonly connections: number }): Promise<Rounds> {
  const all = new Map<string, Round[]>(subjects.map((subject) => [subject.name, []]));
  for (const subject of subjects) await warm(subject, options.connections, options.warmUp);
  for (let round = 0; round < options.rounds; round += 1) {
    // Each round in another order.
    const order = subjects.map((_, i) => subjects[(i + round) % subjects.length]!);
    for (const subject of order) all.get(subject.name)!.push(await measure(subject, options.connections, options.seconds));
  }
  return all;
}

/** The rounds of several starts of the same servers as those of one. */
export function together(starts: readonly Rounds[]): Rounds {
  return new Map([...starts[0]!.keys()].map((name) => [name, starts.flatMap((rounds) => rounds.get(name)!)]));
}

/** A markdown table of medians. A ratio is the median of the rounds' ratios: the machine changes its speed, and a round of one server only compares with the same round of another. */
export function table(title: string, results: Rounds, reference: string): string {
  const base = results.get(reference)!;
  const rows = [...results].map(([name, rounds]) => {
    const of = (figure: (round: Round) => number) => median(rounds.map(figure));
    const ratio = (figure: (round: Round) => number) => median(rounds.map((round, i) => figure(round) / figure(base[i]!))).toFixed(2);
    return `| ${name} | ${of((r) => r.perSecond).toFixed(0)} | ${ratio((r) => r.perSecond)} | ${of((r) => r.p50Ms).toFixed(2)} | ${ratio((r) => r.p50Ms)} | ${of((r) => r.cpuUs).toFixed(0)} |`;
  });
  return [`### ${title}`, '', `| server | requests/s | ratio to ${reference} | p50 ms | ratio | CPU µs/request |`, '|---|---|---|---|---|---|', ...rows, ''].join('\n');
}
