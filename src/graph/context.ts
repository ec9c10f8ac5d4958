import { GraphQLError } from 'graphql';
import type { Agency } from '../agencies/agency.ts';
import type { Facet } from '../domain/record.ts';
import type { Audit } from '../access/audit.ts';
import type { Recording } from '../access/recording.ts';
import type { Admission } from '../access/limits.ts';
import type { Keys } from '../access/keys.ts';
import type { Restrictions } from '../access/restrictions.ts';
import { type Caller, facetScope, type Scope } from '../access/scopes.ts';
import type { CallerLimits } from '../access/terms.ts';
import type { Trail } from '../access/trail.ts';
import type { Statement } from '../access/statement.ts';
import type { Day, Instant } from '../domain/time.ts';
import { errorCodes } from '../domain/failure.ts';
import type { Exports } from '../index/exports/exports.ts';
import type { GapReader } from '../index/lists/gaps.ts';
import type { Lists } from '../index/lists/lists.ts';
import type { Search } from '../index/search/search.ts';
import type { Links } from '../identity/hub/links.ts';
import type { ProtectionOptions } from '../protection/input.ts';
import type { IndexedReader } from '../records/indexed.ts';
import type { Statistics } from '../index/statistics/statistics.ts';
import type { RecordReader } from '../records/reader.ts';
import type { Referrals } from '../referrals/referrals.ts';
import type { RequestTrace } from '../tracing/tracing.ts';
import type { Webhooks } from '../webhooks/webhooks.ts';
import type { Estimate } from './cost.ts';
import type { Foretelling } from './foretelling.ts';
import type { Events, Stream } from './events/subscription.ts';
import type { Opaque } from './opaque.ts';
import type { SyncStatus } from '../domain/sync.ts';

/** How far the agencies' records have been read, and what is not yet in the index. */
export interface SyncProgress {
  readonly agencies: ReadonlyMap<string, SyncStatus>;
  readonly followUp: { readonly changes: number; readonly since: Date | null };
}

/** A request's share of its caller's limits. */
export interface Use {
  /** Null until it is counted. */
  estimate: Estimate | null;
  /** Null until the request is let in. */
  admission: Admission | null;
  /** When it is worth trying again, milliseconds since 1970, where it was not let in. */
  retryAt: number | null;
}

/** What resolvers of one request share. */
export interface GraphContext {
  readonly caller: Caller;
  readonly requestId: string;
  readonly now: Date;
  /** The day in Jakarta. */
  readonly today: Day;
  readonly agencies: readonly Agency[];
  readonly keys: Keys;
  /** Limits of callers that have none of their own. */
  readonly usualLimits: CallerLimits;
  readonly audit: Audit;
  readonly links: Links;
  readonly restrictions: Restrictions;
  /** How far the hub has read, a few seconds old at most. */
  readonly progress: () => Promise<SyncProgress>;
  readonly statistics: Statistics;
  /** What the request has read of whom, for its row in the audit log. */
  readonly trail: Trail;
  /** The row itself. */
  readonly recording: Recording;
  /** What the root fields of a query foretell of it; null where nothing is made of that. */
  foretelling: Foretelling | null;
  /** What the request says it reads for. */
  readonly statement: Statement;
  /** Default: the request is not traced. */
  readonly trace?: RequestTrace | null;
  readonly reader: RecordReader;
  /** Workers as last synced, for lists. */
  readonly indexed: IndexedReader;
  readonly lists: Lists;
  readonly gaps: GapReader;
  readonly search: Search;
  readonly exports: Exports;
  /** Up to when the index holds what the agencies have told. */
  readonly indexedThrough: () => Promise<Instant | null>;
  /** What the request costs, and how it was let in. */
  readonly use: Use;
  readonly opaque: Opaque;
  readonly events: Events;
  readonly webhooks: Webhooks;
  readonly referrals: Referrals;
  /** The subscriber's connection; null for requests that are answered at once. */
  readonly stream: Stream | null;
  /** Thresholds of the rules of protection. */
  readonly thresholds: ProtectionOptions;
  /** Scopes that were missing for a selected field; each is told once, however many fields and workers it concerns. */
  readonly missingScopes: Set<Scope>;
  /** Whether a key led to a worker whose processing is restricted. */
  metRestriction: boolean;
  /** What resolvers share besides: see `perRequest`. */
  readonly shared: Map<unknown, object>;
}

/** Whether the caller may read the facet; if not, that is remembered and told with the answer. */
export function mayRead(context: GraphContext, facet: Facet): boolean {
  return holdsScope(context, facetScope[facet]);
}

/** Whether the caller has the scope; if not, that is remembered and told with the answer. */
export function holdsScope(context: GraphContext, scope: Scope): boolean {
  if (context.caller.scopes.has(scope)) {
    context.trail.sawClass(scope);
    return true;
  }
  context.missingScopes.add(scope);
  return false;
}

/** The errors that belong to the whole answer: one per failed agency, one per missing scope. */
export function answerErrors(context: GraphContext): GraphQLError[] {
  const { requestId } = context;
  const failed = [...context.reader.failures].map(
    ([agency, failure]) => new GraphQLError(`${agency}: ${failure.message}`, { extensions: { code: failure.code, agency, retryable: failure.retryable, requestId } }),
  );
  const denied = [...context.missingScopes].map(
    (scope) => new GraphQLError(`The scope ${scope} is needed for a selected field.`, { extensions: { code: 'FORBIDDEN', scope, retryable: errorCodes.FORBIDDEN.retryable, requestId } }),
  );
  return [...failed, ...denied];
}

