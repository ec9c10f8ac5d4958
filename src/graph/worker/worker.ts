import { GraphQLError, type GraphQLResolveInfo } from 'graphql';
import type { IdentifierKind } from '../../domain/identifier.ts';
import { currentPlacement } from '../../domain/placement.ts';
import { latestFirst } from '../../domain/time.ts';
import type { AgencyRecord, Facet } from '../../domain/record.ts';
import type { PersonClaim, Sex } from '../../domain/person.ts';
import { WorkerRecord } from '../../records/answer.ts';
import { identifierScope } from '../../access/scopes.ts';
import type { WorkerKey } from '../../records/reader.ts';
import { agencyOwned, builder, needs, needsFor, nodeLoaders } from '../builder.ts';
import { CaseType, StayType } from '../case/case.ts';
import { type GraphContext, holdsScope, mayRead } from '../context.ts';
import { SocialSecurityType } from '../coverage/coverage.ts';
import { describedEnum } from '../enums.ts';
import { HealthMembershipType } from '../health/health.ts';
import { workerIdIn } from '../ids.ts';
import { neededFacets } from '../lookahead.ts';
import { identified } from '../purpose.ts';
import { PlacementType } from '../placement/placement.ts';
import { ProvenanceType, type ShownProvenance } from '../provenance.ts';
import { type WorkerIdentifier, WorkerIdentifierType } from './identifier.ts';
import { WorkerKeyInput, workerKey } from './key.ts';
import { originOf, OriginType } from './origin.ts';
import { SourceType } from './source.ts';

export const SexEnum = describedEnum<Sex | 'UNKNOWN'>('Sex', 'Sex as registered.', {
  FEMALE: 'Female.',
  MALE: 'Male.',
  UNKNOWN: 'No agency that was asked says.',
});

/** A value of the record that speaks for who she is. */
function claim<T>(worker: WorkerRecord, context: GraphContext, pick: (person: PersonClaim) => T | null): T | null {
  return mayRead(context, 'IDENTITY') ? (pick(worker.identity()?.record.person ?? nobody) ?? null) : null;
}
const nobody: PersonClaim = { name: null, alias: null, sex: null, dateOfBirth: null, placeOfBirth: null, motherName: null, phone: null, area: null, identifiers: [], raw: [] };

/** Facts of a facet for those who may read it. */
function facts<T extends object>(worker: WorkerRecord, context: GraphContext, facet: Facet, pick: (record: AgencyRecord) => readonly T[]) {
  return mayRead(context, facet) ? worker.facts<T>(facet, pick) : null;
}

/** Whether the caller may read numbers of the kind, or ask by them. */
function mayUse(context: GraphContext, kind: IdentifierKind): boolean {
  const scope = identifierScope[kind];
  return scope === null || context.caller.scopes.has(scope);
}

/** Where the record that speaks for her comes from, without its number where that is one that the caller may not read (a card, say). */
function identitySource(worker: WorkerRecord, context: GraphContext): ShownProvenance | null {
  const source = worker.identity();
  if (!source) return null;
  const own = source.record.person.identifiers.find(({ value }) => value === source.provenance.recordId);
  return own && !mayUse(context, own.kind) ? { ...source.provenance, recordId: null } : source.provenance;
}

/** Numbers of a class that the caller may not read are left out without a word: that there is one would tell. */
function identifiersOf(worker: WorkerRecord, context: GraphContext): WorkerIdentifier[] {
  const found = new Map<string, WorkerIdentifier & { agencies: string[] }>();
  for (const record of worker.known.records.values()) {
    for (const { kind, value } of record.identifiers) {
      if (!mayUse(context, kind)) continue;
      const entry = found.get(`${kind}:${value}`) ?? { kind, value, agencies: [] };
      if (!entry.agencies.includes(record.agency)) entry.agencies.push(record.agency);
      found.set(`${kind}:${value}`, entry);
    }
  }
  return [...found.values()];
}

