import { weights } from './random.ts';
import type { Weights } from './random.ts';
import type { Sex } from '../../domain/person.ts';
import type { EmployerKind, Scheme } from '../../domain/placement.ts';

/**
 * Where workers go and what they do there, in per cent of lawful placements. Drawn so that the published figures of 2024 and 2025 come out:
 * Taiwan 30.3 %; the order Hong Kong, Taiwan, Malaysia, Japan, Singapore; house maids 25.9 %, caregivers 18.0 %, plantation 9.4 %, workers 5.8 %,
 * domestic workers 4.9 %; 72.5 % individual employers; 63 % women; government to government about 4 %. How the figures cross is assumed.
 */
export interface Market {
  readonly country: string;
  readonly job: string;
  readonly employer: EmployerKind;
  /** Share of women. */
  readonly women: number;
  readonly weight: number;
  /** Share placed government to government; the rest go by the other schemes. */
  readonly governments: number;
  /** Monthly wage from and to, in the currency; plausible, not published. */
  readonly wage: readonly [low: number, high: number, currency: string];
}

type Row = readonly [country: string, job: string, employer: EmployerKind, women: number, weight: number, low: number, high: number, governments?: number];

const currencies: Readonly<Record<string, string>> = {
  HK: 'HKD', TW: 'TWD', MY: 'MYR', JP: 'JPY', SG: 'SGD', KR: 'KRW', SA: 'SAR', AE: 'AED', BN: 'BND', QA: 'QAR', KW: 'KWD', OM: 'OMR', JO: 'JOD', BH: 'BHD', TR: 'TRY', PL: 'PLN',
  IT: 'EUR', DE: 'EUR', MO: 'MOP', CN: 'CNY', KH: 'USD',
};

const home = 'HOUSEHOLD';
const firm = 'LEGAL_ENTITY';
const ship = 'VESSEL';

function market([country, job, employer, women, weight, low, high, governments = 0]: Row): Market {
  return { country, job, employer, women, weight, governments, wage: [low, high, currencies[country]!] };
}

