import { type SQL, sql } from 'drizzle-orm';
import { searchName } from '../project.ts';
import type { Gate } from '../lists/gate.ts';
import { anyOf } from '../lists/rows.ts';
import { mostMissing, nameScore, wordScore } from './words.ts';

/** A spelling that occurs in the index, and how well it fits. */
export interface RankedName {
  readonly name: string;
  readonly score: number;
}

/** Most words of a name that are looked for, and most spellings that are ranked. */
const [mostWords, mostNames] = [6, 2_000];
/** Most words of the index that one typed word is taken for. */
const mostCandidates = 60;

/** The words of a name as search compares them; null where the text holds none. */
export function wordsOf(text: string): string[] | null {
  const words = [...new Set(searchName(text)?.split(' ') ?? [])].slice(0, mostWords);
  // An initial fits too many; it decides nothing beside a word.
  const longer = words.filter((word) => word.length > 1);
  return words.length === 0 ? null : longer.length > 0 ? longer : words;
}

/** The spellings in the index that fit the words, best first; those that fit alike by name. */
export async function rankNames(gate: Gate, typed: readonly string[]): Promise<RankedName[]> {
  const scores = new Map(await Promise.all(typed.map(async (word) => [word, await candidatesOf(gate, word)] as const)));
  const found = await gate.runLight<{ name: string; tokens: string[] }>(namesWith(typed, scores));
  return found
    .flatMap(({ name, tokens }) => {
      const score = nameScore(typed, tokens, (word, token) => scores.get(word)!.get(token) ?? 0);
      return score === null ? [] : [{ name, score: Math.round(score * 10_000) / 10_000 }];
    })
    .toSorted(byRank);
}

/** Better first; by name where alike. */
export function byRank(a: RankedName, b: RankedName): number {
  return b.score - a.score || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
}

/** The words of the index that a typed word may stand for, with how well they fit. */
async function candidatesOf(gate: Gate, typed: string): Promise<ReadonlyMap<string, number>> {
  const letters = [...typed].toSorted().join('');
  const rows = await gate.runLight<{ token: string }>(sql`
    select token from indexed_token where token = ${typed}
    union (select token from indexed_token where token like ${`${typed}%`} order by length(token), token limit ${typed.length >= 2 ? 500 : 0})
    union select token from indexed_token where letters = ${letters}
    union (select token from indexed_token where token % ${typed} limit 1000)`);
  const scored = rows.map(({ token }) => [token, wordScore(typed, token)] as const).filter(([, score]) => score > 0);
  return new Map(scored.toSorted(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)).slice(0, mostCandidates));
}

/** Spellings that hold all typed words but those that may be missing, the most exact and shortest first where they are very many. */
function namesWith(typed: readonly string[], scores: ReadonlyMap<string, ReadonlyMap<string, number>>): SQL {
  const list = (tokens: readonly string[]) => sql`array[${sql.join(tokens.map((token) => sql`${token}::text`), sql`, `)}]::text[]`;
  const holds = typed.map((word) => sql`tokens && ${list([...scores.get(word)!.keys()])}`);
  const all = (parts: readonly SQL[]) => sql`(${sql.join([...parts], sql` and `)})`;
  const enough = mostMissing(typed) === 0 ? [all(holds)] : typed.map((_, left) => all(holds.filter((_part, i) => i !== left)));
  const exact = sql.join(typed.map((word) => sql`(tokens @> ${list([word])})::int`), sql` + `);
  return sql`select name, tokens from indexed_name where ${anyOf(enough)} order by ${exact} desc, cardinality(tokens), name limit ${mostNames}`;
}
