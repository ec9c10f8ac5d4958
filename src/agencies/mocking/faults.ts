import { z } from 'zod';
import type { AgencyRecord } from '../../domain/record.ts';
import type { Book } from './book.ts';

const flag = z.boolean();

/** The failure switches of a mock, all off by default. */
export const faultsSchema = z.strictObject({
  /** Breaks every connection without an answer. */
  down: flag,
  /** Waits this long before each answer, milliseconds. */
  slowMs: z.number().min(0).max(600_000),
  /** Waits up to this much more, milliseconds. */
  slowJitterMs: z.number().min(0).max(600_000),
  /** Share of calls answered with HTTP 500 and an HTML page. */
  errorRate: z.number().min(0).max(1),
  /** Answers bytes that are no JSON. */
  garbage: flag,
  /** Cuts the answer in half. */
  truncated: flag,
  /** Says `text/html` of a JSON answer. */
  wrongContentType: flag,
  /** Streams 64 MiB instead of the answer. */
  huge: flag,
  /** Sends each record twice. */
  duplicated: flag,
  /** Sends the records in another order. */
  reordered: flag,
  /** Leaves out every second record, the first one included. */
  missing: flag,
  /** Adds records of people who were not asked for. */
  extra: flag,
  /** How far the agency's clock is off, milliseconds. */
  clockOffsetMs: z.number().int(),
  /** Answers HTTP 429 to everything. */
  quotaSpent: flag,
  /** The `retry-after` that goes with it; null sends none. */
  retryAfterSeconds: z.number().int().min(0).nullable(),
});
export type Faults = z.infer<typeof faultsSchema>;

export const noFaults: Faults = {
  down: false,
  slowMs: 0,
  slowJitterMs: 0,
  errorRate: 0,
  garbage: false,
  truncated: false,
  wrongContentType: false,
  huge: false,
  duplicated: false,
  reordered: false,
  missing: false,
  extra: false,
  clockOffsetMs: 0,
  quotaSpent: false,
  retryAfterSeconds: null,
};

/** The switches of one mock. */
export interface FaultSwitches {
  get(): Faults;
  /** Sets the given switches and leaves the others. */
  set(change: Partial<Faults>): void;
  /** All off. */
  reset(): void;
}

export function createSwitches(initial: Partial<Faults>): FaultSwitches {
  let current: Faults = { ...noFaults, ...initial };
  return {
    get: () => current,
    set: (change) => {
      current = { ...current, ...change };
    },
    reset: () => {
      current = noFaults;
    },
  };
}

/** Reads switches from outside. A text instead of switches says what is wrong. */
export function readFaults(input: unknown): Partial<Faults> | string {
  const parsed = faultsSchema.partial().safeParse(input);
  return parsed.success ? parsed.data : z.prettifyError(parsed.error);
}

/** The switches set by the environment, `MOCK_<AGENCY>_FAULTS='{"slowMs": 300}'`. */
export function faultsFromEnvironment(agency: string, environment: NodeJS.ProcessEnv): Partial<Faults> {
  const name = `MOCK_${agency}_FAULTS`;
  const text = environment[name];
  if (text === undefined || text === '') return {};
  let input: unknown;
  try {
    input = JSON.parse(text);
  } catch {
    throw new Error(`${name} is not JSON: write such as {"slowMs": 300}.`);
  }
  const faults = readFaults(input);
  if (typeof faults === 'string') throw new Error(`${name}: ${faults}`);
  return faults;
}

/** A repeatable source of numbers in [0, 1), mulberry32. */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/**
 * Does to the records of an answer what the switches say: leaves out, adds strangers at the end, doubles, turns round. A mock passes the list of
 * each look-up and each feed page through it before writing it in its wire form.
 */
export function shake(records: readonly AgencyRecord[], faults: Faults, book: Book, random: () => number): readonly AgencyRecord[] {
  if (!(faults.missing || faults.extra || faults.duplicated || faults.reordered)) return records;
  let list = [...records];
  if (faults.missing) list = list.filter((_, place) => place % 2 === 1);
  if (faults.extra) {
    const asked = new Set(records.map((record) => record.recordId));
    const strangers = book.sample(Math.floor(random() * 1_000_000), records.length + 3).filter((record) => !asked.has(record.recordId));
    list.push(...strangers.slice(0, 2));
  }
  if (faults.duplicated) list = list.flatMap((record) => [record, record]);
  if (faults.reordered) list.reverse();
  return list;
}
