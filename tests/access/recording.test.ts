import { describe, expect, it } from 'vitest';
import { AuditFault } from '../../src/access/audit.ts';
import type { AuditEntry } from '../../src/access/auditEntry.ts';
import { createRecording } from '../../src/access/recording.ts';

const entry: AuditEntry = { at: new Date(1_700_000_000_000), requestId: 'r', callerKind: 'KEY', callerId: 'k', callerName: 'n', purpose: null, caseReference: null, operation: 'query', operationName: null, documentHash: null, clientName: null, clientVersion: null, outcome: 'ANSWERED', codes: [], workers: ['w'], notFound: 0, classes: ['a'], denied: [], agencies: ['X'] };
const later = { ...entry, at: new Date(1_700_000_000_500) };

/** A log whose rows are written when the test says so. */
function log() {
  const rows: AuditEntry[] = [];
  const writes: PromiseWithResolvers<number>[] = [];
  const append = (row: AuditEntry) => {
    rows.push(row);
    const write = Promise.withResolvers<number>();
    writes.push(write);
    return write.promise;
  };
  return { rows, writes, recording: createRecording({ append }) };
}
const settled = async (promise: Promise<unknown>) => Promise.race([promise.then(() => 'done', (error: unknown) => error), new Promise((resolve) => void setTimeout(() => resolve('waiting'), 5))]);

describe('the recording of a request', () => {
  it('waits for the announced row where the request ends as announced, whenever that is', async () => {
    const { rows, writes, recording } = log();
    recording.announce(entry);
    const ended = recording.record(later);
    expect([await settled(ended), rows]).toEqual(['waiting', [entry]]);
    writes[0]!.resolve(7);
    expect([await settled(ended), rows]).toEqual(['done', [entry]]);
  });

  it.each([
    ['outcome', { outcome: 'PARTIAL' }],
    ['codes', { codes: ['AGENCY_TIMEOUT'] }],
    ['workers', { workers: [] }],
    ['number of keys that led to nobody', { notFound: 1 }],
    ['classes', { classes: ['a', 'b'] }],
    ['missing scopes', { denied: ['b'] }],
    ['agencies', { agencies: [] }],
  ] as const)('corrects the announced row where it differs in its %s, and waits for both', async (_what, change) => {
    const { rows, writes, recording } = log();
    recording.announce(entry);
    const ended = recording.record({ ...later, ...change });
    writes[0]!.resolve(7);
    expect([await settled(ended), rows]).toEqual(['waiting', [entry, { ...later, ...change, corrects: 7 }]]);
    writes[1]!.resolve(9);
    expect(await settled(ended)).toBe('done');
  });

  it('fails where the announced row does and nothing else says the same', async () => {
    const { writes, recording } = log();
    recording.announce(entry);
    writes[0]!.reject(new AuditFault());
    expect(await settled(recording.record(later))).toBeInstanceOf(AuditFault);
  });

  it('stands by itself where the announced row could not be written and says something else', async () => {
    const { rows, writes, recording } = log();
    recording.announce(entry);
    writes[0]!.reject(new AuditFault());
    const ended = recording.record({ ...later, outcome: 'FAILED' });
    expect([await settled(ended), rows[1]]).toEqual(['waiting', { ...later, outcome: 'FAILED', corrects: null }]);
    writes[1]!.resolve(8);
    expect(await settled(ended)).toBe('done');
  });

  it('is one row where nothing was announced, or too late', async () => {
    const { rows, writes, recording } = log();
    const ended = recording.record(entry);
    recording.announce(later);
    writes[0]!.resolve(1);
    expect([await settled(ended), rows]).toEqual(['done', [entry]]);
  });
});
