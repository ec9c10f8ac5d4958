import type { Agency, Change, PersonKey, Result } from '../../src/agencies/agency.ts';
import { attach } from '../../src/agencies/attach.ts';
import type { IdentifierKind } from '../../src/domain/identifier.ts';
import { identifierKey } from '../../src/domain/identifier.ts';
import type { AgencyName, AgencyRecord, Facet } from '../../src/domain/record.ts';

/** An agency in memory, which counts how it is asked. */
export interface FakeAgency extends Agency {
  /** The keys of each call, in order. */
  readonly asked: (readonly PersonKey[])[];
  records: AgencyRecord[];
  feed: Change[];
  /** Set: every call fails so. */
  failing: Result | null;
  /** Cursors that it does not know any more; null knows all. */
  forgotten: string | null;
  /** Entries of each page that cannot be read. */
  unreadable: number;
  /** Set: a call waits for it. */
  gate: Promise<void> | null;
}

export function fakeAgency(options: { feedless?: boolean; name: AgencyName; holds: readonly Facet[]; looksUpBy: readonly IdentifierKind[]; batchLimit?: number; records?: AgencyRecord[]; pageSize?: number }): FakeAgency {
  const pageSize = options.pageSize ?? 100;
  const agency: FakeAgency = {
    name: options.name,
    title: options.name,
    holds: options.holds,
    looksUpBy: options.looksUpBy,
    batchLimit: options.batchLimit ?? 100,
    mock: true,
    asked: [],
    records: options.records ?? [],
    feed: [],
    failing: null,
    forgotten: null,
    unreadable: 0,
    gate: null,
    async fetch(keys) {
      agency.asked.push(keys);
      await agency.gate;
      if (agency.failing) return new Map(keys.map((key) => [key.ref, agency.failing!]));
      const wanted = new Set(keys.flatMap((key) => key.identifiers.map(identifierKey)));
      return attach(keys, agency.records.filter((record) => record.person.identifiers.some((id) => wanted.has(identifierKey(id))))).results;
    },
    async changes(cursor) {
      if (cursor !== null && cursor === agency.forgotten) return { status: 'expired' };
      const start = cursor === null ? 0 : Number(cursor);
      const end = Math.min(start + pageSize, agency.feed.length);
      return { status: 'page', changes: agency.feed.slice(start, end), cursor: String(end), more: end < agency.feed.length, rejected: agency.unreadable };
    },
    ping: async () => null,
    vitals: () => ({ state: 'UP', breaker: 'CLOSED', latencyMs: null, lastSuccessAt: null }),
    close: async () => {},
  };
  if (options.feedless) delete (agency as { changes?: unknown }).changes;
  return agency;
}

export const timedOut: Result = { status: 'failed', failure: { code: 'AGENCY_TIMEOUT', retryable: true, message: 'It did not answer in time.' } };
