import { sql } from 'drizzle-orm';
import type { Database, Queries } from '../../../store/database.ts';

/** Sets of records by their numbers: twelve bytes of memory for each record of the index, whatever it holds. */
export class Forest {
  readonly #numbers: Float64Array;
  readonly #parent: Int32Array;

  /** @param numbers in ascending order */
  constructor(numbers: Float64Array) {
    this.#numbers = numbers;
    this.#parent = Int32Array.from(numbers, (_, i) => i);
  }

  #indexOf(number: number): number {
    let [low, high] = [0, this.#numbers.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#numbers[middle]! < number) low = middle + 1;
      else high = middle;
    }
    return this.#numbers[low] === number ? low : -1;
  }

  #rootOf(index: number): number {
    let at = index;
    while (this.#parent[at] !== at) at = this.#parent[at] = this.#parent[this.#parent[at]!]!;
    return at;
  }

  /** Joins the sets of two records; one that came in since is left out. */
  join(a: number, b: number): void {
    const [x, y] = [this.#indexOf(a), this.#indexOf(b)];
    if (x < 0 || y < 0) return;
    const [p, q] = [this.#rootOf(x), this.#rootOf(y)];
    this.#parent[Math.max(p, q)] = Math.min(p, q);
  }

  /** The sets, in batches of so many records or a little more. */
  *batches(size: number): Generator<number[][]> {
    const count = this.#numbers.length;
    const start = new Int32Array(count + 1);
    for (let i = 0; i < count; i++) start[this.#rootOf(i) + 1]!++;
    for (let i = 0; i < count; i++) start[i + 1]! += start[i]!;
    const order = new Int32Array(count);
    const next = start.slice();
    for (let i = 0; i < count; i++) order[next[this.#rootOf(i)]!++] = i;
    let batch: number[][] = [];
    let records = 0;
    for (let root = 0; root < count; root++) {
      if (start[root] === start[root + 1]) continue;
      batch.push(Array.from(order.subarray(start[root]!, start[root + 1]!), (i) => this.#numbers[i]!));
      records += start[root + 1]! - start[root]!;
      if (records < size) continue;
      yield batch;
      batch = [];
      records = 0;
    }
    if (batch.length > 0) yield batch;
  }
}

interface Pair extends Record<string, unknown> {
  readonly a: string;
  readonly b: string;
}

interface Owned extends Record<string, unknown> {
  readonly worker_id: string;
  readonly agency: string;
  readonly record_id: string;
  readonly number: string;
}

/** Rows read at once. */
const pageSize = 20_000;

/**
 * What has to be looked at together: records with a pair that links them, records of one worker, and records that a steward found to be one person. Nothing in
 * one set can change anything in another.
 */
export async function readForest(database: Database): Promise<Forest> {
  async function* pages<T>(page: (queries: Queries, after: T | null) => PromiseLike<readonly T[]>): AsyncGenerator<T> {
    let last: T | null = null;
    for (let more = true; more; ) {
      const after: T | null = last;
      const rows: readonly T[] = await database.run(async (q) => page(q, after));
      yield* rows;
      last = rows.at(-1) ?? null;
      more = rows.length === pageSize;
    }
  }
  const [counted] = await database.run((q) => q.execute<{ count: number }>(sql`select count(*)::int as count from agency_record where number <= (select reached from link_run)`));
  const numbers = new Float64Array(counted!.count);
  let filled = 0;
  for await (const { number } of pages<{ number: string }>((q, after) => q.execute<{ number: string }>(sql`select number from agency_record where number > ${after?.number ?? 0}::bigint and number <= (select reached from link_run) order by number limit ${pageSize}`))) {
    if (filled < numbers.length) numbers[filled++] = Number(number);
  }
  const forest = new Forest(numbers.subarray(0, filled));
  for await (const { a, b } of pages<Pair>((q, after) => q.execute<Pair>(sql`select a, b from link_pair where links and (a, b) > (${after?.a ?? 0}::bigint, ${after?.b ?? 0}::bigint) order by a, b limit ${pageSize}`))) forest.join(Number(a), Number(b));
  let before: Owned | null = null;
  const nobody = '00000000-0000-0000-0000-000000000000';
  for await (const row of pages<Owned>((q, after) => q.execute<Owned>(sql`
      select worker_id, agency, record_id, number from agency_record where (worker_id, agency, record_id) > (${after?.worker_id ?? nobody}::uuid, ${after?.agency ?? ''}, ${after?.record_id ?? ''}) order by worker_id, agency, record_id limit ${pageSize}`))) {
    if (before?.worker_id === row.worker_id) forest.join(Number(before.number), Number(row.number));
    before = row;
  }
  const said = await database.run((q) => q.execute<Pair>(sql`
    select l.number as a, r.number as b from link_verdict v
    join agency_record l on (l.agency, l.record_id) = (v.left_agency, v.left_record) join agency_record r on (r.agency, r.record_id) = (v.right_agency, v.right_record)
    where v.verdict = 'SAME'`));
  for (const { a, b } of said) forest.join(Number(a), Number(b));
  return forest;
}
