import type { AttributeModel, Given } from './model.ts';
import type { Comparison, Prepared } from './prepare.ts';
import { MISSING } from './prepare.ts';
import { seeded } from './random.ts';

/** Pairs of different people drawn for each attribute that others may hang on. */
const drawn = 25_000;
/** Bits by which agreement must be overstated before the dependence is taken up. */
const least = 0.15;

/**
 * Finds which attributes agree together among different people: place of birth and area, a regional name and the region, name and sex. For each
 * attribute, u is learned again from pairs that agree on an earlier one, so that the same coincidence is not counted twice.
 * @param difference probability that a pair is two people; true pairs must not count
 */
export function learnDependence(
  comparison: Comparison, attributes: readonly AttributeModel[], records: readonly Prepared[], difference: (a: Prepared, b: Prepared, levels: Uint8Array) => number,
): Given[][] {
  const given: { on: Given; lift: number }[][] = attributes.map(() => []);
  const random = seeded(7);
  const levels = new Uint8Array(attributes.length);
  for (const [j, { spec, comparator }] of comparison.attributes.entries()) {
    if (spec.kind === 'identifier' || spec.kind === 'phone') continue;
    const draw = pairsSharing(comparison, j, records, random);
    if (draw === null) continue;
    const counts = attributes.map((model) => new Float64Array(model.levels.length));
    for (let k = 0; k < drawn; k++) {
      const [a, b] = draw();
      if (a === b) continue;
      comparison.compare(a, b, levels);
      if (levels[j] === MISSING || levels[j]! > comparator.lastAgreeing) continue;
      const weight = difference(a, b, levels);
      for (let i = j + 1; i < attributes.length; i++) if (levels[i] !== MISSING) counts[i]![levels[i]!]! += weight;
    }
    for (let i = j + 1; i < attributes.length; i++) {
      if (comparison.attributes[i]!.spec.kind === 'identifier' || comparison.attributes[i]!.spec.kind === 'phone') continue;
      const found = conditional(attributes[i]!, counts[i]!);
      if (found === null) continue;
      const agreeing = comparison.attributes[i]!.comparator.lastAgreeing;
      let lift = 0;
      for (let l = 0; l <= agreeing; l++) lift += attributes[i]!.levels[l]!.m * Math.log2(found[l]! / attributes[i]!.levels[l]!.u);
      if (lift > least) given[i]!.push({ on: { attribute: j, u: found }, lift });
    }
  }
  return given.map((list) => list.toSorted((x, y) => y.lift - x.lift).map(({ on }) => on));
}

/** u by level among the pairs drawn, drawn towards the general u where few were seen; null where too few were. */
function conditional({ levels }: AttributeModel, counts: Float64Array): number[] | null {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total < 500) return null;
  const strength = 20;
  return levels.map(({ u }, l) => (counts[l]! + strength * u) / (total + strength));
}

/** Draws pairs of records that share a feature of one attribute, each feature as often as pairs share it. */
function pairsSharing(comparison: Comparison, j: number, records: readonly Prepared[], random: () => number): (() => readonly [Prepared, Prepared]) | null {
  const { comparator } = comparison.attributes[j]!;
  const buckets = new Map<string, Prepared[]>();
  for (const prepared of records) {
    const cell = prepared.cells[j];
    if (cell === null || cell === undefined) continue;
    for (const feature of comparator.weak(cell)) {
      const bucket = buckets.get(feature);
      if (bucket) bucket.push(prepared);
      else buckets.set(feature, [prepared]);
    }
  }
  const shared = [...buckets.values()].filter((bucket) => bucket.length > 1);
  const sums: number[] = [];
  let sum = 0;
  for (const { length } of shared) sums.push((sum += length * (length - 1)));
  if (shared.length === 0) return null;
  return () => {
    const target = random() * sum;
    let [low, high] = [0, sums.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sums[middle]! > target) high = middle;
      else low = middle + 1;
    }
    const bucket = shared[low]!;
    return [bucket[Math.floor(random() * bucket.length)]!, bucket[Math.floor(random() * bucket.length)]!];
  };
}
