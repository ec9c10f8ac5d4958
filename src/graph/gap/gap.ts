import { facetScope } from '../../access/scopes.ts';
import { maySeePlaced } from '../../access/sight.ts';
import type { CaseCategory } from '../../domain/case.ts';
import type { Programme } from '../../domain/coverage.ts';
import type { IndexedGap } from '../../index/lists/gaps.ts';
import type { Evidence } from '../../protection/input.ts';
import type { Actor, Rule, Severity } from '../../protection/rule.ts';
import { rules } from '../../protection/rules/index.ts';
import type { WorkerRecord } from '../../records/answer.ts';
import { CategoryEnum } from '../case/case.ts';
import { builder } from '../builder.ts';
import { type GraphContext, mayRead } from '../context.ts';
import { ProgrammeEnum } from '../coverage/coverage.ts';
import { encodeId } from '../ids.ts';
import { mission, MissionType } from '../place.ts';
import { ActorEnum, EvidenceType, LegalBasisType, SeverityEnum, TextType } from '../protection/finding.ts';
import { ShownWorker } from '../worker/shown.ts';
import { WorkerType } from '../worker/worker.ts';

/** A gap with the worker whom it is about, as far as the caller may see her. */
export interface ShownGap {
  readonly gap: IndexedGap;
  readonly worker: WorkerRecord;
}

const ruleOf = new Map<string, Rule>(rules.map((rule) => [rule.id, rule]));

/** What a gap says of the placement concerned: no more than the placement itself may be seen. */
function placed<T>({ gap }: ShownGap, context: GraphContext, value: T): T | null {
  return mayRead(context, 'PLACEMENT') && maySeePlaced(context.caller, gap) ? value : null;
}

/** References to records that the caller may see. An agency of which nothing else is read is not named. */
function evidenceOf({ gap, worker }: ShownGap, context: GraphContext): Evidence[] {
  const answers = worker.answers.filter(({ agency }) => context.agencies.some(({ name, holds }) => name === agency && holds.some((facet) => facet !== 'IDENTITY' && context.caller.scopes.has(facetScope[facet]))));
  const seen = new Set(answers.flatMap(({ agency, records }) => records.map(({ record }) => `${agency} ${record.recordId}`)));
  return (gap.evidence as Evidence[]).filter(({ source, facet }) => seen.has(`${source.agency} ${source.recordId}`) && context.caller.scopes.has(facetScope[facet]));
}

export const GapType = builder.objectRef<ShownGap>('Gap').implement({
  description: 'A gap in a worker’s protection, as the hub keeps it up from what the agencies’ change feeds tell. `Worker.protection` assesses her anew.',
  fields: (t) => ({
    id: t.id({ nullable: false, description: 'Id of the gap, as events name it.', resolve: ({ gap }) => encodeId('Gap', gap.id) }),
    worker: t.field({
      extensions: { indexed: true },
      type: WorkerType,
      nullable: false,
      description: 'The worker whom it is about, as last synced: no agency is asked; `live` asks.',
      resolve: ({ worker }, _args, context) => new ShownWorker(worker, context),
    }),
    rule: t.string({ nullable: false, description: 'Id of the rule, such as `COVER_MISSING`; docs/protection.md describes each.', resolve: ({ gap }) => gap.rule }),
    title: t.field({ type: TextType, description: 'What is wrong; null for a rule that there is no more.', resolve: ({ gap }) => ruleOf.get(gap.rule)?.title ?? null }),
    severity: t.field({ type: SeverityEnum, nullable: false, description: 'How much hangs on it.', resolve: ({ gap }) => gap.severity as Severity }),
    actor: t.field({ type: ActorEnum, nullable: false, description: 'Who should act on it.', resolve: ({ gap }) => gap.actor as Actor }),
    action: t.field({ type: TextType, description: 'What is recommended; null for a rule that there is no more.', resolve: ({ gap }) => ruleOf.get(gap.rule)?.action ?? null }),
    legalBasis: t.field({ type: LegalBasisType, description: 'What the rule rests on; null for a rule that there is no more.', resolve: ({ gap }) => ruleOf.get(gap.rule)?.legalBasis ?? null }),
    programmes: t.field({ type: [ProgrammeEnum], nullable: false, description: 'Programmes that it is about.', resolve: ({ gap }) => gap.programmes as Programme[] }),
    since: t.field({ type: 'Date', description: 'First day of the gap by the rule; it may lie ahead. Null where it is not known.', resolve: ({ gap }) => gap.since }),
    until: t.field({ type: 'Date', description: 'Last day of the gap by the rule, as things stand; null for open.', resolve: ({ gap }) => gap.until }),
    foundOn: t.field({ type: 'Date', nullable: false, description: 'Day on which the hub found it.', resolve: ({ gap }) => gap.foundOn }),
    closedOn: t.field({ type: 'Date', description: 'Day from which the hub has not found it any more; null while it does.', resolve: ({ gap }) => gap.closedOn }),
    country: t.field({ type: 'CountryCode', description: 'Country of the placement concerned: the one that it rests on, else the one that she was on.', resolve: (shown, _args, context) => placed(shown, context, shown.gap.country) }),
    mission: t.field({ type: MissionType, description: 'Mission in charge of the placement concerned.', resolve: (shown, _args, context) => mission(placed(shown, context, shown.gap.mission)) }),
    p3miId: t.string({ description: 'The agency’s number of the company of the placement concerned.', resolve: (shown, _args, context) => placed(shown, context, shown.gap.p3mi) }),
    caseMission: t.field({ type: MissionType, description: 'Mission that handles the case that it rests on; null where it rests on none.', resolve: ({ gap }) => mission(gap.caseMission) }),
    caseCategory: t.field({ type: CategoryEnum, description: 'Category of the case that it rests on; null where it rests on none.', resolve: ({ gap }) => gap.caseCategory as CaseCategory | null }),
    evidence: t.field({ type: [EvidenceType], nullable: false, description: 'Records that it rests on, of those that you may see.', resolve: (shown, _args, context) => evidenceOf(shown, context) }),
  }),
});
