import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { parse } from 'csv-parse/sync';
import type { AreaCode } from '../domain/person.ts';

/** An area of Indonesia with its Kemendagri code and name. */
export interface Area {
  readonly code: AreaCode;
  readonly name: string;
}

/** An area code read out: what is known of its parts. */
export interface AreaNames {
  readonly province: Area;
  readonly regency: Area | null;
  readonly district: Area | null;
}

type Level = 'provinces' | 'regencies' | 'districts';

const require = createRequire(import.meta.url);
const loaded = new Map<Level, ReadonlyMap<AreaCode, Area>>();

/** Areas of one level in order of their codes; read from the package `idn-area-data` on first use, and kept. Villages are not loaded: 3 MB. */
function level(name: Level): ReadonlyMap<AreaCode, Area> {
  let areas = loaded.get(name);
  if (!areas) {
    const text = readFileSync(require.resolve(`idn-area-data/data/${name}.csv`), 'utf8');
    const rows: { code: string; name: string }[] = parse(text, { columns: true, skip_empty_lines: true });
    areas = new Map(rows.map((row) => [row.code, { code: row.code, name: row.name }]));
    loaded.set(name, areas);
  }
  return areas;
}

/** All 7,285 districts, in order of their codes. */
export function allDistricts(): readonly Area[] {
  return [...level('districts').values()];
}

/**
 * Province, regency and district of a Kemendagri code of any level (`35`, `35.07`, `35.07.10`, `35.07.10.2001`). Parts that the code does not
 * carry, or that are no longer on the list, are null; null altogether where not even the province is known.
 */
export function describeArea(code: AreaCode): AreaNames | null {
  const province = level('provinces').get(code.slice(0, 2));
  if (!province) return null;
  return {
    province,
    regency: (code.length >= 5 ? level('regencies').get(code.slice(0, 5)) : undefined) ?? null,
    district: (code.length >= 8 ? level('districts').get(code.slice(0, 8)) : undefined) ?? null,
  };
}
