// How well the rules of protection find what is true in the world, and what dirty identity costs: `node tests/bench/gaps.ts`.
import { castSize } from '../../src/agencies/world/cast/size.ts';
import { createWorld, type WorldPerson } from '../../src/agencies/world/world.ts';
import type { AgencyRecord } from '../../src/domain/record.ts';
import { personSchema } from '../../src/identity/attributes.ts';
import { link } from '../../src/identity/link.ts';
import { linkIdOf, recordOf } from '../../src/identity/record.ts';
import { assess } from '../../src/protection/assess.ts';
import { protectionInput } from '../../src/protection/input.ts';
import { isClean, measure, type MeasureOptions } from '../protection/measure.ts';
import { factsFrom } from '../protection/worldFacts.ts';

const base = { seed: 1, today: '2026-11-22', from: castSize, to: castSize + 4_000 };
const world = createWorld({ seed: base.seed, size: base.to, today: base.today });
const everyone = Array.from({ length: base.to }, (_, index) => world.person(index));

const byId = new Map(everyone.flatMap(({ records }) => records.map((record) => [linkIdOf(record), record] as const)));
const { clusters } = link([...byId.values()].map(recordOf), personSchema);
const clusterOf = new Map(clusters.flatMap((cluster) => cluster.map((id) => [id, cluster] as const)));

/** The worker whom the hub would show for her: the cluster that holds most of her records. */
function linked({ records }: WorldPerson): AgencyRecord[] {
  const counts = new Map<readonly string[], number>();
  for (const record of records) {
    const cluster = clusterOf.get(linkIdOf(record))!;
    counts.set(cluster, (counts.get(cluster) ?? 0) + 1);
  }
  const [most] = [...counts].toSorted((a, b) => b[1] - a[1]);
  return (most?.[0] ?? []).map((id) => byId.get(id)!);
}

const sameNik = ({ records, truth }: WorldPerson) => records.filter(({ person }) => person.identifiers.some(({ kind, value }) => kind === 'NIK' && value === truth.nik));

const rows: [string, Partial<MeasureOptions>][] = [
  ['clean, joined by the truth', { people: isClean }],
  ['clean, joined by the linker', { people: isClean, joined: linked }],
  ['clean, joined by equal NIK', { people: isClean, joined: sameNik }],
  ['all, joined by the truth', {}],
];
for (const [name, options] of rows) {
  const { people, rules } = measure({ ...base, ...options });
  const total = (outcome: 'found' | 'missed' | 'wrong') => [...rules.values()].reduce((sum, score) => sum + score[outcome], 0);
  console.log(`${name}: ${people} people, ${total('found')} gaps found, ${total('missed')} missed, ${total('wrong')} not true`);
  console.table(Object.fromEntries(rules));
}

const facts = everyone.map(({ records }) => factsFrom(records, base.today));
for (let round = 1; round <= 3; round++) {
  const started = performance.now();
  for (const one of facts) assess(protectionInput(one));
  console.log(`assessment, round ${round}: ${(((performance.now() - started) / facts.length) * 1_000).toFixed(1)} us per person`);
}
