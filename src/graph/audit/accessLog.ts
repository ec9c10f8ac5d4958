import { GraphQLError } from 'graphql';
import { type AuditOutcome, type ChainedEntry } from '../../access/auditEntry.ts';
import { isPurpose } from '../../access/purposes.ts';
import { builder, unforeseen } from '../builder.ts';
import { holdsScope } from '../context.ts';
import { describedEnum } from '../enums.ts';
import { PurposeEnum } from '../keys/key.ts';
import { WorkerType } from '../worker/worker.ts';

const OutcomeEnum = describedEnum<AuditOutcome>('AccessOutcome', 'How a request ended.', {
  ANSWERED: 'With an answer.',
  PARTIAL: 'With an answer that lacks parts: see `codes` and `denied`.',
  REFUSED: 'Refused as a whole; nothing was told.',
  FAILED: 'Given up on the way; nothing was told.',
});

const AccessType = builder.objectRef<ChainedEntry>('AccessLogEntry').implement({
  description: 'One request that touched a worker’s data: who, why, what, when. It never says what was read. Of a request whose row was corrected once it had ended, the row that holds.',
  fields: (t) => ({
    id: t.id({ nullable: false, description: 'Number of the row in the audit log: give it as `before` to see older ones.', resolve: (entry) => String(entry.seq) }),
    at: t.field({ type: 'DateTime', nullable: false, description: 'When: before the agencies answered, or at the end.', resolve: (entry) => entry.at.toISOString() }),
    requestId: t.string({ nullable: false, description: 'The request’s `x-request-id`.', resolve: (entry) => entry.requestId }),
    caller: t.string({ nullable: false, description: 'Public id of the API key, or the subject of the staff token.', resolve: (entry) => entry.callerId }),
    callerName: t.string({ nullable: false, description: 'Name of the API key; `staff` for staff.', resolve: (entry) => entry.callerName }),
    client: t.string({ description: 'Program that asked, by its own word.', resolve: (entry) => entry.clientName }),
    purpose: t.field({ type: PurposeEnum, description: 'What the read was for; null where none was stated.', resolve: (entry) => (entry.purpose !== null && isPurpose(entry.purpose) ? entry.purpose : null) }),
    caseReference: t.string({ description: 'Case that the caller named.', resolve: (entry) => entry.caseReference }),
    operationName: t.string({ description: 'Name of the GraphQL operation.', resolve: (entry) => entry.operationName }),
    documentHash: t.string({ description: 'SHA-256 of the document.', resolve: (entry) => entry.documentHash }),
    outcome: t.field({ type: OutcomeEnum, nullable: false, description: 'How it ended.', resolve: (entry) => entry.outcome }),
    codes: t.stringList({ nullable: false, description: 'Error codes of the answer.', resolve: (entry) => [...entry.codes] }),
    classes: t.stringList({ nullable: false, description: 'Classes of fields that were read, by the scope that each needs.', resolve: (entry) => [...entry.classes] }),
    denied: t.stringList({ nullable: false, description: 'Scopes that were missing.', resolve: (entry) => [...entry.denied] }),
    agencies: t.stringList({ nullable: false, description: 'Agencies that were asked.', resolve: (entry) => [...entry.agencies] }),
    workers: t.int({ nullable: false, description: 'How many workers the request was about.', resolve: (entry) => entry.workers.length }),
  }),
});

/** Most rows in one field. */
const mostRows = 100;

builder.objectField(WorkerType, 'accessLog', (t) =>
  t.field({
    // Announced, the request itself would be in what it reads.
    ...unforeseen,
    type: [AccessType],
    description: 'Who looked at her data, newest first. This request is not yet in it; it will be. Needs the scope `audit:read`.',
    args: {
      first: t.arg.int({ required: true, defaultValue: 20, description: 'At most so many rows, 1 to 100.' }),
      before: t.arg.id({ description: 'Only rows older than this one.' }),
    },
    resolve: (worker, { first, before }, context) => {
      if (!holdsScope(context, 'audit:read')) return null;
      if (first < 1 || first > mostRows) throw new GraphQLError(`accessLog takes first from 1 to ${mostRows}.`, { extensions: { code: 'BAD_USER_INPUT' } });
      if (typeof before === 'string' && !/^\d{1,15}$/.test(before)) throw new GraphQLError('accessLog takes before as the id of an earlier row.', { extensions: { code: 'BAD_USER_INPUT' } });
      return context.audit.about(worker.record.id, { first, ...(typeof before === 'string' && { before: Number(before) }) });
    },
  }),
);
