import type { MeasureKind } from '../dimension.ts';
import { Histogram, type HistogramState } from './histogram.ts';
import { NumberTable } from './numberTable.ts';
import { type Column, columnOf, type Part, type Shape } from './shape.ts';
import { AmountTally, nobody, type Piece, SetTally, type Summed, SumTally, type TallyState } from './tally.ts';

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

/** What is kept of a measure's numbers, by the column in which they come. */
interface Sums {
  readonly part: Extract<Part, { column: number }>;
  readonly tally: SumTally | AmountTally;
  /** For quantiles. */
  readonly histogram: Histogram | null;
  /** Cells of amounts in several currencies: a cell and a currency each. */
  readonly amounts: NumberTable | null;
}

/** What is kept of the cells of one level. */
class Level {
  readonly cells = new NumberTable();
  readonly all = new SetTally();
  /** By bit of the flags: conditions that are the same are counted once. */
  readonly sets = new Map<number, SetTally>();
  readonly sums = new Map<number, Sums>();
  readonly depth: number;
  readonly #stride: number;
  /** Of the places of the finest level, those here. */
  #above = new Int32Array(0);

  constructor(depth: number, { places, measures }: Shape) {
    this.depth = depth;
    this.#stride = places.slice(depth).reduce((product, each) => product * each, 1);
    for (const { kind, parts } of measures) {
      for (const part of parts) {
        if (part.kind === 'flag') this.sets.set(part.bit, new SetTally());
        else if (part.kind !== 'never') {
          this.sums.set(part.column, {
            part,
            tally: kind === 'sum' ? new SumTally() : new AmountTally(),
            histogram: kind === 'quantity' ? new Histogram() : null,
            amounts: part.kind === 'money' && 'column' in part.currency ? new NumberTable() : null,
          });
        }
      }
    }
  }

