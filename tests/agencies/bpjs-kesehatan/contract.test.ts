import { bpjsKesehatan } from '../../../src/agencies/bpjs-kesehatan/index.ts';
import { todayInJakarta } from '../../../src/domain/time.ts';
import { agencyContract } from '../contract.ts';
import { fakeWorld } from '../fakeWorld.ts';
import { member } from './members.ts';

agencyContract({
  definition: bpjsKesehatan,
  world: fakeWorld(Array.from({ length: 40 }, (_, i) => (i % 4 === 3 ? [] : [member(i)]))),
  // The agency answers for the day of asking.
  expected: (record) => ({ ...record, healthMemberships: record.healthMemberships.map((membership) => ({ ...membership, serviceDate: todayInJakarta(new Date()) })) }),
});
