import type { Place } from './placement.ts';

export const missionKinds = ['KBRI', 'KJRI', 'KRI', 'KDEI'] as const;
/** Embassy (KBRI), consulate-general (KJRI), consulate (KRI), trade office where there is no diplomatic mission (KDEI). */
export type MissionKind = (typeof missionKinds)[number];

/** An Indonesian mission abroad that looks after workers. */
export interface Mission {
  /** Such as `KBRI_KUALA_LUMPUR`. */
  readonly code: string;
  readonly kind: MissionKind;
  readonly city: string;
  /** Country in which it stands, ISO 3166-1 alpha-2. */
  readonly country: string;
}

function mission(kind: MissionKind, city: string, country: string): Mission {
  return { code: `${kind}_${city.toUpperCase().replaceAll(' ', '_')}`, kind, city, country };
}

/**
 * The missions that the hub knows: those of the main destination countries. Indonesia has some 130. That these exist is common knowledge;
 * which of their jurisdictions were read in a source and which are assumptions is marked at {@link jurisdictions}.
 */
export const missions: readonly Mission[] = [
  mission('KBRI', 'Kuala Lumpur', 'MY'), mission('KJRI', 'Johor Bahru', 'MY'), mission('KJRI', 'Penang', 'MY'), mission('KJRI', 'Kuching', 'MY'),
  mission('KJRI', 'Kota Kinabalu', 'MY'), mission('KRI', 'Tawau', 'MY'), mission('KDEI', 'Taipei', 'TW'), mission('KJRI', 'Hong Kong', 'HK'),
  mission('KBRI', 'Singapura', 'SG'), mission('KBRI', 'Tokyo', 'JP'), mission('KJRI', 'Osaka', 'JP'), mission('KBRI', 'Seoul', 'KR'),
  mission('KBRI', 'Riyadh', 'SA'), mission('KJRI', 'Jeddah', 'SA'), mission('KBRI', 'Abu Dhabi', 'AE'), mission('KJRI', 'Dubai', 'AE'),
  mission('KBRI', 'Bandar Seri Begawan', 'BN'), mission('KBRI', 'Doha', 'QA'), mission('KBRI', 'Kuwait City', 'KW'), mission('KBRI', 'Muscat', 'OM'),
  mission('KBRI', 'Amman', 'JO'), mission('KBRI', 'Manama', 'BH'), mission('KBRI', 'Beijing', 'CN'), mission('KJRI', 'Guangzhou', 'CN'),
  mission('KJRI', 'Shanghai', 'CN'), mission('KBRI', 'Phnom Penh', 'KH'), mission('KBRI', 'Berlin', 'DE'), mission('KJRI', 'Frankfurt', 'DE'),
  mission('KJRI', 'Hamburg', 'DE'), mission('KBRI', 'Ankara', 'TR'), mission('KJRI', 'Istanbul', 'TR'), mission('KBRI', 'Warsaw', 'PL'), mission('KBRI', 'Rome', 'IT'),
];

const byCode = new Map(missions.map((m) => [m.code, m]));

export function missionByCode(code: string): Mission | null {
  return byCode.get(code) ?? null;
}

interface Jurisdiction {
  /** Missions by region (state, emirate, province), in lower case. */
  readonly regions?: ReadonlyMap<string, string>;
  /** The mission for regions not listed, also where the region is unknown; null where that must not be guessed. */
  readonly otherwise: string | null;
}

function regions(table: Record<string, readonly string[]>): ReadonlyMap<string, string> {
  return new Map(Object.entries(table).flatMap(([code, names]) => names.map((name) => [name.toLowerCase(), code] as const)));
}

/** Sabah districts under KRI Tawau; the rest of Sabah is KJRI Kota Kinabalu's. Verified: the Malaysian missions' own register. */
const tawauDistricts = new Set(['tawau', 'kunak', 'semporna', 'lahad datu', 'kalabakan']);

