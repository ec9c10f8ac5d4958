import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { AuditEntry } from '../../../src/access/auditEntry.ts';
import type { Orderer } from '../../../src/index/exports/job.ts';
import { createJobs, type Jobs, LostJob } from '../../../src/index/exports/jobs.ts';
import { createRunner, type Runner } from '../../../src/index/exports/runner.ts';
import { ExportFault, type ExportSource } from '../../../src/index/exports/source.ts';
import { type Database, openDatabase } from '../../../src/store/database.ts';
import { testDatabase, type TestDatabase } from '../../support/database.ts';

let server: TestDatabase;
let database: Database;
let clock = Date.parse('2026-11-22T00:00:00Z');
const now = () => new Date(clock);
const orderer: Orderer = {
  kind: 'KEY', id: 'KEY00001', name: 'test', scopes: [], bounds: {}, purposes: null, environment: 'test', personsPerDay: 100, requestId: 'r', purpose: 'SERVICE', caseReference: null,
};

beforeAll(async () => {
  server = await testDatabase();
  database = await openDatabase({ url: server.url });
});
afterAll(async () => {
  await database.close();
  await server.drop();
});

let jobs: Jobs;
beforeEach(async () => {
  await database.run((q) => q.execute('truncate export_job cascade'));
  jobs = createJobs({ database, now, mostOpen: 2, keepMs: 3_600_000 });
});

