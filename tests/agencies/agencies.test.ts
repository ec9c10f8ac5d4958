import { agencies } from '../../src/agencies/index.ts';
import type { AgencyRecord } from '../../src/domain/record.ts';
import { someRecords } from './arbitrary.ts';
import { member } from './bpjs-kesehatan/members.ts';
import { agencyContract } from './contract.ts';
import { fakeWorld } from './fakeWorld.ts';

const people: Record<string, () => readonly (readonly AgencyRecord[])[]> = {
  BPJS_KESEHATAN: () => Array.from({ length: 40 }, (_, i) => [member(i)]),
};

for (const definition of agencies) {
  agencyContract({ definition, world: fakeWorld(people[definition.name]?.() ?? someRecords(definition.name, 250)) });
}