const jurisdictions: Readonly<Record<string, Jurisdiction>> = {
  // Verified, by state. Sabah stands apart: see missionFor.
  MY: {
    regions: regions({
      KBRI_KUALA_LUMPUR: ['Kuala Lumpur', 'Putrajaya', 'Selangor', 'Perak', 'Kelantan', 'Terengganu'],
      KJRI_JOHOR_BAHRU: ['Johor', 'Melaka', 'Malacca', 'Negeri Sembilan', 'Pahang'],
      KJRI_PENANG: ['Pulau Pinang', 'Penang', 'Kedah', 'Perlis'],
      KJRI_KUCHING: ['Sarawak'],
      KJRI_KOTA_KINABALU: ['Labuan'],
    }),
    otherwise: null,
  },
  // Verified: trade office, since there is no diplomatic mission.
  TW: { otherwise: 'KDEI_TAIPEI' },
  // The consulates' provinces are verified; that the embassy has the rest of China follows from them.
  CN: {
    regions: regions({
      KJRI_GUANGZHOU: ['Guangdong', 'Fujian', 'Guangxi', 'Hainan'],
      KJRI_SHANGHAI: ['Shanghai', 'Jiangsu', 'Zhejiang', 'Anhui', 'Jiangxi'],
      KBRI_BEIJING: ['Beijing', 'Tianjin', 'Hebei', 'Shandong', 'Liaoning'],
    }),
    otherwise: null,
  },
  // The embassy's accreditation to the UAE is verified; that Dubai and the northern emirates go to KJRI Dubai is an assumption.
  AE: {
    regions: regions({
      KBRI_ABU_DHABI: ['Abu Dhabi', 'Al Ain'],
      KJRI_DUBAI: ['Dubai', 'Sharjah', 'Ajman', 'Umm Al Quwain', 'Ras Al Khaimah', 'Fujairah'],
    }),
    otherwise: null,
  },
  // Everything below is an assumption: the mission is the obvious one, its jurisdiction was not read in a source.
  SA: {
    regions: regions({
      KBRI_RIYADH: ['Riyadh', 'Eastern Province', 'Qassim', 'Hail', 'Northern Borders', 'Al Jouf'],
      KJRI_JEDDAH: ['Makkah', 'Madinah', 'Tabuk', 'Asir', 'Al Baha', 'Jazan', 'Najran'],
    }),
    otherwise: null,
  },
  JP: {
    regions: regions({
      KBRI_TOKYO: ['Tokyo', 'Kanagawa', 'Chiba', 'Saitama', 'Ibaraki', 'Gunma', 'Hokkaido', 'Miyagi', 'Nagano', 'Shizuoka'],
      KJRI_OSAKA: ['Osaka', 'Kyoto', 'Hyogo', 'Aichi', 'Hiroshima', 'Fukuoka', 'Okayama', 'Mie'],
    }),
    otherwise: null,
  },
  DE: {
    regions: regions({
      KBRI_BERLIN: ['Berlin', 'Brandenburg', 'Sachsen', 'Sachsen-Anhalt', 'Thüringen', 'Mecklenburg-Vorpommern'],
      KJRI_FRANKFURT: ['Hessen', 'Bayern', 'Baden-Württemberg', 'Nordrhein-Westfalen', 'Rheinland-Pfalz', 'Saarland'],
      KJRI_HAMBURG: ['Hamburg', 'Bremen', 'Niedersachsen', 'Schleswig-Holstein'],
    }),
    otherwise: null,
  },
  TR: { regions: regions({ KBRI_ANKARA: ['Ankara'], KJRI_ISTANBUL: ['Istanbul', 'Antalya', 'Izmir'] }), otherwise: null },
  HK: { otherwise: 'KJRI_HONG_KONG' },
  MO: { otherwise: 'KJRI_HONG_KONG' },
  SG: { otherwise: 'KBRI_SINGAPURA' },
  KR: { otherwise: 'KBRI_SEOUL' },
  BN: { otherwise: 'KBRI_BANDAR_SERI_BEGAWAN' },
  QA: { otherwise: 'KBRI_DOHA' },
  KW: { otherwise: 'KBRI_KUWAIT_CITY' },
  OM: { otherwise: 'KBRI_MUSCAT' },
  JO: { otherwise: 'KBRI_AMMAN' },
  BH: { otherwise: 'KBRI_MANAMA' },
  KH: { otherwise: 'KBRI_PHNOM_PENH' },
  PL: { otherwise: 'KBRI_WARSAW' },
  IT: { otherwise: 'KBRI_ROME' },
};

/**
 * Code of the mission in charge of a place, or null where the place does not decide it: an unknown country, a country with several missions
 * and no known region, Sabah without its district. Never guesses.
 */
export function missionFor(place: Place): string | null {
  const jurisdiction = jurisdictions[place.country];
  if (!jurisdiction) return null;
  const region = place.region?.trim().toLowerCase();
  if (place.country === 'MY' && region === 'sabah') {
    if (!place.district) return null;
    return tawauDistricts.has(place.district.trim().toLowerCase()) ? 'KRI_TAWAU' : 'KJRI_KOTA_KINABALU';
  }
  return (region === undefined ? undefined : jurisdiction.regions?.get(region)) ?? jurisdiction.otherwise;
}
