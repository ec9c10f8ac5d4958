import type { AgencyName, AgencyRecord, Facet, Provenance } from '../domain/record.ts';
import type { Failure } from '../agencies/agency.ts';
import type { Instant } from '../domain/time.ts';
import type { KnownWorker } from '../identity/crosswalk.ts';

/** An agency's record with where it came from and how fresh it is. */
export interface SourcedRecord {
  readonly record: AgencyRecord;
  readonly provenance: Provenance;
}

export const sourceStates = ['OK', 'ABSENT', 'STALE', 'FAILED', 'SKIPPED', 'DENIED', 'INDEXED'] as const;
export type SourceState = (typeof sourceStates)[number];

/** How one agency answered for one worker. */
export interface AgencyAnswer {
  readonly agency: AgencyName;
  /**
   * `OK`: it has records of her. `ABSENT`: it has none. `STALE`: it failed, the last known records stand in. `FAILED`: it failed and nothing is known.
   * `SKIPPED`: it was not asked, because nothing selected needs it or none of her numbers is one it can look up by. `DENIED`: the caller may not read what it holds.
   * `INDEXED`: it was not asked, what was last synced stands for it.
   */
  readonly state: SourceState;
  /** Set when the agency failed, whether or not last known records stand in. */
  readonly failure: Failure | null;
  /** How long the agency took, milliseconds; null when it was not asked now. */
  readonly latencyMs: number | null;
  /** When the records were fetched, or when the agency said it has none; null when it has never answered. */
  readonly at: Instant | null;
  readonly records: readonly SourcedRecord[];
}

const answered = (answer: AgencyAnswer) => answer.state === 'OK' || answer.state === 'ABSENT' || answer.state === 'STALE' || answer.state === 'INDEXED';

/** A worker joined from the answers of the agencies that the request needed. */
export class WorkerRecord {
  readonly id: string;
  readonly known: KnownWorker;
  /** In the order of the agencies' registry, one per agency. */
  readonly answers: readonly AgencyAnswer[];
  readonly #holders: ReadonlyMap<Facet, ReadonlySet<AgencyName>>;

  constructor(known: KnownWorker, answers: readonly AgencyAnswer[], holders: ReadonlyMap<Facet, ReadonlySet<AgencyName>>) {
    this.id = known.id;
    this.known = known;
    this.answers = answers;
    this.#holders = holders;
  }

  /**
   * The record that speaks for who she is: that of the first agency, in registry order, which has one. The order puts the placement register
   * first, because its data was checked against papers before departure. Null when none was asked or none answered.
   */
  identity(): SourcedRecord | null {
    for (const answer of this.answers) if (answer.records.length > 0) return answer.records[0]!;
    return null;
  }

  /** All facts of a facet from all agencies that hold it; null when no such agency answered, not even from what was last known. */
  facts<T extends object>(facet: Facet, pick: (record: AgencyRecord) => readonly T[]): readonly T[] | null {
    const holders = this.#holders.get(facet);
    let facts: readonly T[] | null = null;
    for (const answer of this.answers) {
      if (!holders?.has(answer.agency) || !answered(answer)) continue;
      // Most have one record at one agency: its list is hers.
      facts ??= [];
      for (const { record } of answer.records) facts = facts.length === 0 ? pick(record) : [...facts, ...pick(record)];
    }
    return facts;
  }
}