export const markets: readonly Market[] = (
  [
    ['HK', 'HOUSE MAID', home, 0.96, 16.6, 4630, 5500],
    ['HK', 'DOMESTIC WORKER', home, 0.985, 3.2, 4630, 5500],
    ['HK', 'CAREGIVER', home, 0.95, 2, 4730, 6000],
    ['HK', 'BABY SITTER', home, 0.99, 2.3, 4730, 5800],
    ['HK', 'ELDERLY CARER', home, 0.85, 3, 4730, 5800],
    ['HK', 'COOK', home, 0.6, 2.6, 4730, 6500],
    ['HK', 'DRIVER', home, 0.01, 1.3, 6000, 9000],
    ['TW', 'CAREGIVER', home, 0.82, 14.5, 20000, 26000],
    ['TW', 'ELDERLY CARER', home, 0.72, 5.2, 20000, 26000],
    ['TW', 'HOUSE MAID', home, 0.88, 2, 20000, 24000],
    ['TW', 'GARDENER', home, 0.08, 1.6, 24000, 28590],
    ['TW', 'WORKER', firm, 0.3, 2.3, 25250, 29500],
    ['TW', 'FACTORY OPERATOR', firm, 0.35, 2.1, 25250, 29500],
    ['TW', 'NURSING HOME CARER', firm, 0.85, 0.9, 25250, 30000],
    ['TW', 'FISHERMAN', ship, 0, 1.7, 22000, 29500],
    ['MY', 'PLANTATION WORKER', firm, 0.08, 9.4, 1500, 1900],
    ['MY', 'HOUSE MAID', home, 0.98, 2.6, 1500, 1900],
    ['MY', 'DOMESTIC WORKER', home, 0.97, 0.9, 1500, 1900],
    ['MY', 'CONSTRUCTION WORKER', home, 0.02, 1.9, 1500, 2400],
    ['MY', 'WORKER', firm, 0.45, 1, 1500, 1900],
    ['MY', 'SHOP ASSISTANT', home, 0.35, 0.9, 1500, 1900],
    ['JP', 'CAREGIVER', firm, 0.75, 1, 160000, 210000, 0.35],
    ['JP', 'NURSE', firm, 0.8, 0.1, 180000, 230000, 1],
    ['JP', 'FOOD PROCESSING WORKER', firm, 0.5, 1.2, 155000, 200000],
    ['JP', 'FARM WORKER', home, 0.4, 2, 150000, 190000],
    ['JP', 'CONSTRUCTION WORKER', firm, 0.01, 0.7, 165000, 220000],
    ['SG', 'HOUSE MAID', home, 0.99, 2.7, 550, 850],
    ['SG', 'CAREGIVER', home, 0.95, 0.5, 600, 900],
    ['SG', 'DOMESTIC WORKER', home, 0.99, 0.2, 550, 850],
    ['SG', 'ELDERLY CARER', home, 0.92, 0.6, 600, 900],
    ['SG', 'DRIVER', home, 0.01, 0.1, 900, 1400],
    ['KR', 'WORKER', firm, 0.1, 2.5, 2010000, 2600000, 1],
    ['KR', 'FISHERMAN', ship, 0, 0.8, 2010000, 2400000, 1],
    ['SA', 'HOUSE MAID', home, 0.99, 0.9, 1200, 1600],
    ['SA', 'DOMESTIC WORKER', home, 0.95, 0.4, 1200, 1600],
    ['SA', 'FAMILY DRIVER', home, 0, 1.4, 1500, 2200],
    ['SA', 'CLEANING SERVICE', firm, 0.3, 0.4, 1000, 1500],
    ['AE', 'HOUSE MAID', home, 0.98, 0.4, 1200, 1700],
    ['AE', 'DOMESTIC WORKER', home, 0.97, 0.2, 1200, 1700],
    ['AE', 'WAITER', firm, 0.5, 0.2, 1500, 2500],
    ['BN', 'HOUSE MAID', home, 0.98, 0.5, 350, 500],
    ['BN', 'FAMILY DRIVER', home, 0.01, 0.3, 400, 700],
    ['BN', 'GARDENER', home, 0.02, 0.5, 350, 600],
    ['BN', 'CONSTRUCTION WORKER', firm, 0, 0.3, 450, 800],
    ['QA', 'SPA THERAPIST', firm, 0.9, 0.15, 1500, 3000],
    ['QA', 'HOUSE MAID', home, 0.98, 0.15, 1200, 1700],
    ['QA', 'FAMILY DRIVER', home, 0, 0.4, 1800, 2600],
    ['KW', 'FAMILY DRIVER', home, 0, 0.25, 120, 200],
    ['KW', 'SPA THERAPIST', firm, 0.9, 0.15, 150, 300],
    ['OM', 'HOUSE MAID', home, 0.99, 0.1, 110, 160],
    ['JO', 'GARMENT WORKER', firm, 0.9, 0.1, 220, 300],
    ['BH', 'HOUSE MAID', home, 0.98, 0.1, 120, 180],
    ['TR', 'SPA THERAPIST', firm, 0.92, 0.7, 17000, 30000],
    ['PL', 'FACTORY OPERATOR', firm, 0.4, 0.6, 3600, 5200],
    ['IT', 'SEAFARER', ship, 0.08, 0.7, 700, 1400],
    ['DE', 'NURSE', firm, 0.75, 0.2, 2300, 3100, 1],
    ['MO', 'DOMESTIC WORKER', home, 0.98, 0.1, 4500, 6500],
    ['CN', 'FISHERMAN', ship, 0, 0.4, 3000, 4500],
  ] as const satisfies readonly Row[]
).map(market);

/** Placements outside procedure: countries after the mission case counts of 2024, jobs assumed. Cambodia stands for online fraud compounds. */
export const irregularMarkets: readonly Market[] = (
  [
    ['MY', 'DOMESTIC WORKER', home, 0.98, 20, 900, 1400],
    ['MY', 'PLANTATION WORKER', firm, 0.15, 14, 1000, 1500],
    ['MY', 'CONSTRUCTION WORKER', home, 0.02, 12, 1200, 2000],
    ['MY', 'RESTAURANT HELPER', firm, 0.5, 6, 1100, 1600],
    ['SA', 'HOUSE MAID', home, 0.99, 24, 900, 1400],
    ['AE', 'HOUSE MAID', home, 0.99, 9, 900, 1400],
    ['JO', 'HOUSE MAID', home, 0.99, 2, 150, 220],
    ['KH', 'CUSTOMER SERVICE', firm, 0.25, 7, 500, 1000],
    ['TW', 'FISHERMAN', ship, 0, 3, 15000, 20000],
    ['TR', 'DOMESTIC WORKER', home, 0.98, 3, 12000, 20000],
  ] as const satisfies readonly Row[]
).map(market);

/** Markets drawn for one sex, or for both. */
export interface MarketDraw {
  readonly any: Weights<Market>;
  readonly FEMALE: Weights<Market>;
  readonly MALE: Weights<Market>;
}

