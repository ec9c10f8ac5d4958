import type { StatisticsEntity } from '../../index/dimension.ts';
import { catalogue } from '../../index/catalogue.ts';
import { entities, type Entity } from '../../index/fields.ts';
import type { Shown } from '../../index/statistics/figures.ts';
import { enumName, type HavingInput, keysByName, numbersByName, type OrderInput } from '../../index/statistics/asked.ts';
import { keyName, keysOf, type GroupKey } from '../../index/statistics/keys.ts';
import type { ShownGroup } from '../../index/statistics/statistics.ts';
import { builder } from '../builder.ts';
import { describedEnum } from '../enums.ts';
import { enums, filterFor } from '../lists/filters.ts';
import { DirectionEnum } from '../lists/where.ts';
import { TextType } from '../protection/finding.ts';
import { BranchCountType, MoneyFiguresType, QuantityFiguresType } from './figures.ts';
import { labelOf } from './labels.ts';
import { filterFieldOf, keySays, names } from './names.ts';

/** Conditions as sent. */
export type Conditions = Readonly<Record<string, unknown>>;

/** A key of a group with its value. */
interface KeyValue {
  readonly key: GroupKey;
  readonly value: string | number | boolean | null;
}

const KeyValueType = builder.objectRef<KeyValue>('GroupKey').implement({
  description: 'A key of a group with its value as text, for pages that are built from the catalogue.',
  fields: (t) => ({
    key: t.string({ nullable: false, description: 'Name of the key as in `groupBy`.', resolve: ({ key }) => enumName(keyName(key)) }),
    value: t.string({ description: 'Its value; null where there is none.', resolve: ({ value }) => (value === null ? null : String(value)) }),
    label: t.field({ type: TextType, nullable: false, description: 'How the value is called.', resolve: ({ key, value }) => labelOf(key.dimension.type, value) }),
  }),
});

