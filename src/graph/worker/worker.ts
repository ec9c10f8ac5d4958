import { GraphQLError, type GraphQLResolveInfo } from 'graphql';
import { currentPlacement } from '../../domain/placement.ts';
import type { Sex } from '../../domain/person.ts';
import { identifierScope } from '../../access/scopes.ts';
import type { WorkerKey } from '../../records/reader.ts';
import { agencyOwned, builder, needs, needsFor, nodeId, nodeInterface, nodeLoaders, reads } from '../builder.ts';
import { CaseType, StayType } from '../case/case.ts';
import { type GraphContext, holdsScope } from '../context.ts';
import { foretell } from '../foretelling.ts';
import { SocialSecurityType } from '../coverage/coverage.ts';
import { describedEnum } from '../enums.ts';
import { HealthMembershipType } from '../health/health.ts';
import { workerIdIn } from '../ids.ts';
import { neededFacets } from '../lookahead.ts';
import { readByKey } from '../purpose.ts';
import { PlacementType } from '../placement/placement.ts';
import { ProvenanceType } from '../provenance.ts';
import { WorkerIdentifierType } from './identifier.ts';
import { WorkerKeyInput, workerKey } from './key.ts';
import { OriginType } from './origin.ts';
import { ShownWorker } from './shown.ts';
import { SourceType } from './source.ts';

export const SexEnum = describedEnum<Sex | 'UNKNOWN'>('Sex', 'Sex as registered.', {
  FEMALE: 'Female.',
  MALE: 'Male.',
  UNKNOWN: 'No agency that was asked says.',
});

export const WorkerType = builder.objectRef<ShownWorker>('Worker').implement({
  ...agencyOwned,
  description: 'An Indonesian migrant worker (pekerja migran Indonesia), joined from what the agencies hold about her.',
  interfaces: [nodeInterface],
  isTypeOf: (value) => value instanceof ShownWorker,
  fields: (t) => ({
    id: t.exposeID('id', nodeId),
    name: t.exposeString('name', { ...needs('IDENTITY'), description: 'Name as the agency writes it that speaks for who she is: see `identitySource`.' }),
    nik: t.expose('nik', { ...needs('IDENTITY'), type: 'NIK', description: 'Population number.' }),
    sex: t.expose('sex', { ...needs('IDENTITY'), type: SexEnum, nullable: false, description: 'Sex as registered.' }),
    dateOfBirth: t.expose('dateOfBirth', { ...needs('IDENTITY'), type: 'Date', description: 'Date of birth.' }),
    placeOfBirth: t.exposeString('placeOfBirth', { ...needs('IDENTITY'), description: 'Place of birth as written.' }),
    origin: t.expose('origin', { ...needs('IDENTITY'), type: OriginType, description: 'Where in Indonesia she comes from.' }),
    identitySource: t.expose('identitySource', {
      ...needs('IDENTITY'),
      type: ProvenanceType,
      description: 'Which record `name`, `nik`, `sex`, `dateOfBirth`, `placeOfBirth` and `origin` are taken from: that of the first agency, in the order of `agencies`, which has one.',
    }),
    phone: t.exposeString('phone', { ...needsFor('contact:read', 'IDENTITY'), description: 'Phone number as the agency writes it that speaks for who she is. Needs the scope `contact:read`.' }),
    identifiers: t.expose('identifiers', {
      ...reads('identity:read'),
      type: [WorkerIdentifierType],
      description: 'Every number by which a linked record knows her. From the hub’s own crosswalk: asking for this calls no agency. Numbers of a class that you may not read (KPJ, JKN card, case, lapor diri) are left out.',
    }),
    placements: t.expose('placements', { ...needs('PLACEMENT'), type: [PlacementType], description: 'Placements, latest registration first; null when no agency that holds them answered.' }),
    currentPlacement: t.field({
      ...needs('PLACEMENT'),
      type: PlacementType,
      description: 'The placement that counts on a day: abroad then, latest departure first; else the latest one in process; else null.',
      args: { on: t.arg({ type: 'Date', description: 'The day; today in Jakarta when left out.' }) },
      resolve: (worker, { on }, context) => {
        const placements = worker.facts('PLACEMENT', (record) => record.placements);
        return placements && currentPlacement(placements, on ?? context.today);
      },
    }),
    socialSecurity: t.expose('socialSecurity', {
      ...needs('SOCIAL_SECURITY'),
      type: SocialSecurityType,
      description: 'Work accident (JKK), death (JKM) and old-age (JHT) cover; null when the agency did not answer.',
    }),
    healthInsurance: t.expose('healthInsurance', {
      ...needs('HEALTH_INSURANCE'),
      type: [HealthMembershipType],
      description: 'Health insurance (JKN) memberships, usually one; empty when she has none, null when the agency did not answer.',
    }),
    cases: t.expose('cases', { ...needs('CASE'), type: [CaseType], description: 'Protection cases at the missions, latest first; null when no mission answered.' }),
    stays: t.expose('stays', { ...needs('STAY'), type: [StayType], description: 'Reports of stay abroad (lapor diri), latest first; null when no mission answered.' }),
    sources: t.expose('sources', { type: [SourceType], nullable: false, description: 'How each agency answered for her in this request, one row per agency. Asking for this calls none.' }),
  }),
});

/** Workers by keys, as the caller may see them, with what the selection under the field needs. */
export async function readShown(keys: readonly WorkerKey[], context: GraphContext, info: GraphQLResolveInfo): Promise<(ShownWorker | null)[]> {
  const workers = await context.reader.read(keys, neededFacets(info, context.caller.scopes), (ids) => foretell(context, info, ids));
  return workers.map((worker) => worker && new ShownWorker(worker, context));
}

nodeLoaders.set('Worker', async (ids, context, info) => {
  // An id with more behind the worker's is none of hers.
  const workers = await readShown(ids.map((id) => ({ kind: 'ID', value: workerIdIn(id)! })), context, info);
  return workers.map((worker, i) => (workerIdIn(ids[i]!) === ids[i] ? worker : null));
});

/** The workers of the keys. One who is asked for by a number of a class that the caller may not read is null, whether or not there is one. */
async function readWorkers(keys: readonly WorkerKey[], context: GraphContext, info: GraphQLResolveInfo): Promise<(ShownWorker | null)[]> {
  const scopes = keys.map((key) => (key.kind === 'ID' ? null : identifierScope[key.kind]));
  const may = scopes.map((scope) => scope === null || holdsScope(context, scope));
  const workers = await readShown(keys.filter((_, i) => may[i]), context, info);
  return may.map((allowed) => (allowed ? workers.shift()! : null));
}

/** Most workers in one field. */
const mostWorkers = 100;

builder.queryFields((t) => ({
  worker: t.field({
    ...readByKey,
    type: WorkerType,
    description: 'One worker by any of her numbers; null when no agency knows it, or you may not see her.',
    args: { by: t.arg({ type: WorkerKeyInput, required: true, description: 'Her hub id or one of her numbers.' }) },
    resolve: async (_root, { by }, context, info) => (await readWorkers([workerKey(by)], context, info))[0],
  }),
  workers: t.field({
    ...readByKey,
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
