import type { AgencyName, AgencyRecord } from '../../src/domain/record.ts';
import type { Identifier } from '../../src/domain/identifier.ts';
import type { PersonClaim } from '../../src/domain/person.ts';
import type { World } from '../../src/agencies/world/world.ts';

/** A record of the toy agency with nothing on it but its identifiers. */
export function bareRecord(agency: AgencyName, recordId: string, identifiers: readonly Identifier[], claim: Partial<PersonClaim> = {}): AgencyRecord {
  return {
    agency,
    recordId,
    asOf: null,
    person: {
      name: null,
      alias: null,
      sex: null,
      dateOfBirth: null,
      placeOfBirth: null,
      motherName: null,
      phone: null,
      area: null,
      raw: [],
      ...claim,
      identifiers,
    },
    placements: [],
    coverages: [],
    healthMemberships: [],
    cases: [],
    stays: [],
  };
}

/** A world in memory that holds the given records, one list per person. */
export function fakeWorld(people: readonly (readonly AgencyRecord[])[]): World {
  return {
    seed: 1,
    size: people.length,
    today: '2026-11-22',
    cast: [],
    person: (index) => ({
      index,
      cast: null,
      truth: { name: '', sex: 'FEMALE', dateOfBirth: '1990-01-01', placeOfBirth: '', motherName: '', phone: '', area: '', nik: '', passports: [] },
      mismatches: [],
      records: people[index] ?? [],
    }),
    find: (agency, identifier) =>
      people.flatMap((records, index) =>
        records.some(
          (record) => record.agency === agency && record.person.identifiers.some((own) => own.kind === identifier.kind && own.value === identifier.value),
        )
          ? [index]
          : [],
      ),
  };
}
