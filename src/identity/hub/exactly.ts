import { and, eq, inArray, sql } from 'drizzle-orm';
import { identifierKey, isPlaceholder } from '../../domain/identifier.ts';
import type { PersonClaim } from '../../domain/person.ts';
import type { AgencyRecord } from '../../domain/record.ts';
import type { Queries } from '../../store/database.ts';
import { agencyRecord, identifier } from '../../store/tables.ts';
import { agrees } from '../exact.ts';
import { byWord, first, type RecordRef } from './evidence.ts';
import type { Placement } from './linking.ts';
import type { Told } from './verdicts.ts';

/** A stored or new record with its worker, as a candidate to link to. */
interface Candidate extends RecordRef {
  readonly workerId: string;
  readonly person: PersonClaim;
}

/** Places records by the exact rule (see {@link agrees}): with the worker most of whose records agree, else with a new one. What stewards have said goes first. */
export async function placeExactly(queries: Queries, fresh: readonly AgencyRecord[], told: Told): Promise<Placement[]> {
  const carriers = new Map<string, Candidate[]>();
  const offer = (candidate: Candidate) => {
    for (const id of candidate.person.identifiers) {
      if (isPlaceholder(id)) continue;
      const list = carriers.get(identifierKey(id));
      if (list) list.push(candidate);
      else carriers.set(identifierKey(id), [candidate]);
    }
  };
  const wanted = [...new Set(fresh.flatMap((record) => record.person.identifiers.filter((id) => !isPlaceholder(id)).map((id) => id.value)))];
  if (wanted.length > 0) {
    const rows = await queries
      .selectDistinct({ workerId: agencyRecord.workerId, agency: agencyRecord.agency, recordId: agencyRecord.recordId, person: sql<PersonClaim>`${agencyRecord.body} -> 'person'` })
      .from(identifier)
      .innerJoin(agencyRecord, and(eq(agencyRecord.workerId, identifier.workerId), eq(agencyRecord.agency, identifier.agency), eq(agencyRecord.recordId, identifier.recordId)))
      .where(inArray(identifier.value, wanted))
      .orderBy(agencyRecord.agency, agencyRecord.recordId);
    for (const row of rows) offer(row);
  }
  return fresh.map((record) => {
    const placement = place(record);
    told.place(record, placement.workerId);
    offer({ agency: record.agency, recordId: record.recordId, workerId: placement.workerId, person: record.person });
    return placement;
  });

  function place(record: AgencyRecord): Placement {
    const known = told.worker(record);
    if (known !== undefined) return { record, workerId: known, evidence: byWord, created: false };
    const votes = new Map<string, Candidate[]>();
    const candidates = new Set(record.person.identifiers.flatMap((id) => carriers.get(identifierKey(id)) ?? []));
    for (const candidate of candidates) {
      if (agrees(record.person, candidate.person) && !told.not(record, candidate.workerId)) votes.set(candidate.workerId, [...(votes.get(candidate.workerId) ?? []), candidate]);
    }
    const best = [...votes].toSorted((a, b) => b[1].length - a[1].length)[0];
    if (!best) return { record, workerId: crypto.randomUUID(), evidence: first, created: true };
    const [workerId, [{ agency, recordId }]] = best as [string, [Candidate]];
    return { record, workerId, evidence: { rule: 'EXACT', against: { agency, recordId }, weighed: null }, created: false };
  }
}
