import type { Identifier } from '../../../domain/identifier.ts';
import { identifierKey } from '../../../domain/identifier.ts';
import type { AgencyName } from '../../../domain/record.ts';
import type { Day } from '../../../domain/time.ts';
import type { CastMember, WorldPerson } from '../world.ts';

export interface Cast {
  readonly members: readonly CastMember[];
  /** By index. */
  readonly people: readonly WorldPerson[];
  /** Members of whom the agency has a record with the identifier. */
  carriers(agency: AgencyName, identifier: Identifier): number[];
}

export function makeCast(_today: Day): Cast {
  const people: WorldPerson[] = [];
  const byIdentifier = new Map<string, number[]>();
  for (const person of people) {
    for (const { agency, person: claim } of person.records) {
      for (const identifier of claim.identifiers) {
        const key = `${agency} ${identifierKey(identifier)}`;
        byIdentifier.set(key, [...new Set([...(byIdentifier.get(key) ?? []), person.index])]);
      }
    }
  }
  return { members: [], people, carriers: (agency, identifier) => [...(byIdentifier.get(`${agency} ${identifierKey(identifier)}`) ?? [])] };
}
