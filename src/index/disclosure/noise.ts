import table from './noiseTable.json' with { type: 'json' };

/** Distribution of the noise by count, designed by `scripts/noise-table.ts`. */
export interface NoiseTable {
  /** Counts below it are never shown, nor made by noise. */
  readonly threshold: number;
  readonly variance: number;
  readonly deviation: number;
  /** One row for each count from the threshold on; the last one is for all larger counts too. */
  readonly rows: readonly {
    readonly count: number;
    /** Noise, ascending, and how many of the 2³² keys give it. */
    readonly noise: readonly (readonly [noise: number, keys: number])[];
  }[];
}

/** The table in use. */
export const noiseTable = table as unknown as NoiseTable;

/** Persons below which a cell is not shown. */
export const { threshold } = noiseTable;

const limits = noiseTable.rows.map(({ noise }) => {
  let sum = 0;
  return noise.map(([value, keys]) => ({ value, below: (sum += keys) }));
});

/**
 * What a figure is a figure of. Figures of one cell get noise of their own each: else who knew one exactly would know the noise of the others.
 */
export const figures = { persons: 0x9e3779b9, facts: 0x85ebca6b, amount: 0xc2b2ae35, fraction: 0x27d4eb2f, few: 0x165667b1 } as const;
export type Figure = keyof typeof figures;

/** Spreads 32 bits over 32 bits, one to one (the last steps of MurmurHash3): sums of keys that lie near each other give noise that has nothing in common. */
export function spread(key: number): number {
  let h = key >>> 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** Noise of a count, by the key of its cell. The count is the threshold or more. */
export function noiseOf(count: number, key: number, figure: Figure): number {
  const row = limits[Math.min(count - threshold, limits.length - 1)];
  if (!row) throw new RangeError('Only counts from the threshold on have noise.');
  const drawn = spread((key ^ figures[figure]) >>> 0);
  return row.find(({ below }) => drawn < below)!.value;
}

/** The same without steps, for amounts: the noise of a large count, evenly spread over the unit around it. Its variance is the table's and 1/12. */
export function smoothNoiseOf(key: number): number {
  return noiseOf(Number.MAX_SAFE_INTEGER, key, 'amount') + spread((key ^ figures.fraction) >>> 0) / 2 ** 32 - 0.5;
}
