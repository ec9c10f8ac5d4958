import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { eq } from 'drizzle-orm';
import type { AgencyRecord } from '../../src/domain/record.ts';
import type { LoggedEvent } from '../../src/domain/event.ts';
import { gap } from '../../src/store/eventTables.ts';
import { type TestHub, startTestHub } from '../support/hub.ts';

let hub: TestHub;
beforeAll(async () => {
  // No look of the hub's by the clock comes round: whatever it does, something has woken it.
  vi.useFakeTimers({ toFake: ['setInterval'] });
  hub = await startTestHub({ people: 60 });
  await hub.hub.assessing.run();
});
afterAll(async () => {
  await hub[Symbol.asyncDispose]();
  vi.useRealTimers();
});

/** The first event behind an id that fits, as a subscriber on this instance would hear it. */
async function next(after: number, fits: (event: LoggedEvent) => boolean): Promise<LoggedEvent> {
  const { events } = hub.hub;
  for (let id = after; ; ) {
    for (const event of await events.read({ after: id, limit: 100 })) {
      if (fits(event)) return event;
      id = event.id;
    }
    await events.grown(id);
  }
}

async function change(agency: string, record: AgencyRecord): Promise<void> {
  const response = await fetch(`${hub.mocks[agency]!.url}/_mock/records`, { method: 'PUT', body: JSON.stringify(record) });
  expect(response.status).toBeLessThan(300);
}

it('a record that changes at its agency opens a gap and is told of, by nothing but its sync', async () => {
  const index = hub.world.cast.findIndex(({ slug }) => slug === 'ayu-protected');
  const nik = hub.world.cast[index]!.nik;
  const cover = hub.world.person(index).records.find(({ agency }) => agency === 'BPJS_KETENAGAKERJAAN')!;
  const [worker] = await hub.hub.crosswalk.byIdentifiers([{ kind: 'NIK', value: nik }]);
  const open = async () => (await hub.hub.database.run((q) => q.select().from(gap).where(eq(gap.workerId, worker!.id)))).filter(({ closedAt }) => closedAt === null).map(({ rule }) => rule);
  expect(await open()).not.toContain('COVER_MISSING');

  const before = hub.hub.events.last;
  await change('BPJS_KETENAGAKERJAAN', { ...cover, asOf: new Date().toISOString(), coverages: cover.coverages.map((one) => ({ ...one, payment: { ...one.payment, status: 'UNPAID' as const, paid: null, paidOn: null } })) });
  await hub.hub.syncing.run();
  const opened = await next(before, ({ kind, rule }) => kind === 'GAP_OPENED' && rule === 'COVER_MISSING');
  expect(opened.workerId).toBe(worker!.id);
  expect(await open()).toContain('COVER_MISSING');
});

it('a case that a mission opens is told of', async () => {
  const index = hub.world.cast.findIndex(({ slug }) => slug === 'siti-selangor');
  const file = hub.world.person(index).records.find(({ agency, cases }) => agency === 'PERWAKILAN' && cases.length > 0)!;
  const before = hub.hub.events.last;
  const opened = { ...file.cases[0]!, number: 'KBRI-KUALA-LUMPUR-999999', openedOn: hub.world.today, events: [] };
  await change('PERWAKILAN', { ...file, asOf: new Date().toISOString(), cases: [...file.cases, opened] });
  await hub.hub.syncing.run();
  const told = await next(before, ({ kind }) => kind === 'CASE_OPENED');
  expect(told.subject).toMatchObject({ facet: 'CASE', agency: 'PERWAKILAN', fact: opened.number });
});
