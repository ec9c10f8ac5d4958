import type { MeasureKind } from '../dimension.ts';
import { Amounts } from './amounts.ts';
import { Histogram, type HistogramState, type Spread } from './histogram.ts';
import { type Classes, noClasses } from './classes.ts';
import { currencies, type Kind, Kinds } from './kinds.ts';
import { NumberTable } from './numberTable.ts';
import { type OfKind, Persons } from './persons.ts';
import type { Column, Part, Shape } from './shape.ts';
import { longer, nobody, type Summed, Tally, type TallyState } from './tally.ts';

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

/** Above all numbers of kinds. */
const mostRank = 2 ** 32;

/** Most groups that are kept while facts are read. */
export const mostGroups = 200_000;

/** How rows are folded. */
export interface FoldOptions {
  /** Kinds of rows that are kept before it is counted what they mean for the groups. Default 65,536. */
  readonly mostKinds?: number;
  /** Patterns of the kinds of a person's facts that are kept. Default 8,192. */
  readonly mostPatterns?: number;
  /** What profiles tell, where the rows have them. Default: nothing. */
  readonly classes?: Classes;
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
  /** By the place of numbers. */
  readonly sums: readonly Sums[];
  readonly depth: number;
  readonly #stride: number;

  constructor(depth: number, { places, flags, numbers, keyed }: Shape) {
    this.depth = depth;
    this.#stride = places.slice(depth).reduce((product, each) => product * each, 1);
    this.sets = new Map(Array.from({ length: flags }, (_, bit) => [bit, new Tally()]));
    this.sums = numbers.map(({ of, currency }) => ({ tally: new Tally(keyed && of === 'profile'), amounts: currency !== null && 'column' in currency ? new NumberTable() : null }));
  }

