import type { MeasureKind } from '../dimension.ts';
import { Amounts } from './amounts.ts';
import { Histogram, type HistogramState, type Spread } from './histogram.ts';
import { currencies, type Kind, Kinds, type Numbers, numbersOf } from './kinds.ts';
import { NumberTable } from './numberTable.ts';
import { Persons } from './persons.ts';
import { type Column, columnOf, type Part, type Shape } from './shape.ts';
import { nobody, type Summed, Tally, type TallyState } from './tally.ts';

/** What was counted for a measure in a cell. */
export type Figure =
  | { readonly kind: 'counted'; readonly sets: readonly Summed[] }
  | { readonly kind: 'money'; readonly byCurrency: readonly { readonly currency: number; readonly sum: Summed }[] }
  | { readonly kind: 'quantity'; readonly sum: Summed; readonly values: Spread };

/** A group of facts. */
export interface Group {
  /** How many of the keys it is grouped by: fewer than all in a roll-up. */
  readonly level: number;
  /** Places of its keys, of the first `level`. */
  readonly places: readonly number[];
  readonly all: Summed;
  readonly figures: ReadonlyMap<string, Figure>;
}

/** Most groups that are kept while facts are read. */
export const mostGroups = 200_000;

/** How much is kept before it is counted what it means for the groups. */
export interface FoldOptions {
  /** Kinds of rows. Default 65,536. */
  readonly mostKinds?: number;
  /** Patterns of the kinds of a person's facts. Default 4,096. */
  readonly mostPatterns?: number;
}

/** What is kept of a measure's numbers at one level. */
interface Sums {
  readonly tally: Tally;
  /** Cells of amounts in several currencies: a cell and a currency each. */
  readonly amounts: NumberTable | null;
}

/** What is kept of the cells of one level. */
class Level {
  readonly cells = new NumberTable();
  readonly all = new Tally();
  /** By bit of the flags: conditions that are the same are counted once. */
  readonly sets: ReadonlyMap<number, Tally>;
  /** By column. */
  readonly sums: ReadonlyMap<number, Sums>;
  readonly depth: number;
  readonly #stride: number;

  constructor(depth: number, { places, flags }: Shape, numbers: readonly Numbers[]) {
    this.depth = depth;
    this.#stride = places.slice(depth).reduce((product, each) => product * each, 1);
    this.sets = new Map(Array.from({ length: flags }, (_, bit) => [bit, new Tally()]));
    this.sums = new Map(numbers.map(({ column, currency }) => [column, { tally: new Tally(), amounts: currency === null ? null : new NumberTable() }]));
  }

