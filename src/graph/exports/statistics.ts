import type { InputRef } from '@pothos/core';
import { GraphQLError } from 'graphql';
import { catalogue } from '../../index/catalogue.ts';
import type { ExportOrder } from '../../index/exports/job.ts';
import { exportedStatistics, type ExportedStatistics, type GivenStatistics } from '../../index/exports/statistics.ts';
import { askedOf, enumName, type GivenQuestion, mostKeys } from '../../index/statistics/asked.ts';
import { builder } from '../builder.ts';
import { type GraphContext, holdsScope } from '../context.ts';
import { listPoints } from '../lists/connection.ts';
import { typesOf } from '../statistics/entity.ts';
import { names } from '../statistics/names.ts';
import { checked } from '../statistics/statistics.ts';
import { ExportFormatEnum } from './export.ts';
import { startExport, StartPayload } from './exports.ts';

/** A question as sent, with its measures by their names in the enum. */
type Given = Omit<GivenQuestion, 'groupBy' | 'rollUp'> & { readonly groupBy?: readonly string[] | null; readonly rollUp?: boolean | null; readonly measures: readonly string[] };

function questionInput(name: ExportedStatistics): InputRef<Given> {
  const entity = exportedStatistics[name];
  const [type, plural] = names[entity];
  const { KeyEnum, MeasuresEnum, WhereInput, HavingType, OrderType } = typesOf(entity);
  return builder.inputRef<Given>(`${type}StatisticsExportInput`).implement({
    description: `A question about ${plural}, as \`${name}\` takes it.`,
    fields: (t) => ({
      where: t.field({ type: WhereInput, description: `Which ${plural}; all when left out.` }),
      groupBy: t.field({ type: [KeyEnum], description: `What to group by, at most ${mostKeys} keys: a column each.` }),
      measures: t.field({ type: [MeasuresEnum], required: true, description: 'What to tell of each group: a column for each of its numbers.' }),
      rollUp: t.boolean({ description: 'Also subtotals: of the first keys without the last ones, down to all together. Default false.' }),
      having: t.field({ type: [HavingType], description: 'Conditions on numbers of the groups, as shown; all must hold.' }),
      orderBy: t.field({ type: [OrderType], description: 'What to sort groups by, the first first; what is alike is sorted by its keys.' }),
      asOf: t.field({ type: 'Date', description: 'Day for which to look at the facts (valid time). Today in Jakarta when left out.' }),
      knownAt: t.field({ type: 'DateTime', description: 'Moment whose knowledge to use (recorded time). The latest when left out.' }),
    }),
  });
}

const all = Object.keys(exportedStatistics) as ExportedStatistics[];
const StartInput = builder.inputRef<{ readonly format: 'CSV' | 'NDJSON' | 'PARQUET'; readonly byteOrderMark?: boolean | null } & { readonly [name in ExportedStatistics]?: Given | null }>('StartStatisticsExportInput').implement({
  description: 'An export of statistics to be started: exactly one question.',
  fields: (t) => ({
    format: t.field({ type: ExportFormatEnum, required: true, description: 'Format of the file.' }),
    byteOrderMark: t.boolean({ description: 'For CSV: whether the file begins with a byte order mark, which some spreadsheets need to read UTF-8. Default false.' }),
    ...Object.fromEntries(all.map((name) => [name, t.field({ type: questionInput(name), description: `Figures of ${names[exportedStatistics[name]][1]}.` })])),
  }),
});

/** What is ordered, if it is of its form; null where the scope for it is missing. */
async function orderOfInput(context: GraphContext, input: typeof StartInput.$inferInput): Promise<ExportOrder | null> {
  const [name, ...others] = all.filter((one) => (input[one] ?? null) !== null);
  if (name === undefined || others.length > 0) throw new GraphQLError('startStatisticsExport takes exactly one question.', { extensions: { code: 'BAD_USER_INPUT' } });
  if (!holdsScope(context, 'statistics:read')) return null;
  const entity = exportedStatistics[name];
  const { measures: chosen, groupBy, rollUp, asOf, ...rest } = input[name]!;
  const measures = catalogue[entity].measures.flatMap((measure) => (chosen.includes(enumName(measure.name)) ? [measure.name] : []));
  const given: GivenStatistics = { ...rest, groupBy: groupBy ?? [], rollUp: rollUp ?? false, asOf: asOf ?? context.today, measures };
  await checked(context, () => askedOf(entity, given, (measure) => measures.includes(measure.name), context.today));
  return { of: name, given };
}

builder.mutationField('startStatisticsExport', (t) =>
  t.field({
    extensions: { points: listPoints },
    type: StartPayload,
    description: 'Starts writing statistics to a file: a row for each group, all of them, under the same control and limits as asking for them. Needs the scope `statistics:read`, and no purpose. Ask `export` how far it is.',
    args: { input: t.arg({ type: StartInput, required: true, description: 'What to export.' }) },
    async resolve(_root, { input }, context) {
      const order = await orderOfInput(context, input);
      return order && startExport(context, order, input.format, input.byteOrderMark ?? false);
    },
  }),
);
