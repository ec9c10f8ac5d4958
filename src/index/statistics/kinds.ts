import { Cells } from './cells.ts';
import type { Classes } from './classes.ts';
import { NumberTable } from './numberTable.ts';
import { type Column, type Numbers, ofProfile, type Shape } from './shape.ts';

/*
 * Rows of a scan that count alike: those of the same finest cell that meet the same conditions, have the same of the numbers (whatever these are, but for those that profiles tell)
 * and these in the same currencies.
 * There are far fewer kinds than rows, so that what a row counts for is worked out once for a kind.
 */

/** Currencies that amounts are told apart by, and one place for those without. */
export const currencies = 1024;
/** Bits of a currency. */
const currencyBits = 10;
/** Bits that are put together from columns at a time. */
const mostBits = 31;
/** Above all places of a table. */
const mostPlaces = 2 ** 32;

/** What a kind is. */
export interface Kind {
  /** Its class. */
  readonly class: number;
  /** Its finest cell. */
  readonly cell: number;
  /** The conditions that it meets, as bits. */
  readonly flags: number;
  /** Of each of the question's numbers, whether it has one, which where its profile tells, else 0, and in which currency: that one's number and one more, 0 for none. */
  readonly numbers: readonly { readonly there: boolean; readonly number: number; readonly currency: number }[];
}

/** Some bits of each row. */
interface Field {
  readonly bits: number;
  /** Puts the bits of rows behind those that are there. */
  append(rows: number, columns: readonly Column[], words: Int32Array): void;
}

/** Fields that are told apart together with what was told apart before. */
interface Step {
  readonly fields: readonly { readonly field: Field; readonly index: number }[];
  /** 2 to the power of their bits. */
  readonly width: number;
  /** Whether they and what was told apart before have no more bits together than a column. */
  readonly narrow: boolean;
  table: NumberTable;
}

/** Tells the kinds of rows: 0, 1, 2 ... in the order in which they came. */
export class Kinds {
  /** Of the number in which cell and conditions come. */
  readonly #flags: number;
  /** Null where rows themselves tell nothing of cells. */
  readonly #cells: Cells | null;
  readonly #numbers: readonly Numbers[];
  readonly #classes: Classes;
  readonly #steps: readonly Step[];
  #words = new Int32Array(2048);
  /** Where profiles tell all: of each profile its kind and one more; 0 for none yet. */
  readonly #ofProfiles: { readonly column: number; readonly kinds: Int32Array } | null;