function drawOf(list: readonly Market[]): MarketDraw {
  const of = (sex: Sex | null) => weights(list.map((m) => [m, m.weight * (sex === null ? 1 : sex === 'FEMALE' ? m.women : 1 - m.women)] as const));
  return { any: of(null), FEMALE: of('FEMALE'), MALE: of('MALE') };
}

export const lawful = drawOf(markets);
export const irregular = drawOf(irregularMarkets);

/** Schemes for placements that are not government to government. P to P 2024: 79.47 % of all; the two others share the rest by assumption. */
export const otherSchemes: Weights<Scheme> = weights([['P_TO_P', 0.826], ['PERSEORANGAN', 0.15], ['UKPS', 0.024]]);

type Where = readonly [region: string | null, weight: number, districts?: readonly string[]];
const wheres: Readonly<Record<string, readonly Where[]>> = {
  MY: [
    ['Selangor', 24, ['Petaling', 'Klang', 'Gombak', 'Hulu Langat', 'Kuala Selangor']], ['Kuala Lumpur', 15], ['Johor', 17, ['Johor Bahru', 'Kulai', 'Kluang', 'Batu Pahat']],
    ['Sabah', 14, ['Tawau', 'Lahad Datu', 'Semporna', 'Kunak', 'Kalabakan', 'Kota Kinabalu', 'Sandakan', 'Kinabatangan', 'Keningau']],
    ['Sarawak', 12, ['Kuching', 'Miri', 'Bintulu', 'Sibu']], ['Pulau Pinang', 6], ['Perak', 4], ['Pahang', 3], ['Kedah', 2], ['Negeri Sembilan', 2], ['Melaka', 1], ['Labuan', 0.5],
  ],
  TW: [['Taoyuan', 3], ['New Taipei', 3], ['Taichung', 3], ['Tainan', 2], ['Kaohsiung', 3], ['Taipei', 2], ['Changhua', 2], ['Pingtung', 1]],
  HK: [['Kowloon', 4], ['New Territories', 5], ['Hong Kong Island', 2]],
  SA: [['Riyadh', 4], ['Makkah', 4, ['Jeddah', 'Makkah', 'Taif']], ['Eastern Province', 2, ['Dammam', 'Al Khobar']], ['Madinah', 1], ['Asir', 0.5]],
  AE: [['Dubai', 5], ['Abu Dhabi', 4], ['Sharjah', 2], ['Ajman', 0.5]],
  JP: [['Tokyo', 2], ['Aichi', 3], ['Osaka', 3], ['Ibaraki', 2], ['Hiroshima', 1], ['Shizuoka', 2], ['Saitama', 1]],
  KR: [['Gyeonggi', 5], ['Gyeongnam', 3], ['Busan', 2], ['Chungnam', 2]],
  DE: [['Hessen', 2], ['Bayern', 2], ['Berlin', 1], ['Hamburg', 1], ['Nordrhein-Westfalen', 2]],
  TR: [['Antalya', 4], ['Istanbul', 3], ['Ankara', 1]],
  CN: [['Fujian', 3], ['Guangdong', 1], ['Zhejiang', 1], ['Shandong', 1]],
  KH: [['Phnom Penh', 3], ['Preah Sihanouk', 4], ['Banteay Meanchey', 2, ['Poipet']], ['Svay Rieng', 1, ['Bavet']]],
  PL: [['Mazowieckie', 1], ['Wielkopolskie', 1]],
  IT: [['Liguria', 1], ['Lazio', 1]],
};

export const regionsOf: Readonly<Record<string, Weights<Where>>> = Object.fromEntries(Object.entries(wheres).map(([country, list]) => [country, weights(list.map((w) => [w, w[1]] as const))]));

/** Contract lengths in months; Taiwan and Korea contracts are often three years. Assumed; two years is the usual length. */
export const contractMonths: Readonly<Record<string, Weights<number>>> = {
  TW: weights([[36, 0.45], [24, 0.55]]),
  KR: weights([[36, 0.8], [24, 0.2]]),
  JP: weights([[36, 0.45], [24, 0.25], [12, 0.3]]),
  IT: weights([[6, 0.4], [12, 0.6]]),
  DE: weights([[24, 0.5], [36, 0.5]]),
  TR: weights([[12, 0.7], [24, 0.3]]),
};
export const usualMonths: Weights<number> = weights([[24, 0.9], [12, 0.07], [36, 0.02], [6, 0.01]]);
