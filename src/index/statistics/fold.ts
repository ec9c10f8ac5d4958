import type { MeasureKind } from '../dimension.ts';
import type { Column } from './engine.ts';
import { NumberTable } from './numberTable.ts';
import { columnOf, type Part, type Plan, type Question } from './plan.ts';
import { Histogram, nobody, type Piece, SetTally, type Summed, SumTally } from './tally.ts';

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
  readonly all = new SetTally();
  /** By bit of the flags: conditions that are the same are counted once. */
  readonly sets = new Map<number, SetTally>();
  readonly sums = new Map<Part, SumTally>();
  readonly histograms = new Map<Part, Histogram>();
  /** Cells of amounts: a cell and a currency each. */
  readonly amounts = new Map<Part, NumberTable>();
  readonly depth: number;
  readonly stride: number;

  constructor(depth: number, stride: number) {
    this.depth = depth;
    this.stride = stride;
  }
}

/** Folds the pieces of a scan into groups. */
export class Fold {
  readonly #plan: Plan;
  readonly #kinds: ReadonlyMap<string, MeasureKind['kind']>;
  /** The finest first. */
  readonly #levels: readonly Level[];
  #places = new Int32Array(2048);
  #sub = new Int32Array(2048);

  constructor(question: Question, plan: Plan) {
    this.#plan = plan;
    this.#kinds = new Map(question.measures.map(({ name, is }) => [name, is.kind]));
    const depth = plan.places.length;
    const depths = question.rollUp ? Array.from({ length: depth + 1 }, (_, i) => depth - i) : [depth];
    this.#levels = depths.map((each) => new Level(each, plan.places.slice(each).reduce((product, places) => product * places, 1)));
    for (const level of this.#levels) {
      for (const [name, parts] of plan.parts) {
        for (const part of parts) {
          const kind = this.#kinds.get(name);
          if (part.kind === 'flag') level.sets.set(part.bit, new SetTally());
          else if (part.kind !== 'never') level.sums.set(part, new SumTally(kind === 'sum' ? 'counts' : 'amounts'));
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
    const [serial, personKey, factKey] = [columns[columnOf.serial], columns[columnOf.personKey], columns[columnOf.factKey]] as [Int32Array, Int32Array, Int32Array];
    const piece: Piece = { rows, serial, personKey, factKey };
    const cells = columns[columnOf.cell]!;
    const flags = this.#plan.flags === null ? null : (columns[this.#plan.flags] as Int32Array);
    if (this.#places.length < rows) [this.#places, this.#sub] = [new Int32Array(rows), new Int32Array(rows)];
    for (const level of this.#levels) {
      const { stride } = level;
      if (stride === 1) for (let i = 0; i < rows; i += 1) this.#places[i] = level.cells.placeOf(cells[i]!);
      else for (let i = 0; i < rows; i += 1) this.#places[i] = level.cells.placeOf(Math.floor(cells[i]! / stride));
      level.all.take(piece, this.#places, null, 0);
      for (const [bit, tally] of level.sets) tally.take(piece, this.#places, flags, 1 << bit);
      for (const [part, tally] of level.sums) this.#sum(level, part, tally, piece, columns);
    }
  }

  #sum(level: Level, part: Part, tally: SumTally, piece: Piece, columns: readonly Column[]): void {
    if (part.kind === 'value') {
      const values = columns[part.column]!;
      tally.take(piece, this.#places, values);
      level.histograms.get(part)?.take(piece.rows, this.#places, values);
    } else if (part.kind === 'money') {
      const [values, currency] = [columns[part.column]!, columns[part.currency]!];
      const amounts = level.amounts.get(part)!;
      for (let i = 0; i < piece.rows; i += 1) this.#sub[i] = values[i]! < 0 ? 0 : amounts.placeOf(this.#places[i]! * currencies + Math.min(currency[i]! + 1, currencies - 1));
      tally.take(piece, this.#sub, values);
    }
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
              byCurrency: (amounts.get(part!)!.get(cell) ?? []).map(({ place, pair }) => ({ currency: (pair % currencies) - 1, sum: level.sums.get(part!)!.of(place) })),
            };
          case 'quantity':
            return { kind: 'quantity', sum: level.sums.get(part!)!.of(cell), values: histograms.get(part!)!.get(cell) ?? [] };
          default:
            return { kind: 'counted', sets: parts.map((each) => (each.kind === 'never' ? nobody : (each.kind === 'flag' ? level.sets.get(each.bit) : level.sums.get(each))!.of(cell))) };
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
