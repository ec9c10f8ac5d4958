import { GraphQLError } from 'graphql';
import { type Facet, facets as allFacets } from '../../domain/record.ts';
import { assessPlan, type PlanAssessment } from '../../protection/plan.ts';
import type { Contributions } from '../../protection/cover/law.ts';
import { builder } from '../builder.ts';
import { EmployerKindEnum, SchemeEnum } from '../placement/placement.ts';
import { WorkerKeyInput, workerKey } from '../worker/key.ts';
import { protectionFacts } from './facts.ts';
import { FindingType } from './finding.ts';

const AssessPlacementInput = builder.inputType('AssessPlacementInput', {
  description: 'A placement that does not exist yet.',
  fields: (t) => ({
    worker: t.field({ type: WorkerKeyInput, description: 'The worker, where it is known who she is: then health insurance and identity are assessed, too.' }),
    scheme: t.field({ type: SchemeEnum, required: true, description: 'Placement scheme.' }),
    country: t.field({ type: 'CountryCode', required: true, description: 'Country of work.' }),
    job: t.string({ required: true, description: 'Job title as BP2MI writes it, such as `HOUSE MAID`.' }),
    employerKind: t.field({ type: EmployerKindEnum, description: 'Who will employ her.' }),
    departsOn: t.field({ type: 'Date', required: true, description: 'Planned day of departure.' }),
    contractStart: t.field({ type: 'Date', description: 'First day of the contract; the day of departure when left out.' }),
    contractMonths: t.int({ required: true, description: 'Length of the contract, 1 to 120 months.' }),
    passportValidUntil: t.field({ type: 'Date', description: 'Last day on which her passport is valid.' }),
    oneChannelSystem: t.boolean({ description: 'For domestic workers to Malaysia: whether placed through the One Channel System.' }),
    coverPaidOn: t.field({ type: 'Date', description: 'Day on which JKK and JKM were or will be paid; leave out when not planned.' }),
    coverMonths: t.int({ description: 'Months that the contribution is for; those of the contract when left out.' }),
    savesForOldAge: t.boolean({ description: 'Whether she takes old-age saving (JHT). Default false.' }),
  }),
});

const ContributionsType = builder.objectRef<Contributions>('Contributions').implement({
  description: 'What JKK and JKM cost together, in rupiah (Permenaker 4/2023 art. 18). Lengths of contract that the regulation does not name are the hub’s own reading.',
  fields: (t) => ({
    before: t.exposeInt('before', { nullable: false, description: 'Before work; 0 for individual workers.' }),
    during: t.exposeInt('during', { nullable: false, description: 'During and after work.' }),
    total: t.exposeInt('total', { nullable: false, description: 'Together.' }),
  }),
});

const PlanAssessmentType = builder.objectRef<PlanAssessment>('PlacementAssessment').implement({
  description: 'What is missing from a planned placement, and what its cover costs.',
  fields: (t) => ({
    findings: t.expose('findings', { type: [FindingType], nullable: false, description: 'What the rules find on the day of departure, before and after she leaves.' }),
    contributions: t.expose('contributions', { type: ContributionsType, nullable: false, description: 'What JKK and JKM cost.' }),
    registerFrom: t.expose('registerFrom', { type: 'Date', description: 'First day on which to register (individual workers, art. 10); null where none is known.' }),
    payFrom: t.expose('payFrom', { type: 'Date', nullable: false, description: 'First day of payment from which the cover before work lasts until departure.' }),
    registersTooEarly: t.exposeBoolean('registersTooEarly', { nullable: false, description: 'Whether the planned payment is before the first day on which to register.' }),
    registerAgainSince: t.expose('registerAgainSince', { type: 'Date', description: 'Since when she must register and pay again, as the window ends before departure; null where it does not.' }),
  }),
});

const everything: ReadonlySet<Facet> = new Set(allFacets);
const longestMonths = 120;

function checkMonths(name: string, months: number): void {
  if (months < 1 || months > longestMonths) throw new GraphQLError(`${name} must be 1 to ${longestMonths} months.`, { extensions: { code: 'BAD_USER_INPUT' } });
}

builder.queryField('assessPlacement', (t) =>
  t.field({
    type: PlanAssessmentType,
    description: 'Assesses a placement that does not exist yet: a P3MI or an LTSA counter sees before departure what is missing. Null when nobody knows the worker named.',
    args: { input: t.arg({ type: AssessPlacementInput, required: true, description: 'The plan.' }) },
    resolve: async (_root, { input }, context) => {
      checkMonths('contractMonths', input.contractMonths);
      if (typeof input.coverMonths === 'number') checkMonths('coverMonths', input.coverMonths);
      const [worker] = input.worker ? await context.reader.read([workerKey(input.worker)], everything) : [];
      if (input.worker && !worker) return null;
      const known = worker ? protectionFacts(worker, allFacets, context.today, context) : null;
      return assessPlan({
        scheme: input.scheme, country: input.country, job: input.job, employerKind: input.employerKind ?? null, departsOn: input.departsOn, contractStart: input.contractStart ?? null,
        contractMonths: input.contractMonths, passportValidUntil: input.passportValidUntil ?? null, oneChannelSystem: input.oneChannelSystem ?? null, coverPaidOn: input.coverPaidOn ?? null,
        coverMonths: input.coverMonths ?? null, savesForOldAge: input.savesForOldAge ?? false,
      }, known, context.thresholds);
    },
  }));
