import { sql } from 'drizzle-orm';
import type { Database, Queries } from '../../../store/database.ts';
import type { LinkRecord } from '../../attributes.ts';
import type { Matcher } from '../../incremental.ts';
import { placedRow, type PlacedRow, rank, readKeySharing } from '../neighbours.ts';

/** A record by its number. */
interface Numbered {
  readonly number: number;
  readonly record: LinkRecord;
}

const columns = sql`number, worker_id, agency, record_id, body -> 'person' as person`;
const numberedOf = (row: PlacedRow): Numbered => ({ number: Number(row.number), record: placedRow(row).record });

async function readNumbered(queries: Queries, numbers: readonly number[]): Promise<Map<number, LinkRecord>> {
  const rows = await queries.execute<PlacedRow>(sql`select ${columns} from agency_record where number = any(${`{${numbers.join()}}`}::bigint[])`);
  return new Map(rows.map(numberedOf).map(({ number, record }) => [number, record]));
}

/** A pair that may be one person. */
export interface FoundPair {
  /** The smaller number. */
  readonly a: number;
  readonly b: number;
  readonly bits: number;
  readonly links: boolean;
}

/** The pairs that the model takes for one person or doubtful, from the point of view of some records. */
export async function pairsOf(queries: Queries, matcher: Matcher, records: readonly Numbered[], limit: number): Promise<FoundPair[]> {
  const { of, postings } = await readKeySharing(queries, new Map(records.map(({ record }) => [record.id, matcher.keys(record)])));
  const candidates = new Map(records.map(({ number, record }) => [number, rank(of.get(record.id)!, postings, limit)]));
  const there = await readNumbered(queries, [...new Set([...candidates.values()].flat())]);
  const numbers = new Map([...there].map(([number, { id }]) => [id, number]));
  return records.flatMap(({ number, record }) => {
    const { matches } = matcher.matchAmong(record, candidates.get(number)!.flatMap((other) => there.get(other) ?? []));
    return matches.map(({ record: other, bits, zone }) => {
      const [a, b] = [number, numbers.get(other.id)!].toSorted((x, y) => x - y) as [number, number];
      return { a, b, bits, links: zone === 'LINK' };
    });
  });
}

export interface FindOptions {
  readonly database: Database;
  readonly matcher: Matcher;
  /** Most candidates of one record. */
  readonly limit: number;
  readonly signal?: AbortSignal | undefined;
  readonly onPage: (reached: number) => void;
}

/** Records of one page. */
const pageSize = 500;

/** Finds the pairs of all records, in the order of their numbers, from where the run under way had come to. Tells whether it came to the end. */
export async function findPairs({ database, matcher, limit, signal, onPage }: FindOptions): Promise<boolean> {
  for (;;) {
    if (signal?.aborted) return false;
    const reached = await database.transaction(async (q) => {
      const rows = await q.execute<PlacedRow>(sql`select ${columns} from agency_record where number > (select reached from link_run) order by number limit ${pageSize}`);
      const last = rows.at(-1);
      if (!last) return null;
      const pairs = await pairsOf(q, matcher, rows.map(numberedOf), limit);
      await q.execute(sql`
        insert into link_pair (a, b, bits, links) select a, b, bits, links from json_to_recordset(${JSON.stringify(pairs)}::json) as n(a bigint, b bigint, bits float8, links boolean)
        on conflict do nothing`);
      await q.execute(sql`update link_run set reached = ${last.number}::bigint`);
      return Number(last.number);
    });
    if (reached === null) return true;
    onPage(reached);
  }
}
