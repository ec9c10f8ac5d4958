import { capacity, capacityBits } from './nik.ts';
import { permutation } from './random.ts';
import type { IdentifierKind } from '../../domain/identifier.ts';

/**
 * The other numbers, each a keyed bijection of (index, ordinal), so that a number leads back to its owner without a table. The forms are
 * plausible, not real: only the length of the JKN card and (weakly) of the KPJ are published. The cast's numbers lie outside these ranges.
 */
export interface Numbers {
  passport(index: number, ordinal: number): string;
  /** Travel document issued by a mission in place of a passport. */
  splp(index: number): string;
  /** Two digits of the year of registration, then nine that carry the owner. */
  kpj(index: number, ordinal: number, year: number): string;
  jknCard(index: number): string;
  pmiId(index: number, ordinal: number): string;
  ktkln(index: number): string;
  laporDiri(index: number, ordinal: number): string;
  caseNumber(index: number, ordinal: number, mission: string): string;
  placement(index: number, ordinal: number): string;
  claim(index: number, ordinal: number): string;
  /** The index that a number of the kind would belong to; null where it carries none. NIKs are read by their own codec. */
  read(kind: Exclude<IdentifierKind, 'NIK'>, value: string): number | null;
}

/** Ordinals per person: passports and ID PMI four, the rest sixteen. */
const few = 2;
const many = 4;
/** Series of ordinary passports; seven hold every number. */
const series = ['A', 'B', 'C', 'E', 'X', 'AN', 'XD'];
const splpSeries = ['SP', 'SR'];
const sevenDigits = 10_000_000;

export function numbers(seed: number, tag: number): Numbers {
  const passports = permutation(seed, tag, capacityBits + few);
  const splps = permutation(seed, tag + 1, capacityBits);
  const kpjs = permutation(seed, tag + 2, capacityBits + many);
  const cards = permutation(seed, tag + 3, capacityBits);
  const pmiIds = permutation(seed, tag + 4, capacityBits + few);
  const ktklns = permutation(seed, tag + 5, capacityBits);
  const reports = permutation(seed, tag + 6, capacityBits + many);
  const cases = permutation(seed, tag + 7, capacityBits + many);
  const placements = permutation(seed, tag + 8, capacityBits + many);
  const claims = permutation(seed, tag + 9, capacityBits + many);

  const inSeries = (value: number, prefixes: readonly string[]) => prefixes[Math.floor(value / sevenDigits)]! + digits(value % sevenDigits, 7);
  const fromSeries = (value: string, prefixes: readonly string[]) => {
    const prefix = prefixes.indexOf(value.slice(0, -7));
    return prefix < 0 ? -1 : prefix * sevenDigits + Number(value.slice(-7));
  };
  const owner = (value: number, bits: number, read: (value: number) => number) => (value >= 0 && value < capacity * 2 ** bits ? read(value) >> bits : null);

  return {
    passport: (index, ordinal) => inSeries(passports.of((index << few) + ordinal), series),
    splp: (index) => inSeries(splps.of(index), splpSeries),
    kpj: (index, ordinal, year) => digits(year % 100, 2) + digits(kpjs.of((index << many) + ordinal), 9),
    jknCard: (index) => digits(cards.of(index) * 64 + (index % 64), 13),
    pmiId: (index, ordinal) => `PMI-${digits(pmiIds.of((index << few) + ordinal), 8)}`,
    ktkln: (index) => `KTK${digits(ktklns.of(index), 9)}`,
    laporDiri: (index, ordinal) => `LD-${digits(reports.of((index << many) + ordinal), 9)}`,
    caseNumber: (index, ordinal, mission) => `${mission.replaceAll('_', '-')}-${digits(cases.of((index << many) + ordinal), 9)}`,
    placement: (index, ordinal) => `PEN-${digits(placements.of((index << many) + ordinal), 9)}`,
    claim: (index, ordinal) => `KLM-${digits(claims.of((index << many) + ordinal), 9)}`,

    read(kind, value) {
      const tail = Number(value.slice(value.lastIndexOf('-') + 1));
      switch (kind) {
        case 'PASSPORT': {
          const splp = fromSeries(value, splpSeries);
          return splp >= 0 ? owner(splp, 0, splps.inverse) : owner(fromSeries(value, series), few, passports.inverse);
        }
        case 'KPJ':
          return value.length === 11 ? owner(Number(value.slice(2)), many, kpjs.inverse) : null;
        case 'JKN_CARD':
          return owner(Math.floor(Number(value) / 64), 0, cards.inverse);
        case 'PMI_ID':
          return value.startsWith('PMI-') ? owner(tail, few, pmiIds.inverse) : null;
        case 'KTKLN':
          return value.startsWith('KTK') ? owner(Number(value.slice(3)), 0, ktklns.inverse) : null;
        case 'LAPOR_DIRI':
          return value.startsWith('LD-') ? owner(tail, many, reports.inverse) : null;
        case 'CASE_NUMBER':
          return owner(tail, many, cases.inverse);
      }
    },
  };
}

function digits(value: number, length: number): string {
  return String(value).padStart(length, '0');
}
