import type { Comparison, Prepared } from './prepare.ts';

/** Attributes whose weak features are joined into keys, by index. Chosen from the data: see {@link chooseJoins}. */
export type Joins = readonly (readonly [number, number])[];

/** A 53-bit number for a key, so that blocking rows hold no personal data in the clear. */
export function hashKey(text: string): number {
  let low = 0x811c9dc5;
  let high = 0x9747b28c;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    low = Math.imul(low ^ code, 0x01000193);
    high = Math.imul(high ^ code, 0x5bd1e995) + ((high >>> 13) ^ low);
  }
  low ^= low >>> 15;
  low = Math.imul(low, 0x85ebca6b);
  low ^= low >>> 13;
  return ((high >>> 0) & 0x1fffff) * 0x100000000 + (low >>> 0);
}

/** Name of the recipe a key is made by, for reports: an attribute, or two joined. */
export type KeyVisitor = (key: number, recipe: string) => void;

/** All blocking keys of a record, each once per recipe. A pure function of record, schema and joins. */
export function visitKeys(comparison: Comparison, joins: Joins, prepared: Prepared, visit: KeyVisitor): void {
  const { attributes } = comparison;
  const weak = attributes.map(({ comparator }, i) => {
    const cell = prepared.cells[i];
    return cell === null || cell === undefined ? [] : comparator.weak(cell);
  });
  for (const [i, { spec, comparator }] of attributes.entries()) {
    const cell = prepared.cells[i];
    if (cell === null || cell === undefined) continue;
    for (const feature of comparator.strong(cell)) visit(hashKey(`${i}|${feature}`), spec.name);
  }
  for (const [i, j] of joins) {
    const [a, b] = [attributes[i]!, attributes[j]!];
    const recipe = `${a.spec.name} + ${b.spec.name}`;
    for (const x of weak[i]!) for (const y of weak[j]!) visit(hashKey(`${i}|${x}|${j}|${y}`), recipe);
    // Coarse features go with dates only.
    const [name, date] = a.spec.kind === 'date' ? [j, i] : [i, j];
    if (attributes[date]!.spec.kind !== 'date' || prepared.cells[name] === null || prepared.cells[name] === undefined) continue;
    for (const x of attributes[name]!.comparator.coarse?.(prepared.cells[name]) ?? []) {
      for (const y of weak[date]!) visit(hashKey(`${name}|${x}|${date}|${y}`), recipe);
    }
  }
}

/** All blocking keys of a record, each once. */
export function keysOf(comparison: Comparison, joins: Joins, prepared: Prepared): number[] {
  const keys = new Set<number>();
  visitKeys(comparison, joins, prepared, (key) => keys.add(key));
  return [...keys];
}

/**
 * Pairs of attributes worth joining: those that give many records a key which few others can be expected to have. Judged on a sample; a feature pair
 * that would be too common is no loss, it is dropped by itself when blocks are made.
 * @param size records in the whole file
 */
export function chooseJoins(comparison: Comparison, sample: readonly Prepared[], size: number, limit = 24): Joins {
  const { attributes } = comparison;
  const features = attributes.map(({ comparator }, i) =>
    sample.map(({ cells }) => (cells[i] === null || cells[i] === undefined ? [] : comparator.weak(cells[i]))));
  const shares = features.map((lists) => {
    const counts = new Map<string, number>();
    for (const list of lists) for (const feature of list) counts.set(feature, (counts.get(feature) ?? 0) + 1 / sample.length);
    return counts;
  });
  const found: { join: readonly [number, number]; worth: number }[] = [];
  for (let i = 0; i < attributes.length; i++) {
    for (let j = i + 1; j < attributes.length; j++) {
      let useful = 0;
      for (let s = 0; s < sample.length; s++) {
        let rarest = 1;
        for (const x of features[i]![s]!) for (const y of features[j]![s]!) rarest = Math.min(rarest, shares[i]!.get(x)! * shares[j]!.get(y)!);
        if (rarest * size < 40) useful++;
      }
      const worth = useful / sample.length;
      if (worth > 0.02) found.push({ join: [i, j], worth });
    }
  }
  return found.toSorted((a, b) => b.worth - a.worth).slice(0, limit).map(({ join }) => join);
}