  constructor({ places, flags, columns: { cell, profile }, numbers }: Shape, classes: Classes) {
    this.#flags = 2 ** flags;
    const cells = cell.length === 0 ? 1 : places.reduce((product, each) => product * each, this.#flags);
    this.#cells = cell.length === 0 ? null : new Cells(cell, cells);
    this.#numbers = numbers;
    this.#classes = classes;
    const steps: { fields: { field: Field; index: number }[]; bits: number; most: number }[] = [{ fields: [], bits: 0, most: cells }];
    for (const [index, field] of [classField(profile, classes), ...fieldsOf(numbers)].entries()) {
      const step = steps.at(-1)!;
      if (step.bits + field.bits > mostBits || step.most * 2 ** field.bits > Number.MAX_SAFE_INTEGER) steps.push({ fields: [], bits: 0, most: mostPlaces });
      const own = steps.at(-1)!;
      own.fields.push({ field, index });
      own.bits += field.bits;
      own.most *= 2 ** field.bits;
    }
    this.#steps = steps.map(({ fields, bits, most }) => ({ fields, width: 2 ** bits, narrow: most <= 2 ** mostBits, table: new NumberTable() }));
    this.#ofProfiles = profile !== null && cell.length === 0 && numbers.every(({ of }) => of === 'profile') ? { column: profile, kinds: new Int32Array(classes.of.length) } : null;
  }

  get size(): number {
    return this.#steps.at(-1)!.table.size;
  }

  /** The kinds of rows, put `into` an array. */
  take(rows: number, columns: readonly Column[], into: Int32Array): void {
    if (this.#ofProfiles !== null) this.#takeProfiles(rows, columns[this.#ofProfiles.column]!, this.#ofProfiles.kinds, into);
    else this.#takeWords(rows, columns, into);
  }

  #takeProfiles(rows: number, profiles: Column, kinds: Int32Array, into: Int32Array): void {
    const [{ table }] = this.#steps as [Step];
    for (let i = 0; i < rows; i += 1) {
      const profile = profiles[i]!;
      if (kinds[profile] === 0) kinds[profile] = table.placeOf(this.#classes.of[profile]!) + 1;
      into[i] = kinds[profile]! - 1;
    }
  }

  #takeWords(rows: number, columns: readonly Column[], into: Int32Array): void {
    if (this.#words.length < rows) this.#words = new Int32Array(rows);
    const words = this.#words;
    let before: Column | null = this.#cells?.take(rows, columns) ?? null;
    for (const { fields, width, narrow, table } of this.#steps) {
      if (narrow && before !== null) words.set(before.subarray(0, rows));
      else words.fill(0, 0, rows);
      for (const { field } of fields) field.append(rows, columns, words);
      if (narrow || before === null) table.placesOf(rows, words, into);
      else table.placesOfWide(rows, before, width, words, into);
      before = into;
    }
  }

  at(kind: number): Kind {
    const { first, values } = this.#valuesOf(kind);
    const { columns } = this.#classes;
    const [ofClass = 0, ...left] = values;
    const next = () => left.shift()!;
    const number = first + columns[ofProfile.cell]![ofClass]!;
    return {
      class: ofClass,
      cell: Math.floor(number / this.#flags),
      flags: number % this.#flags,
      numbers: this.#numbers.map(({ of, column, least, currency }) => {
        const own = currency !== null && 'column' in currency ? currency.column : null;
        if (of === 'row') return { there: next() === 1, number: 0, currency: own === null ? 0 : next() };
        const told = columns[column]![ofClass]!;
        return told < least ? { there: false, number: 0, currency: 0 } : { there: true, number: told, currency: own === null ? 0 : currencyPlace(columns[own]![ofClass]!) };
      }),
    };
  }

  #valuesOf(kind: number): { readonly first: number; readonly values: readonly number[] } {
    const values: number[] = [];
    let rest = kind;
    for (let i = this.#steps.length - 1; i >= 0; i -= 1) {
      const { fields, width, table } = this.#steps[i]!;
      const number = table.at(rest);
      let word = number % width;
      for (const { field, index } of fields.toReversed()) {
        values[index] = word % 2 ** field.bits;
        word = Math.floor(word / 2 ** field.bits);
      }
      rest = Math.floor(number / width);
    }
    return { first: rest, values };
  }

  /** Forgets all kinds but some, and tells the new numbers of these. */
  keep(some: Iterable<number>): Map<number, number> {
    const kept = Array.from(new Set(some), (kind) => ({ kind, ...this.#valuesOf(kind) }));
    for (const step of this.#steps) step.table = new NumberTable();
    this.#ofProfiles?.kinds.fill(0);
    const wordOf = (fields: Step['fields'], values: readonly number[]) => fields.reduce((word, { field, index }) => word * 2 ** field.bits + values[index]!, 0);
    return new Map(kept.map(({ kind, first, values }) => [kind, this.#steps.reduce((at, { fields, width, table }) => table.placeOf(at * width + wordOf(fields, values)), first)]));
  }
}

/** The class of a row. */
function classField(profile: number | null, { of, count }: Classes): Field {
  const bits = profile === null ? 0 : Math.ceil(Math.log2(Math.max(count, 1)));
  return {
    bits,
    append(rows, columns, words) {
      if (profile === null) return;
      const numbers = columns[profile]!;
      for (let i = 0; i < rows; i += 1) words[i] = (words[i]! << bits) | of[numbers[i]!]!;
    },
  };
}

/** The place of a currency by its number; the first for none. */
function currencyPlace(number: number): number {
  return Math.min(number + 1, currencies - 1);
}

/** Of the numbers that rows themselves tell, whether they have them and in which currency. */
function fieldsOf(numbers: readonly Numbers[]): Field[] {
  return numbers.flatMap(({ of, column, least, currency }) => {
    if (of === 'profile') return [];
    const there: Field = {
      bits: 1,
      append: (rows, columns, words) => appendThere(rows, columns[column]!, least, words),
    };
    if (currency === null || 'code' in currency) return [there];
    const code: Field = {
      bits: currencyBits,
      append(rows, columns, words) {
        const [values, codes] = [columns[column]!, columns[currency.column]!];
        for (let i = 0; i < rows; i += 1) words[i] = (words[i]! << currencyBits) | (values[i]! >= least ? currencyPlace(codes[i]!) : 0);
      },
    };
    return [there, code];
  });
}

/** Puts behind the bits of rows whether they have a number. Without a branch: which of them do can hardly be foretold. */
function appendThere(rows: number, values: Column, least: number, words: Int32Array): void {
  for (let i = 0; i < rows; i += 1) words[i] = (words[i]! << 1) | Number(values[i]! >= least);
}
