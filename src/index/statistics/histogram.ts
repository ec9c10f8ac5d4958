import { NumberTable } from './numberTable.ts';

/** Values that are told apart. */
const values = 65_536;

/** A value, and how often it occurs. */
export interface Occurring {
  readonly value: number;
  readonly count: number;
}

/** What a histogram holds, to be taken over by another. */
export interface HistogramState {
  readonly pairs: Float64Array;
  readonly counts: Float64Array;
}

/** How often each value occurs in each cell: all that quantiles need. Values are whole; those from 65,535 on count as that. */
export class Histogram {
  readonly #pairs = new NumberTable();
  #counts = new Float64Array(1024);

  /** Takes rows in: of each its kind, by which `cells` tells its cell, and its number; below 0 for none. */
  take(rows: number, kindOf: Int32Array, cells: Int32Array, numbers: Int32Array | Float64Array): void {
    for (let i = 0; i < rows; i += 1) {
      const value = numbers[i]!;
      if (value < 0) continue;
      this.#add(cells[kindOf[i]!]! * values + Math.min(value, values - 1), 1);
    }
  }

  #add(pair: number, count: number): void {
    const place = this.#pairs.placeOf(pair);
    if (place >= this.#counts.length) {
      const counts = new Float64Array(this.#counts.length * 2);
      counts.set(this.#counts);
      this.#counts = counts;
    }
    this.#counts[place]! += count;
  }

  /** How often each pair of a cell and a value occurs. */
  state(): HistogramState {
    return { pairs: this.#pairs.all(), counts: this.#counts.slice(0, this.#pairs.size) };
  }

  /** Takes over what another has counted; `places` are its cells here. */
  absorb({ pairs, counts }: HistogramState, places: Int32Array): void {
    for (const [i, pair] of pairs.entries()) this.#add(places[Math.floor(pair / values)]! * values + (pair % values), counts[i]!);
  }

  /** The values of wider cells with how often they occur, ascending; `places` tells of each cell in which it lies. */
  byCell(places: Int32Array): Map<number, Occurring[]> {
    const wider = new Histogram();
    wider.absorb(this.state(), places);
    const cells = new Map<number, Occurring[]>();
    // In the order of the pairs, that is of the cells and in these of the values.
    for (const pair of wider.#pairs.all().sort()) {
      const cell = Math.floor(pair / values);
      const list = cells.get(cell) ?? [];
      cells.set(cell, list);
      list.push({ value: pair % values, count: wider.#counts[wider.#pairs.placeOf(pair)]! });
    }
    return cells;
  }
}

/** The value below which the fraction of values lies, between two values in proportion; null of none. */
export function quantile(values: readonly Occurring[], fraction: number): number | null {
  const count = values.reduce((sum, each) => sum + each.count, 0);
  if (count === 0) return null;
  const rank = fraction * (count - 1);
  const at = (index: number) => {
    let before = 0;
    for (const each of values) if ((before += each.count) > index) return each.value;
    return values.at(-1)!.value;
  };
  const low = at(Math.floor(rank));
  return low + (at(Math.ceil(rank)) - low) * (rank - Math.floor(rank));
}
