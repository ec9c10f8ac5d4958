import type { InputRef } from '@pothos/core';
import { GraphQLError } from 'graphql';
import { exportedLists, type ExportedList, listScopes } from '../../index/exports/list.ts';
import type { ExportFormat } from '../../index/exports/formats.ts';
import type { ExportJob, ExportOrder } from '../../index/exports/job.ts';
import type { Order } from '../../index/lists/order.ts';
import type { Where } from '../../index/lists/where.ts';
import type { Scope } from '../../access/scopes.ts';
import { builder } from '../builder.ts';
import { type GraphContext, holdsScope } from '../context.ts';
import { describedEnum } from '../enums.ts';
import { asGraphql, listPoints } from '../lists/connection.ts';
import { orderType, whereType } from '../lists/where.ts';
import { identified } from '../purpose.ts';
import { ExportFormatEnum, ExportType, mostExports } from './export.ts';

type ErrorCode = 'TOO_MANY_OPEN';
const ErrorEnum = describedEnum<ErrorCode>('ExportErrorCode', 'Why an export could not be started.', {
  TOO_MANY_OPEN: 'You have as many exports waiting or under way as you may: wait for one, or cancel one.',
});

interface Told {
  readonly code: ErrorCode;
  readonly message: string;
}

const ErrorType = builder.objectRef<Told>('ExportError').implement({
  description: 'What must be mended before an export can be started.',
  fields: (t) => ({
    code: t.field({ type: ErrorEnum, nullable: false, description: 'Kind of error.', resolve: (told) => told.code }),
    message: t.string({ nullable: false, description: 'For people.', resolve: (told) => told.message }),
  }),
});

interface Started {
  readonly job: ExportJob | null;
  readonly errors: readonly Told[];
}

export const StartPayload = builder.objectRef<Started>('StartExportPayload').implement({
  description: 'An export that was started.',
  fields: (t) => ({
    export: t.field({ type: ExportType, description: 'The export; null when there are errors.', resolve: ({ job }) => job }),
    errors: t.field({ type: [ErrorType], nullable: { list: false, items: false }, description: 'Empty when it was started.', resolve: ({ errors }) => [...errors] }),
  }),
});

const CancelPayload = builder.objectRef<{ readonly job: ExportJob | null }>('CancelExportPayload').implement({
  description: 'An export that was to be cancelled.',
  fields: (t) => ({ export: t.field({ type: ExportType, description: 'The export as it is now: what had ended before stays as it was. Null where you have none with the id.', resolve: ({ job }) => job }) }),
});

/** The input for a list to be exported. */
function listInput(name: ExportedList): InputRef<Where> {
  const entity = exportedLists[name];
  return builder.inputRef<Where>(`${name[0]!.toUpperCase()}${name.slice(1)}ExportInput`).implement({
    description: `Which ${name} are exported: those that you may see.`,
    fields: (t) => ({
      where: t.field({ type: whereType(entity), description: 'Which of them; all when left out.' }),
      orderBy: t.field({ type: [orderType(entity)], description: 'Up to three fields to sort by; in a fixed order when left out.' }),
    }),
  });
}

const StartInput = builder.inputType('StartExportInput', {
  description: 'An export to be started: exactly one list.',
  fields: (t) => ({
    format: t.field({ type: ExportFormatEnum, required: true, description: 'Format of the file.' }),
    byteOrderMark: t.boolean({ description: 'For CSV: whether the file begins with a byte order mark, which some spreadsheets need to read UTF-8. Default false.' }),
    placements: t.field({ type: listInput('placements'), description: 'Placements. Needs the scopes `workers:list`, `identity:read`, `placement:read`, and that of each class of fields in `where`.' }),
    coverages: t.field({ type: listInput('coverages'), description: 'Cover periods. Needs the scopes `workers:list`, `identity:read`, `insurance:read`, and that of each class of fields in `where`.' }),
    cases: t.field({ type: listInput('cases'), description: 'Cases. Needs the scopes `workers:list`, `identity:read`, `case:read`, and that of each class of fields in `where`.' }),
    gaps: t.field({ type: listInput('gaps'), description: 'Gaps in protection. Needs the scopes `workers:list`, `identity:read`, `placement:read`, that of each class of fields in `where`, and for each gap those that it rests on.' }),
    workers: t.field({ type: listInput('workers'), description: 'Workers. Needs the scopes `workers:list` and `identity:read`, and that of each class of fields in `where`.' }),
  }),
});

