import { sql } from 'drizzle-orm';
import type { EventKind } from '../domain/event.ts';
import type { Database } from '../store/database.ts';

/** A webhook as one who sends to it needs it. */
export interface Endpoint {
  readonly id: string;
  readonly owner: string;
  readonly url: string;
  readonly kinds: readonly EventKind[] | null;
  readonly purpose: string;
  readonly cursor: number;
  readonly failures: number;
  readonly secrets: readonly Uint8Array[];
}

interface EndpointRow extends Record<string, unknown> {
  readonly id: string;
  readonly owner: string;
  readonly url: string;
  readonly kinds: EventKind[] | null;
  readonly purpose: string;
  readonly cursor: string;
  readonly failures: number;
  readonly secret: Uint8Array;
  readonly old_secret: Uint8Array | null;
}

const columns = sql`id, owner, url, kinds, purpose, cursor, failures, secret, case when old_secret_until > now() then old_secret end as old_secret`;

function endpointOf({ id, owner, url, kinds, purpose, cursor, failures, secret, old_secret: old }: EndpointRow): Endpoint {
  return { id, owner, url, kinds, purpose, cursor: Number(cursor), failures, secrets: old ? [secret, old] : [secret] };
}

export interface LeaseOptions {
  readonly instance: string;
  readonly leaseMs: number;
  readonly count: number;
  /** Place of the last event in the log. */
  readonly last: number;
}

/** Takes webhooks that have something to send and that nobody is at; they are this instance's until the lease ends. */
export async function takeWebhooks(database: Database, { instance, leaseMs, count, last }: LeaseOptions): Promise<Endpoint[]> {
  const rows = await database.run((q) =>
    q.execute<EndpointRow>(sql`
      update webhook set leased_by = ${instance}::uuid, leased_until = now() + ${leaseMs} * interval '1 millisecond'
      where id in (
        select id from webhook w
        where state = 'ACTIVE' and (leased_until is null or leased_until < now()) and (next_at is null or next_at <= now())
          and (cursor < ${last} or exists (
            select 1 from (select distinct on (worker_id) next_at from webhook_held where webhook_id = w.id and dead_at is null order by worker_id, event_id) head
            where head.next_at is null or head.next_at <= now()))
        order by random() limit ${count} for update skip locked)
      returning ${columns}`),
  );
  return rows.map(endpointOf);
}

/** A webhook as it is now; null where it is not this instance's any more: paused, moved, given another secret, or taken by another. */
export async function stillOurs(database: Database, id: string, instance: string): Promise<Endpoint | null> {
  const rows = await database.run((q) => q.execute<EndpointRow>(sql`select ${columns} from webhook where id = ${id}::uuid and leased_by = ${instance}::uuid and state = 'ACTIVE'`));
  return rows[0] ? endpointOf(rows[0]) : null;
}

/** Makes the leases of this instance longer. */
export async function renewLeases(database: Database, instance: string, leaseMs: number): Promise<void> {
  await database.run((q) => q.execute(sql`update webhook set leased_until = now() + ${leaseMs} * interval '1 millisecond' where leased_by = ${instance}::uuid`));
}

/** What sending came to; what is left out stays as it is. */
export interface Progress {
  readonly cursor?: number;
  readonly failures?: number;
  /** When to go on, if not at once. */
  readonly nextAt?: Date | null;
  readonly success?: boolean;
  /** Code of the last failure. */
  readonly failure?: string;
  /** Nothing is sent any more until its owner resumes it. */
  readonly disable?: boolean;
  /** Gives the webhook back to whoever takes it next. */
  readonly release?: boolean;
}

/** Writes what sending came to. False where the webhook is not this instance's any more, or was moved by its owner: what was sent may be sent again. */
export async function saveProgress(database: Database, endpoint: Endpoint, from: number, instance: string, progress: Progress): Promise<boolean> {
  const { cursor, failures, nextAt, success, failure, disable, release } = progress;
  const set = [
    ...(cursor === undefined ? [] : [sql`cursor = ${cursor}`]),
    ...(failures === undefined ? [] : [sql`failures = ${failures}`]),
    ...(nextAt === undefined ? [] : [sql`next_at = ${nextAt?.toISOString() ?? null}::timestamptz`]),
    ...(success ? [sql`last_success_at = now()`] : []),
    ...(failure === undefined ? [] : [sql`last_failure_at = now(), last_failure = ${failure}`]),
    ...(disable ? [sql`state = 'DISABLED'`] : []),
    ...(release || disable ? [sql`leased_by = null, leased_until = null`] : []),
  ];
  if (set.length === 0) return true;
  const rows = await database.run((q) => q.execute(sql`update webhook set ${sql.join(set, sql`, `)} where id = ${endpoint.id}::uuid and leased_by = ${instance}::uuid and cursor = ${from} returning id`));
  return rows.length > 0;
}
