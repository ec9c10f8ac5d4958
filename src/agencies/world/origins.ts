import { allDistricts, describeArea } from '../../areas/areas.ts';
import type { Area } from '../../areas/areas.ts';

/**
 * Where workers come from. The ten provinces are the published placements of 2025 (of 296,948); the published remainder is spread over
 * the others by weights that are assumptions.
 */
export const provincePlacements2025: Readonly<Record<string, number>> = {
  '35': 69_925, '32': 62_358, '33': 62_276, '52': 35_215, '18': 24_175, '51': 10_059, '73': 7_173, '53': 4_163, '36': 3_658, '12': 3_545,
};
export const placements2025 = 296_948;

/** Assumed: how the remaining provinces share what the ten leave. Those not named weigh 1. */
const otherProvinces: Readonly<Record<string, number>> = { '11': 5, '16': 6, '34': 9, '61': 6, '65': 8, '71': 6, '14': 3, '21': 3, '31': 5 };

/** Regencies known for sending workers (domain.md 5.1) weigh this much more than their neighbours; an assumption. */
const senderWeight = 6;
const senders = new Set([
  '35.07', '35.05', '35.04', '35.02', '35.10', '32.12', '32.09', '32.13', '32.03', '33.01', '33.24', '33.29', '52.03', '52.02', '18.07', '53.01', '65.03', '51.08',
]);

/** The slots of one district: its people's numbers are `start` to `start + width - 1`. */
export interface DistrictSlots {
  readonly area: Area;
  /** Name of its regency. */
  readonly regency: string;
  /** Six digits, as a NIK begins. */
  readonly digits: string;
  readonly start: number;
  readonly width: number;
  /** Place in the list. */
  readonly ordinal: number;
}

/**
 * Slots dealt out to districts by share, so that a slot decides the district and a district the range of slots. No district gets
 * more than `widest`, nor less than one.
 */
export function dealSlots(total: number, widest: number): readonly DistrictSlots[] {
  const districts = allDistricts();
  const inRegency = new Map<string, number>();
  for (const { code } of districts) inRegency.set(code.slice(0, 5), (inRegency.get(code.slice(0, 5)) ?? 0) + 1);
  const inProvince = new Map<string, number>();
  for (const regency of inRegency.keys()) inProvince.set(regency.slice(0, 2), (inProvince.get(regency.slice(0, 2)) ?? 0) + (senders.has(regency) ? senderWeight : 1));

  const named = Object.values(provincePlacements2025).reduce((a, b) => a + b, 0);
  const others = [...inProvince.keys()].filter((province) => !(province in provincePlacements2025));
  const othersWeight = others.reduce((sum, province) => sum + (otherProvinces[province] ?? 1), 0);
  const shareOf = (code: string) => {
    const province = code.slice(0, 2);
    const regency = code.slice(0, 5);
    const ofProvince = provincePlacements2025[province] ?? ((placements2025 - named) * (otherProvinces[province] ?? 1)) / othersWeight;
    return ((ofProvince / placements2025) * (senders.has(regency) ? senderWeight : 1)) / inProvince.get(province)! / inRegency.get(regency)!;
  };

  let left = 1;
  let start = 0;
  return districts.map((area, ordinal) => {
    const share = shareOf(area.code);
    const rest = districts.length - ordinal - 1;
    const width = rest === 0 ? total - start : Math.max(1, Math.min(widest, Math.round(((total - start) * share) / left)));
    const slots = { area, regency: describeArea(area.code)?.regency?.name ?? area.name, digits: area.code.replaceAll('.', ''), start, width, ordinal };
    start += width;
    left -= share;
    return slots;
  });
}

/** Provinces split from another: what NIKs of people registered before the split begin with. Years are general knowledge; that NIKs keep the old code is assumed. */
const splits: Readonly<Record<string, { readonly former: string; readonly year: number }>> = {
  '65': { former: '64', year: 2012 }, '93': { former: '91', year: 2022 }, '94': { former: '91', year: 2022 }, '95': { former: '91', year: 2022 }, '96': { former: '92', year: 2022 },
};
const ageOfCard = 17;

/** The province that a district of this province belonged to when people of the birth year got their cards; null where none has changed. */
export function formerProvince(province: string, birthYear: number): string | null {
  const split = splits[province];
  return split && birthYear + ageOfCard <= split.year ? split.former : null;
}

const splitFrom: Readonly<Record<string, readonly string[] | undefined>> = Object.groupBy(Object.keys(splits), (province) => splits[province]!.former);

/** The NIK itself, and what it would be had its province been split before. */
export function sinceSplit(nik: string): string[] {
  const parts = splitFrom[nik.slice(0, 2)];
  return parts ? [nik, ...parts.map((province) => province + nik.slice(2))] : [nik];
}
