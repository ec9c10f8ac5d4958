import { spawnSync } from 'node:child_process';
import { setPriority } from 'node:os';
import { createScanner, type Found, type Task } from './scan.ts';

/*
 * A process that reads facts for the hub that started it (see engine.ts), so that neither its work nor its memory is the hub's. It is given its memory in megabytes, and
 * goes when the hub does.
 */

/** Of a task, or that a task is no longer wanted. */
export type Asked = { readonly id: number; readonly task: Task } | { readonly id: number; readonly stop: true };
/** `fault` is what went wrong; it holds no value of a fact. */
export type Answered = { readonly id: number; readonly found: Found } | { readonly id: number; readonly fault: string };

// Answers to desks come first: a core is left as soon as anything else wants it. Where Linux' `chrt` is missing, lower priority must do: what wakes up may then wait for some milliseconds.
setPriority(19);
if (process.platform === 'linux') spawnSync('chrt', ['--idle', '--all-tasks', '--pid', '0', String(process.pid)], { stdio: 'ignore' });
const collect = globalThis.gc;
if (collect === undefined) throw new Error('Start this with --expose-gc.');
const scanner = createScanner(Number(process.argv[2]), () => collect({ type: 'minor' }));
const stops = new Map<number, AbortController>();

process.on('message', (asked: Asked) => {
  if ('stop' in asked) {
    stops.get(asked.id)?.abort();
    return;
  }
  const { id, task } = asked;
  const stop = new AbortController();
  stops.set(id, stop);
  const answer = (answered: Answered) => {
    stops.delete(id);
    process.send?.(answered);
  };
  scanner.then((one) => one.run(task, stop.signal)).then(
    (found) => answer({ id, found }),
    (error: unknown) => answer({ id, fault: error instanceof Error ? error.message : 'unknown fault' }),
  );
});
process.on('disconnect', () => process.exit(0));
