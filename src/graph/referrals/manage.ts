import { actsFor } from '../../access/sight.ts';
import type { Case } from '../../domain/case.ts';
import { canonical } from '../../domain/identifier.ts';
import type { AgencyName } from '../../domain/record.ts';
import type { Referral } from '../../domain/referral.ts';
import { benefits } from '../../protection/benefits/catalogue.ts';
import { subjects } from '../../protection/benefits/subjects.ts';
import type { WorkerRecord } from '../../records/answer.ts';
import type { WorkerKey } from '../../records/reader.ts';
import { ReferralFault, type ReferralFaultCode } from '../../referrals/fault.ts';
import { withId } from '../../referrals/read.ts';
import type { Act } from '../../referrals/referrals.ts';
import { AgencyNameEnum } from '../agency/name.ts';
import { builder } from '../builder.ts';
import { caseFact } from '../case/case.ts';
import { type GraphContext, holdsScope } from '../context.ts';
import { describedEnum } from '../enums.ts';
import { factId } from '../fact.ts';
import { holdingOf, noteFacts } from '../holding.ts';
import { decodeId, workerIdIn } from '../ids.ts';
import { identified } from '../purpose.ts';
import { OutcomeEnum, ReferralType } from './referral.ts';
import { ShownReferral, shownReferrals } from './shown.ts';

const FaultEnum = describedEnum<ReferralFaultCode>('ReferralErrorCode', 'Why something could not be done with a referral. Nothing was changed.', {
  NOT_FOUND: 'There is no such case or referral, or none that you may see, or it concerns data that may not be processed for now.',
  FROM: 'You do not act for that agency, or for several and must say for which.',
  TO: 'An agency does not hand cases to itself.',
  BENEFIT: 'There is no benefit of that code, or none that hangs on such a case.',
  NOTE: 'The note is longer than 1000 characters, or holds signs that are none of a text.',
  ANSWER: 'The answer is not 1 to 1000 characters of text.',
  IDEMPOTENCY_KEY: 'The key is not 8 to 64 letters, digits, hyphens or underscores.',
  KEY_REUSED: 'You have used the key for a referral of other content.',
  ALREADY_OPEN: 'The case is with that agency for that benefit already, and not answered.',
  CONFLICT: 'Somebody else came first: read again and decide on what it is now.',
});

type Told = Pick<ReferralFault, 'code' | 'field' | 'message'>;
const ErrorType = builder.objectRef<Told>('ReferralError').implement({
  description: 'Why something could not be done with a referral.',
  fields: (t) => ({
    code: t.field({ type: FaultEnum, nullable: false, description: 'Kind of error.', resolve: (fault) => fault.code }),
    field: t.string({ nullable: false, description: 'Field of the input that it is about.', resolve: (fault) => fault.field }),
    message: t.string({ nullable: false, description: 'For people.', resolve: (fault) => fault.message }),
  }),
});

interface Outcome {
  readonly referral: ShownReferral | null;
  readonly errors: readonly Told[];
}
const payload = (name: string, description: string) =>
  builder.objectRef<Outcome>(name).implement({
    description,
    fields: (t) => ({
      referral: t.field({ type: ReferralType, description: 'The referral as it is now; null when there are errors.', resolve: (outcome) => outcome.referral }),
      errors: t.field({ type: [ErrorType], nullable: { list: false, items: false }, description: 'Empty when it was done.', resolve: (outcome) => [...outcome.errors] }),
    }),
  });

