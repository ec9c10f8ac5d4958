import { normaliseIdentifier, normalisePassport, normalisePhone } from '../normalise/identifier.ts';
import type { NormalNik } from '../normalise/nik.ts';
import { normaliseNik } from '../normalise/nik.ts';
import { editDistance } from '../similarity.ts';
import type { Comparator } from './comparator.ts';

/** Several numbers of one sort on one record, such as old and new passport: the best pair counts. */
export type NumbersCell = readonly string[];

function collect(values: readonly string[], normalise: (raw: string) => string | null): NumbersCell | null {
  const found = new Set<string>();
  for (const value of values) {
    const normal = normalise(value);
    if (normal !== null) found.add(normal);
  }
  return found.size === 0 ? null : [...found];
}

function near(a: string, b: string): boolean {
  const length = Math.min(a.length, b.length);
  if (length < 5) return false;
  const limit = length >= 12 ? 2 : 1;
  return editDistance(a, b, limit) <= limit;
}

/** Beginning and end: a typing error spoils one of them. */
function halves(value: string): readonly string[] {
  if (value.length < 6) return [];
  const middle = value.length >> 1;
  return [`<${value.slice(0, middle)}`, `>${value.slice(middle)}`];
}

function numbersComparator(normalise: (raw: string) => string | null): Comparator<NumbersCell> {
  return {
    levels: ['same', 'one typing error', 'different'],
    lastAgreeing: 1,
    prepare: (values) => collect(values, normalise),
    compare(a, b) {
      for (const x of a) if (b.includes(x)) return 0;
      for (const x of a) for (const y of b) if (near(x, y)) return 1;
      return 2;
    },
    terms: (cell) => cell,
    shared: (a, b, level) => (level === 0 ? a.filter((x) => b.includes(x)).slice(0, 1).map((x) => [x]) : []),
    strong: (cell) => cell.flatMap((value) => [value, ...halves(value)]),
    weak: () => [],
    show: (cell) => cell.join(', '),
  };
}

export const identifierComparator = () => numbersComparator(normaliseIdentifier);
export const passportComparator = () => numbersComparator(normalisePassport);
export const phoneComparator = () => numbersComparator(normalisePhone);

const nikLevels = [
  'same', 'typing error before the serial', 'other district, rest same', 'damaged, most digits same', 'typing error in the serial', 'same district and date, other serial', 'similar',
  'damaged, beginning same', 'different',
] as const;
/** Levels of the NIK that decisions name. */
export const nikLevel = {
  SAME: 0, PREFIX_ERROR: 1, OTHER_DISTRICT: 2, MOST_DIGITS: 3, SERIAL_ERROR: 4, OTHER_SERIAL: 5, SIMILAR: 6, BEGINNING: 7, DIFFERENT: 8,
} as const;

function compareNik(a: NormalNik, b: NormalNik): number {
  if (a.prefixOnly !== null || b.prefixOnly !== null) {
    const [x, y] = [a.prefixOnly ?? a.value, b.prefixOnly ?? b.value];
    // The last digit a spreadsheet shows is rounded.
    const length = Math.min(x.length, y.length) - 1;
    if (x.slice(0, length) !== y.slice(0, length)) return nikLevel.DIFFERENT;
    return length >= 13 ? nikLevel.MOST_DIGITS : nikLevel.BEGINNING;
  }
  if (a.value === b.value) return nikLevel.SAME;
  // Twins differ in the serial alone, often by one: agreement of the rest is agreement of district and date, no more.
  if (a.district === b.district && a.datePart === b.datePart) return editDistance(a.serial, b.serial, 1) <= 1 ? nikLevel.SERIAL_ERROR : nikLevel.OTHER_SERIAL;
  if (editDistance(a.value, b.value, 2) <= 2) return a.serial === b.serial ? nikLevel.PREFIX_ERROR : nikLevel.SIMILAR;
  // A province was split, or the family moved before the electronic card.
  if (a.datePart === b.datePart && a.serial === b.serial) return nikLevel.OTHER_DISTRICT;
  return nikLevel.DIFFERENT;
}

/** NIK: by its parts, since two people of one district and birthday share twelve digits of sixteen. */
export function nikComparator(): Comparator<readonly NormalNik[]> {
  return {
    levels: nikLevels,
    lastAgreeing: nikLevel.MOST_DIGITS,
    prepare(values) {
      const found = values.map((value) => normaliseNik(value)).filter((nik) => nik !== null);
      return found.length === 0 ? null : found;
    },
    compare(a, b) {
      let best: number = nikLevel.DIFFERENT;
      for (const x of a) for (const y of b) best = Math.min(best, compareNik(x, y));
      return best;
    },
    terms: (cell) => cell.map((nik) => nik.value),
    shared: (a, b, level) => (level === nikLevel.SAME ? a.filter((x) => b.some((y) => x.value === y.value)).slice(0, 1).map((nik) => [nik.value]) : []),
    strong: (cell) =>
      cell.flatMap(({ value, district, datePart, serial, prefixOnly }) =>
        prefixOnly !== null ? [] : [value, `<${district}${datePart}`, `>${datePart}${serial}`, `=${district}${serial}`]),
    weak: (cell) => cell.map((nik) => nik.district),
    show: (cell) => cell.map((nik) => (nik.prefixOnly !== null ? `${nik.prefixOnly}...` : nik.value)).join(', '),
  };
}
/** Levels at which the parts that a NIK encodes agree already. */
export const nikEncodes = (level: number): boolean => level < nikLevel.DIFFERENT;