  /** The cell here of a finest cell, by its number. */
  above(number: number): number {
    return this.cells.placeOf(Math.floor(number / this.#stride));
  }

  /** Takes in what a kind is. */
  meet(kind: number, { cell: number, flags, numbers }: Kind): void {
    const cell = this.above(number);
    this.all.put(kind, cell, 0);
    for (const [bit, tally] of this.sets) tally.put(kind, ((flags >>> bit) & 1) === 1 ? cell : -1, 0);
    for (const [i, { tally, amounts }] of this.sums.entries()) {
      const { there, number, currency } = numbers[i]!;
      tally.put(kind, !there ? -1 : amounts === null ? cell : amounts.placeOf(cell * currencies + currency), number);
    }
  }

  /** All tallies; with each the place of the numbers that are summed in it. */
  *tallies(): Generator<readonly [Tally, number | null]> {
    yield [this.all, null];
    for (const tally of this.sets.values()) yield [tally, null];
    for (const [at, { tally }] of this.sums.entries()) yield [tally, at];
  }
}

/** What a fold has counted, to be taken over by another: plain data. */
export interface FoldState {
  readonly levels: readonly {
    readonly cells: Float64Array;
    readonly all: TallyState;
    readonly sets: readonly (readonly [bit: number, TallyState])[];
    readonly sums: readonly { readonly tally: TallyState; readonly amounts: Float64Array | null }[];
  }[];
  /** By the place of numbers, of the finest level. */
  readonly histograms: readonly (readonly [at: number, HistogramState])[];
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
  /** By the place of numbers: of those that rows themselves tell. */
  readonly #amounts: ReadonlyMap<number, Amounts>;
  /** By the place of numbers, of the finest cells: for quantiles. */
  readonly #histograms: ReadonlyMap<number, Histogram>;
  /** Kinds that all levels have met. */
  #met = 0;
  /** Order of the kinds: that of their classes first, in which the rows of a worker come. */
  #ranks = new Float64Array(64);
  #kindOf = new Int32Array(2048);
  /** Stands for keys that are not wanted. */
  #noKeys = new Int32Array(2048);

  constructor(shape: Shape, { mostKinds = 65_536, mostPatterns = 8_192, classes = noClasses }: FoldOptions = {}) {
    this.#shape = shape;
    this.#mostKinds = mostKinds;
    const depth = shape.places.length;
    const depths = shape.rollUp ? Array.from({ length: depth + 1 }, (_, i) => depth - i) : [depth];
    this.#kinds = new Kinds(shape, classes);
    this.#levels = depths.map((each) => new Level(each, shape));
    this.#tallies = this.#levels.flatMap((level) => [...level.tallies()]);
    this.#persons = new Persons(shape.keyed, (others) => {
      for (const [tally] of this.#tallies) tally.addOthers(others);
    }, mostPatterns);
    const own = shape.numbers.flatMap(({ of, least }, at) => (of === 'row' ? [{ at, least }] : []));
    this.#amounts = new Map(own.map(({ at, least }) => [at, new Amounts(shape.keyed ? this.#levels.map(({ sums }) => sums[at]!.tally) : [], least)]));
    this.#histograms = new Map(shape.measures.flatMap(({ kind, parts: [part] }) => (kind === 'quantity' && part?.kind === 'numbers' ? [[part.at, new Histogram()]] : [])));
  }

  get groups(): number {
    return this.#levels.reduce((sum, { cells }) => sum + cells.size, 0);
  }

  take(rows: number, columns: readonly Column[]): void {
    if (this.#kinds.size > this.#mostKinds) this.#forget();
    if (this.#kindOf.length < rows) [this.#kindOf, this.#noKeys] = [new Int32Array(rows), new Int32Array(rows)];
    const serial = columns[0] as Int32Array;
    const [personKey, factKey] = [this.#shape.columns.personKey, this.#shape.columns.factKey].map((at) => (at === null ? this.#noKeys : (columns[at] as Int32Array))) as [Int32Array, Int32Array];
    const kindOf = this.#kindOf;
    this.#kinds.take(rows, columns, kindOf);
    this.#meet();
    this.#persons.take(rows, serial, personKey, factKey, kindOf, this.#ranks, this.#met);
    const { numbers } = this.#shape;
    for (const [at, amounts] of this.#amounts) amounts.take(rows, serial, kindOf, columns[numbers[at]!.column]!, this.#met);
    const [{ all }] = this.#levels as [Level];
    for (const [at, histogram] of this.#histograms) if (numbers[at]!.of === 'row') histogram.take(rows, kindOf, all.cells, columns[numbers[at]!.column]!);
  }

  /** Takes in what the new kinds are. */
  #meet(): void {
    for (; this.#met < this.#kinds.size; this.#met += 1) {
      const kind = this.#kinds.at(this.#met);
      if (this.#ranks.length <= this.#met) this.#ranks = longer(this.#ranks, this.#met + 1);
      this.#ranks[this.#met] = kind.class * mostRank + this.#met;
      for (const level of this.#levels) level.meet(this.#met, kind);
    }
  }

  /** Counts what it means for the groups that was met so far, but for the person met last. */
  #settle(): void {
    this.#persons.settle(
      (of) => {
        for (const [tally, at] of this.#tallies) tally.addFacts(of, at === null ? 0 : (this.#amounts.get(at)?.totalOf(of.kind) ?? 0));
        this.#takeAlike(of);
      },
      (alike) => {
        for (const [tally] of this.#tallies) tally.addAlike(alike);
      },
    );
    for (const amounts of this.#amounts.values()) amounts.clear();
  }

  /** Counts the numbers of a kind's facts, where profiles tell them. */
  #takeAlike({ kind, facts }: OfKind): void {
    const [{ sums }] = this.#levels as [Level];
    for (const [at, histogram] of this.#histograms) {
      const { cells, numbers } = sums[at]!.tally;
      if (this.#shape.numbers[at]!.of === 'profile' && facts > 0 && cells[kind]! >= 0) histogram.takeAlike(cells[kind]!, numbers[kind]!, facts);
    }
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
        sums: sums.map(({ tally, amounts }) => ({ tally: tally.state(), amounts: amounts?.all() ?? null })),
      })),
      histograms: [...this.#histograms].map(([at, histogram]) => [at, histogram.state()] as const),
    };
  }

  /** Takes over what another has counted of other persons. */
  absorb({ levels, histograms }: FoldState): void {
    for (const [i, level] of this.#levels.entries()) {
      const { cells, all, sets, sums } = levels[i]!;
      const places = Int32Array.from(cells, (cell) => level.cells.placeOf(cell));
      level.all.absorb(all, places);
      for (const [bit, tally] of sets) level.sets.get(bit)!.absorb(tally, places);
      for (const [at, { tally, amounts }] of sums.entries()) {
        const own = level.sums[at]!;
        own.tally.absorb(tally, amounts === null ? places : Int32Array.from(amounts, (pair) => own.amounts!.placeOf(places[Math.floor(pair / currencies)]! * currencies + (pair % currencies))));
      }
      if (i === 0) for (const [at, histogram] of histograms) this.#histograms.get(at)!.absorb(histogram, places);
    }
  }

  /** All groups of facts that were met, each made when it is asked for: there may be very many. */
  *finish(): Generator<Group> {
    this.#close();
    const [{ cells: finest }] = this.#levels as [Level];
    for (const level of this.#levels) {
      const places = Int32Array.from(finest.all(), (number) => level.above(number));
      const spreads = new Map([...this.#histograms].map(([at, histogram]) => [at, histogram.spreads(places, level.cells.size)]));
      const amounts = level.sums.map(({ amounts: table }) => table && Map.groupBy(Array.from(table.all(), (pair, place) => ({ place, pair })), ({ pair }) => Math.floor(pair / currencies)));
      const counted = (part: Part, place: number) => (part.kind === 'never' ? nobody : part.kind === 'flag' ? level.sets.get(part.bit)!.of(place) : level.sums[part.at]!.tally.of(place));
      const figure = (kind: MeasureKind['kind'], parts: readonly Part[], cell: number): Figure => {
        const [part] = parts;
        if (part?.kind === 'numbers' && kind === 'quantity') return { kind: 'quantity', sum: counted(part, cell), values: spreads.get(part.at)![cell]! };
        const currency = part?.kind === 'numbers' ? this.#shape.numbers[part.at]!.currency : null;
        if (part?.kind !== 'numbers' || currency === null) {
          const sets = parts.map((each) => counted(each, cell));
          return { kind: 'counted', sets: kind === 'sum' ? sets.map(asFacts) : sets };
        }
        if ('column' in currency) return { kind: 'money', byCurrency: (amounts[part.at]!.get(cell) ?? []).map(({ place, pair }) => ({ currency: (pair % currencies) - 1, sum: counted(part, place) })) };
        const sum = counted(part, cell);
        return { kind: 'money', byCurrency: sum.facts === 0 ? [] : [{ currency: currency.code, sum }] };
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
