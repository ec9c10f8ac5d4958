import { GraphQLError } from 'graphql';
import type { AgencyName } from '../../domain/record.ts';
import type { IdentifierKind } from '../../domain/identifier.ts';
import type { Listed } from '../../index/lists/lists.ts';
import { searchName } from '../../index/project.ts';
import { compactNumber, type Tier } from '../../index/search/numbers.ts';
import type { Hit } from '../../index/search/search.ts';
import { AgencyNameEnum } from '../agency/name.ts';
import { builder } from '../builder.ts';
import { identifierScope } from '../../access/scopes.ts';
import type { GraphContext } from '../context.ts';
import { describedEnum } from '../enums.ts';
import { identified } from '../purpose.ts';
import { ShownWorker } from '../worker/shown.ts';
import { WorkerType } from '../worker/worker.ts';
import { type Connection, connectionOf, connectionType, type Edge, listPoints } from './connection.ts';
import { wantedOf } from './lists.ts';
import { orderType, whereType } from './where.ts';

type Row = Hit | Listed;
type WorkerEdge = Edge<ShownWorker, Row>;

/** What of a worker fits the text; never the text of it. */
interface Match {
  readonly on: 'NAME' | IdentifierKind;
  readonly how: 'SIMILAR' | Tier;
  readonly agencies: readonly AgencyName[];
}

const MatchedEnum = describedEnum<Match['on']>('MatchedAttribute', 'What of a worker a search can find her by.', {
  NAME: 'Her name, as any agency writes it.',
  NIK: 'Population number.',
  PASSPORT: 'Passport or travel document.',
  PMI_ID: 'ID PMI.',
  KPJ: 'BPJS Ketenagakerjaan membership number.',
  JKN_CARD: 'BPJS Kesehatan card number.',
  KTKLN: 'The old worker’s card number.',
  CASE_NUMBER: 'A mission’s case number.',
  LAPOR_DIRI: 'A mission’s number of a report of stay.',
});
const HowEnum = describedEnum<Match['how']>('MatchKind', 'How well it fits.', {
  EXACT: 'The whole number, but for blanks, dots and hyphens.',
  BEGINS: 'The beginning of the number.',
  CONTAINS: 'A part of the number.',
  SIMILAR: 'The name, in this or another spelling: `score` says how alike.',
});
const MatchType = builder.objectRef<Match>('SearchMatch').implement({
  description: 'What of a worker fits the text that was searched.',
  fields: (t) => ({
    on: t.field({ type: MatchedEnum, nullable: false, description: 'Her name, or a kind of number.', resolve: (match) => match.on }),
    how: t.field({ type: HowEnum, nullable: false, description: 'How well it fits.', resolve: (match) => match.how }),
    agencies: t.field({ type: [AgencyNameEnum], nullable: false, description: 'Agencies on whose records it stands so.', resolve: (match) => [...match.agencies] }),
  }),
});

/** What was found, on the records that the caller may see. */
function matchesOf({ node, row }: WorkerEdge, context: GraphContext): Match[] | null {
  if (!('by' in row)) return null;
  const { by } = row;
  const agencies = new Map<Match['on'], Set<AgencyName>>();
  const note = (on: Match['on'], agency: AgencyName) => agencies.set(on, (agencies.get(on) ?? new Set()).add(agency));
  for (const { record } of node.record.answers.flatMap(({ records }) => records)) {
    if ('name' in by) {
      if (record.person.name !== null && searchName(record.person.name) === by.name) note('NAME', record.agency);
      continue;
    }
    for (const { kind, value } of record.person.identifiers) {
      const scope = identifierScope[kind];
      if ((scope === null || context.caller.scopes.has(scope)) && compactNumber(value) === by.number) note(kind, record.agency);
    }
  }
  const how = 'name' in by ? 'SIMILAR' : by.tier;
  return [...agencies].map(([on, names]) => ({ on, how, agencies: [...names] }));
}

const { ConnectionType, EdgeType } = connectionType<ShownWorker, Row>('Worker', { type: WorkerType, plural: 'workers' });
builder.objectFields(EdgeType, (t) => ({
  score: t.float({ description: 'How well she fits the text, 0 to 1: docs/search.md says how it is made. Null without a text.', resolve: ({ row }) => ('by' in row ? row.score : null) }),
  matchedOn: t.field({ type: [MatchType], description: 'What of her fits the text. Null without a text.', resolve: (edge, _args, context) => matchesOf(edge, context) }),
}));

builder.queryField('searchWorkers', (t) =>
  t.field({
    extensions: { ...identified.extensions, points: listPoints },
    type: ConnectionType,
    description:
      'Workers whose name or numbers fit a text, best first, or a list of workers by conditions; of those that you may see, from the hub’s index: no agency is asked. A text with a digit is looked for in numbers, whole or in part; any other in names, with typing errors and other spellings. Needs the scopes `workers:list` and `identity:read`, and that of each class of fields in `where`.',
    args: {
      text: t.arg.string({ description: 'A name, or a number of four characters or more (five to be found in the middle of one); at most 200 characters.' }),
      where: t.arg({ type: whereType('worker'), description: 'Which of them; all when left out.' }),
      orderBy: t.arg({ type: [orderType('worker')], description: 'Up to three fields to sort by, without a text only: with one, the best fit comes first.' }),
      first: t.arg.int({ required: true, defaultValue: 20, description: 'At most so many, 1 to 100.' }),
      after: t.arg.string({ description: 'Only those behind this cursor of an earlier page.' }),
    },
    resolve: async (_root, { text = null, ...args }, context, info): Promise<Connection<ShownWorker, Row> | null> => {
      if (text !== null && (args.orderBy?.length ?? 0) > 0) throw new GraphQLError('searchWorkers takes orderBy only without text.', { extensions: { code: 'BAD_USER_INPUT' } });
      const wanted = await wantedOf(context, 'worker', args);
      if (!wanted) return null;
      return connectionOf<ShownWorker, Row>(info, {
        after: wanted.after,
        page: async () => {
          const page = text === null ? await context.lists.page(wanted) : await context.search.find({ ...wanted, text });
          // One who searched and found nobody has searched.
          if (page.rows.length === 0) context.trail.sawWorkers([null]);
          return page;
        },
        count: async () => (text === null ? context.lists.count(wanted) : null),
        nodesOf: async (rows) => (await context.indexed.read(rows.map(({ workerId }) => workerId))).map((worker) => worker && new ShownWorker(worker, context)),
      });
    },
  }),
);
