import { Gauge, type Registry } from 'prom-client';
import { lagSeconds, type SyncStatus } from '../domain/sync.ts';
import type { Metrics, SyncFigures } from './metrics.ts';

/** The gauges of reading agencies and of following up. Each asks when Prometheus does; whoever is asked answers them all with one reading. */
export function watchSync(registers: Registry[]): Metrics['watchSync'] {
  let read: () => Promise<SyncFigures> = async () => ({ agencies: new Map(), followUp: { changes: 0, since: null } });

  /** One value for each agency that has one. */
  const ofAgencies = (name: string, help: string, valueOf: (status: SyncStatus) => number | null | undefined) =>
    new Gauge({
      name,
      help,
      labelNames: ['agency'],
      registers,
      async collect() {
        const figures = await read().catch(() => null);
        this.reset();
        for (const [agency, status] of figures?.agencies ?? []) {
          const value = valueOf(status);
          if (value !== null && value !== undefined) this.set({ agency }, value);
        }
      },
    });
  const ofFollowUp = (name: string, help: string, valueOf: (followUp: SyncFigures['followUp']) => number) =>
    new Gauge({
      name,
      help,
      registers,
      async collect() {
        const figures = await read().catch(() => null);
        if (figures) this.set(valueOf(figures.followUp));
      },
    });

  ofAgencies('payung_sync_lag_seconds', 'How far the hub is behind an agency: since its feed was last at its end, or since it answered about whoever was asked about longest ago; absent before', (status) => lagSeconds(status, new Date()));
  ofAgencies('payung_sync_caught_up', 'Whether an agency’s feed was at its end when last asked: 0 while more is known to wait', ({ feed }) => feed && Number(feed.caughtUp));
  ofAgencies('payung_sync_held', 'Whether removals of an agency wait for a human’s word, because they are more than a run may make', ({ feed }) => feed && Number(feed.outcome === 'REMOVALS_HELD'));
  ofAgencies('payung_sync_removals_waiting', 'Removals of an agency that have not been made', ({ feed }) => feed?.removalsWaiting);
  ofAgencies('payung_crawl_workers', 'Workers whom an agency without a feed can be asked about', ({ crawl }) => crawl?.workers);
  ofAgencies('payung_crawl_never_asked', 'Those of them whom it was never asked about', ({ crawl }) => crawl?.neverAsked);
  ofFollowUp('payung_follow_up_waiting', 'Changes of workers that are not yet in the index', ({ changes }) => changes);
  ofFollowUp('payung_follow_up_oldest_seconds', 'How long the oldest of them has waited; 0 where none waits', ({ since }) => (since === null ? 0 : Math.max(0, (Date.now() - since.getTime()) / 1000)));
  return (source) => {
    read = source;
  };
}
