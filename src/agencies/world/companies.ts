import type { Journey } from './journeys.ts';
import type { Employer, P3mi } from '../../domain/placement.ts';

/** Invented employers and placement companies. Companies say in their name that they are fictional, so that none is taken for a real one. */

const families: Readonly<Record<string, readonly [string[], string[]]>> = {
  chinese: [['CHAN', 'WONG', 'LEE', 'LAM', 'CHEN', 'LIN', 'HUANG', 'CHANG', 'WU', 'TSAI', 'YANG', 'LIU', 'TAN', 'LIM', 'NG', 'GOH'], ['MEI LING', 'WAI MING', 'SIU FONG', 'CHIA HAO', 'SHU FEN', 'KA YAN', 'PEI SHAN', 'CHUN KIT', 'YU TING', 'HUI MIN']],
  malay: [['AZMAN', 'ROSLAN', 'FARIDAH', 'NORAINI', 'KAMAL', 'SHARIFAH', 'ZAINAL', 'HASLINDA', 'RAJESH', 'TAN AH KOW', 'LIM BEE LENG'], ['BIN IDRIS', 'BINTI OSMAN', 'BIN YAAKOB', 'BINTI ISMAIL', 'BIN HASSAN', '']],
  arab: [['ABDULAZIZ', 'FAHAD', 'KHALID', 'NOURA', 'SALEH', 'MANSOUR', 'HESSA', 'SULTAN', 'MARIAM'], ['AL HARBI', 'AL OTAIBI', 'AL GHAMDI', 'AL QAHTANI', 'AL MANSOORI', 'AL BALUSHI', 'AL ENEZI']],
  other: [['SATO', 'TANAKA', 'KIM', 'PARK', 'YILMAZ', 'NOWAK', 'ROSSI', 'SCHMIDT', 'SUZUKI', 'DEMIR'], ['A.', 'H.', 'J.', 'K.', 'M.', 'S.', 'T.']],
};
const familyOf: Readonly<Record<string, keyof typeof families>> = { HK: 'chinese', TW: 'chinese', SG: 'chinese', MO: 'chinese', CN: 'chinese', MY: 'malay', BN: 'malay', SA: 'arab', AE: 'arab', QA: 'arab', KW: 'arab', OM: 'arab', JO: 'arab', BH: 'arab' };
const trades = ['HARMONY', 'GOLDEN HILL', 'BLUE RIVER', 'SUNRISE', 'GREEN VALLEY', 'EVERGREEN', 'PACIFIC', 'LOTUS', 'SILVER STAR', 'NEW BRIDGE', 'RED MAPLE', 'WHITE CRANE'];
const kinds = ['TRADING', 'INDUSTRIES', 'SERVICES', 'HOLDINGS', 'WORKS'];

export function employerName({ employer, market }: Journey): string {
  const nth = <T>(list: readonly T[], step: number) => list[Math.floor(employer / step) % list.length]!;
  if (market.employer === 'VESSEL') return `FV ${nth(trades, 1)} ${1 + (employer % 88)}`;
  if (market.employer === 'LEGAL_ENTITY') return `CONTOH ${nth(trades, 1)} ${nth(kinds, trades.length)} ${1 + (employer % 97)}`;
  const [first, second] = families[familyOf[market.country] ?? 'other']!;
  return `${nth(first, 1)} ${nth(second, first.length)}`.trim();
}

export function employerOf(journey: Journey): Employer {
  return { name: employerName(journey), kind: journey.market.employer };
}

const words = ['KARYA', 'BAKTI', 'MITRA', 'CITRA', 'SINAR', 'PUTRA', 'JAYA', 'SENTOSA', 'MANDIRI', 'SEJAHTERA', 'UTAMA', 'ABADI', 'GRAHA', 'INDAH'];

/** One of 424 companies (the number registered in April 2024); null for schemes without one. */
export function companyOf({ company, scheme, lawful }: Journey): P3mi | null {
  if (scheme !== 'P_TO_P' || !lawful) return null;
  return { id: `P3MI-${String(company).padStart(3, '0')}`, name: `PT FIKTIF ${words[company % words.length]} ${words[Math.floor(company / words.length) % words.length]} ${company}` };
}
