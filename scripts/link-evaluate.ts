import { parseArgs } from 'node:util';
import { createWorld } from '../src/agencies/world/world.ts';
import { personSchema } from '../src/identity/attributes.ts';
import type { LinkRecord } from '../src/identity/attributes.ts';
import type { Scores } from '../src/identity/evaluate.ts';
import { scoreResult } from '../src/identity/evaluate.ts';
import type { LinkResult } from '../src/identity/link.ts';
import { link } from '../src/identity/link.ts';
import { recordOf } from '../src/identity/record.ts';

const usage = 'npm run link:evaluate -- [--seed 1 ...] [--size 4000]: links a world of that many people and scores the result against its ground truth';

/** The world is seen on one day, so that the same seed and size give the same records whenever this runs. */
const today = '2026-11-22';

function readOptions(): { readonly seeds: readonly number[]; readonly size: number } {
  const { values } = parseArgs({ options: { seed: { type: 'string', multiple: true, default: ['1'] }, size: { type: 'string', default: '4000' } } });
  const seeds = values.seed.map(Number);
  const size = Number(values.size);
  if (![...seeds, size].every((value) => Number.isSafeInteger(value) && value >= 0)) throw new Error(usage);
  return { seeds, size };
}

interface Population {
  readonly records: readonly LinkRecord[];
  readonly personOf: ReadonlyMap<string, string>;
  /** Pairs of people who are twins and both have records. */
  readonly twins: readonly (readonly [string, string])[];
}

function populate(seed: number, size: number): Population {
  const world = createWorld({ seed, size, today });
  const records: LinkRecord[] = [];
  const personOf = new Map<string, string>();
  const byBirth = new Map<string, string[]>();
  for (let index = 0; index < size; index++) {
    const person = world.person(index);
    for (const record of person.records) {
      const linkRecord = recordOf(record);
      records.push(linkRecord);
      personOf.set(linkRecord.id, String(index));
    }
    if (!person.mismatches.includes('TWIN') || person.records.length === 0) continue;
    // Twins: one NIK but for its serial, one mother.
    const birth = `${person.truth.nik.slice(0, 12)} ${person.truth.motherName}`;
    byBirth.set(birth, [...(byBirth.get(birth) ?? []), String(index)]);
  }
  return { records, personOf, twins: [...byBirth.values()].flatMap((people) => (people.length === 2 ? [[people[0]!, people[1]!] as const] : [])) };
}

interface Row extends Scores {
  readonly seed: number;
  readonly records: number;
  readonly twins: number;
  readonly twinsMerged: number;
  readonly compared: number;
  readonly seconds: number;
  readonly megabytes: number;
}

function evaluate(seed: number, size: number): { readonly row: Row; readonly result: LinkResult } {
  const { records, personOf, twins } = populate(seed, size);
  const began = performance.now();
  const result = link(records, personSchema);
  const seconds = (performance.now() - began) / 1_000;
  const scores = scoreResult(result, (id) => personOf.get(id)!);
  const peopleIn = result.clusters.map((members) => new Set(members.map((id) => personOf.get(id)!)));
  const merged = twins.filter(([a, b]) => peopleIn.some((people) => people.has(a) && people.has(b)));
  return {
    result,
    row: {
      ...scores, seed, records: records.length, twins: twins.length, twinsMerged: merged.length, seconds, compared: result.report.candidatePairs / result.report.possiblePairs,
      megabytes: process.resourceUsage().maxRSS / 1_024,
    },
  };
}

const share = (value: number) => value.toFixed(4);
const columns: readonly (readonly [string, (row: Row) => string])[] = [
  ['Seed', (row) => String(row.seed)],
  ['People', (row) => String(row.people)],
  ['Records', (row) => String(row.records)],
  ['True pairs', (row) => String(row.truePairs)],
  ['Precision, by machine', (row) => share(row.precision)],
  ['Recall, by machine', (row) => share(row.recall)],
  ['Recall with review', (row) => share(row.recallWithReview)],
  ['B-cubed precision', (row) => share(row.bCubedPrecision)],
  ['B-cubed recall', (row) => share(row.bCubedRecall)],
  ['People exactly right', (row) => share(row.peopleRight)],
  ['Twin pairs merged', (row) => `${row.twinsMerged} of ${row.twins}`],
  ['Pairs to review', (row) => `${row.reviewPairs} (${row.reviewLoad.toFixed(1)} per 1,000 records; ${share(row.reviewYield)} are one person)`],
  ['Completeness of blocking', (row) => share(row.completeness)],
  ['Pairs compared', (row) => `${(100 * row.compared).toFixed(4)} % of all`],
  ['Time', (row) => `${row.seconds.toFixed(1)} s`],
  ['Peak memory', (row) => `${row.megabytes.toFixed(0)} MB`],
];

/** Candidate pairs by score, as a text picture on a logarithmic scale: two hills, with the doubtful between them. */
function histogram({ report: { histogram: { from, counts } } }: LinkResult): string {
  const longest = Math.log10(Math.max(1, ...counts) + 1);
  const lines = counts.flatMap((count, k) => {
    const low = from + 2 * k;
    const bar = '#'.repeat(Math.round((50 * Math.log10(count + 1)) / longest));
    return count === 0 ? [] : [`${String(low).padStart(5)} ${String(count).padStart(8)} ${bar}`];
  });
  return ['```', ' bits    pairs', ...lines, '```'].join('\n');
}

const { seeds, size } = readOptions();
const runs = seeds.map((seed) => {
  process.stderr.write(`seed ${seed}, ${size} people ...\n`);
  const { row, result } = evaluate(seed, size);
  return { row, picture: histogram(result) };
});
console.log(`| Of ${size} people | ${runs.map(({ row }) => `seed ${row.seed}`).join(' | ')} |`);
console.log(`|---|${'---|'.repeat(runs.length)}`);
for (const [title, value] of columns.slice(1)) console.log(`| ${title} | ${runs.map(({ row }) => value(row)).join(' | ')} |`);
console.log(`\nScores of the candidate pairs, seed ${runs.at(-1)!.row.seed}:\n\n${runs.at(-1)!.picture}`);
