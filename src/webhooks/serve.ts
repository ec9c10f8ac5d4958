import type { LoggedEvent } from '../domain/event.ts';
import type { EventLog } from '../events/log.ts';
import type { Database } from '../store/database.ts';
import { type Endpoint, type Progress, saveProgress, stillOurs } from './endpoint.ts';
import { failAgain, type Held, hold, letGo, readHeld } from './held.ts';
import type { Attempt, Receivers } from './receiver.ts';
import { backoffMs, mostAttempts } from './retry.ts';

export interface ServeOptions {
  readonly database: Database;
  readonly log: EventLog;
  readonly receivers: Receivers;
  /** What the owner of a webhook may hear of these events; null where the owner is no caller any more. */
  readonly hears: (owner: string, events: readonly LoggedEvent[]) => Promise<readonly LoggedEvent[] | null>;
  /** Called before events leave for an owner. What it throws stops them; a moment that it gives back is when to go on. */
  readonly leaving: (endpoint: Endpoint, events: readonly LoggedEvent[]) => Promise<Date | null>;
  /** The message about an event. */
  readonly message: (event: LoggedEvent) => { readonly id: string; readonly payload: string };
  /** Told of each attempt, for metrics. */
  readonly onAttempt?: (outcome: Attempt['outcome']) => void;
  /** Requests under way at one receiver. Default 8. */
  readonly lanes?: number;
  /** How long a webhook with nothing to send is kept, so that what comes soon needs no new lease, milliseconds. Default 1000. */
  readonly lingerMs?: number;
  /** Factor of the waits between attempts; tests make it small. Default 1. */
  readonly haste?: number;
}

interface Serving extends ServeOptions {
  readonly instance: string;
  readonly signal: AbortSignal;
}

/** Events weighed at once for one webhook. */
const eventsAtOnce = 100;

const refuses = ({ outcome }: Attempt): boolean => outcome === 'UNREACHABLE' || outcome === 'GONE';

/** Sends to one webhook until nothing is left, or until it is to be left alone for a while. */
export async function serve(endpoint: Endpoint, options: Serving): Promise<void> {
  const { database, log, signal, lingerMs = 1_000 } = options;
  let { cursor, failures } = endpoint;
  let stored = cursor;

  /** Events that are none for the owner move the cursor in memory only, until there is something to write. */
  async function save(progress: Progress): Promise<boolean> {
    cursor = progress.cursor ?? cursor;
    failures = progress.failures ?? failures;
    const saved = await saveProgress(database, endpoint, stored, options.instance, cursor === stored ? progress : { ...progress, cursor });
    stored = cursor;
    return saved;
  }
  /** After an attempt of which nothing was taken: wait, or give the receiver up. */
  const rest = (attempt: Exclude<Attempt, { outcome: 'TAKEN' }>): Progress => ({
    failures: failures + 1,
    failure: attempt.why,
    nextAt: new Date(Date.now() + Math.max(attempt.retryAfterMs ?? 0, backoffMs(failures + 1) * (options.haste ?? 1))),
    disable: attempt.outcome === 'GONE' || failures + 1 >= mostAttempts,
    release: true,
  });

  try {
    let held = await readHeld(database, endpoint.id);
    const due = dueLanes(held);
    if (due.length > 0) {
      const outcome = await sendHeld(endpoint, due, options);
      if (outcome !== 'DONE') return void (await save(outcome === 'NO_OWNER' ? { disable: true, failure: 'NO_OWNER' } : outcome instanceof Date ? { nextAt: outcome, release: true } : rest(outcome)));
      held = await readHeld(database, endpoint.id);
    }
    while (!signal.aborted) {
      const events = await log.read({ after: cursor, limit: eventsAtOnce });
      if (events.length === 0) {
        await log.grown(cursor, signal, lingerMs);
        if (log.last > cursor) continue;
        break;
      }
      const end = events.at(-1)!.id;
      const wanted = events.filter(({ kind }) => !endpoint.kinds || endpoint.kinds.includes(kind));
      const mine = wanted.length > 0 ? await options.hears(endpoint.owner, wanted) : [];
      if (mine === null) return void (await save({ disable: true, failure: 'NO_OWNER' }));
      if (mine.length === 0) {
        cursor = end;
        continue;
      }
      // Since it was taken its owner may have paused it, or rotated its secret.
      const current = await stillOurs(database, endpoint.id, options.instance);
      if (!current) return;
      const until = await options.leaving(current, mine);
      if (until) return void (await save({ nextAt: until, release: true }));
      const sent = await sendLanes(current, mine, new Set(held.map(({ event }) => event.workerId)), options);
      const taken = sent.filter(({ attempt }) => attempt?.outcome === 'TAKEN');
      const failed = sent.flatMap(({ attempt }) => (attempt && attempt.outcome !== 'TAKEN' ? [attempt] : []));
      const refused = failed.find(refuses);
      const tried = taken.length + failed.length;
      const givenUp = taken.length === 0 && !refused && failures + 1 >= mostAttempts;
      cursor = mine[0]!.id - 1;
      if (tried > 0 && taken.length === 0 && !givenUp) return void (await save(rest(refused ?? failed[0]!)));
      // It takes others: what it did not take waits apart, with what follows of the same person. Behind the last one taken nothing was tried where it stopped answering.
      const reached = refused ? taken.at(-1)!.event.id : end;
      await hold(database, endpoint.id, sent.filter(({ event, attempt }) => attempt?.outcome !== 'TAKEN' && event.id <= reached).map(({ event, attempt }) => ({ event, failure: attempt && attempt.outcome !== 'TAKEN' ? attempt.why : null })), { ...options, dead: givenUp });
      if (!(await save({ cursor: reached, failures: 0, nextAt: null, success: taken.length > 0, ...(failed[0] && { failure: failed[0].why }) }))) return;
      if (refused) return void (await save(rest(refused)));
      if (failed.length > 0) held = await readHeld(database, endpoint.id);
    }
    await save({ release: true });
  } catch (error) {
    // Nothing was noted of it, so that it is sent again.
    await save({ nextAt: new Date(Date.now() + 5_000), release: true }).catch(() => {});
    throw error;
  }
}

