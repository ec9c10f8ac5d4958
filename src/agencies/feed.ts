import type { Change, ChangePage } from './agency.ts';
import type { Rows } from './rows.ts';
import { unknownCursor } from './transport/failures.ts';
import type { Outcome } from './transport/transport.ts';

/** A page of an agency's feed as its client read it. */
export interface FeedPage<Entry> extends Rows<Entry> {
  readonly cursor: string;
  readonly more: boolean;
}

/** The page in the hub's terms. Entries that could not be read are counted and left out. */
export function toChangePage<Entry>(outcome: Outcome<FeedPage<Entry>>, toChange: (entry: Entry) => Change): ChangePage {
  if (!outcome.ok) return outcome.failure === unknownCursor ? { status: 'expired' } : { status: 'failed', failure: outcome.failure };
  const { rows, unreadable, cursor, more } = outcome.value;
  return { status: 'page', changes: rows.map(toChange), cursor, more, rejected: unreadable.length };
}