/** Whether the caller holds all of the scopes; each that is missing is told. */
function holdsAll(context: GraphContext, scopes: ReadonlySet<Scope>): boolean {
  return [...scopes].map((scope) => holdsScope(context, scope)).every((held) => held);
}

/** What is ordered, if it is of its form; null where a scope for it is missing. */
async function orderOfInput(context: GraphContext, input: typeof StartInput.$inferInput): Promise<ExportOrder | null> {
  const given = (Object.keys(exportedLists) as ExportedList[]).filter((name) => input[name] !== undefined && input[name] !== null);
  const [name] = given;
  if (name === undefined || given.length > 1) throw new GraphQLError('startExport takes exactly one list.', { extensions: { code: 'BAD_USER_INPUT' } });
  const { where = null, orderBy = null } = input[name] as { readonly where?: Where | null; readonly orderBy?: readonly Order[] | null };
  const scopes = await asGraphql(async () => listScopes(exportedLists[name], where));
  return holdsAll(context, scopes) ? { of: name, given: { where, orderBy: orderBy ?? [] } } : null;
}

/** Starts a job in the name of the caller. */
export async function startExport(context: GraphContext, order: ExportOrder, format: ExportFormat, byteOrderMark: boolean): Promise<Started> {
  const { caller, requestId, statement, usualLimits } = context;
  const by = { caller, limits: { ...usualLimits, ...caller.limits }, requestId, purpose: statement.purpose, caseReference: statement.caseReference };
  const job = await context.exports.start(by, order, format, byteOrderMark);
  return { job, errors: job ? [] : [{ code: 'TOO_MANY_OPEN', message: 'You have as many exports waiting or under way as you may.' }] };
}

builder.mutationFields((t) => ({
  startExport: t.field({
    extensions: { ...identified.extensions, points: listPoints },
    type: StartPayload,
    description: 'Starts writing a list to a file, under the same rules as asking for it. Ask `export` how far it is.',
    args: { input: t.arg({ type: StartInput, required: true, description: 'What to export.' }) },
    async resolve(_root, { input }, context) {
      const order = await orderOfInput(context, input);
      if (!order) return null;
      return startExport(context, order, input.format, input.byteOrderMark ?? false);
    },
  }),
  cancelExport: t.field({
    type: CancelPayload,
    nullable: false,
    description: 'Cancels an export of yours that waits or is under way; its file so far is deleted.',
    args: { id: t.arg.id({ required: true, description: 'Id of the export.' }) },
    resolve: async (_root, { id }, context) => ({ job: await context.exports.cancel(id, context.caller.id) }),
  }),
}));

builder.queryFields((t) => ({
  export: t.field({
    type: ExportType,
    description: 'An export of yours; null where you have none with the id.',
    args: { id: t.arg.id({ required: true, description: 'Id of the export.' }) },
    resolve: (_root, { id }, context) => context.exports.find(id, context.caller.id),
  }),
  exports: t.field({
    type: [ExportType],
    nullable: false,
    description: 'Your exports, newest first; they are forgotten a week after their files went.',
    args: { first: t.arg.int({ required: true, defaultValue: 20, description: 'At most so many, 1 to 100.' }) },
    resolve: (_root, { first }, context) => {
      if (first < 1 || first > mostExports) throw new GraphQLError(`first is 1 to ${mostExports}.`, { extensions: { code: 'BAD_USER_INPUT' } });
      return context.exports.list(context.caller.id, first);
    },
  }),
}));