interface Sent {
  readonly event: LoggedEvent;
  /** Null: not tried, because one before it of the same person waits, or the receiver stopped answering. */
  readonly attempt: Attempt | null;
}

/** Sends events: those of one person one after the other, several people's at the same time. Ends where nobody answers. In the order of the events. */
async function sendLanes(endpoint: Endpoint, events: readonly LoggedEvent[], waiting: ReadonlySet<string>, options: Serving): Promise<Sent[]> {
  const attempts = new Map<number, Attempt>();
  const open = [...Map.groupBy(events, ({ workerId }) => workerId)].filter(([workerId]) => !waiting.has(workerId)).map(([, own]) => own);
  await inLanes(open, options, async (own, stop) => {
    for (const event of own) {
      if (stop.now || options.signal.aborted) return;
      const attempt = await send(endpoint, event, options);
      attempts.set(event.id, attempt);
      if (refuses(attempt)) stop.now = true;
      if (attempt.outcome !== 'TAKEN') return;
    }
  });
  return events.map((event) => ({ event, attempt: attempts.get(event.id) ?? null }));
}

async function send(endpoint: Endpoint, event: LoggedEvent, { receivers, message, onAttempt }: Serving): Promise<Attempt> {
  const attempt = await receivers.send({ url: endpoint.url, ...message(event), secrets: endpoint.secrets });
  onAttempt?.(attempt.outcome);
  return attempt;
}

/** Works off a list, so many at the same time, until it is empty or stopped. */
async function inLanes<T>(list: readonly T[], { lanes = 8 }: Serving, work: (item: T, stop: { now: boolean }) => Promise<void>): Promise<void> {
  const open = [...list];
  const stop = { now: false };
  await Promise.all(Array.from({ length: Math.min(lanes, open.length) }, async () => {
    for (let item = open.shift(); item !== undefined && !stop.now; item = open.shift()) await work(item, stop);
  }));
}

/** What waits of each person whose first one is due. */
function dueLanes(held: readonly Held[]): (readonly Held[])[] {
  return [...Map.groupBy(held, ({ event }) => event.workerId).values()].filter(([head]) => head!.nextAt === null || head!.nextAt.getTime() <= Date.now());
}

/** Sends what waits and is due. Gives back why it ended before. */
async function sendHeld(endpoint: Endpoint, lanes: readonly (readonly Held[])[], options: Serving): Promise<'DONE' | 'NO_OWNER' | Date | Exclude<Attempt, { outcome: 'TAKEN' }>> {
  const { database, haste = 1 } = options;
  const events = lanes.flat().map(({ event }) => event);
  const audible = await options.hears(endpoint.owner, events);
  if (audible === null) return 'NO_OWNER';
  const until = audible.length > 0 ? await options.leaving(endpoint, audible) : null;
  if (until) return until;
  const mine = new Set(audible.map(({ id }) => id));
  let refused: Exclude<Attempt, { outcome: 'TAKEN' }> | null = null;
  await inLanes(lanes, options, async (lane, stop) => {
    for (const one of lane) {
      if (stop.now || options.signal.aborted) return;
      const attempt: Attempt = mine.has(one.event.id) ? await send(endpoint, one.event, options) : { outcome: 'TAKEN' };
      if (attempt.outcome === 'TAKEN') {
        await letGo(database, endpoint.id, one.event.id);
        continue;
      }
      if (refuses(attempt)) {
        stop.now = true;
        refused = attempt;
      }
      if (!(await failAgain(database, endpoint.id, one, attempt.why, haste))) return;
    }
  });
  return refused ?? 'DONE';
}