/** Makes the types of the statistics of an entity, all from its catalogue. */
function makeTypes(entity: Entity, { dimensions, measures }: StatisticsEntity) {
  const [type, plural] = names[entity];
  const keys = dimensions.flatMap(keysOf);

  const KeyEnum = describedEnum<string>(`${type}StatisticsKey`, `What ${plural} can be grouped by.`, Object.fromEntries([...keysByName(dimensions)].map(([name, key]) => [name, keySays(key)])));
  const numbers = numbersByName(measures);
  const labels = new Map(measures.map((measure) => [measure.name, measure.label]));
  const MeasureEnum = describedEnum<string>(`${type}StatisticsNumber`, `Numbers by which groups of ${plural} are sorted and filtered.`, Object.fromEntries([...numbers].map(([name, { name: field, measure }]) => [name, `${labels.get(measure)!.en}: \`${field}\`.`])));

  const MeasuresEnum = describedEnum<string>(`${type}StatisticsMeasure`, `What is told of groups of ${plural}.`, Object.fromEntries(measures.map(({ name, label }) => [enumName(name), `${label.en} (${label.id}).`])));

  const WhereInput = builder.inputRef<Conditions>(`${type}StatisticsWhere`);
  WhereInput.implement({
    description: `Conditions on ${plural}; all must hold, and none holds of all.`,
    fields: (t) => ({
      and: t.field({ type: [WhereInput], description: 'All of these hold.' }),
      or: t.field({ type: [WhereInput], description: 'One of these holds; an empty list never does.' }),
      not: t.field({ type: WhereInput, description: 'These do not hold.' }),
      ...Object.fromEntries(dimensions.map((dimension) => [dimension.name, t.field({ type: filterFor(filterFieldOf(dimension)), description: `${dimension.label.en} (${dimension.label.id}).` })])),
    }),
  });
  const limits = { eq: 'Is this.', lt: 'Is less.', lte: 'Is this or less.', gt: 'Is more.', gte: 'Is this or more.' } as const;
  const HavingType = builder.inputRef<HavingInput>(`${type}StatisticsHaving`).implement({
    description: 'A condition on a number of groups. Numbers that are not shown meet none.',
    fields: (t) => ({
      measure: t.field({ type: MeasureEnum, required: true, description: 'The number.' }),
      eq: t.float({ description: limits.eq }),
      lt: t.float({ description: limits.lt }),
      lte: t.float({ description: limits.lte }),
      gt: t.float({ description: limits.gt }),
      gte: t.float({ description: limits.gte }),
    }),
  });
  const OrderType = builder.inputRef<OrderInput>(`${type}StatisticsOrder`).implement({
    description: 'What groups are sorted by: a number or a key, one of both.',
    fields: (t) => ({
      measure: t.field({ type: MeasureEnum, description: 'A number.' }),
      key: t.field({ type: KeyEnum, description: 'A key that is grouped by.' }),
      direction: t.field({ type: DirectionEnum, required: true, defaultValue: 'ASC', description: 'Which way. What is not shown comes last both ways.' }),
    }),
  });

  const ByType = builder.objectRef<ShownGroup>(`${type}StatisticsBy`).implement({
    description: `Values of the keys of a group of ${plural}. Null is a key that has no value, or by which the group is not grouped: see \`groupedBy\`.`,
    fields: (t) =>
      Object.fromEntries(
        keys.map((key) => {
          const name = keyName(key);
          const description = keySays(key);
          const read = ({ keys: values }: ShownGroup) => values.get(name) ?? null;
          const { type: of } = key.dimension;
          if (key.grain === 'YEAR' || (key.grain === null && of.kind === 'number')) return [name, t.int({ description, resolve: (group) => read(group) as number | null })];
          if (key.grain !== null) return [name, t.string({ description, resolve: (group) => read(group) as string | null })];
          if (of.kind === 'flag') return [name, t.boolean({ description, resolve: (group) => read(group) as boolean | null })];
          // The builder knows types by name; which one it is decides nothing here.
          const output = (of.kind === 'enum' ? enums[of.of] : of.kind === 'code' ? of.scalar : 'String') as 'String';
          return [name, t.field({ type: output, description, resolve: (group) => read(group) as string | null })];
        }),
      ),
  });

  const GroupType = builder.objectRef<ShownGroup>(`${type}StatisticsGroup`).implement({
    description: `A group of ${plural} with its figures. Where figures are protected, null is a figure of too few persons, or of nobody.`,
    fields: (t) => ({
      by: t.field({ type: ByType, nullable: false, description: 'Values of its keys.', resolve: (group) => group }),
      keys: t.field({
        type: [KeyValueType],
        nullable: false,
        description: 'The same as a list, with labels.',
        resolve: (group) => group.groupedBy.map((key) => ({ key, value: group.keys.get(keyName(key)) ?? null })),
      }),
      groupedBy: t.field({ type: [KeyEnum], nullable: false, description: 'Keys that it is grouped by: fewer than asked for in a subtotal.', resolve: (group) => group.groupedBy.map((key) => enumName(keyName(key))) }),
      subtotal: t.exposeBoolean('subtotal', { nullable: false, description: 'Whether it takes several groups together (`rollUp`).' }),
      ...Object.assign(
        {},
        ...measures.map(({ name, is, label }) => {
          const description = `${label.en} (${label.id}).`;
          const of = <T>(read: (shown: Shown) => T) => ({ description, resolve: ({ figures }: ShownGroup) => read(figures.get(name)!) });
          switch (is.kind) {
            case 'count':
              return { [name]: t.int(of(({ value }) => value)), [`${name}Share`]: t.float({ ...of(({ share }) => share), description: `What share of all, 0 to 1: ${description}` }) };
            case 'counts':
              return { [name]: t.field({ ...of(({ counts }) => counts), type: [BranchCountType] }) };
            case 'sum':
              return { [name]: t.int(of(({ value }) => value)), [`${name}PerThousand`]: t.float({ ...of(({ perThousand }) => perThousand), description: `For each thousand: ${description}` }) };
            case 'money':
              return { [name]: t.field({ ...of(({ money }) => money), type: [MoneyFiguresType] }) };
            case 'quantity':
              return { [name]: t.field({ ...of(({ quantity }) => quantity), type: QuantityFiguresType, description: `${description.slice(0, -1)}, in ${is.unit.toLowerCase()}.` }) };
            default:
              return { [name]: t.int(of(({ value }) => value)) };
          }
        }),
      ),
    }),
  });
  return { KeyEnum, MeasuresEnum, WhereInput, HavingType, OrderType, GroupType };
}

const made = new Map(entities.map((entity) => [entity, makeTypes(entity, catalogue[entity])]));
/** The types of the statistics of an entity. */
export const typesOf = (entity: Entity) => made.get(entity)!;
