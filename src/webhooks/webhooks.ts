import { randomBytes } from 'node:crypto';
import { and, desc, eq, isNotNull, sql } from 'drizzle-orm';
import type { PgUpdateSetSource } from 'drizzle-orm/pg-core';
import type { EventKind, LoggedEvent } from '../domain/event.ts';
import type { EventLog } from '../events/log.ts';
import type { Database } from '../store/database.ts';
import { webhook, webhookHeld } from '../store/eventTables.ts';
import { revived } from './held.ts';
import { type Attempt, type Receivers, urlFault } from './receiver.ts';

export const webhookFaults = ['URL', 'KINDS', 'NOT_FOUND', 'OVERLAP', 'CURSOR', 'TOO_MANY', 'NOT_A_KEY'] as const;
export type WebhookFaultCode = (typeof webhookFaults)[number];

/** Why something cannot be done with a webhook: the caller's to mend. */
export class WebhookFault extends Error {
  override readonly name = 'WebhookFault';
  readonly code: WebhookFaultCode;
  readonly field: string;
  constructor(code: WebhookFaultCode, field: string, message: string) {
    super(message);
    this.code = code;
    this.field = field;
  }
}

export type WebhookInfo = Omit<typeof webhook.$inferSelect, 'secret' | 'oldSecret' | 'leasedBy' | 'leasedUntil'>;

export interface NewWebhook {
  readonly url: string;
  readonly description: string | null;
  readonly kinds: readonly EventKind[] | null;
  readonly purpose: string;
  /** Begin behind this place in the log; null: with what comes from now on. */
  readonly after: number | null;
}

/** An event that was given up. */
export interface DeadLetter {
  readonly event: LoggedEvent;
  readonly attempts: number;
  readonly failure: string | null;
  readonly deadAt: Date;
}

/** Webhooks of callers. Each belongs to the key that made it, and to that key's successors; of others it is as if it did not exist. */
export interface Webhooks {
  create(owner: string, wanted: NewWebhook): Promise<{ readonly info: WebhookInfo; readonly secret: string }>;
  list(owner: string): Promise<WebhookInfo[]>;
  /** A new secret; the old one signs beside it for a while. */
  rotateSecret(owner: string, id: string, overlapMs: number): Promise<{ readonly info: WebhookInfo; readonly secret: string }>;
  pause(owner: string, id: string): Promise<WebhookInfo>;
  resume(owner: string, id: string): Promise<WebhookInfo>;
  remove(owner: string, id: string): Promise<WebhookInfo>;
  /** Sends everything behind a place in the log again. */
  replay(owner: string, id: string, after: number): Promise<WebhookInfo>;
  /** Sends a message that is about nobody, now, and tells what became of it. */
  test(owner: string, id: string): Promise<Attempt>;
  deadLetters(id: string, count: number): Promise<DeadLetter[]>;
  /** Tries events that were given up once more. */
  retryDead(owner: string, id: string): Promise<WebhookInfo>;
}

export interface WebhooksOptions {
  readonly database: Database;
  readonly log: EventLog;
  readonly receivers: Receivers;
  /** Whether an address that is not public may be sent to. */
  readonly allowed: (address: string) => boolean;
  /** Most webhooks of a key. Default 20. */
  readonly most?: number;
  /** Default: the system clock. */
  readonly now?: () => Date;
}

/** Longest time for which two secrets sign. */
export const longestOverlapMs = 30 * 86_400_000;

/** All but the secrets and who sends now. */
const shown = {
  id: webhook.id, owner: webhook.owner, url: webhook.url, description: webhook.description, kinds: webhook.kinds, purpose: webhook.purpose, state: webhook.state, oldSecretUntil: webhook.oldSecretUntil,
  cursor: webhook.cursor, failures: webhook.failures, nextAt: webhook.nextAt, createdAt: webhook.createdAt, lastSuccessAt: webhook.lastSuccessAt, lastFailureAt: webhook.lastFailureAt, lastFailure: webhook.lastFailure,
};
/** Whoever sends now loses its lease, and with it the right to write down how far it came. */
const unleased = { leasedBy: null, leasedUntil: null } as const;

