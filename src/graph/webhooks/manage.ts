import { decodeId } from '../ids.ts';
import { WebhookFault, type WebhookFaultCode, type WebhookInfo } from '../../webhooks/webhooks.ts';
import { builder } from '../builder.ts';
import { type GraphContext, holdsScope } from '../context.ts';
import { describedEnum } from '../enums.ts';
import { EventKindEnum, placeOf } from '../events/event.ts';
import { identified } from '../purpose.ts';
import { WebhookType } from './webhook.ts';

const FaultEnum = describedEnum<WebhookFaultCode>('WebhookErrorCode', 'Why something could not be done with a webhook.', {
  URL: 'The URL is none that the hub sends to.',
  KINDS: 'The list of kinds is empty.',
  NOT_FOUND: 'There is no such webhook of yours.',
  OVERLAP: 'The overlap is not 0 to 30 days.',
  CURSOR: 'The log does not reach back that far any more.',
  TOO_MANY: 'You have as many webhooks as a key may have.',
  NOT_A_KEY: 'Webhooks belong to API keys.',
});

/** A fault told as data. */
type Told = Pick<WebhookFault, 'code' | 'field' | 'message'>;
const ErrorType = builder.objectRef<Told>('WebhookError').implement({
  description: 'What must be mended before it can be done.',
  fields: (t) => ({
    code: t.field({ type: FaultEnum, nullable: false, description: 'Kind of error.', resolve: (fault) => fault.code }),
    field: t.string({ nullable: false, description: 'Field of the input that it is about.', resolve: (fault) => fault.field }),
    message: t.string({ nullable: false, description: 'For people.', resolve: (fault) => fault.message }),
  }),
});

interface Outcome {
  readonly info: WebhookInfo | null;
  readonly secret: string | null;
  /** What an attempt came to. */
  readonly attempt: string | null;
  readonly errors: readonly Told[];
}

function payload(name: string, description: string, extra: 'secret' | 'attempt' | null = null) {
  return builder.objectRef<Outcome>(name).implement({
    description,
    fields: (t) => ({
      ...(extra !== 'attempt' && { webhook: t.field({ type: WebhookType, description: 'The webhook; null when there are errors.', resolve: (outcome: Outcome) => outcome.info }) }),
      ...(extra === 'secret' && { secret: t.string({ description: 'The secret that signs, as Standard Webhooks writes it. It is shown this once.', resolve: (outcome: Outcome) => outcome.secret }) }),
      ...(extra === 'attempt' && { outcome: t.string({ description: '`TAKEN`, or what went wrong, such as `HTTP_500` or `TIMEOUT`; null when there are errors.', resolve: (outcome: Outcome) => outcome.attempt }) }),
      errors: t.field({ type: [ErrorType], nullable: { list: false, items: false }, description: 'Empty when it was done.', resolve: (outcome) => [...outcome.errors] }),
    }),
  });
}

const IdInput = (name: string, description: string) =>
  builder.inputType(name, { description, fields: (t) => ({ id: t.id({ required: true, description: 'Id of the webhook.' }) }) });

const CreateInput = builder.inputType('CreateWebhookInput', {
  description: 'A webhook to be made. It hears of what its key may hear of.',
  fields: (t) => ({
    url: t.string({ required: true, description: 'Where events are sent: https, at a public address.' }),
    description: t.string({ description: 'For people, up to 200 characters.' }),
    kinds: t.field({ type: [EventKindEnum], description: 'Kinds to be sent; all when left out.' }),
    after: t.string({ description: 'Begin behind this event or cursor; with what comes from now on when left out.' }),
  }),
});
const RotateInput = builder.inputType('RotateWebhookSecretInput', {
  description: 'A webhook that gets a new secret.',
  fields: (t) => ({
    id: t.id({ required: true, description: 'Id of the webhook.' }),
    overlapMinutes: t.int({ description: 'How long the old secret signs too, in minutes: 0 to 43200. Default 1440.' }),
  }),
});
const ReplayInput = builder.inputType('ReplayWebhookInput', {
  description: 'What is to be sent again.',
  fields: (t) => ({
    id: t.id({ required: true, description: 'Id of the webhook.' }),
    after: t.string({ required: true, description: 'Everything behind this event or cursor.' }),
  }),
});

/** Whether the caller may have webhooks, as data; scopes that are missing are told with the answer. */
function asOwner(context: GraphContext): string {
  if (context.caller.kind !== 'KEY') throw new WebhookFault('NOT_A_KEY', 'id', 'Webhooks belong to API keys: a token of staff ends too soon.');
  return context.caller.id;
}

function idIn(text: string | number): string {
  const { typename, id } = decodeId(String(text));
  if (typename !== 'Webhook' || !/^[0-9a-f-]{36}$/.test(id)) throw new WebhookFault('NOT_FOUND', 'id', 'There is no such webhook.');
  return id;
}

