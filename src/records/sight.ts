import type { AgencyRecord } from '../domain/record.ts';

/**
 * What of people's records a caller may see, where that is not everything. Applied where records leave this layer, so that it holds by key, by `node` and by
 * traversal alike: what may not be seen is treated as if it did not exist.
 */
export interface Sight {
  /** The record without the facts and numbers that may not be seen; null where it then says nothing that it was made for. */
  sift(record: AgencyRecord): AgencyRecord | null;
  /** Whether a worker whose sifted records these are may be seen at all. */
  includes(records: readonly AgencyRecord[]): boolean;
  /** Whether the caller is bound to some workers. Such a caller finds only whom the hub knows: no agency is asked about a number that leads to nobody in bounds. */
  readonly bounded: boolean;
}
