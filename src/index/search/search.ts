import { type SQL, sql } from 'drizzle-orm';
import { type Grant, identifierScope } from '../../access/scopes.ts';
import { type IdentifierKind, identifierKinds } from '../../domain/identifier.ts';
import { type Cursors, listName } from '../lists/cursor.ts';
import { mostCharacters } from '../lists/compare.ts';
import { wrongInput } from '../lists/fault.ts';
import type { Gate } from '../lists/gate.ts';
import { allOf, exists, rowNames } from '../lists/rows.ts';
import { indexSight } from '../lists/sight.ts';
import { conditionOf, type Making, type Where } from '../lists/where.ts';
import { byRank, rankNames, wordsOf } from './names.ts';
import { carriesAlready, compact, compactNumber, matches, numberVisible, type Tier, tierScores, tiersFor } from './numbers.ts';

export interface SearchOptions {
  readonly gate: Gate;
  readonly cursors: Cursors;
  /** In the order in which their words count. */
  readonly agencies: readonly string[];
  /** Workers whose data may not be processed. */
  readonly restricted: ReadonlySet<string>;
}

export interface SearchFor {
  readonly grant: Grant;
  readonly text: string;
  readonly where: Where | null;
  readonly first: number;
  readonly after: string | null;
}

/** What a worker was found by: a spelling of her name, or a number in the compact form. */
export type FoundBy = { readonly name: string } | { readonly number: string; readonly tier: Tier };

/** A worker that was found. */
export interface Hit {
  readonly workerId: string;
  /** 0 to 1. */
  readonly score: number;
  readonly by: FoundBy;
  readonly cursor: string;
}

export interface Hits {
  readonly rows: readonly Hit[];
  readonly hasNextPage: boolean;
}

/**
 * Finds workers by what is typed: a text with a digit in it is looked for in their numbers, any other in their names. Each worker comes once, by what fits best
 * of what the caller may see of her; best first.
 */
export interface Search {
  find(wanted: SearchFor): Promise<Hits>;
}

/** Spellings that are looked up at once: few at first, since most often the best are enough. */
const chunks = [25, 250, 2_000];
/** Below every worker's id. */
const noWorker = '00000000-0000-0000-0000-000000000000';

interface NamePosition {
  readonly score: number;
  readonly name: string;
  readonly worker: string;
}
interface NumberPosition {
  readonly tier: Tier;
  readonly number: string;
  readonly worker: string;
}

