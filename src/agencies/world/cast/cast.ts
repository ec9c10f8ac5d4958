import type { Identifier } from '../../../domain/identifier.ts';
import { identifierKey } from '../../../domain/identifier.ts';
import type { AgencyName } from '../../../domain/record.ts';
import type { Day } from '../../../domain/time.ts';
import type { CastMember, WorldPerson } from '../world.ts';
import { identityParts } from './identity.ts';
import { clock } from './kit.ts';
import type { Part } from './kit.ts';
import { protectionParts } from './protection.ts';
import { troubleParts } from './troubles.ts';

/** The order of the cast is its indices: append, never reorder, and keep the number even (see `castSize`). */
export const castOrder = [
  'siti-selangor', 'wati-lapsed', 'rina-twin', 'rini-twin', 'yuni-two-passports', 'surati-mononym', 'joko-fisherman', 'maria-mission-only', 'rizal-cambodia', 'kasim-borrowed', 'ningsih-suspended',
  'endang-arrears', 'tuti-short-cover', 'lastri-extended', 'aminah-outside-channel', 'budi-several-kpj', 'rahman-three-names', 'partini-mistyped', 'agus-failed', 'nur-dismissed', 'lina-trafficked',
  'hasan-overstay', 'ayu-protected', 'slamet-just-home', 'rusli-sabah', 'tini-deceased', 'dewi-other-work', 'yanti-accompanied',
] as const;

const parts = new Map([...troubleParts, ...protectionParts, ...identityParts].map((part) => [part.slug, part]));

export interface Cast {
  readonly members: readonly CastMember[];
  /** By index. */
  readonly people: readonly WorldPerson[];
  /** Members of whom the agency has a record with the identifier. */
  carriers(agency: AgencyName, identifier: Identifier): readonly number[];
}

export function makeCast(today: Day): Cast {
  const time = clock(today);
  const cast = castOrder.map((slug): Part => parts.get(slug)!);
  const people = cast.map((part, index): WorldPerson => ({ index, cast: part.slug, truth: part.truth, mismatches: part.mismatches, records: part.records(time) }));
  const byIdentifier = new Map<string, Set<number>>();
  for (const { index, records } of people) {
    for (const { agency, person } of records) {
      for (const identifier of person.identifiers) {
        const key = `${agency} ${identifierKey(identifier)}`;
        byIdentifier.set(key, (byIdentifier.get(key) ?? new Set()).add(index));
      }
    }
  }
  return {
    members: cast.map(({ slug, truth, story }, index) => ({ slug, index, nik: truth.nik, story })),
    people,
    carriers: (agency, identifier) => [...(byIdentifier.get(`${agency} ${identifierKey(identifier)}`) ?? [])],
  };
}
