import { sql } from 'drizzle-orm';
import { identifierKey, isPlaceholder } from '../../domain/identifier.ts';
import type { PersonClaim } from '../../domain/person.ts';
import type { AgencyRecord } from '../../domain/record.ts';
import type { Queries } from '../../store/database.ts';
import { agrees } from '../exact.ts';
import { byWord, first, type RecordRef } from './evidence.ts';
import { rowsOf } from './ledger.ts';
import type { Placement } from './linking.ts';
import type { PlacedRow } from './neighbours.ts';
import type { Told } from './verdicts.ts';

/** A stored or new record with its worker, as a candidate to link to. */
interface Candidate extends RecordRef {
  readonly workerId: string;
  readonly person: PersonClaim;
}

/** Records with one number that are looked at: a number on more of them is nobody's. */
const carriersAtMost = 100;

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
    const rows = await queries.execute<PlacedRow>(sql`
      select distinct on (r.agency, r.record_id) r.number, r.worker_id, r.agency, r.record_id, r.body -> 'person' as person
      from json_array_elements_text(${rowsOf(wanted)}::json) as n(value)
      cross join lateral (select worker_id, agency, record_id from identifier i where i.value = n.value limit ${carriersAtMost}) i
      join agency_record r on (r.worker_id, r.agency, r.record_id) = (i.worker_id, i.agency, i.record_id)
      order by r.agency, r.record_id`);
    for (const row of rows) offer({ agency: row.agency, recordId: row.record_id, workerId: row.worker_id, person: row.person });
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
