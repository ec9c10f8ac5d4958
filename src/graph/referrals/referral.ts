import DataLoader from 'dataloader';
import type { Referral, ReferralOutcome, ReferralState, ReferralStep } from '../../domain/referral.ts';
import { benefits } from '../../protection/benefits/catalogue.ts';
import { ofWorkers, withId } from '../../referrals/read.ts';
import { AgencyNameEnum } from '../agency/name.ts';
import { builder, nodeId, nodeInterface, nodeLoaders, unforeseen } from '../builder.ts';
import { CaseType } from '../case/case.ts';
import { describedEnum } from '../enums.ts';
import { holdingOf } from '../holding.ts';
import { encodeId, workerIdIn } from '../ids.ts';
import { perRequest } from '../perRequest.ts';
import { mission, MissionType } from '../place.ts';
import { TextType } from '../protection/finding.ts';
import { ShownWorker } from '../worker/shown.ts';
import { WorkerType } from '../worker/worker.ts';
import { caseOf, maySeeReferrals, ShownReferral, shownReferrals } from './shown.ts';

export const StateEnum = describedEnum<ReferralState>('ReferralState', 'How far a case has come that was handed over. Each state follows the one before it.', {
  SENT: 'It was handed over; nobody at the other agency has taken it up yet.',
  ACCEPTED: 'The other agency has taken it up. That says nothing of what it will answer.',
  ANSWERED: 'The other agency has answered. The referral is at its end; the case may be handed over again.',
});
export const OutcomeEnum = describedEnum<ReferralOutcome>('ReferralOutcome', 'What the other agency answered. The list is the hub’s own.', {
  GRANTED: 'What was asked for is granted.',
  REFUSED: 'It is refused; the answer says why.',
  INCOMPLETE: 'Papers or particulars are missing; hand the case over again with them.',
  NOT_COMPETENT: 'It is for another agency.',
});

const StepType = builder.objectRef<ReferralStep>('ReferralStep').implement({
  description: 'A step of a referral.',
  fields: (t) => ({
    state: t.expose('state', { type: StateEnum, nullable: false, description: 'What it has been from then on.' }),
    at: t.field({ type: 'DateTime', nullable: false, description: 'When.', resolve: ({ at }) => at.toISOString() }),
    by: t.exposeString('by', { nullable: false, description: 'Kind and public id of the caller who did it.' }),
  }),
});

const idOf = ({ workerId, id }: Referral) => encodeId('Referral', `${workerId}.${id}`);
const stepOf = ({ referral }: ShownReferral, state: ReferralState) => referral.steps.find((step) => step.state === state);
const timeOf = (shown: ShownReferral, state: ReferralState) => stepOf(shown, state)?.at.toISOString();