export function createSearch({ gate, cursors, agencies, restricted }: SearchOptions): Search {
  /** What holds for a worker, whatever she is found by. */
  function open(grant: Grant, where: Where | null) {
    const newRow = rowNames();
    const making: Making = { sight: indexSight(grant, newRow), newRow, agencies };
    const may = (workerId: SQL): SQL => {
      const worker = newRow('worker');
      const of = sql`${worker.column('worker_id')} = ${workerId}`;
      return allOf([
        restricted.size === 0 ? null : sql`${workerId} not in (select jsonb_array_elements_text(${JSON.stringify([...restricted])}::jsonb)::uuid)`,
        making.sight.includes(workerId, null),
        where && exists(worker, allOf([of, conditionOf(making, 'worker', worker, where)])),
      ]);
    };
    return { making, newRow, may };
  }

  async function byName({ grant, where, first, after }: SearchFor, words: readonly string[], list: string): Promise<Hits> {
    const start = after === null ? null : (cursors.read(after, list) as NamePosition);
    const ranked = await rankNames(gate, words);
    const begin = start === null ? 0 : ranked.findIndex((name) => byRank(name, start) >= 0);
    const found: { workerId: string; score: number; name: string }[] = [];
    for (let at = begin < 0 ? ranked.length : begin, chunk = 0; at < ranked.length && found.length <= first; chunk += 1) {
      const some = ranked.slice(at, at + chunks[Math.min(chunk, chunks.length - 1)]!);
      const rows = await gate.runLight<{ place: number; worker_id: string }>(workersNamed(grant, where, ranked.slice(0, at + some.length), at, start, first + 1 - found.length));
      found.push(...rows.map(({ place, worker_id }) => ({ workerId: worker_id, ...ranked[place]! })));
      at += some.length;
    }
    const rows = found.slice(0, first).map(({ workerId, score, name }): Hit => ({ workerId, score, by: { name }, cursor: cursors.write({ score, name, worker: workerId } satisfies NamePosition, list) }));
    return { rows, hasNextPage: found.length > first };
  }

  /** Workers with one of the names from the place `from` on, each by the best of hers; names are given by their rank. */
  function workersNamed(grant: Grant, where: Where | null, names: readonly { readonly name: string }[], from: number, start: NamePosition | null, limit: number): SQL {
    const { making, newRow, may } = open(grant, where);
    const [record, better] = [newRow('record'), newRow('record')];
    const ranks = sql`${JSON.stringify(Object.fromEntries(names.map(({ name }, place) => [name, place])))}::jsonb`;
    const workerId = record.column('worker_id');
    // Of each name no more than the page holds, in the order of an index: a frequent name has thousands.
    return sql`
      select n.place, h.worker_id
      from (select key as name, value::int as place from jsonb_each_text(${ranks}) where value::int >= ${from} order by value::int) n
      cross join lateral (
        select ${workerId} from ${record.from}
        where ${allOf([
          record.live,
          sql`${record.column('name_search')} = n.name`,
          start && sql`${workerId} > (case when n.name = ${start.name} then ${start.worker}::uuid else ${noWorker}::uuid end)`,
          making.sight.shows(record),
          may(workerId),
          sql`not ${exists(better, allOf([sql`${better.column('worker_id')} = ${workerId}`, sql`(${ranks} ->> ${better.column('name_search')})::int < n.place`, making.sight.shows(better)]))}`,
        ])}
        group by ${workerId} order by ${workerId} limit ${limit}
      ) h
      order by n.place, h.worker_id limit ${limit}`;
  }

  async function byNumber({ grant, where, first, after }: SearchFor, typed: string, list: string): Promise<Hits> {
    const start = after === null ? null : (cursors.read(after, list) as NumberPosition);
    const kinds = identifierKinds.filter((kind) => mayAskBy(grant, kind));
    const tiers = tiersFor(typed);
    const found: { workerId: string; number: string; tier: Tier }[] = [];
    for (const tier of tiers.slice(start === null ? 0 : tiers.indexOf(start.tier))) {
      if (found.length > first) break;
      const { making, newRow, may } = open(grant, where);
      const number = compact(sql`i.value`);
      const workerId = sql`i.worker_id`;
      const rows = await gate.runLight<{ worker_id: string; number: string }>(sql`
        select i.worker_id, ${number} as number from identifier i
        where ${allOf([
          matches(tier, number, typed),
          sql`i.kind in (${sql.join(kinds.map((kind) => sql`${kind}::text`), sql`, `)})`,
          numberVisible(making, newRow, 'i'),
          start?.tier === tier ? sql`(${number}, i.worker_id) > (${start.number}::text, ${start.worker}::uuid)` : null,
          sql`not ${carriesAlready(making, newRow, tier, typed, kinds)}`,
          may(workerId),
        ])}
        group by ${number}, i.worker_id order by ${number}, i.worker_id limit ${first + 1 - found.length}`);
      found.push(...rows.map((row) => ({ workerId: row.worker_id, number: row.number, tier })));
    }
    const rows = found.slice(0, first).map(({ workerId, number, tier }): Hit => ({ workerId, score: tierScores[tier], by: { number, tier }, cursor: cursors.write({ tier, number, worker: workerId } satisfies NumberPosition, list) }));
    return { rows, hasNextPage: found.length > first };
  }

  return {
    async find(wanted) {
      const text = wanted.text.trim();
      if (text.length > mostCharacters) throw wrongInput(`text has more than ${mostCharacters} characters.`);
      if (text.includes('\0')) throw wrongInput('text must not contain the character U+0000.');
      const list = listName('search', text, wanted.where);
      const number = compactNumber(text);
      if (/\d/.test(text)) {
        if (tiersFor(number).length === 0) return { rows: [], hasNextPage: false };
        return byNumber(wanted, number, list);
      }
      const words = wordsOf(text);
      return words === null ? { rows: [], hasNextPage: false } : byName(wanted, words, list);
    },
  };
}

function mayAskBy({ scopes }: Grant, kind: IdentifierKind): boolean {
  const scope = identifierScope[kind];
  return scope === null || scopes.has(scope);
}
