import { z } from 'zod';
import type { AgencyName, AgencyRecord } from '../../domain/record.ts';
import { canonical, identifierKinds } from '../../domain/identifier.ts';
import type { Book } from './book.ts';
import type { CallCounts } from './calls.ts';
import { readFaults } from './faults.ts';
import type { FaultSwitches } from './faults.ts';
import type { MockReply } from './server.ts';

export interface ControlOptions {
  readonly agency: AgencyName;
  readonly book: Book;
  readonly faults: FaultSwitches;
  readonly calls: CallCounts;
}

const text = z.string().nullable();
const identifier = z.strictObject({ kind: z.enum(identifierKinds), value: z.string() }).refine(({ kind, value }) => canonical(kind, value)?.value === value, 'not in canonical form');
const facts = z.array(z.looseObject({}));

/** What the mocks rely on in a record that is put by hand: the identity block in full, the facts as lists. */
const recordSchema = z.strictObject({
  agency: z.string(),
  recordId: z.string().min(1),
  asOf: text,
  person: z.strictObject({
    name: text,
    alias: text,
    sex: z.enum(['FEMALE', 'MALE']).nullable(),
    dateOfBirth: text,
    placeOfBirth: text,
    motherName: text,
    phone: text,
    area: text,
    identifiers: z.array(identifier).min(1),
    raw: z.array(z.strictObject({ kind: z.enum(identifierKinds), text: z.string() })),
  }),
  placements: facts,
  coverages: facts,
  healthMemberships: facts,
  cases: facts,
  stays: facts,
});

/**
 * The control path, for tests and demos:
 * - `/_mock/faults`: GET reads the failure switches, PUT sets the given ones, DELETE puts all off;
 * - `/_mock/calls`: GET counts by operation, DELETE starts anew;
 * - `/_mock/records`: GET `?kind=NIK&value=...` reads, PUT files a record (an AgencyRecord), DELETE `/_mock/records/{recordId}` removes one.
 */
export function createControl(options: ControlOptions): (method: string, path: string, query: URLSearchParams, body: string) => MockReply {
  const { book, faults, calls } = options;

  function onFaults(method: string, body: string): MockReply {
    if (method === 'PUT') {
      const change = readFaults(parse(body));
      if (typeof change === 'string') return refuse(change);
      faults.set(change);
    } else if (method === 'DELETE') {
      faults.reset();
    } else if (method !== 'GET') {
      return wrongMethod;
    }
    return { body: faults.get() };
  }

  function onCalls(method: string): MockReply {
    if (method === 'DELETE') calls.reset();
    else if (method !== 'GET') return wrongMethod;
    return { body: { total: calls.total, operations: calls.operations, requestIds: calls.requestIds } };
  }

  function onRecords(method: string, query: URLSearchParams, body: string): MockReply {
    if (method === 'GET') {
      const kind = z.enum(identifierKinds).safeParse(query.get('kind'));
      const found = kind.success ? canonical(kind.data, query.get('value') ?? '') : null;
      if (found === null) return refuse(`Give kind (one of ${identifierKinds.join(', ')}) and a value of that kind.`);
      return { body: book.find(found) };
    }
    if (method !== 'PUT') return wrongMethod;
    const record = recordSchema.safeParse(parse(body));
    if (!record.success) return refuse(z.prettifyError(record.error));
    if (record.data.agency !== options.agency) return refuse(`agency must be ${options.agency}.`);
    // The facts are taken as they come: whoever puts a record by hand answers for them.
    book.upsert(record.data as unknown as AgencyRecord);
    return { body: { recordId: record.data.recordId } };
  }

  return (method, path, query, body) => {
    if (path === '/_mock/faults') return onFaults(method, body);
    if (path === '/_mock/calls') return onCalls(method);
    if (path === '/_mock/records') return onRecords(method, query, body);
    if (path.startsWith('/_mock/records/')) {
      if (method !== 'DELETE') return wrongMethod;
      const recordId = decodeURIComponent(path.slice('/_mock/records/'.length));
      book.remove(recordId);
      return { body: { recordId } };
    }
    return { status: 404, body: { message: 'The control path has /_mock/faults, /_mock/calls and /_mock/records.' } };
  };
}

const wrongMethod: MockReply = { status: 405, body: { message: 'Method Not Allowed' } };

function refuse(message: string): MockReply {
  return { status: 400, body: { message } };
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
