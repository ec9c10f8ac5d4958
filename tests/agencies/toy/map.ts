import type { PersonKey } from '../../../src/agencies/agency.ts';
import { numbersOf } from '../../../src/agencies/batch.ts';
import { sortOut } from '../../../src/agencies/claims.ts';
import type { AgencyRecord } from '../../../src/domain/record.ts';
import type { Holder } from './contract.ts';

export const agency = 'IMIGRASI_TOY';

export function toNumbers(key: PersonKey): string[] | null {
  const numbers = [...numbersOf(key, 'PASSPORT'), ...numbersOf(key, 'NIK')];
  return numbers.length === 0 ? null : numbers;
}

export function toRecord(row: Holder): AgencyRecord {
  return {
    agency,
    recordId: row.no,
    asOf: null,
    person: {
      name: row.name,
      alias: null,
      sex: null,
      dateOfBirth: row.born,
      placeOfBirth: null,
      motherName: null,
      phone: null,
      area: null,
      ...sortOut([...row.passports.map((text) => ['PASSPORT', text] as const), ['NIK', row.nik]]),
    },
    placements: [],
    coverages: [],
    healthMemberships: [],
    cases: [],
    stays: [],
  };
}
