import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { Fold } from './fold.ts';
import type { Plan } from './plan.ts';
import type { Answered, Asked } from './process.ts';
import type { Found, Task } from './scan.ts';

export interface EngineOptions {
  /** Processes that read facts, each on a core, for all questions together. */
  readonly threads: number;
  /** Most memory for all of them, megabytes. */
  readonly memoryMb: number;
  /** Questions answered at the same time; others wait. */
  readonly concurrency: number;
  /** Questions that wait at most. Default 100. */
  readonly queue?: number;
  /** Longest time for one scan, milliseconds. */
  readonly timeoutMs: number;
}

/** Why a scan was not made, or not to its end. */
export class EngineFault extends Error {
  override readonly name = 'EngineFault';
  readonly reason: 'BUSY' | 'TIMEOUT';
  constructor(reason: 'BUSY' | 'TIMEOUT') {
    super(reason);
    this.reason = reason;
  }
}

/**
 * Reads facts in processes of their own, started at the first question, each with a share of the pieces, and of lower priority than the hub; with a place in a queue for
 * each question: so that it takes little from others.
 */
export interface Engine {
  /** Folds the facts into groups; null where these are more than so many. */
  fold(plan: Plan, mostGroups: number): Promise<Fold | null>;
  /** The keys of the persons who meet each of the conditions, or of so many of them. */
  few(readings: readonly string[], conditions: readonly string[], most: number): Promise<number[][]>;
  close(): Promise<void>;
}

/** How long a process may take to stop what it does, before it is ended. */
const stopMs = 2_000;

/** A process, and who waits for its answers. */
class Reader {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, { resolve(found: Found): void; reject(error: Error): void }>();
  #ids = 0;
  gone = false;

  constructor(memoryMb: number) {
    this.#child = fork(fileURLToPath(new URL('process.ts', import.meta.url)), [String(memoryMb)], { serialization: 'advanced', execArgv: ['--expose-gc'], env: {}, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    this.#child.on('message', (answered: Answered) => {
      const waiting = this.#waiting.get(answered.id);
      this.#waiting.delete(answered.id);
      if ('found' in answered) waiting?.resolve(answered.found);
      else waiting?.reject(new Error(`Facts could not be read: ${answered.fault}`));
    });
    const lost = () => {
      this.gone = true;
      for (const { reject } of this.#waiting.values()) reject(new Error('Facts could not be read: the process that reads them has ended'));
      this.#waiting.clear();
    };
    this.#child.on('exit', lost);
    this.#child.on('error', lost);
  }

  async run(task: Task, signal: AbortSignal): Promise<Found> {
    const id = (this.#ids += 1);
    const answer = new Promise<Found>((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
    let end: NodeJS.Timeout | undefined;
    const stop = () => {
      this.#send({ id, stop: true });
      end = setTimeout(() => this.#child.kill('SIGKILL'), stopMs);
    };
    this.#send({ id, task });
    signal.addEventListener('abort', stop);
    try {
      return await answer;
    } finally {
      signal.removeEventListener('abort', stop);
      clearTimeout(end);
    }
  }

  #send(asked: Asked): void {
    // Where it cannot be sent the process is gone, which is told to all who wait.
    this.#child.send(asked, () => {});
  }

  async close(): Promise<void> {
    if (this.gone) return;
    const ended = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.kill('SIGKILL');
    await ended;
  }
}

export function createEngine(options: EngineOptions): Engine {
  const { concurrency, timeoutMs, queue = 100, threads } = options;
  const readers: Reader[] = [];
  const waiting: (() => void)[] = [];
  let busy = 0;

  function reader(i: number): Reader {
    if (readers[i] === undefined || readers[i].gone) readers[i] = new Reader(Math.ceil(options.memoryMb / threads));
    return readers[i];
  }

  async function enter(): Promise<void> {
    if (busy < concurrency) {
      busy += 1;
      return;
    }
    if (waiting.length >= queue) throw new EngineFault('BUSY');
    await new Promise<void>((resolve) => waiting.push(resolve));
  }

  function leave(): void {
    const next = waiting.shift();
    if (next) next();
    else busy -= 1;
  }

  /** What each process has found in its share. */
  async function run<K extends Task['kind']>(sqls: readonly string[], taskOf: (share: readonly string[]) => Extract<Task, { kind: K }>): Promise<Extract<Found, { kind: K }>[]> {
    await enter();
    const stop = new AbortController();
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      stop.abort();
    }, timeoutMs);
    try {
      const shares = Array.from({ length: Math.min(threads, sqls.length) }, (_, i) => sqls.filter((_sql, at) => at % threads === i));
      const settled = await Promise.allSettled(
        shares.map((share, i) =>
          reader(i)
            .run(taskOf(share), stop.signal)
            .catch((error: unknown) => {
              // What the others find is of no use then.
              stop.abort();
              throw error;
            }),
        ),
      );
      return settled.map((one) => {
        if (one.status === 'rejected') throw one.reason;
        return one.value as Extract<Found, { kind: K }>;
      });
    } catch (error) {
      throw late ? new EngineFault('TIMEOUT') : error;
    } finally {
      clearTimeout(timer);
      leave();
    }
  }

  return {
    async fold({ sqls, types, profiles, shape }, mostGroups) {
      const whole = new Fold(shape);
      for (const { state } of await run(sqls, (share) => ({ kind: 'fold', sqls: share, types, profiles, shape, mostGroups }))) {
        if (state === null) return null;
        whole.absorb(state);
      }
      return whole.groups <= mostGroups ? whole : null;
    },
    async few(readings, conditions, most) {
      const shares = await run(readings, (share) => ({ kind: 'few', readings: share, conditions, most }));
      return conditions.map((_, i) => shares.flatMap(({ keys }) => [...keys[i]!]).slice(0, most));
    },
    async close() {
      for (const one of readers.splice(0)) await one.close();
    },
  };
}
