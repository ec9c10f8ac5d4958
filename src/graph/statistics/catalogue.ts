import { catalogue } from '../../index/catalogue.ts';
import { type Dimension, type Measure, sensitivities } from '../../index/dimension.ts';
import { entities, type Entity } from '../../index/fields.ts';
import { enumName } from '../../index/statistics/asked.ts';
import { keysOf, keyName } from '../../index/statistics/keys.ts';
import { numbersOf } from '../../index/statistics/order.ts';
import { mayRestOn } from '../../index/statistics/reach.ts';
import { builder } from '../builder.ts';
import type { GraphContext } from '../context.ts';
import { describedEnum } from '../enums.ts';
import { TextType } from '../protection/finding.ts';

const SensitivityEnum = describedEnum<(typeof sensitivities)[number]>('Sensitivity', 'How far a value may say something of a person.', {
  PLAIN: 'Of her placement, or of where she comes from.',
  PERSONAL: 'Of herself.',
  SENSITIVE: 'Of health, cover, cases or money.',
});
const DimensionKindEnum = describedEnum<Dimension['type']['kind']>('DimensionKind', 'What the values of a dimension are.', {
  enum: 'Words of an enum of the schema.',
  code: 'Codes, such as countries and areas, or texts.',
  set: 'Several words, joined by `+`.',
  band: 'Spans of numbers, such as ages.',
  flag: 'Yes or no.',
  day: 'Days; they are grouped by year, quarter and month.',
  number: 'Whole numbers.',
});
const MeasureKindEnum = describedEnum<Measure['is']['kind']>('MeasureKind', 'What a measure tells.', {
  facts: 'How many there are.',
  persons: 'How many different persons there are.',
  count: 'How many meet a condition, and what share that is.',
  counts: 'The same for several conditions.',
  sum: 'A sum of whole numbers, and what it is for a thousand.',
  money: 'Sums of money, by currency.',
  quantity: 'Mean and quantiles.',
});

const mayUse = (context: GraphContext, { rests }: Dimension | Measure) => rests.every((one) => mayRestOn(context.caller, one));

const DimensionType = builder.objectRef<Dimension>('CatalogueDimension').implement({
  description: 'Something that statistics can be filtered and grouped by.',
  fields: (t) => ({
    name: t.exposeString('name', { nullable: false, description: 'Name in `where`.' }),
    keys: t.stringList({ nullable: false, description: 'Names in `groupBy`.', resolve: (dimension) => keysOf(dimension).map((key) => enumName(keyName(key))) }),
    label: t.expose('label', { type: TextType, nullable: false, description: 'What it is called.' }),
    kind: t.field({ type: DimensionKindEnum, nullable: false, description: 'What its values are.', resolve: ({ type }) => type.kind }),
    valueType: t.string({ description: 'Type of the schema that its values are of, where it has one.', resolve: ({ type }) => (type.kind === 'enum' ? type.of : type.kind === 'code' ? type.scalar : null) }),
    values: t.stringList({ description: 'Its values, where they are few and fixed by the hub itself.', resolve: ({ type }) => (type.kind === 'band' ? [...type.values] : null) }),
    sensitivity: t.expose('sensitivity', { type: SensitivityEnum, nullable: false, description: 'How far it says something of a person.' }),
    sql: t.exposeString('sql', { nullable: false, description: 'How it follows from the facts; `$day` is `asOf`.' }),
    available: t.boolean({ nullable: false, description: 'Whether you may use it: what is made from all facts of a worker needs bounds that leave none out.', resolve: (dimension, _args, context) => mayUse(context, dimension) }),
  }),
});

const MeasureType = builder.objectRef<Measure>('CatalogueMeasure').implement({
  description: 'Something that statistics tell of a group.',
  fields: (t) => ({
    name: t.exposeString('name', { nullable: false, description: 'Name of the field.' }),
    numbers: t.stringList({ nullable: false, description: 'Names of its numbers in `having` and `orderBy`.', resolve: (measure) => numbersOf(measure).map(({ name }) => enumName(name)) }),
    label: t.expose('label', { type: TextType, nullable: false, description: 'What it is called.' }),
    kind: t.field({ type: MeasureKindEnum, nullable: false, description: 'What it tells.', resolve: ({ is }) => is.kind }),
    sensitivity: t.expose('sensitivity', { type: SensitivityEnum, nullable: false, description: 'How far it says something of a person.' }),
    sql: t.string({ description: 'How it follows from the facts; `$day` is `asOf`. Null for mere counts.', resolve: ({ is }) => ('sql' in is ? is.sql : null) }),
    available: t.boolean({ nullable: false, description: 'Whether you may use it.', resolve: (measure, _args, context) => mayUse(context, measure) }),
  }),
});

const EntityType = builder.objectRef<Entity>('CatalogueEntity').implement({
  description: 'A kind of fact that statistics can be asked of.',
  fields: (t) => ({
    name: t.string({ nullable: false, description: 'Name of the kind.', resolve: (entity) => entity }),
    field: t.string({ nullable: false, description: 'Field of `Query` that answers.', resolve: (entity) => `${entity}Statistics` }),
    dimensions: t.field({ type: [DimensionType], nullable: false, description: 'What it can be filtered and grouped by.', resolve: (entity) => [...catalogue[entity].dimensions] }),
    measures: t.field({ type: [MeasureType], nullable: false, description: 'What can be told of groups.', resolve: (entity) => [...catalogue[entity].measures] }),
  }),
});

builder.queryField('catalogue', (t) =>
  t.field({ type: [EntityType], nullable: false, description: 'All dimensions and measures of the statistics, so that a page can build itself from them.', resolve: () => [...entities] }),
);