/** So many numbered rows, each of a person of its own if `persons`. */
const numbers = (count: number, persons = false): ExportSource => ({
  columns: [{ name: 'n', type: 'integer' }],
  classes: ['placement:read'],
  async read(take) {
    for (let from = 0; from < count; from += 100) {
      const part = Array.from({ length: Math.min(100, count - from) }, (_, i) => from + i);
      await take({ rows: part.map((n) => [n]), workers: persons ? part.map((n) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`) : [] });
    }
  },
});

function runnerOf(open: () => ExportSource, more: { readonly audited?: AuditEntry[]; readonly mayRead?: boolean; readonly mostRows?: number } = {}): Runner {
  return createRunner({
    jobs,
    database,
    open: async () => open(),
    audit: async (entry) => void more.audited?.push(entry),
    mayRead: () => more.mayRead ?? true,
    mostRows: more.mostRows ?? 100_000,
    logger: pino({ level: 'silent' }),
    now,
    chunkSize: 1_000,
  });
}
const order = () => jobs.add(orderer, { of: 'placements', given: {} }, 'CSV', false);
async function fileOf(id: string): Promise<string> {
  const pieces: Uint8Array[] = [];
  for await (const piece of jobs.chunks(id)) pieces.push(piece);
  return Buffer.concat(pieces).toString();
}
const state = async (id: string) => (await jobs.find(id, orderer.id))!.state;

describe('a job', () => {
  it('is run to a file, in pieces, and told as it goes', async () => {
    const job = await order();
    await runnerOf(() => numbers(2_500)).drain();
    const done = await jobs.find(job!.id, orderer.id);
    expect(done).toMatchObject({ state: 'DONE', rows: 2_500, fault: null });
    const file = await fileOf(job!.id);
    expect(done!.bytes).toBe(file.length);
    expect(file).toBe(`n\r\n${Array.from({ length: 2_500 }, (_, n) => `${n}\r\n`).join('')}`);
  });

  it('is its owner’s alone', async () => {
    const job = await order();
    expect([await jobs.find(job!.id, 'ANOTHER1'), await jobs.cancel(job!.id, 'ANOTHER1'), await jobs.list('ANOTHER1', 10)]).toEqual([null, null, []]);
    expect(await state(job!.id)).toBe('QUEUED');
  });

  it('is refused while as many are open as may be', async () => {
    expect([await order(), await order(), await order()].map((job) => job !== null)).toEqual([true, true, false]);
    await runnerOf(() => numbers(1)).drain();
    expect(await order()).not.toBeNull();
  });

  it('whose instance is gone is begun anew by another, and the first one stops', async () => {
    const job = await order();
    const first = (await jobs.claim())!;
    await jobs.addChunk(first, 0, Buffer.from('half'), 1);
    expect(await jobs.claim()).toBeNull();
    clock += 31_000;
    await runnerOf(() => numbers(3)).drain();
    expect([await state(job!.id), await fileOf(job!.id)]).toEqual(['DONE', 'n\r\n0\r\n1\r\n2\r\n']);
    await expect(jobs.addChunk(first, 1, Buffer.from('late'), 2)).rejects.toThrow(LostJob);
    await expect(jobs.finish(first, 2, 8)).rejects.toThrow(LostJob);
    expect(await fileOf(job!.id)).toBe('n\r\n0\r\n1\r\n2\r\n');
  });

  it('that keeps failing is given up after three attempts', async () => {
    const job = await order();
    let attempts = 0;
    await runnerOf(() => {
      attempts += 1;
      throw new Error('down');
    }).drain();
    expect([attempts, await state(job!.id), (await jobs.find(job!.id, orderer.id))!.fault]).toEqual([3, 'FAILED', 'INTERNAL']);
  });

  it('that is cancelled under way stops, and leaves nothing', async () => {
    const job = await order();
    const source: ExportSource = {
      ...numbers(0),
      async read(take) {
        for (let i = 0; i < 100; i += 1) {
          if (i === 10) await jobs.cancel(job!.id, orderer.id);
          await take({ rows: Array.from({ length: 1_000 }, (_, n) => [n]), workers: [] });
        }
      },
    };
    await runnerOf(() => source).drain();
    expect([await state(job!.id), await fileOf(job!.id)]).toEqual(['CANCELLED', '']);
  });

  it.each([
    ['too many rows', { mostRows: 150 }, 'TOO_MANY_ROWS'],
    ['too many persons', { mayRead: false }, 'TOO_MANY_PERSONS'],
  ] as const)('with %s fails without a file', async (_name, limits, fault) => {
    const job = await order();
    await runnerOf(() => numbers(200, true), limits).drain();
    expect(await jobs.find(job!.id, orderer.id)).toMatchObject({ state: 'FAILED', fault });
    expect(await fileOf(job!.id)).toBe('');
  });

  it('fails as its source says', async () => {
    const job = await order();
    await runnerOf(() => {
      throw new ExportFault('DENIED');
    }).drain();
    expect(await jobs.find(job!.id, orderer.id)).toMatchObject({ state: 'FAILED', fault: 'DENIED' });
  });

  it('is in the audit log with every person before it is done', async () => {
    const job = await order();
    const audited: AuditEntry[] = [];
    await runnerOf(() => numbers(12_000, true), { audited }).drain();
    expect(audited.map(({ workers }) => workers.length)).toEqual([5_000, 5_000, 2_000]);
    expect(new Set(audited.flatMap(({ workers }) => workers)).size).toBe(12_000);
    expect(audited[0]).toMatchObject({ operation: 'export', operationName: 'placements', callerId: orderer.id, purpose: 'SERVICE', classes: ['placement:read'] });
    const kept: string[] = [];
    for await (const workers of jobs.persons(job!.id)) kept.push(...workers);
    expect(kept).toEqual(audited.flatMap(({ workers }) => workers));
  });

  it('loses its file when its time is over, and is forgotten a week later', async () => {
    const job = await order();
    await runnerOf(() => numbers(10, true)).drain();
    await jobs.sweep();
    expect(await state(job!.id)).toBe('DONE');
    clock += 3_600_000;
    await jobs.sweep();
    expect([await state(job!.id), await fileOf(job!.id)]).toEqual(['EXPIRED', '']);
    clock += 8 * 86_400_000;
    await jobs.sweep();
    expect(await jobs.find(job!.id, orderer.id)).toBeNull();
  });

  it('of an instance that closes is left for another', async () => {
    const job = await order();
    const runner = runnerOf(() => ({
      ...numbers(0),
      async read(take) {
        for (;;) {
          await take({ rows: [[1]], workers: [] });
          if (!closing) closing = runner.close();
          await new Promise((resolve) => setImmediate(resolve));
        }
      },
    }));
    let closing: Promise<void> | null = null;
    await runner.drain();
    await closing;
    expect(await state(job!.id)).toBe('QUEUED');
    await runnerOf(() => numbers(1)).drain();
    expect(await state(job!.id)).toBe('DONE');
  });
});