const CaseKeyInput = builder.inputType('CaseKey', {
  description: 'One way to name a case. Give exactly one field.',
  isOneOf: true,
  fields: (t) => ({
    id: t.id({ description: 'The hub’s id of the case, from an earlier answer.' }),
    number: t.string({ description: 'The mission’s case number.' }),
  }),
});
const ReferInput = builder.inputType('ReferCaseInput', {
  description: 'A case to be handed to another agency, with what it is to know.',
  fields: (t) => ({
    case: t.field({ type: CaseKeyInput, required: true, description: 'The case.' }),
    to: t.field({ type: AgencyNameEnum, required: true, description: 'The agency that is to act.' }),
    from: t.field({ type: AgencyNameEnum, description: 'The agency for which you hand it over. When left out: the one for which you act; where you act for several, the one that holds the case.' }),
    benefit: t.string({ description: 'Benefit that is asked for, by its `CaseBenefit.code`: one that hangs on such a case.' }),
    note: t.string({ description: 'What the other agency is to know, up to 1000 characters. It is personal data, and shown to whoever handles the referral there: write no more than they need.' }),
    idempotencyKey: t.string({ required: true, description: 'Made anew for each referral, such as a UUID: 8 to 64 letters, digits, hyphens or underscores, and no number of a person. A request that is made again with it, because its answer was lost, makes no second referral.' }),
  }),
});
const AcceptInput = builder.inputType('AcceptReferralInput', {
  description: 'A referral to be taken up.',
  fields: (t) => ({ id: t.id({ required: true, description: 'Id of the referral.' }) }),
});
const AnswerInput = builder.inputType('AnswerReferralInput', {
  description: 'The answer to a referral that was accepted.',
  fields: (t) => ({
    id: t.id({ required: true, description: 'Id of the referral.' }),
    outcome: t.field({ type: OutcomeEnum, required: true, description: 'What is answered.' }),
    answer: t.string({ required: true, description: 'In words, 1 to 1000 characters. It is personal data: write no more than the sender needs.' }),
  }),
});

/** A text of people: no signs that control a terminal or that the database cannot hold. */
const isText = (text: string): boolean => text.length <= 1_000 && /^(?:[^\p{Cc}\p{Cs}]|[\n\t])*$/u.test(text);

function keyOf({ id, number }: typeof CaseKeyInput.$inferInput): WorkerKey {
  const none = () => new ReferralFault('NOT_FOUND', 'case', 'There is no such case.');
  if (typeof number === 'string') {
    const wanted = canonical('CASE_NUMBER', number);
    if (!wanted) throw none();
    return wanted;
  }
  const { typename, id: inner } = decodeId(String(id));
  const worker = workerIdIn(inner);
  if (typename !== 'Case' || worker === null) throw none();
  return { kind: 'ID', value: worker };
}

/** The case of a key, with whose it is, as the agency that holds it tells now. */
async function findCase(context: GraphContext, key: typeof CaseKeyInput.$inferInput): Promise<{ readonly worker: WorkerRecord; readonly file: Case }> {
  const wanted = keyOf(key);
  const [worker] = await context.reader.read([wanted], new Set([caseFact.facet]));
  if (worker) {
    noteFacts(context, worker);
    const named = (one: Case) => (wanted.kind === 'ID' ? factId(caseFact, one, context) === decodeId(String(key.id)).id : canonical('CASE_NUMBER', one.number)?.value === wanted.value);
    const file = worker.facts(caseFact.facet, caseFact.pick)?.find(named);
    if (file) return { worker, file };
  }
  throw new ReferralFault('NOT_FOUND', 'case', 'There is no such case.');
}

/** The agency for which the caller hands cases over; null where that is whichever holds the case, if the caller acts for it. */
function senderOf({ caller }: GraphContext, wanted: AgencyName | null | undefined): AgencyName | null {
  const own = actsFor(caller, 'referral:send');
  if (wanted && own !== null && !own.includes(wanted)) throw new ReferralFault('FROM', 'from', 'You do not act for that agency.');
  return wanted ?? (own?.length === 1 ? own[0]! : null);
}

function holderAsSender({ caller }: GraphContext, holder: AgencyName): AgencyName {
  if (actsFor(caller, 'referral:send')?.includes(holder) === false) throw new ReferralFault('FROM', 'from', 'You act for several agencies: say for which one you hand the case over.');
  return holder;
}

async function refer(context: GraphContext, input: typeof ReferInput.$inferInput): Promise<ShownReferral> {
  const { to, benefit = null, idempotencyKey } = input;
  const note = input.note?.trim() || null;
  if (!/^[A-Za-z0-9_-]{8,64}$/.test(idempotencyKey)) throw new ReferralFault('IDEMPOTENCY_KEY', 'idempotencyKey', 'The key is 8 to 64 letters, digits, hyphens or underscores.');
  if (note !== null && !isText(note)) throw new ReferralFault('NOTE', 'note', 'The note is a text of at most 1000 characters.');
  const asked = benefit === null ? null : benefits.find(({ code }) => code === benefit);
  if (asked === undefined) throw new ReferralFault('BENEFIT', 'benefit', 'There is no benefit of that code.');
  // All that can be known beforehand is refused before any agency is asked.
  const sender = senderOf(context, input.from);
  const { worker, file } = await findCase(context, input.case);
  const { agency, recordId } = holdingOf(context, file).provenance;
  const from = sender ?? holderAsSender(context, agency);
  if (to === from) throw new ReferralFault('TO', 'to', 'An agency does not hand cases to itself.');
  const about = subjects(file);
  if (asked && !asked.subjects.some((subject) => about.has(subject))) throw new ReferralFault('BENEFIT', 'benefit', 'That benefit does not hang on such a case: Case.benefits tells which do.');
  const made = await context.referrals.refer({ workerId: worker.id, agency, recordId, file, from, to, benefit, note, idempotencyKey }, actOf(context));
  return new ShownReferral(made, worker);
}

