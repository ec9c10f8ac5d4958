import { agencies } from '../../src/agencies/index.ts';
import { createWorld } from '../../src/agencies/world/world.ts';
import type { AgencyRecord } from '../../src/domain/record.ts';
import { agencyContract } from './contract.ts';

// Seen on a fixed day, so that nothing in it ages.
const world = createWorld({ seed: 7, size: 600, today: '2026-11-22' });

/** VClaim does not say when a record was changed, and answers for one day only. */
function asVclaimAnswers(record: AgencyRecord): AgencyRecord {
  return { ...record, asOf: null, healthMemberships: record.healthMemberships.slice(0, 1).map((newest) => ({ ...newest, serviceDate: world.today })) };
}

for (const definition of agencies) {
  agencyContract({ definition, world, ...(definition.name === 'BPJS_KESEHATAN' && { expected: asVclaimAnswers }) });
}
