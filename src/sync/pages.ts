import type { Agency, Change, Failure } from '../agencies/agency.ts';

/** What several pages of a feed came to. */
export interface Batch {
  /** Cursor of the first page. */
  readonly from: string | null;
  readonly changes: readonly Change[];
  /** Where the next page starts. */
  readonly cursor: string | null;
  readonly more: boolean;
  readonly pages: number;
  readonly rejected: number;
  /** What stopped the reading; the pages before it stand. */
  readonly failure: Failure | null;
  /** The agency does not know the cursor any more. */
  readonly expired: boolean;
}

export interface GatherOptions {
  readonly agency: Agency;
  readonly requestId: string;
  readonly signal?: AbortSignal;
  /** Ends the batch when it has at least this many entries. */
  readonly entries: number;
}

/** A batch also ends after this time, so that a slow feed is saved as it comes. */
const longestMs = 2_000;

/** Reads pages from a cursor until there are enough entries for one transaction, or no more. */
export async function gatherPages(from: string | null, options: GatherOptions): Promise<Batch> {
  const { agency, requestId, entries } = options;
  const changes: Change[] = [];
  let [cursor, more, pages, rejected] = [from, true, 0, 0];
  const batch = (end: { readonly failure?: Failure; readonly expired?: boolean } = {}): Batch => ({ from, changes, cursor, more, pages, rejected, failure: end.failure ?? null, expired: end.expired ?? false });
  const until = performance.now() + longestMs;
  do {
    const page = await agency.changes!(cursor, { requestId, ...(options.signal && { signal: options.signal }) });
    if (page.status === 'failed') return batch({ failure: page.failure });
    if (page.status === 'expired') return batch({ expired: true });
    for (const change of page.changes) changes.push(change);
    ({ cursor, more } = page);
    pages += 1;
    rejected += page.rejected;
  } while (more && changes.length < entries && performance.now() < until && options.signal?.aborted !== true);
  return batch();
}