export function createWebhooks(options: WebhooksOptions): Webhooks {
  const { database, log, receivers, allowed, most = 20, now = () => new Date() } = options;
  /** The key itself and all that were rotated into it. */
  const line = (owner: string) => sql`(with recursive line(id) as (select ${owner}::text union select k.id from api_key k join line l on k.replaced_by = l.id) select id from line)`;
  const textOf = (secret: Uint8Array) => `whsec_${Buffer.from(secret).toString('base64')}`;
  const none = () => new WebhookFault('NOT_FOUND', 'id', 'There is no such webhook.');

  async function change(owner: string, id: string, set: PgUpdateSetSource<typeof webhook>): Promise<WebhookInfo> {
    const [row] = await database.run((q) => q.update(webhook).set(set).where(and(eq(webhook.id, id), sql`${webhook.owner} in ${line(owner)}`)).returning(shown));
    if (!row) throw none();
    return row;
  }

  return {
    async create(owner, { url, description, kinds, purpose, after }) {
      const fault = urlFault(url, allowed);
      if (fault) throw new WebhookFault('URL', 'url', fault);
      if (kinds?.length === 0) throw new WebhookFault('KINDS', 'kinds', 'Name at least one kind, or leave it out for all.');
      const cursor = await placeFrom(after);
      const [count] = await database.run((q) => q.execute<{ count: number }>(sql`select count(*)::int as count from webhook where owner in ${line(owner)}`));
      if (count!.count >= most) throw new WebhookFault('TOO_MANY', 'url', `A key has at most ${most} webhooks.`);
      const secret = randomBytes(32);
      const [info] = await database.run((q) => q.insert(webhook).values({ owner, url, description, kinds: kinds && [...kinds], purpose, secret, cursor, createdAt: now() }).returning(shown));
      return { info: info!, secret: textOf(secret) };
    },
    list: (owner) => database.run((q) => q.select(shown).from(webhook).where(sql`${webhook.owner} in ${line(owner)}`).orderBy(webhook.createdAt, webhook.id)),
    async rotateSecret(owner, id, overlapMs) {
      if (!(overlapMs >= 0 && overlapMs <= longestOverlapMs)) throw new WebhookFault('OVERLAP', 'overlapMinutes', 'The overlap is 0 to 30 days.');
      const secret = randomBytes(32);
      const info = await change(owner, id, { secret, oldSecret: sql`secret`, oldSecretUntil: new Date(Date.now() + overlapMs), ...unleased });
      return { info, secret: textOf(secret) };
    },
    pause: (owner, id) => change(owner, id, { state: 'PAUSED', ...unleased }),
    resume: (owner, id) => change(owner, id, { state: 'ACTIVE', failures: 0, nextAt: null, ...unleased }),
    async remove(owner, id) {
      const [row] = await database.run((q) => q.delete(webhook).where(and(eq(webhook.id, id), sql`${webhook.owner} in ${line(owner)}`)).returning(shown));
      if (!row) throw none();
      return row;
    },
    replay: async (owner, id, after) => change(owner, id, { cursor: await placeFrom(after), nextAt: null, failures: 0, ...unleased }),
    async test(owner, id) {
      const [row] = await database.run((q) => q.select().from(webhook).where(and(eq(webhook.id, id), sql`${webhook.owner} in ${line(owner)}`)));
      if (!row) throw none();
      const at = now();
      const secrets = row.oldSecret && row.oldSecretUntil && row.oldSecretUntil > at ? [row.secret, row.oldSecret] : [row.secret];
      return receivers.send({ url: row.url, id: `test_${crypto.randomUUID()}`, payload: JSON.stringify({ type: 'test', timestamp: at.toISOString(), data: {} }), secrets });
    },
    async deadLetters(id, count) {
      const rows = await database.run((q) => q.select().from(webhookHeld).where(and(eq(webhookHeld.webhookId, id), isNotNull(webhookHeld.deadAt))).orderBy(desc(webhookHeld.eventId)).limit(count));
      return rows.map(({ event, attempts, failure, deadAt }) => ({ event: revived(event), attempts, failure, deadAt: deadAt! }));
    },
    async retryDead(owner, id) {
      const info = await change(owner, id, { nextAt: null, failures: 0, ...unleased });
      await database.run((q) => q.update(webhookHeld).set({ deadAt: null, attempts: 0, nextAt: null }).where(and(eq(webhookHeld.webhookId, id), isNotNull(webhookHeld.deadAt))));
      return info;
    },
  };

  async function placeFrom(after: number | null): Promise<number> {
    const { before, last } = await log.ends();
    if (after === null) return last;
    if (after < before) throw new WebhookFault('CURSOR', 'after', 'The log does not reach back that far any more.');
    return Math.min(after, last);
  }
}