async function managing(context: GraphContext, work: () => Promise<Partial<Outcome>>): Promise<Outcome | null> {
  if (!holdsScope(context, 'events:read')) return null;
  try {
    return { info: null, secret: null, attempt: null, errors: [], ...(await work()) };
  } catch (error) {
    if (!(error instanceof WebhookFault)) throw error;
    return { info: null, secret: null, attempt: null, errors: [{ code: error.code, field: error.field, message: error.message }] };
  }
}

const CreatePayload = payload('CreateWebhookPayload', 'A new webhook.', 'secret');
const RotatePayload = payload('RotateWebhookSecretPayload', 'The webhook with its new secret.', 'secret');
const ChangePayload = payload('WebhookPayload', 'The webhook as it is now, or was at its end.');
const TestPayload = payload('TestWebhookPayload', 'What became of the message.', 'attempt');

builder.mutationFields((t) => ({
  createWebhook: t.field({
    ...identified,
    type: CreatePayload,
    description: 'Makes a webhook for your key. The purpose of the request is that of all its events. Needs the scope `events:read`.',
    args: { input: t.arg({ type: CreateInput, required: true, description: 'The webhook to be made.' }) },
    resolve: (_root, { input }, context) =>
      managing(context, () =>
        context.webhooks.create(asOwner(context), {
          url: input.url, description: input.description?.slice(0, 200) ?? null, kinds: input.kinds ?? null, purpose: context.statement.purpose!, after: typeof input.after === 'string' ? placeOf(input.after, 'after') : null,
        }),
      ),
  }),
  rotateWebhookSecret: t.field({
    type: RotatePayload,
    description: 'Gives a webhook a new secret; the old one signs beside it for a while. Needs the scope `events:read`.',
    args: { input: t.arg({ type: RotateInput, required: true, description: 'Which, and for how long both sign.' }) },
    resolve: (_root, { input }, context) => managing(context, () => context.webhooks.rotateSecret(asOwner(context), idIn(input.id), (input.overlapMinutes ?? 1_440) * 60_000)),
  }),
  pauseWebhook: t.field({
    type: ChangePayload,
    description: 'Stops sending; events wait in the log. Needs the scope `events:read`.',
    args: { input: t.arg({ type: IdInput('PauseWebhookInput', 'A webhook to be paused.'), required: true, description: 'Which.' }) },
    resolve: (_root, { input }, context) => managing(context, async () => ({ info: await context.webhooks.pause(asOwner(context), idIn(input.id)) })),
  }),
  resumeWebhook: t.field({
    type: ChangePayload,
    description: 'Goes on sending where it stopped. Needs the scope `events:read`.',
    args: { input: t.arg({ type: IdInput('ResumeWebhookInput', 'A webhook to be resumed.'), required: true, description: 'Which.' }) },
    resolve: (_root, { input }, context) => managing(context, async () => ({ info: await context.webhooks.resume(asOwner(context), idIn(input.id)) })),
  }),
  deleteWebhook: t.field({
    type: ChangePayload,
    description: 'Removes a webhook with its dead letters. Needs the scope `events:read`.',
    args: { input: t.arg({ type: IdInput('DeleteWebhookInput', 'A webhook to be removed.'), required: true, description: 'Which.' }) },
    resolve: (_root, { input }, context) => managing(context, async () => ({ info: await context.webhooks.remove(asOwner(context), idIn(input.id)) })),
  }),
  replayWebhook: t.field({
    type: ChangePayload,
    description: 'Sends everything behind a place in the log again. Needs the scope `events:read`.',
    args: { input: t.arg({ type: ReplayInput, required: true, description: 'Which, and from where.' }) },
    resolve: (_root, { input }, context) => managing(context, async () => ({ info: await context.webhooks.replay(asOwner(context), idIn(input.id), placeOf(input.after, 'after')) })),
  }),
  retryDeadLetters: t.field({
    type: ChangePayload,
    description: 'Tries a webhook’s dead letters once more. Needs the scope `events:read`.',
    args: { input: t.arg({ type: IdInput('RetryDeadLettersInput', 'A webhook whose dead letters are tried again.'), required: true, description: 'Which.' }) },
    resolve: (_root, { input }, context) => managing(context, async () => ({ info: await context.webhooks.retryDead(asOwner(context), idIn(input.id)) })),
  }),
  testWebhook: t.field({
    type: TestPayload,
    description: 'Sends a signed message of the type `test` that is about nobody, and tells what became of it. Needs the scope `events:read`.',
    args: { input: t.arg({ type: IdInput('TestWebhookInput', 'A webhook to be tried.'), required: true, description: 'Which.' }) },
    resolve: (_root, { input }, context) =>
      managing(context, async () => {
        const attempt = await context.webhooks.test(asOwner(context), idIn(input.id));
        return { attempt: attempt.outcome === 'TAKEN' ? attempt.outcome : attempt.why };
      }),
  }),
}));

builder.queryField('webhooks', (t) =>
  t.field({
    ...identified,
    type: [WebhookType],
    description: 'The webhooks of your key, oldest first. Needs the scope `events:read`.',
    resolve: (_root, _args, context) => (holdsScope(context, 'events:read') ? (context.caller.kind === 'KEY' ? context.webhooks.list(context.caller.id) : []) : null),
  }),
);
