import type { MeasureKind } from '../dimension.ts';
import type { Column } from './engine.ts';
import { NumberTable } from './numberTable.ts';
import { columnOf, type Part, type Plan, type Question } from './plan.ts';
import { Histogram, type Piece, type Summed, Tally } from './tally.ts';

/** What was counted for a measure in a cell. */
export type Figure =
  | { readonly kind: 'counted'; readonly sets: readonly Summed[] }
  | { readonly kind: 'money'; readonly byCurrency: readonly { readonly currency: number; readonly sum: Summed }[] }
  | { readonly kind: 'quantity'; readonly sum: Summed; readonly values: readonly { readonly value: number; readonly count: number }[] };

/** A group of facts. */
export interface Group {
  /** How many of the keys it is grouped by: fewer than all in a roll-up. */
  readonly level: number;
  /** Places of its keys, of the first `level`. */
  readonly places: readonly number[];
  readonly all: Summed;
  readonly figures: ReadonlyMap<string, Figure>;
}

/** Currencies that amounts are told apart by, and one place for those without. */
const currencies = 1024;
/** Most groups that are kept while facts are read. */
export const mostGroups = 200_000;

/** What is kept of the cells of one level. */
class Level {
  readonly cells = new NumberTable();
  readonly all = new Tally(false);
  readonly tallies = new Map<Part, Tally>();
  readonly histograms = new Map<Part, Histogram>();
  /** Cells of amounts: a cell and a currency each. */
  readonly amounts = new Map<Part, NumberTable>();
  readonly stride: number;
  readonly depth: number;

  constructor(depth: number, stride: number) {
    this.depth = depth;
    this.stride = stride;
  }
}

/** Folds the pieces of a scan into groups. */
export class Fold {
  readonly #plan: Plan;
  readonly #kinds: ReadonlyMap<string, MeasureKind['kind']>;
  readonly #levels: readonly Level[];
  #places = new Int32Array(2048);
  #weights = new Float64Array(2048);
  #sub = new Int32Array(2048);

  constructor(question: Question, plan: Plan) {
    this.#plan = plan;
    this.#kinds = new Map(question.measures.map(({ name, is }) => [name, is.kind]));
    const depth = plan.places.length;
    const depths = question.rollUp ? Array.from({ length: depth + 1 }, (_, i) => i) : [depth];
    this.#levels = depths.map((each) => new Level(each, plan.places.slice(each).reduce((product, places) => product * places, 1)));
    for (const level of this.#levels) {
      for (const [name, parts] of plan.parts) {
        for (const part of parts) {
          const kind = this.#kinds.get(name);
          level.tallies.set(part, new Tally(kind === 'quantity' || kind === 'money'));
          if (kind === 'quantity') level.histograms.set(part, new Histogram());
          if (kind === 'money') level.amounts.set(part, new NumberTable());
        }
      }
    }
  }

  get groups(): number {
    return this.#levels.reduce((sum, { cells }) => sum + cells.size, 0);
  }

  take(rows: number, columns: readonly Column[]): void {
    const piece: Piece = { rows, serial: columns[columnOf.serial] as Int32Array, personKey: columns[columnOf.personKey] as Uint32Array, factKey: columns[columnOf.factKey] as Uint32Array };
    const cells = columns[columnOf.cell]!;
    if (this.#places.length < rows) [this.#places, this.#weights, this.#sub] = [new Int32Array(rows), new Float64Array(rows), new Int32Array(rows)];
    for (const level of this.#levels) {
      const { stride } = level;
      for (let i = 0; i < rows; i += 1) this.#places[i] = level.cells.placeOf(stride === 1 ? cells[i]! : Math.floor(cells[i]! / stride));
      level.all.take(piece, this.#places, null);
      for (const [part, tally] of level.tallies) this.#takePart(level, part, tally, piece, columns);
    }
  }

  #takePart(level: Level, part: Part, tally: Tally, piece: Piece, columns: readonly Column[]): void {
    const weights = this.#weights;
    if (part.kind === 'flag') {
      const flags = columns[this.#plan.flags!]!;
      const mask = 2 ** part.bit;
      for (let i = 0; i < piece.rows; i += 1) weights[i] = (flags[i]! & mask) === 0 ? 0 : 1;
      tally.take(piece, this.#places, weights);
      return;
    }
    const values = columns[part.column]!;
    for (let i = 0; i < piece.rows; i += 1) weights[i] = values[i]!;
    if (part.kind === 'value') {
      tally.take(piece, this.#places, weights);
      level.histograms.get(part)?.take(piece, this.#places, weights);
      return;
    }
    const currency = columns[part.currency]!;
    const amounts = level.amounts.get(part)!;
    for (let i = 0; i < piece.rows; i += 1) this.#sub[i] = weights[i]! < 0 ? 0 : amounts.placeOf(this.#places[i]! * currencies + Math.min(currency[i]! + 1, currencies - 1));
    tally.take(piece, this.#sub, weights);
  }

  /** All groups of facts that were met. */
  finish(): Group[] {
    return this.#levels.flatMap((level) => {
      const histograms = new Map([...level.histograms].map(([part, histogram]) => [part, histogram.byCell()]));
      const amounts = new Map([...level.amounts].map(([part, table]) => [part, Map.groupBy(Array.from({ length: table.size }, (_, place) => ({ place, pair: table.at(place) })), ({ pair }) => Math.floor(pair / currencies))]));
      const figure = (name: string, parts: readonly Part[], cell: number): Figure => {
        const [part] = parts;
        switch (this.#kinds.get(name)) {
          case 'money':
            return {
              kind: 'money',
              byCurrency: (amounts.get(part!)!.get(cell) ?? []).map(({ place, pair }) => ({ currency: (pair % currencies) - 1, sum: level.tallies.get(part!)!.of(place) })),
            };
          case 'quantity':
            return { kind: 'quantity', sum: level.tallies.get(part!)!.of(cell), values: histograms.get(part!)!.get(cell) ?? [] };
          default:
            return { kind: 'counted', sets: parts.map((each) => level.tallies.get(each)!.of(cell)) };
        }
      };
      return Array.from({ length: level.cells.size }, (_, cell) => ({
        level: level.depth,
        places: this.#placesOf(level.cells.at(cell), level.depth),
        all: level.all.of(cell),
        figures: new Map([...this.#plan.parts].map(([name, parts]) => [name, figure(name, parts, cell)])),
      }));
    });
  }

  #placesOf(cell: number, depth: number): number[] {
    const places: number[] = [];
    let rest = cell;
    for (let i = depth - 1; i >= 0; i -= 1) {
      places[i] = rest % this.#plan.places[i]!;
      rest = Math.floor(rest / this.#plan.places[i]!);
    }
    return places;
  }
}