export const ReferralType = builder.objectRef<ShownReferral>('Referral').implement({
  description: 'A case that one agency has handed to another. Seen by those who hand over for the one and by those who handle for the other.',
  interfaces: [nodeInterface],
  isTypeOf: (value) => value instanceof ShownReferral,
  fields: (t) => ({
    id: t.id({ ...nodeId, resolve: ({ referral }) => idOf(referral) }),
    reference: t.string({ nullable: false, description: 'For people: what to say on the telephone and write on papers. It tells nothing about the person, nor about other referrals.', resolve: ({ referral }) => referral.reference }),
    state: t.field({ type: StateEnum, nullable: false, description: 'How far it has come.', resolve: ({ referral }) => referral.state }),
    from: t.field({ type: AgencyNameEnum, nullable: false, description: 'Agency that handed the case over.', resolve: ({ referral }) => referral.from }),
    to: t.field({ type: AgencyNameEnum, nullable: false, description: 'Agency to which it was handed.', resolve: ({ referral }) => referral.to }),
    mission: t.field({ type: MissionType, description: 'Mission that handles the case, where the hub knows it.', resolve: ({ referral }) => mission(referral.mission) }),
    benefit: t.string({ description: 'Benefit that is asked for, by its `CaseBenefit.code`; null where none is named.', resolve: ({ referral }) => referral.benefit }),
    benefitTitle: t.field({ type: TextType, description: 'Name of that benefit.', resolve: ({ referral }) => benefits.find(({ code }) => code === referral.benefit)?.title }),
    note: t.string({ description: 'What the sender wrote with it.', resolve: (shown) => stepOf(shown, 'SENT')?.text }),
    outcome: t.field({ type: OutcomeEnum, description: 'What was answered; null before.', resolve: (shown) => stepOf(shown, 'ANSWERED')?.outcome }),
    answer: t.string({ description: 'The answer in words; null before.', resolve: (shown) => stepOf(shown, 'ANSWERED')?.text }),
    sentAt: t.field({ type: 'DateTime', nullable: false, description: 'When it was handed over.', resolve: (shown) => timeOf(shown, 'SENT')! }),
    acceptedAt: t.field({ type: 'DateTime', description: 'When it was accepted; null before.', resolve: (shown) => timeOf(shown, 'ACCEPTED') }),
    answeredAt: t.field({ type: 'DateTime', description: 'When it was answered; null before.', resolve: (shown) => timeOf(shown, 'ANSWERED') }),
    steps: t.field({ type: [StepType], nullable: false, description: 'Its history, oldest first. Nothing of it is ever changed.', resolve: ({ referral }) => [...referral.steps] }),
    worker: t.field({
      extensions: { indexed: true },
      type: WorkerType,
      description: 'The worker whose case it is, as last synced: no agency is asked; `live` asks. Of her you see what your scopes show.',
      resolve: ({ worker }, _args, context) => new ShownWorker(worker, context),
    }),
    case: t.field({ type: CaseType, description: 'The case, as last synced. Null where the mission has removed it, or you may not read cases.', resolve: (shown, _args, context) => caseOf(shown, context) }),
  }),
});


nodeLoaders.set('Referral', async (ids, context) => {
  if (!maySeeReferrals(context)) return ids.map(() => null);
  const named = ids.map((text) => ({ workerId: workerIdIn(text)!, id: workerIdIn(text.slice(37)) }));
  const found = await Promise.all(named.map(async ({ workerId, id }) => (id === null ? null : ((await context.referrals.read(withId({ workerId, id })))[0] ?? null))));
  const shown = await shownReferrals(found.filter((one) => one !== null), context);
  return found.map((one) => (one === null ? null : shown.shift()!));
});

/** Referrals of the workers of one request, read together. */
const loaderOf = perRequest(
  (context) =>
    new DataLoader<string, readonly ShownReferral[]>(async (ids) => {
      const shown = (await shownReferrals(await context.referrals.read(ofWorkers(ids)), context)).filter((one) => one !== null);
      const byOwner = Map.groupBy(shown, ({ referral }) => referral.owner);
      return ids.map((id) => byOwner.get(id) ?? []);
    }),
);

builder.objectField(CaseType, 'referrals', (t) =>
  t.field({
    ...unforeseen,
    type: [ReferralType],
    description: 'Where the case was handed to, latest first: the referrals of your side. Needs the scope `referral:send` or `referral:handle`.',
    resolve: async (fact, _args, context) => {
      if (!maySeeReferrals(context)) return null;
      const { workerId, provenance } = holdingOf(context, fact);
      const hers = await loaderOf(context).load(workerId);
      return hers.filter(({ referral }) => referral.agency === provenance.agency && referral.recordId === provenance.recordId && referral.caseNumber === fact.number);
    },
  }),
);
builder.objectField(WorkerType, 'referrals', (t) =>
  t.field({
    ...unforeseen,
    type: [ReferralType],
    description: 'Her cases that were handed to another agency, latest first: the referrals of your side. Needs the scope `referral:send` or `referral:handle`.',
    resolve: async ({ record }, _args, context) => (maySeeReferrals(context) ? [...(await loaderOf(context).load(record.id))] : null),
  }),
);
