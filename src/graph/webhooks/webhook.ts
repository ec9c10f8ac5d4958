import type { DeadLetter, WebhookInfo } from '../../webhooks/webhooks.ts';
import { builder } from '../builder.ts';
import { describedEnum } from '../enums.ts';
import { EventKindEnum, EventType } from '../events/event.ts';
import { cursorOf } from '../events/message.ts';
import { encodeId } from '../ids.ts';
import { PurposeEnum } from '../keys/key.ts';
import { isPurpose } from '../../access/purposes.ts';

const StateEnum = describedEnum<WebhookInfo['state']>('WebhookState', 'Whether events are sent to it.', {
  ACTIVE: 'They are.',
  PAUSED: 'Its owner has paused it. Events wait in the log.',
  DISABLED: 'The hub has given up: it did not answer for days on end, answered 410, or its key has ended. `resumeWebhook` goes on where it stopped.',
});

const DeadLetterType = builder.objectRef<DeadLetter>('DeadLetter').implement({
  description: 'An event that a receiver did not take, however often it was tried, while it took others.',
  fields: (t) => ({
    event: t.field({ type: EventType, nullable: false, description: 'The event.', resolve: (letter) => letter.event }),
    attempts: t.exposeInt('attempts', { nullable: false, description: 'How often it was tried.' }),
    failure: t.exposeString('failure', { description: 'What the last attempt came to, such as `HTTP_500` or `TIMEOUT`.' }),
    deadAt: t.field({ type: 'DateTime', nullable: false, description: 'When it was given up.', resolve: (letter) => letter.deadAt.toISOString() }),
  }),
});

export const WebhookType = builder.objectRef<WebhookInfo>('Webhook').implement({
  description: 'Where events are sent: signed as Standard Webhooks says (https://www.standardwebhooks.com), one event a request, ids and kinds alone.',
  fields: (t) => ({
    id: t.id({ nullable: false, description: 'Id, by which mutations name it.', resolve: (webhook) => encodeId('Webhook', webhook.id) }),
    url: t.exposeString('url', { nullable: false, description: 'Where they are sent.' }),
    description: t.exposeString('description', { description: 'Its owner’s words.' }),
    kinds: t.field({ type: [EventKindEnum], description: 'Kinds that are sent; null: all.', resolve: (webhook) => webhook.kinds }),
    purpose: t.field({ type: PurposeEnum, description: 'What its owner said that the events are for; stands in the audit log with each.', resolve: (webhook) => (isPurpose(webhook.purpose) ? webhook.purpose : null) }),
    state: t.expose('state', { type: StateEnum, nullable: false, description: 'Whether events are sent to it.' }),
    cursor: t.string({ nullable: false, description: 'How far the log was sent.', resolve: (webhook) => cursorOf(webhook.cursor) }),
    behind: t.int({ nullable: false, description: 'Places of the log that are not weighed for it yet.', resolve: (webhook, _args, context) => Math.max(0, context.events.log.last - webhook.cursor) }),
    failures: t.exposeInt('failures', { nullable: false, description: 'Attempts in a row of which none succeeded.' }),
    nextAt: t.field({ type: 'DateTime', description: 'When it is tried again; null: at once.', resolve: (webhook) => webhook.nextAt?.toISOString() }),
    oldSecretUntil: t.field({ type: 'DateTime', description: 'Until when the secret before the present one signs too.', resolve: (webhook) => webhook.oldSecretUntil?.toISOString() }),
    createdAt: t.field({ type: 'DateTime', nullable: false, description: 'When it was made.', resolve: (webhook) => webhook.createdAt.toISOString() }),
    lastSuccessAt: t.field({ type: 'DateTime', description: 'When it last took an event.', resolve: (webhook) => webhook.lastSuccessAt?.toISOString() }),
    lastFailureAt: t.field({ type: 'DateTime', description: 'When it last did not.', resolve: (webhook) => webhook.lastFailureAt?.toISOString() }),
    lastFailure: t.exposeString('lastFailure', { description: 'What that came to, such as `ECONNREFUSED`.' }),
    deadLetters: t.field({
      type: [DeadLetterType],
      nullable: false,
      description: 'Events that were given up, latest first.',
      args: { first: t.arg.int({ required: true, defaultValue: 50, description: 'At most so many, 1 to 100.' }) },
      resolve: async (webhook, { first }, context) => {
        const letters = await context.webhooks.deadLetters(webhook.id, Math.min(100, Math.max(1, first)));
        const heard = new Set((await context.events.hearing.of(context.caller, letters.map(({ event }) => event))).map(({ id }) => id));
        const own = letters.filter(({ event }) => heard.has(event.id));
        context.trail.sawWorkers(own.map(({ event }) => event.workerId));
        return own;
      },
    }),
  }),
});
