import type { Audit } from './access/audit.ts';
import type { ChainedEntry } from './access/auditEntry.ts';
import { canonical, type IdentifierKind, type Identifier } from './domain/identifier.ts';
import { facets } from './domain/record.ts';
import type { Referral } from './domain/referral.ts';
import { decodeId, workerIdIn } from './graph/ids.ts';
import type { AgencyAnswer } from './records/answer.ts';
import type { Records, WorkerKey } from './records/reader.ts';
import { ofWorkers } from './referrals/read.ts';
import type { Referrals } from './referrals/referrals.ts';

/** What a person is owed who asks: what is held about her, from where, and who has looked at it. */
export interface SubjectReport {
  readonly madeAt: string;
  /** The hub's id. */
  readonly worker: string;
  readonly numbers: readonly (Identifier & { readonly agency: string; readonly recordId: string })[];
  /** How each agency answered, with its records. */
  readonly sources: readonly AgencyAnswer[];
  /** Her cases that were handed to another agency, with what was written to and fro, latest first. */
  readonly referrals: readonly Referral[];
  /** Newest first. */
  readonly trail: readonly Omit<ChainedEntry, 'hash' | 'workers' | 'corrects'>[];
}

export interface SubjectOptions {
  readonly records: Records;
  readonly referrals: Pick<Referrals, 'read'>;
  readonly audit: Audit;
  readonly now: Date;
}

const kinds: readonly IdentifierKind[] = ['NIK', 'PASSPORT', 'PMI_ID', 'KPJ', 'JKN_CARD', 'CASE_NUMBER', 'KTKLN', 'LAPOR_DIRI'];
/** Every way to read a text as a key: a hub id as it is or as the API gives it, else any number whose form it has. */
export function keysOf(text: string): WorkerKey[] {
  const { typename, id } = decodeId(text);
  const hubId = typename === 'Worker' ? id : text;
  if (workerIdIn(hubId) === hubId) return [{ kind: 'ID', value: hubId }];
  return kinds.flatMap((kind) => canonical(kind, text) ?? []);
}

async function trailOf(audit: Audit, worker: string): Promise<ChainedEntry[]> {
  const page = 1_000;
  const all: ChainedEntry[] = [];
  for (;;) {
    const before = all.at(-1)?.seq;
    const rows = await audit.about(worker, { first: page, ...(before !== undefined && { before }) });
    all.push(...rows);
    if (rows.length < page) return all;
  }
}

/**
 * Makes the report; null when no key leads to anybody. A restriction of processing does not stand against it: it is her own. The report is a row in
 * her trail like any other read.
 */
export async function subjectReport(keys: readonly WorkerKey[], { records, referrals, audit, now }: SubjectOptions): Promise<SubjectReport | null> {
  const requestId = `subject-report-${crypto.randomUUID()}`;
  const asked = new Set<string>();
  const reader = records.forRequest({ requestId, may: () => true, onCall: (agency) => asked.add(agency) });
  const found = await reader.read(keys, new Set(facets));
  const worker = found.find((candidate) => candidate !== null);
  const trail = worker ? await trailOf(audit, worker.id) : [];
  await audit.append({
    at: now,
    requestId,
    callerKind: 'OPERATOR',
    callerId: 'subject-report',
    callerName: 'subject-report',
    purpose: 'SUBJECT_REQUEST',
    caseReference: null,
    operation: 'command',
    operationName: null,
    documentHash: null,
    clientName: null,
    clientVersion: null,
    outcome: 'ANSWERED',
    codes: [],
    workers: worker ? [worker.id] : [],
    notFound: worker ? 0 : 1,
    classes: worker ? ['audit:read', ...facets] : [],
    denied: [],
    agencies: [...asked].toSorted(),
  });
  if (!worker) return null;
  return {
    madeAt: now.toISOString(),
    worker: worker.id,
    numbers: [...worker.known.records.values()].flatMap(({ agency, recordId, identifiers }) => identifiers.map((identifier) => ({ ...identifier, agency, recordId }))),
    sources: worker.answers,
    referrals: await referrals.read(ofWorkers([worker.id])),
    trail: trail.map(({ hash: _hash, workers: _workers, corrects: _corrects, ...entry }) => entry),
  };
}
