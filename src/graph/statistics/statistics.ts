import { GraphQLError, type GraphQLResolveInfo, type SelectionSetNode } from 'graphql';
import type { Measure } from '../../index/dimension.ts';
import { entities, type Entity } from '../../index/fields.ts';
import { type Asked, askedOf, beyondReach, type GivenQuestion, mostKeys } from '../../index/statistics/asked.ts';
import { arrange } from '../../index/statistics/order.ts';
import { type Answer, Refusal, type ShownGroup } from '../../index/statistics/statistics.ts';
import { builder } from '../builder.ts';
import { type GraphContext, holdsScope } from '../context.ts';
import { asGraphql } from '../lists/connection.ts';
import { typesOf } from './entity.ts';
import { names } from './names.ts';

/** What a field of statistics was given. */
interface Given extends GivenQuestion {
  readonly first: number;
}

interface Told {
  readonly answer: Answer;
  readonly groups: readonly ShownGroup[];
  readonly groupCount: number;
  readonly asOf: string;
  readonly knownAt: string | null;
}

/** Most groups in an answer. */
const mostGroups = 1_000;
/** Points for a question, besides those for its values. */
const points = 50;
const refusalCodes = { TOO_EXPENSIVE: 'QUERY_TOO_EXPENSIVE', BUSY: 'STATISTICS_BUSY', TIMEOUT: 'QUERY_TIMEOUT' } as const;

const wrong = (message: string) => new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT' } });

/** Names of the fields that are selected of a group. */
function selectedOfGroups(info: GraphQLResolveInfo): Set<string> {
  const found = new Set<string>();
  const visit = (selections: SelectionSetNode | undefined, inGroups: boolean) => {
    for (const selection of selections?.selections ?? []) {
      if (selection.kind === 'Field') {
        if (inGroups) found.add(selection.name.value);
        else if (selection.name.value === 'groups') visit(selection.selectionSet, true);
      } else visit(selection.kind === 'InlineFragment' ? selection.selectionSet : info.fragments[selection.name.value]?.selectionSet, inGroups);
    }
  };
  for (const node of info.fieldNodes) visit(node.selectionSet, false);
  return found;
}

/** Whether a field of a group shows a measure. */
function shows({ name, is }: Measure, field: string): boolean {
  return field === name || (is.kind === 'count' && field === `${name}Share`) || (is.kind === 'sum' && field === `${name}PerThousand`);
}

/** What is asked, checked: refused is also what is made from facts that the caller may not see all of. */
export async function checked(context: GraphContext, make: () => Asked): Promise<Asked> {
  const asked = await asGraphql(async () => make());
  const beyond = beyondReach(asked.question, context.caller);
  if (beyond !== null) throw new GraphQLError(`${beyond} is made from all of a worker’s facts, of which you may see some only: leave it out.`, { extensions: { code: 'FORBIDDEN' } });
  return asked;
}

async function ask(entity: Entity, given: Given, context: GraphContext, info: GraphQLResolveInfo): Promise<Told | null> {
  if (!holdsScope(context, 'statistics:read')) return null;
  // Nobody can be told from the figures, but the log says who asked for them.
  context.trail.sawClass('statistics:read');
  const { first, knownAt = null } = given;
  if (first < 1 || first > mostGroups) throw wrong(`first is 1 to ${mostGroups}.`);
  const fields = [...selectedOfGroups(info)];
  const { question, having, orderBy } = await checked(context, () => askedOf(entity, given, (measure) => fields.some((field) => shows(measure, field)), context.today));
  try {
    const answer = await context.statistics.ask(question, context.caller);
    const { groups, count } = arrange(answer.groups, having, orderBy, first);
    return { answer, groups, groupCount: count, asOf: question.day, knownAt };
  } catch (error) {
    if (error instanceof Refusal) throw new GraphQLError(error.message, { extensions: { code: refusalCodes[error.reason] } });
    throw error;
  }
}

for (const entity of entities) {
  const [type, plural] = names[entity];
  const { KeyEnum, WhereInput, HavingType, OrderType, GroupType } = typesOf(entity);
  const StatisticsType = builder.objectRef<Told>(`${type}Statistics`).implement({
    description: `Figures of ${plural} from the hub’s index: no agency is asked.`,
    fields: (t) => ({
      groups: t.field({ type: [GroupType], nullable: false, description: 'The groups, the first `first` of them. One of all together without `groupBy`.', resolve: ({ groups }) => groups }),
      groupCount: t.exposeInt('groupCount', { nullable: false, description: 'How many groups there are that are shown at all and meet `having`.' }),
      asOf: t.expose('asOf', { type: 'Date', nullable: false, description: 'Day for which the facts were looked at (valid time).' }),
      knownAt: t.expose('knownAt', { type: 'DateTime', description: 'Moment whose knowledge was used (recorded time); null: the latest.' }),
      indexedThrough: t.field({ type: 'DateTime', nullable: false, description: 'Everything that the hub was told until then is in it.', resolve: ({ answer }) => answer.indexedThrough }),
      protects: t.boolean({ nullable: false, description: 'Whether figures are protected against disclosure: small ones left out, the others changed by a little noise. The scope `statistics:exact` gives exact ones.', resolve: ({ answer }) => answer.protects }),
      cost: t.int({ nullable: false, description: 'What it was reckoned to cost before it ran, in points of which there is a limit.', resolve: ({ answer }) => answer.reckoned.points }),
    }),
  });
  builder.queryField(`${entity}Statistics`, (t) =>
    t.field({
      extensions: { points, mostFirst: mostGroups },
      type: StatisticsType,
      description: `Counts and other figures of ${plural}, inside your bounds. The measures are the fields selected of \`groups\`. Needs the scope \`statistics:read\`; docs/analysis.md tells how to ask.`,
      args: {
        where: t.arg({ type: WhereInput, description: `Which ${plural}; all when left out.` }),
        groupBy: t.arg({ type: [KeyEnum], required: true, defaultValue: [], description: `What to group by, at most ${mostKeys} keys.` }),
        rollUp: t.arg.boolean({ required: true, defaultValue: false, description: 'Also subtotals: of the first keys without the last ones, down to all together.' }),
        having: t.arg({ type: [HavingType], description: 'Conditions on numbers of the groups, as shown; all must hold.' }),
        orderBy: t.arg({ type: [OrderType], description: 'What to sort groups by, the first first; what is alike is sorted by its keys.' }),
        first: t.arg.int({ required: true, defaultValue: 100, description: `At most so many groups, 1 to ${mostGroups}.` }),
        asOf: t.arg({ type: 'Date', description: 'Day for which to look at the facts (valid time): what was so then. Today in Jakarta when left out.' }),
        knownAt: t.arg({ type: 'DateTime', description: 'Moment whose knowledge to use (recorded time): what the hub knew then. The latest when left out.' }),
      },
      resolve: (_root, args, context, info) => ask(entity, args as Given, context, info),
    }),
  );
}
