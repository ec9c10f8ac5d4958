import { NumberTable } from './numberTable.ts';
import { type Column, columnOf, type Shape } from './shape.ts';

/*
 * Rows of a scan that count alike: those of the same finest cell that meet the same conditions, have the same numbers (whatever these are) and these in the same currencies.
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

/** A column of numbers: none where they are below the least. `currency` is the column of theirs where they have several. */
export interface Numbers {
  readonly column: number;
  readonly least: number;
  readonly currency: number | null;
}

/** What a kind is. */
export interface Kind {
  /** Its finest cell. */
  readonly cell: number;
  /** The conditions that it meets, as bits. */
  readonly flags: number;
  /** Of each column of numbers, whether it has one, and in which currency: its number and one more, 0 for none. */
  readonly numbers: readonly { readonly there: boolean; readonly currency: number }[];
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
  table: NumberTable;
}

/** The columns of numbers of a question. */
export function numbersOf({ measures }: Shape): Numbers[] {
  return measures.flatMap(({ kind, parts }) =>
    parts.flatMap((part) => {
      if (part.kind === 'flag' || part.kind === 'never') return [];
      // Each of a sum stands for so many facts.
      return [{ column: part.column, least: kind === 'sum' ? 1 : 0, currency: part.kind === 'money' && 'column' in part.currency ? part.currency.column : null }];
    }),
  );
}

/** Tells the kinds of rows: 0, 1, 2 ... in the order in which they came. */
export class Kinds {
  /** Of the number in which cell and conditions come. */
  readonly #flags: number;
  readonly #numbers: readonly Numbers[];
  readonly #steps: readonly Step[];
  #words = new Int32Array(2048);

  constructor({ places, flags }: Shape, numbers: readonly Numbers[]) {
    this.#flags = 2 ** flags;
    this.#numbers = numbers;
    const steps: { fields: { field: Field; index: number }[]; bits: number }[] = [{ fields: [], bits: 0 }];
    let most = places.reduce((product, each) => product * each, this.#flags);
    for (const [index, field] of fieldsOf(numbers).entries()) {
      if (steps.at(-1)!.bits + field.bits > mostBits || most * 2 ** field.bits > Number.MAX_SAFE_INTEGER) {
        steps.push({ fields: [], bits: 0 });
        most = mostPlaces;
      }
      steps.at(-1)!.fields.push({ field, index });
      steps.at(-1)!.bits += field.bits;
      most *= 2 ** field.bits;
    }
    this.#steps = steps.map(({ fields, bits }) => ({ fields, width: 2 ** bits, table: new NumberTable() }));
  }

  get size(): number {
    return this.#steps.at(-1)!.table.size;
  }

  /** The kinds of rows, put `into` an array. */
  take(rows: number, columns: readonly Column[], into: Int32Array): void {
    if (this.#words.length < rows) this.#words = new Int32Array(rows);
    const words = this.#words;
    let before = columns[columnOf.cell]!;
    for (const { fields, width, table } of this.#steps) {
      words.fill(0, 0, rows);
      for (const { field } of fields) field.append(rows, columns, words);
      table.placesOf(rows, before, width, words, into);
      before = into;
    }
  }

  at(kind: number): Kind {
    const { first, values } = this.#valuesOf(kind);
    const left = values.values();
    const next = () => left.next().value!;
    return { cell: Math.floor(first / this.#flags), flags: first % this.#flags, numbers: this.#numbers.map(({ currency }) => ({ there: next() === 1, currency: currency === null ? 0 : next() })) };
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
    const wordOf = (fields: Step['fields'], values: readonly number[]) => fields.reduce((word, { field, index }) => word * 2 ** field.bits + values[index]!, 0);
    return new Map(kept.map(({ kind, first, values }) => [kind, this.#steps.reduce((at, { fields, width, table }) => table.placeOf(at * width + wordOf(fields, values)), first)]));
  }
}

function fieldsOf(numbers: readonly Numbers[]): Field[] {
  return numbers.flatMap(({ column, least, currency }) => {
    const there: Field = {
      bits: 1,
      append: (rows, columns, words) => appendThere(rows, columns[column]!, least, words),
    };
    if (currency === null) return [there];
    const code: Field = {
      bits: currencyBits,
      append(rows, columns, words) {
        const [values, codes] = [columns[column]!, columns[currency]!];
        for (let i = 0; i < rows; i += 1) words[i] = (words[i]! << currencyBits) | (values[i]! >= least ? Math.min(codes[i]! + 1, currencies - 1) : 0);
      },
    };
    return [there, code];
  });
}

/** Puts behind the bits of rows whether they have a number. Without a branch: which of them do can hardly be foretold. */
function appendThere(rows: number, values: Column, least: number, words: Int32Array): void {
  for (let i = 0; i < rows; i += 1) words[i] = (words[i]! << 1) | Number(values[i]! >= least);
}