export const WorkerType = builder.node(builder.objectRef<WorkerRecord>('Worker'), {
  ...agencyOwned,
  description: 'An Indonesian migrant worker (pekerja migran Indonesia), joined from what the agencies hold about her.',
  id: { resolve: (worker) => worker.id },
  isTypeOf: (value) => value instanceof WorkerRecord,
  fields: (t) => ({
    name: t.string({ ...needs('IDENTITY'), description: 'Name as the agency writes it that speaks for who she is: see `identitySource`.', resolve: (worker, _args, context) => claim(worker, context, (person) => person.name) }),
    nik: t.field({
      ...needs('IDENTITY'),
      type: 'NIK',
      description: 'Population number.',
      resolve: (worker, _args, context) => claim(worker, context, (person) => person.identifiers.find((id) => id.kind === 'NIK')?.value ?? null),
    }),
    sex: t.field({ ...needs('IDENTITY'), type: SexEnum, nullable: false, description: 'Sex as registered.', resolve: (worker, _args, context) => claim(worker, context, (person) => person.sex) ?? 'UNKNOWN' }),
    dateOfBirth: t.field({ ...needs('IDENTITY'), type: 'Date', description: 'Date of birth.', resolve: (worker, _args, context) => claim(worker, context, (person) => person.dateOfBirth) }),
    placeOfBirth: t.string({ ...needs('IDENTITY'), description: 'Place of birth as written.', resolve: (worker, _args, context) => claim(worker, context, (person) => person.placeOfBirth) }),
    origin: t.field({ ...needs('IDENTITY'), type: OriginType, description: 'Where in Indonesia she comes from.', resolve: (worker, _args, context) => originOf(claim(worker, context, (person) => person.area)) }),
    identitySource: t.field({
      ...needs('IDENTITY'),
      type: ProvenanceType,
      description: 'Which record `name`, `nik`, `sex`, `dateOfBirth`, `placeOfBirth` and `origin` are taken from: that of the first agency, in the order of `agencies`, which has one.',
      resolve: (worker, _args, context) => (mayRead(context, 'IDENTITY') ? identitySource(worker, context) : null),
    }),
    phone: t.string({
      ...needsFor('contact:read', 'IDENTITY'),
      description: 'Phone number as the agency writes it that speaks for who she is. Needs the scope `contact:read`.',
      resolve: (worker, _args, context) => (holdsScope(context, 'contact:read') ? worker.identity()?.record.person.phone : null),
    }),
    identifiers: t.field({
      type: [WorkerIdentifierType],
      description: 'Every number by which a linked record knows her. From the hub’s own crosswalk: asking for this calls no agency. Numbers of a class that you may not read (KPJ, JKN card, case, lapor diri) are left out.',
      resolve: (worker, _args, context) => (mayRead(context, 'IDENTITY') ? identifiersOf(worker, context) : null),
    }),
    placements: t.field({
      ...needs('PLACEMENT'),
      type: [PlacementType],
      description: 'Placements, latest registration first; null when no agency that holds them answered.',
      resolve: (worker, _args, context) =>
        facts(worker, context, 'PLACEMENT', (record) => record.placements)?.toSorted(latestFirst((placement) => placement.registeredOn)),
    }),
    currentPlacement: t.field({
      ...needs('PLACEMENT'),
      type: PlacementType,
      description: 'The placement that counts on a day: abroad then, latest departure first; else the latest one in process; else null.',
      args: { on: t.arg({ type: 'Date', description: 'The day; today in Jakarta when left out.' }) },
      resolve: (worker, { on }, context) => {
        const placements = facts(worker, context, 'PLACEMENT', (record) => record.placements);
        return placements && currentPlacement(placements, on ?? context.today);
      },
    }),
    socialSecurity: t.field({
      ...needs('SOCIAL_SECURITY'),
      type: SocialSecurityType,
      description: 'Work accident (JKK), death (JKM) and old-age (JHT) cover; null when the agency did not answer.',
      resolve: (worker, _args, context) => facts(worker, context, 'SOCIAL_SECURITY', (record) => record.coverages),
    }),
    healthInsurance: t.field({
      ...needs('HEALTH_INSURANCE'),
      type: [HealthMembershipType],
      description: 'Health insurance (JKN) memberships, usually one; empty when she has none, null when the agency did not answer.',
      resolve: (worker, _args, context) => facts(worker, context, 'HEALTH_INSURANCE', (record) => record.healthMemberships),
    }),
    cases: t.field({
      ...needs('CASE'),
      type: [CaseType],
      description: 'Protection cases at the missions, latest first; null when no mission answered.',
      resolve: (worker, _args, context) => facts(worker, context, 'CASE', (record) => record.cases)?.toSorted(latestFirst(({ openedOn }) => openedOn)),
    }),
    stays: t.field({
      ...needs('STAY'),
      type: [StayType],
      description: 'Reports of stay abroad (lapor diri), latest first; null when no mission answered.',
      resolve: (worker, _args, context) => facts(worker, context, 'STAY', (record) => record.stays)?.toSorted(latestFirst(({ reportedOn }) => reportedOn)),
    }),
    sources: t.field({ type: [SourceType], nullable: false, description: 'How each agency answered for her in this request, one row per agency. Asking for this calls none.', resolve: (worker) => [...worker.answers] }),
  }),
});

nodeLoaders.set('Worker', async (ids, context, info) => {
  // An id with more behind the worker's is none of hers.
  const workers = await context.reader.read(ids.map((id) => ({ kind: 'ID', value: workerIdIn(id)! })), neededFacets(info, context.caller.scopes));
  return workers.map((worker, i) => (workerIdIn(ids[i]!) === ids[i] ? worker : null));
});

/** The workers of the keys. One who is asked for by a number of a class that the caller may not read is null, whether or not there is one. */
async function readWorkers(keys: readonly WorkerKey[], context: GraphContext, info: GraphQLResolveInfo): Promise<(WorkerRecord | null)[]> {
  const scopes = keys.map((key) => (key.kind === 'ID' ? null : identifierScope[key.kind]));
  const may = scopes.map((scope) => scope === null || holdsScope(context, scope));
  const workers = await context.reader.read(keys.filter((_, i) => may[i]), neededFacets(info, context.caller.scopes));
  return may.map((allowed) => (allowed ? workers.shift()! : null));
}

/** Most workers in one field. */
const mostWorkers = 100;

builder.queryFields((t) => ({
  worker: t.field({
    ...identified,
    type: WorkerType,
    description: 'One worker by any of her numbers; null when no agency knows it, or you may not see her.',
    args: { by: t.arg({ type: WorkerKeyInput, required: true, description: 'Her hub id or one of her numbers.' }) },
    resolve: async (_root, { by }, context, info) => (await readWorkers([workerKey(by)], context, info))[0],
  }),
  workers: t.field({
    ...identified,
    type: [WorkerType],
    nullable: { list: false, items: true },
    description: 'Workers by their numbers, in the order asked; null where no agency knows the number, or you may not see whose it is.',
    args: { by: t.arg({ type: [WorkerKeyInput], required: true, description: 'One to 100 keys.' }) },
    resolve: (_root, { by }, context, info) => {
      if (by.length < 1 || by.length > mostWorkers) {
        throw new GraphQLError(`workers takes 1 to ${mostWorkers} keys, not ${by.length}.`, { extensions: { code: 'BAD_USER_INPUT' } });
      }
      return readWorkers(by.map(workerKey), context, info);
    },
  }),
}));