/** A referral to one of the agencies for which the caller handles, by its id. */
async function handled(context: GraphContext, text: string): Promise<ShownReferral> {
  const { typename, id: inner } = decodeId(text);
  const [workerId, id] = [workerIdIn(inner), workerIdIn(inner.slice(37))];
  const [found] = typename === 'Referral' && workerId !== null && id !== null ? await context.referrals.read(withId({ workerId, id })) : [];
  const mine = found && (actsFor(context.caller, 'referral:handle')?.includes(found.to) ?? true) ? (await shownReferrals([found], context))[0]! : null;
  if (!mine) throw new ReferralFault('NOT_FOUND', 'id', 'There is no such referral to an agency for which you act.');
  return mine;
}

const actOf = ({ caller, now }: GraphContext): Act => ({ by: `${caller.kind}:${caller.id}`, at: now });

/** What the caller can mend comes back as the payload's errors. */
async function managing(work: () => Promise<ShownReferral>): Promise<Outcome> {
  try {
    return { referral: await work(), errors: [] };
  } catch (error) {
    if (error instanceof ReferralFault) return { referral: null, errors: [{ code: error.code, field: error.field, message: error.message }] };
    throw error;
  }
}

/** Takes a step on a referral that was sent to one of the caller's agencies. */
async function stepping(context: GraphContext, id: string, step: (referral: Referral, act: Act) => Promise<Referral>): Promise<Outcome | null> {
  if (!holdsScope(context, 'referral:handle')) return null;
  return managing(async () => {
    const { referral, worker } = await handled(context, id);
    return new ShownReferral(await step(referral, actOf(context)), worker);
  });
}

const handles = 'Needs the scope `referral:handle`.';
builder.mutationFields((t) => ({
  referCase: t.field({
    extensions: { ...identified.extensions, asks: [caseFact.facet] },
    type: payload('ReferCasePayload', 'What handing a case over came to.'),
    description: 'Hands a case to another agency. Its desks find it in `referrals`, and are told by an event. Needs the scopes `referral:send` and `case:read`.',
    args: { input: t.arg({ type: ReferInput, required: true, description: 'The case, to whom, and what for.' }) },
    // Each is asked, so that all that are missing are told; the agency that holds the case is asked only then.
    resolve: (_root, { input }, context) => (['referral:send', 'case:read'] as const).map((scope) => holdsScope(context, scope)).every((held) => held) ? managing(() => refer(context, input)) : null,
  }),
  acceptReferral: t.field({
    ...identified,
    type: payload('AcceptReferralPayload', 'What taking a case up came to.'),
    description: `Takes a case up that was handed to your agency. Of two who do so at the same time, one does; the other gets \`CONFLICT\`. ${handles}`,
    args: { input: t.arg({ type: AcceptInput, required: true, description: 'Which.' }) },
    resolve: (_root, { input }, context) => stepping(context, input.id, (referral, act) => context.referrals.accept(referral, act)),
  }),
  answerReferral: t.field({
    ...identified,
    type: payload('AnswerReferralPayload', 'What answering came to.'),
    description: `Answers a case that your agency has accepted, for good. ${handles}`,
    args: { input: t.arg({ type: AnswerInput, required: true, description: 'Which, and the answer.' }) },
    resolve: (_root, { input: { id, outcome, answer } }, context) =>
      stepping(context, id, (referral, act) => {
        const text = answer.trim();
        if (text === '' || !isText(text)) throw new ReferralFault('ANSWER', 'answer', 'The answer is a text of 1 to 1000 characters.');
        return context.referrals.answer(referral, { outcome, text }, act);
      }),
  }),
}));
