import { renewLeases, takeWebhooks } from './endpoint.ts';
import { serve, type ServeOptions } from './serve.ts';

export interface SendingOptions extends ServeOptions {
  readonly onFault: (error: unknown) => void;
  /** How long a webhook stays an instance's that has died, milliseconds. Default 15000. */
  readonly leaseMs?: number;
  /** Webhooks that are sent to at the same time. Default 500. */
  readonly atOnce?: number;
  /** How often it is looked for webhooks whose time has come, milliseconds. Default 1000. */
  readonly lookMs?: number;
}

/**
 * Sends events to webhooks as they come. A webhook is one instance's at a time, by a lease that ends when the instance dies; instances take a few at a time, so
 * that they share the work. Each is sent to by itself: one that is slow or dead delays no other.
 */
export interface Sending {
  start(): void;
  /** Sends all that is due now. */
  run(): Promise<void>;
  close(): Promise<void>;
}

/** Webhooks taken in one statement. */
const takenAtOnce = 20;

export function createSending(options: SendingOptions): Sending {
  const { database, log, onFault, leaseMs = 15_000, atOnce = 500, lookMs = 1_000 } = options;
  const instance = crypto.randomUUID();
  const underWay = new Map<string, Promise<void>>();
  const stop = new AbortController();
  let taking: Promise<number> | null = null;
  const timers: NodeJS.Timeout[] = [];

  async function takeAll(): Promise<number> {
    let count = 0;
    while (!stop.signal.aborted && underWay.size < atOnce) {
      const taken = await takeWebhooks(database, { instance, leaseMs, count: Math.min(takenAtOnce, atOnce - underWay.size), last: log.last });
      for (const endpoint of taken) underWay.set(endpoint.id, serve(endpoint, { ...options, instance, signal: stop.signal }).catch(onFault).finally(() => underWay.delete(endpoint.id)));
      count += taken.length;
      if (taken.length < takenAtOnce) break;
    }
    return count;
  }
  const take = (): Promise<number> => (taking ??= takeAll().finally(() => (taking = null)));
  const look = () => void take().catch(onFault);

  async function follow(): Promise<void> {
    while (!stop.signal.aborted) {
      const seen = log.last;
      await take().catch(onFault);
      await log.grown(seen, stop.signal);
    }
  }

  return {
    start() {
      void follow();
      timers.push(setInterval(look, lookMs), setInterval(() => underWay.size > 0 && void renewLeases(database, instance, leaseMs).catch(onFault), leaseMs / 3));
      for (const timer of timers) timer.unref();
    },
    async run() {
      while ((await take()) > 0 || underWay.size > 0) await Promise.all(underWay.values());
    },
    async close() {
      stop.abort();
      for (const timer of timers) clearInterval(timer);
      await taking?.catch(() => {});
      await Promise.allSettled(underWay.values());
    },
  };
}
