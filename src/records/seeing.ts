import DataLoader from 'dataloader';
import type { Agency } from '../agencies/agency.ts';
import { type Identifier, identifierKey, isPlaceholder } from '../domain/identifier.ts';
import { type AgencyRecord, recordKey } from '../domain/record.ts';
import type { Crosswalk, KnownWorker } from '../identity/crosswalk.ts';
import type { Dossier } from '../identity/dossiers.ts';
import type { AgencyAnswer } from './answer.ts';
import type { WorkerKey } from './reader.ts';
import type { Sight } from './sight.ts';

/** A worker as a caller may see her. */
export interface Seen {
  /** With all her links: agencies are asked by these. */
  readonly known: KnownWorker;
  /** With those the caller may see; the same object where that is all. */
  readonly visible: KnownWorker;
  /** Last known records, sifted; null where nothing had to be sifted. */
  readonly records: readonly AgencyRecord[] | null;
}

/** One request's look at workers for a caller who may not see everything. Decides on the last known records, before any agency is called. */
export interface Seeing {
  readonly bounded: boolean;
  /** The worker of a key for a caller who is bound to some workers. */
  find(key: WorkerKey): Promise<Seen | null>;
  /** A worker that was found by a key for a caller who is not, but may not see all facts. */
  look(known: KnownWorker, key: WorkerKey): Promise<Seen | null>;
  /** An agency's answer without what the caller may not see; as it would be if that did not exist. */
  sift(answer: AgencyAnswer): AgencyAnswer;
  /** Whether what the agencies answered leaves her where the caller may see her. */
  stillIncludes(seen: Seen, answers: readonly AgencyAnswer[]): boolean;
}

export function createSeeing(sight: Sight, agencies: readonly Agency[], crosswalk: Crosswalk, byId: (id: string) => Promise<KnownWorker | null>): Seeing {
  const byNumber = new DataLoader<Identifier, Awaited<ReturnType<Crosswalk['dossiersByNumber']>>[number], string>((ids) => crosswalk.dossiersByNumber(ids), { cacheKeyFn: identifierKey });
  const byWorker = new DataLoader<string, Dossier | null>((ids) => crosswalk.dossiersById(ids));
  /** Agencies whose records can hold facts that some may not see though they are bound to no worker. */
  const sensitive = new Set(agencies.filter((agency) => agency.holds.includes('CASE')).map((agency) => agency.name));

  function siftAll(records: readonly AgencyRecord[]): AgencyRecord[] {
    return records.flatMap((record) => sight.sift(record) ?? []);
  }

  /** Her sifted records; null where she may not be seen, or not be found by this number since it stands only on what is hidden. */
  function open(dossier: Dossier | null, key: WorkerKey): AgencyRecord[] | null {
    if (!dossier) return null;
    const records = siftAll(dossier.records);
    if (!sight.includes(records)) return null;
    const carried = key.kind === 'ID' || records.some(({ person }) => person.identifiers.some((id) => id.kind === key.kind && id.value === key.value));
    return carried ? records : null;
  }

  return {
    bounded: sight.bounded,

    async find(key) {
      if (key.kind !== 'ID' && isPlaceholder(key)) return null;
      const { dossier, decoy } = key.kind === 'ID' ? { dossier: await byWorker.load(key.value), decoy: [] } : await byNumber.load(key);
      // Weighed like a worker's own, so that a number of nobody takes as long as one that leads out of sight.
      if (!dossier) void sight.includes(siftAll(decoy));
      const records = open(dossier, key);
      if (!dossier || !records) return null;
      const known = await byId(dossier.workerId);
      return known && { known, visible: linksOf(known.id, records), records };
    },

    async look(known, key) {
      if (![...known.records.values()].some((record) => sensitive.has(record.agency))) return { known, visible: known, records: null };
      const records = open(await byWorker.load(known.id), key);
      return records && { known, visible: linksOf(known.id, records), records };
    },

    sift(answer) {
      const records = answer.records.flatMap((sourced) => {
        const record = sight.sift(sourced.record);
        if (record === null) return [];
        return record === sourced.record ? sourced : { ...sourced, record };
      });
      if (records.length > 0 || answer.records.length === 0) return { ...answer, records };
      return answer.state === 'STALE' ? { ...answer, state: 'FAILED', at: null, records } : { ...answer, state: 'ABSENT', records };
    },

    stillIncludes({ records }, answers) {
      if (records === null) return true;
      const fresh = new Set(answers.filter(({ state }) => state === 'OK' || state === 'ABSENT').map(({ agency }) => agency));
      const now = answers.filter(({ agency }) => fresh.has(agency)).flatMap((answer) => answer.records.map(({ record }) => record));
      return sight.includes([...now, ...records.filter((record) => !fresh.has(record.agency))]);
    },
  };
}

/** The links of a worker to these records. */
export function linksOf(id: string, records: readonly AgencyRecord[]): KnownWorker {
  return { id, records: new Map(records.map((record) => [recordKey(record.agency, record.recordId), { agency: record.agency, recordId: record.recordId, identifiers: record.person.identifiers }])) };
}
