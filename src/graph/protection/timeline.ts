import { GraphQLError } from 'graphql';
import type { Facet } from '../../domain/record.ts';
import { daysBetween } from '../../domain/time.ts';
import { type CoverTimeline, coverTimeline, type TimelineInterval, type TimelineKind } from '../../protection/timeline.ts';
import { FacetEnum } from '../agency/agency.ts';
import { builder, needs } from '../builder.ts';
import { PhaseEnum } from '../coverage/coverage.ts';
import { describedEnum } from '../enums.ts';
import { WorkerType } from '../worker/worker.ts';
import { inputFor } from './facts.ts';
import { EvidenceType } from './finding.ts';
import { EntitlementProgrammeEnum } from './protection.ts';

const KindEnum = describedEnum<TimelineKind>('TimelineKind', 'Lane of the time axis.', {
  PLACEMENT: 'Away from Indonesia on a placement.',
  CONTRACT: 'An employment contract in force.',
  PHASE: 'A phase of work: before, during or after.',
  COVER: 'Days that a paid cover period holds for.',
  HEALTH: 'Health insurance (JKN), as answered for its days.',
  GAP: 'Days on which mandatory cover is due and none holds.',
});

const IntervalType = builder.objectRef<TimelineInterval>('TimelineInterval').implement({
  description: 'A closed interval on the time axis, cut to the range asked for.',
  fields: (t) => ({
    kind: t.expose('kind', { type: KindEnum, nullable: false, description: 'Lane.' }),
    start: t.expose('start', { type: 'Date', nullable: false, description: 'First day.' }),
    end: t.expose('end', { type: 'Date', nullable: false, description: 'Last day.' }),
    phase: t.expose('phase', { type: PhaseEnum, description: 'Phase of work, for phases, cover and gaps.' }),
    programme: t.expose('programme', { type: EntitlementProgrammeEnum, description: 'Programme, for cover, gaps and health insurance.' }),
    active: t.exposeBoolean('active', { description: 'For health insurance: whether it was active. Null elsewhere.' }),
    foreseen: t.exposeBoolean('foreseen', { nullable: false, description: 'Whether days of it lie ahead, as things stand.' }),
    evidence: t.expose('evidence', { type: [EvidenceType], nullable: false, description: 'Records that say so.' }),
  }),
});

const TimelineType = builder.objectRef<CoverTimeline>('CoverTimeline').implement({
  description: 'Placements, phases, cover, health insurance and gaps on one time axis.',
  fields: (t) => ({
    from: t.expose('from', { type: 'Date', nullable: false, description: 'First day of the axis.' }),
    to: t.expose('to', { type: 'Date', nullable: false, description: 'Last day of the axis.' }),
    intervals: t.expose('intervals', { type: [IntervalType], nullable: false, description: 'By first day.' }),
    unknown: t.expose('unknown', { type: [FacetEnum], nullable: false, description: 'Parts of her record of which nothing is known here. Without placements or cover no gap is drawn.' }),
  }),
});

const facets: readonly Facet[] = ['PLACEMENT', 'SOCIAL_SECURITY', 'HEALTH_INSURANCE'];
/** Longest axis, days: a working life. */
const longest = 22_000;

builder.objectField(WorkerType, 'coverTimeline', (t) =>
  t.field({
    ...needs(...facets),
    type: TimelineType,
    description: 'Her placements, phases, cover, health insurance and gaps between two days, both included.',
    args: {
      from: t.arg({ type: 'Date', required: true, description: 'First day.' }),
      to: t.arg({ type: 'Date', required: true, description: 'Last day; at most 60 years after the first.' }),
    },
    resolve: (worker, { from, to }, context) => {
      if (from > to || daysBetween(from, to) > longest) {
        throw new GraphQLError('coverTimeline takes a `to` on or after `from`, at most 60 years later.', { extensions: { code: 'BAD_USER_INPUT' } });
      }
      return coverTimeline(inputFor(worker.record, facets, context.today, context), from, to);
    },
  }));
