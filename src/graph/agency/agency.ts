import type { Agency } from '../../agencies/agency.ts';
import { agencies as definitions } from '../../agencies/index.ts';
import { identifierKinds } from '../../domain/identifier.ts';
import { builder } from '../builder.ts';
import { describedEnum } from '../enums.ts';
import { IdentifierKindEnum } from '../worker/identifier.ts';
import { AgencyNameEnum } from './name.ts';
import { AgencySyncType } from './sync.ts';

const AgencyStateEnum = describedEnum('AgencyState', 'How an agency has answered lately, as this instance of the hub sees it.', {
  UP: 'It answers.',
  DEGRADED: 'Some of its latest calls failed.',
  DOWN: 'It does not answer; the hub asks it only now and then.',
});

const BreakerStateEnum = describedEnum('BreakerState', 'State of the circuit breaker in front of an agency.', {
  CLOSED: 'Calls go through.',
  HALF_OPEN: 'One call is let through to see whether the agency is back.',
  OPEN: 'Calls are refused without asking the agency.',
});

export const FacetEnum = describedEnum('Facet', 'A part of a worker’s record that an agency can hold.', {
  IDENTITY: 'Who she is.',
  PLACEMENT: 'Placements and contracts.',
  SOCIAL_SECURITY: 'Work accident, death and old-age cover.',
  HEALTH_INSURANCE: 'Health insurance membership.',
  CASE: 'Protection cases.',
  STAY: 'Reports of stay abroad (lapor diri).',
});

const AgencyType = builder.objectRef<Agency>('Agency').implement({
  description: 'An agency whose records the hub joins, and how it is doing.',
  fields: (t) => ({
    name: t.expose('name', { type: AgencyNameEnum, nullable: false, description: 'Short name.' }),
    title: t.exposeString('title', { nullable: false, description: 'Full name in Indonesian.' }),
    description: t.string({ description: 'What it holds, in a sentence.', resolve: (agency) => definitions.find((d) => d.name === agency.name)?.description }),
    holds: t.expose('holds', { type: [FacetEnum], nullable: false, description: 'Which parts of a worker’s record it holds.' }),
    looksUpBy: t.field({
      type: [IdentifierKindEnum],
      nullable: false,
      description: 'Numbers it can look a person up by, best first.',
      resolve: (agency) => agency.looksUpBy.filter((kind) => identifierKinds.includes(kind)),
    }),
    state: t.field({ type: AgencyStateEnum, nullable: false, description: 'How it has answered lately.', resolve: (agency) => agency.vitals().state }),
    breaker: t.field({ type: BreakerStateEnum, nullable: false, description: 'State of its circuit breaker.', resolve: (agency) => agency.vitals().breaker }),
    latencyMs: t.float({ description: 'Median time of its latest successful calls, milliseconds; null before the first.', resolve: (agency) => agency.vitals().latencyMs }),
    lastSuccessAt: t.field({ type: 'DateTime', description: 'When it last answered; null before the first time.', resolve: (agency) => agency.vitals().lastSuccessAt }),
    batchLimit: t.exposeInt('batchLimit', { nullable: false, description: 'Most people it can be asked for in one call.' }),
    sync: t.field({
      type: AgencySyncType,
      description: 'How far the hub’s index is behind it; null before the first reading.',
      resolve: async (agency, _args, context) => (await context.progress()).agencies.get(agency.name),
    }),
    mock: t.exposeBoolean('mock', { nullable: false, description: 'Whether it is one of the hub’s own mock agencies.' }),
  }),
});

builder.queryField('agencies', (t) =>
  t.field({ type: [AgencyType], nullable: false, description: 'The agencies and how they are doing. Asking for this calls none of them.', resolve: (_root, _args, context) => [...context.agencies] }),
);