  /** The cell here of a finest cell, by its number. */
  above(number: number): number {
    return this.cells.placeOf(Math.floor(number / this.#stride));
  }

  /** Takes in what a kind is. */
  meet(kind: number, { cell: number, flags, numbers }: Kind): void {
    const cell = this.above(number);
    this.all.put(kind, cell);
    for (const [bit, tally] of this.sets) tally.put(kind, ((flags >>> bit) & 1) === 1 ? cell : -1);
    let i = 0;
    for (const { tally, amounts } of this.sums.values()) {
      const { there, currency } = numbers[i]!;
      tally.put(kind, !there ? -1 : amounts === null ? cell : amounts.placeOf(cell * currencies + currency));
      i += 1;
    }
  }

  /** All tallies; with each the column that is summed in it. */
  *tallies(): Generator<readonly [Tally, number | null]> {
    yield [this.all, null];
    for (const tally of this.sets.values()) yield [tally, null];
    for (const [column, { tally }] of this.sums) yield [tally, column];
  }
}

/** What a fold has counted, to be taken over by another: plain data. */
export interface FoldState {
  readonly levels: readonly {
    readonly cells: Float64Array;
    readonly all: TallyState;
    readonly sets: readonly (readonly [bit: number, TallyState])[];
    readonly sums: readonly (readonly [column: number, { readonly tally: TallyState; readonly amounts: Float64Array | null }])[];
  }[];
  /** By column, of the finest level. */
  readonly histograms: readonly (readonly [column: number, HistogramState])[];
}

/**
 * Folds the pieces of a scan into groups. What a row counts for is worked out once for all of its kind (see kinds.ts), and what a person counts for once for all who have
 * the same kinds of facts (see persons.ts): however many levels and measures there are, a row costs about the same.
 */
export class Fold {
  readonly #shape: Shape;
  readonly #mostKinds: number;
  /** The finest first. */
  readonly #levels: readonly Level[];
  readonly #tallies: readonly (readonly [Tally, number | null])[];
  readonly #kinds: Kinds;
  readonly #persons: Persons;
  /** By column. */
  readonly #amounts: ReadonlyMap<number, Amounts>;
  /** By column, of the finest cells: for quantiles. */
  readonly #histograms: ReadonlyMap<number, Histogram>;
  /** Kinds that all levels have met. */
  #met = 0;
  #kindOf = new Int32Array(2048);
  /** Stands for keys that are not wanted. */
  #noKeys = new Int32Array(2048);

  constructor(shape: Shape, { mostKinds = 65_536, mostPatterns = 4_096 }: FoldOptions = {}) {
    this.#shape = shape;
    this.#mostKinds = mostKinds;
    const numbers = numbersOf(shape);
    const depth = shape.places.length;
    const depths = shape.rollUp ? Array.from({ length: depth + 1 }, (_, i) => depth - i) : [depth];
    this.#kinds = new Kinds(shape, numbers);
    this.#levels = depths.map((each) => new Level(each, shape, numbers));
    this.#tallies = this.#levels.flatMap((level) => [...level.tallies()]);
    this.#persons = new Persons((others) => {
      for (const [tally] of this.#tallies) tally.addOthers(others);
    }, mostPatterns);
    this.#amounts = new Map(numbers.map(({ column, least }) => [column, new Amounts(shape.keyed ? this.#levels.map(({ sums }) => sums.get(column)!.tally) : [], least)]));
    this.#histograms = new Map(shape.measures.flatMap(({ kind, parts: [part] }) => (kind === 'quantity' && part?.kind === 'value' ? [[part.column, new Histogram()]] : [])));
  }

  get groups(): number {
    return this.#levels.reduce((sum, { cells }) => sum + cells.size, 0);
  }

  take(rows: number, columns: readonly Column[]): void {
    if (this.#kinds.size > this.#mostKinds) this.#forget();
    if (this.#kindOf.length < rows) [this.#kindOf, this.#noKeys] = [new Int32Array(rows), new Int32Array(rows)];
    const serial = columns[columnOf.serial] as Int32Array;
    const [personKey, factKey] = this.#shape.keyed ? [columns[columnOf.personKey] as Int32Array, columns[columnOf.factKey] as Int32Array] : [this.#noKeys, this.#noKeys];
    const kindOf = this.#kindOf;
    this.#kinds.take(rows, columns, kindOf);
    this.#meet();
    this.#persons.take(rows, serial, personKey, factKey, kindOf, this.#met);
    for (const [column, amounts] of this.#amounts) amounts.take(rows, serial, kindOf, columns[column]!, this.#met);
    const [{ all }] = this.#levels as [Level];
    for (const [column, histogram] of this.#histograms) histogram.take(rows, kindOf, all.cells, columns[column]!);
  }

  /** Takes in what the new kinds are. */
  #meet(): void {
    for (; this.#met < this.#kinds.size; this.#met += 1) {
      const kind = this.#kinds.at(this.#met);
      for (const level of this.#levels) level.meet(this.#met, kind);
    }
  }

  /** Counts what it means for the groups that was met so far, but for the person met last. */
  #settle(): void {
    this.#persons.settle(
      (of) => {
        for (const [tally, column] of this.#tallies) tally.addFacts(of, column === null ? 0 : this.#amounts.get(column)!.totalOf(of.kind));
      },
      (alike) => {
        for (const [tally] of this.#tallies) tally.addAlike(alike);
      },
    );
    for (const amounts of this.#amounts.values()) amounts.clear();
  }

  /** Settles, and forgets the kinds but for those of the persons met last: so that what is kept does not grow with the facts. */
  #forget(): void {
    this.#settle();
    const open = [this.#persons, ...this.#amounts.values()];
    const names = this.#kinds.keep(open.flatMap((each) => [...each.open]));
    for (const each of open) each.rename(names);
    this.#met = 0;
    this.#meet();
  }

  /** No more rows come. */
  #close(): void {
    for (const each of [this.#persons, ...this.#amounts.values()]) each.close();
    this.#settle();
  }

  /** All that was counted. */
  state(): FoldState {
    this.#close();
    return {
      levels: this.#levels.map(({ cells, all, sets, sums }) => ({
        cells: cells.all(),
        all: all.state(),
        sets: [...sets].map(([bit, tally]) => [bit, tally.state()] as const),
        sums: [...sums].map(([column, { tally, amounts }]) => [column, { tally: tally.state(), amounts: amounts?.all() ?? null }] as const),
      })),
      histograms: [...this.#histograms].map(([column, histogram]) => [column, histogram.state()] as const),
    };
  }

  /** Takes over what another has counted of other persons. */
  absorb({ levels, histograms }: FoldState): void {
    for (const [i, level] of this.#levels.entries()) {
      const { cells, all, sets, sums } = levels[i]!;
      const places = Int32Array.from(cells, (cell) => level.cells.placeOf(cell));
      level.all.absorb(all, places);
      for (const [bit, tally] of sets) level.sets.get(bit)!.absorb(tally, places);
      for (const [column, { tally, amounts }] of sums) {
        const own = level.sums.get(column)!;
        own.tally.absorb(tally, amounts === null ? places : Int32Array.from(amounts, (pair) => own.amounts!.placeOf(places[Math.floor(pair / currencies)]! * currencies + (pair % currencies))));
      }
      if (i === 0) for (const [column, histogram] of histograms) this.#histograms.get(column)!.absorb(histogram, places);
    }
  }

  /** All groups of facts that were met, each made when it is asked for: there may be very many. */
  *finish(): Generator<Group> {
    this.#close();
    const [{ cells: finest }] = this.#levels as [Level];
    for (const level of this.#levels) {
      const places = Int32Array.from(finest.all(), (number) => level.above(number));
      const spreads = new Map([...this.#histograms].map(([column, histogram]) => [column, histogram.spreads(places, level.cells.size)]));
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
        if (part && 'column' in part && kind === 'quantity') return { kind: 'quantity', sum: counted(part, cell), values: spreads.get(part.column)![cell]! };
        const sets = parts.map((each) => counted(each, cell));
        return { kind: 'counted', sets: kind === 'sum' ? sets.map(asFacts) : sets };
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

/** Of whole numbers, each of them so many facts. */
function asFacts(sum: Summed): Summed {
  return { ...sum, facts: sum.total, most: sum.largest, total: 0, largest: 0, second: 0 };
}
