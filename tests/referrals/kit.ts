import { sql } from 'drizzle-orm';
import type { AgencyRecord } from '../../src/domain/record.ts';
import type { NewReferral } from '../../src/referrals/referrals.ts';
import type { Database } from '../../src/store/database.ts';
import { agencyRecord } from '../../src/store/tables.ts';

export const workerId = (n: number) => `${String(n).padStart(8, '0')}-0000-4000-8000-000000000000`;
export const recordOf = (n: number) => `LD-${n}`;
export const caseNumber = (n: number) => `KASUS-${n}`;

/** A worker with a record at the missions on which her case stands. */
export async function addWorker(database: Database, n: number, file: Partial<NewReferral['file']> = {}): Promise<void> {
  await database.run((q) => q.execute(sql`insert into worker (id) values (${workerId(n)}::uuid)`));
  const body = { agency: 'PERWAKILAN', recordId: recordOf(n), cases: [{ ...fileOf(n), ...file }] } as unknown as AgencyRecord;
  await database.run((q) => q.insert(agencyRecord).values({ workerId: workerId(n), agency: 'PERWAKILAN', recordId: recordOf(n), body, fetchedAt: new Date() }));
}

export const fileOf = (n: number): NewReferral['file'] => ({ number: caseNumber(n), mission: 'KJRI_HONG_KONG', category: 'KETENAGAKERJAAN' });

export function wanted(n: number, more: Partial<NewReferral> = {}): NewReferral {
  return { workerId: workerId(n), agency: 'PERWAKILAN', recordId: recordOf(n), file: fileOf(n), from: 'PERWAKILAN', to: 'BPJS_KETENAGAKERJAAN', benefit: null, note: null, idempotencyKey: crypto.randomUUID(), ...more };
}
