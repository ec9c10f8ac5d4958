import type { Logger } from 'pino';
import { createNetworks } from './access/addresses.ts';
import type { Audit } from './access/audit.ts';
import { createHearing, type Hearing } from './access/hearing.ts';
import type { Keys } from './access/keys.ts';
import type { Persons } from './access/persons.ts';
import { type Caller, facetScope, referralScopes } from './access/scopes.ts';
import type { CallerLimits } from './access/terms.ts';
import type { Config } from './config.ts';
import type { EventReach, LoggedEvent } from './domain/event.ts';
import type { EventLog } from './events/log.ts';
import { messageOf } from './graph/events/message.ts';
import type { Opaque } from './graph/opaque.ts';
import type { Crosswalk } from './identity/crosswalk.ts';
import type { Database } from './store/database.ts';
import { createReceivers } from './webhooks/receiver.ts';
import { createSending, type Sending } from './webhooks/sending.ts';
import { createWebhooks, type Webhooks } from './webhooks/webhooks.ts';

export interface TellingOptions {
  readonly config: Config;
  readonly database: Database;
  readonly log: EventLog;
  readonly keys: Keys;
  readonly audit: Audit;
  readonly persons: Persons;
  /** A caller's limits. */
  readonly limitsOf: (caller: Caller) => CallerLimits;
  /** Workers whose data may not be processed now. */
  readonly restricted: ReadonlySet<string>;
  readonly crosswalk: Pick<Crosswalk, 'dossiersById'>;
  readonly opaque: Opaque;
  /** Whether every agency is a mock: then receivers on the same machine are allowed unless a setting says otherwise. */
  readonly mocksOnly: boolean;
  readonly logger: Logger;
  readonly now: () => Date;
}

/** Under what somebody is told of events. */
export interface Occasion {
  readonly requestId: string;
  readonly purpose: string | null;
  readonly caseReference: string | null;
  readonly operation: 'subscription' | 'webhook';
  readonly operationName: string | null;
  readonly documentHash: string | null;
}

/** Who is told of what has happened, and how: the rules of access, audit and limits hold as for any read. */
export interface Telling {
  readonly hearing: Hearing;
  readonly webhooks: Webhooks;
  readonly sending: Sending;
  /** Puts into the audit log that the caller is about to be told, and counts the people. Gives back until when the people of the day are used up, else null. */
  leaving(caller: Caller, occasion: Occasion, events: readonly LoggedEvent[]): Promise<Date | null>;
  close(): Promise<void>;
}

/** The scopes by which a caller hears of what an event rests on. */
function classesOf({ scopes }: Caller, { facets, referral }: EventReach): string[] {
  return [...facets.map((facet) => facetScope[facet]), ...(referral ? referralScopes.filter((scope) => scopes.has(scope)) : [])];
}

export function createTelling(options: TellingOptions): Telling {
  const { config, database, log, keys, audit, persons, limitsOf, restricted, crosswalk, opaque, logger, now } = options;
  const hearing = createHearing({ read: (ids) => crosswalk.dossiersById(ids), restricted, last: () => log.last });
  const networks = config.WEBHOOK_NETWORKS.length > 0 ? config.WEBHOOK_NETWORKS : options.mocksOnly ? ['127.0.0.0/8', '::1'] : [];
  const allowed = createNetworks(networks);
  const lanes = 8;
  const receivers = createReceivers({ allowed, timeoutMs: config.WEBHOOK_TIMEOUT_MS });

  async function leaving(caller: Caller, occasion: Occasion, events: readonly LoggedEvent[]): Promise<Date | null> {
    const limit = limitsOf(caller).personsPerDay;
    const blocked = persons.blockedUntil(caller.id, limit);
    if (blocked !== null) return new Date(blocked);
    const workers = new Set(events.map(({ workerId }) => workerId));
    await audit.append({
      at: now(),
      ...occasion,
      callerKind: caller.kind,
      callerId: caller.id,
      callerName: caller.name,
      clientName: null,
      clientVersion: null,
      outcome: 'ANSWERED',
      codes: [],
      workers: [...workers],
      notFound: 0,
      classes: [...new Set(events.flatMap(({ reach }) => classesOf(caller, reach)).concat('events:read'))].toSorted(),
      denied: [],
      agencies: [],
    });
    persons.saw(caller.id, workers, limit);
    return null;
  }

  const sending = createSending({
    database,
    log,
    receivers,
    hears: async (owner, events) => {
      const caller = await keys.holder(owner);
      return caller && hearing.of(caller, events);
    },
    leaving: async ({ id, owner, purpose }, events) => {
      const caller = await keys.holder(owner);
      if (!caller) throw new Error('the key of a webhook has ended');
      return leaving(caller, { requestId: `webhook-${id}`, purpose, caseReference: null, operation: 'webhook', operationName: null, documentHash: null }, events);
    },
    message: (event) => messageOf(event, opaque),
    onFault: (error) => logger.error({ fault: error }, 'could not send to a webhook; it is tried again'),
    lanes,
  });
  return {
    hearing,
    webhooks: createWebhooks({ database, log, receivers, allowed, now }),
    sending,
    leaving,
    async close() {
      await sending.close();
      await receivers.close();
    },
  };
}