  /** Where the cells of the finest level lie here. */
  placesOf(finest: NumberTable): Int32Array {
    if (this.#above.length < finest.size) {
      const above = new Int32Array(finest.size);
      above.set(this.#above);
      for (let place = this.#above.length; place < finest.size; place += 1) above[place] = this.cells.placeOf(Math.floor(finest.at(place) / this.#stride));
      this.#above = above;
    }
    return this.#above;
  }
}

/** What a fold has counted, to be taken over by another: plain data. */
export interface FoldState {
  readonly levels: readonly {
    readonly cells: Float64Array;
    readonly all: TallyState;
    readonly sets: readonly (readonly [bit: number, TallyState])[];
    readonly sums: readonly (readonly [column: number, { readonly tally: TallyState; readonly histogram: HistogramState | null; readonly amounts: Float64Array | null }])[];
  }[];
}

/** Folds the pieces of a scan into groups. */
export class Fold {
  readonly #shape: Shape;
  /** The finest first. */
  readonly #levels: readonly Level[];
  #finest = new Int32Array(2048);
  #places = new Int32Array(2048);
  #sub = new Int32Array(2048);

  constructor(shape: Shape) {
    this.#shape = shape;
    const depth = shape.places.length;
    const depths = shape.rollUp ? Array.from({ length: depth + 1 }, (_, i) => depth - i) : [depth];
    this.#levels = depths.map((each) => new Level(each, shape));
  }

  get groups(): number {
    return this.#levels.reduce((sum, { cells }) => sum + cells.size, 0);
  }

  take(rows: number, columns: readonly Column[]): void {
    const [serial, personKey, factKey] = [columns[columnOf.serial], columns[columnOf.personKey], columns[columnOf.factKey]] as [Int32Array, Int32Array, Int32Array];
    const piece: Piece = { rows, serial, personKey, factKey };
    const cells = columns[columnOf.cell]!;
    const flags = this.#shape.flags === null ? null : (columns[this.#shape.flags] as Int32Array);
    if (this.#places.length < rows) [this.#finest, this.#places, this.#sub] = [new Int32Array(rows), new Int32Array(rows), new Int32Array(rows)];
    const [{ cells: numbers }] = this.#levels as [Level];
    for (let i = 0; i < rows; i += 1) this.#finest[i] = numbers.placeOf(cells[i]!);
    for (const level of this.#levels) {
      const above = level.placesOf(numbers);
      for (let i = 0; i < rows; i += 1) this.#places[i] = above[this.#finest[i]!]!;
      level.all.take(piece, this.#places, null, 0);
      for (const [bit, tally] of level.sets) tally.take(piece, this.#places, flags, 1 << bit);
      for (const sums of level.sums.values()) this.#sum(sums, piece, columns);
    }
  }

  #sum({ part, tally, histogram, amounts }: Sums, piece: Piece, columns: readonly Column[]): void {
    const values = columns[part.column]!;
    if (amounts === null) {
      tally.take(piece, this.#places, values);
      histogram?.take(piece.rows, this.#places, values);
      return;
    }
    const codes = columns[part.kind === 'money' && 'column' in part.currency ? part.currency.column : part.column]!;
    for (let i = 0; i < piece.rows; i += 1) if (values[i]! >= 0) this.#sub[i] = amounts.placeOf(this.#places[i]! * currencies + Math.min(codes[i]! + 1, currencies - 1));
    tally.take(piece, this.#sub, values);
  }

  state(): FoldState {
    return {
      levels: this.#levels.map(({ cells, all, sets, sums }) => ({
        cells: cells.all(),
        all: all.state(cells.size),
        sets: [...sets].map(([bit, tally]) => [bit, tally.state(cells.size)] as const),
        sums: [...sums].map(([column, { tally, histogram, amounts }]) => [column, { tally: tally.state((amounts ?? cells).size), histogram: histogram?.state() ?? null, amounts: amounts?.all() ?? null }] as const),
      })),
    };
  }

  /** Takes over what another has counted of other persons. */
  absorb(state: FoldState): void {
    for (const [i, level] of this.#levels.entries()) {
      const { cells, all, sets, sums } = state.levels[i]!;
      const places = Int32Array.from(cells, (cell) => level.cells.placeOf(cell));
      level.all.absorb(all, places);
      for (const [bit, tally] of sets) level.sets.get(bit)!.absorb(tally, places);
      for (const [column, { tally, histogram, amounts }] of sums) {
        const own = level.sums.get(column)!;
        if (histogram) own.histogram?.absorb(histogram, places);
        own.tally.absorb(tally, amounts === null ? places : Int32Array.from(amounts, (pair) => own.amounts!.placeOf(places[Math.floor(pair / currencies)]! * currencies + (pair % currencies))));
      }
    }
  }

  /** All groups of facts that were met, each made when it is asked for: there may be very many. */
  *finish(): Generator<Group> {
    for (const level of this.#levels) {
      const histograms = new Map([...level.sums].map(([column, { histogram }]) => [column, histogram?.byCell()]));
      const amounts = new Map(
        [...level.sums].map(([column, { amounts: table }]) => [column, table && Map.groupBy(Array.from(table.all(), (pair, place) => ({ place, pair })), ({ pair }) => Math.floor(pair / currencies))]),
      );
      const counted = (part: Part, place: number) => (part.kind === 'never' ? nobody : part.kind === 'flag' ? level.sets.get(part.bit)!.of(place) : level.sums.get(part.column)!.tally.of(place));
      const figure = (kind: MeasureKind['kind'], parts: readonly Part[], cell: number): Figure => {
        const [part] = parts;
        if (part && part.kind === 'money' && 'code' in part.currency) {
          const sum = counted(part, cell);
          return { kind: 'money', byCurrency: sum.facts === 0 ? [] : [{ currency: part.currency.code, sum }] };
        }
        if (part && part.kind === 'money') {
          return { kind: 'money', byCurrency: (amounts.get(part.column)!.get(cell) ?? []).map(({ place, pair }) => ({ currency: (pair % currencies) - 1, sum: counted(part, place) })) };
        }
        if (part && 'column' in part && kind === 'quantity') return { kind: 'quantity', sum: counted(part, cell), values: histograms.get(part.column)!.get(cell) ?? [] };
        return { kind: 'counted', sets: parts.map((each) => counted(each, cell)) };
      };
      for (let cell = 0; cell < level.cells.size; cell += 1) {
        yield {
          level: level.depth,
          places: this.#placesOf(level.cells.at(cell), level.depth),
          all: level.all.of(cell),
          figures: new Map(this.#shape.measures.map(({ name, kind, parts }) => [name, figure(kind, parts, cell)])),
        };
      }
    }
  }

  #placesOf(cell: number, depth: number): number[] {
    const places: number[] = [];
    let rest = cell;
    for (let i = depth - 1; i >= 0; i -= 1) {
      places[i] = rest % this.#shape.places[i]!;
      rest = Math.floor(rest / this.#shape.places[i]!);
    }
    return places;
  }
}
