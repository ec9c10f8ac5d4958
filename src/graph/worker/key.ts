import { GraphQLError } from 'graphql';
import { canonical, describeForm, type IdentifierKind } from '../../domain/identifier.ts';
import type { WorkerKey } from '../../records/reader.ts';
import { builder } from '../builder.ts';
import { decodeId, workerIdIn } from '../ids.ts';

/** The numbers a worker can be asked for by, and their names in {@link WorkerKeyInput}. */
const kinds = { nik: 'NIK', passport: 'PASSPORT', pmiId: 'PMI_ID', kpj: 'KPJ', jknCard: 'JKN_CARD', caseNumber: 'CASE_NUMBER' } as const satisfies Record<string, IdentifierKind>;

const kindOfField = Object.entries(kinds) as [keyof typeof kinds, IdentifierKind][];

export const WorkerKeyInput = builder.inputType('WorkerKey', {
  description: 'One way to name a worker. Give exactly one field.',
  isOneOf: true,
  fields: (t) => ({
    id: t.id({ description: 'The hub’s id, from an earlier answer.' }),
    nik: t.field({ type: 'NIK', description: 'Population number.' }),
    passport: t.string({ description: 'Passport number, old or new.' }),
    pmiId: t.string({ description: 'ID PMI.' }),
    kpj: t.string({ description: 'BPJS Ketenagakerjaan membership number.' }),
    jknCard: t.string({ description: 'BPJS Kesehatan card number, 13 digits.' }),
    caseNumber: t.string({ description: 'A mission’s case number.' }),
  }),
});

/** The worker's hub id in a global id; null where the text is no id of a worker. */
export function workerId(globalId: string): string | null {
  const { typename, id } = decodeId(globalId);
  return typename === 'Worker' && workerIdIn(id) === id ? id : null;
}

/** What the caller wrote as a key to read by. Errors name the field and its form, never the value. */
export function workerKey(input: typeof WorkerKeyInput.$inferInput): WorkerKey {
  if (typeof input.id === 'string') {
    const value = workerId(input.id);
    if (value === null) throw new GraphQLError('WorkerKey.id must be an id of a Worker from an earlier answer.', { extensions: { code: 'BAD_USER_INPUT' } });
    return { kind: 'ID', value };
  }
  for (const [field, kind] of kindOfField) {
    const text = input[field];
    if (typeof text !== 'string') continue;
    const identifier = canonical(kind, text);
    if (!identifier) throw new GraphQLError(`WorkerKey.${field} must be ${describeForm(kind)}.`, { extensions: { code: 'BAD_USER_INPUT' } });
    return identifier;
  }
  throw new GraphQLError('WorkerKey needs exactly one field.', { extensions: { code: 'BAD_USER_INPUT' } });
}
