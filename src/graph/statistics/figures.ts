import type { BranchName } from '../../protection/branches.ts';
import { type Fraction, fractions, type Shown } from '../../index/statistics/figures.ts';
import { builder } from '../builder.ts';
import { BranchNameEnum } from '../protection/branches.ts';

type Money = Shown['money'][number];
type Quantity = NonNullable<Shown['quantity']>;
type Counts = Shown['counts'][number];

export const MoneyFiguresType = builder.objectRef<Money>('MoneyFigures').implement({
  description: 'Amounts in one currency. Figures of too few persons are null.',
  fields: (t) => ({
    currency: t.expose('currency', { type: 'CurrencyCode', description: 'The currency; null where the agency names none.' }),
    count: t.exposeInt('count', { description: 'How many of the facts have an amount.' }),
    total: t.exposeFloat('total', { description: 'Sum of the amounts, to a hundredth.' }),
    mean: t.exposeFloat('mean', { description: 'The sum by their number.' }),
  }),
});

const fractionSays: Readonly<Record<Fraction, string>> = {
  p10: 'A tenth of the values are less.',
  p25: 'A quarter of the values are less.',
  median: 'Half of the values are less.',
  p75: 'Three quarters of the values are less.',
  p90: 'Nine tenths of the values are less.',
};

export const QuantityFiguresType = builder.objectRef<Quantity>('QuantityFigures').implement({
  description: 'How values such as durations are spread. Negative ones, which contradict the order of events, do not count. Figures of too few persons are null.',
  fields: (t) => ({
    count: t.exposeInt('count', { description: 'How many of the facts have a value.' }),
    mean: t.exposeFloat('mean', { description: 'Mean.' }),
    ...Object.fromEntries((Object.keys(fractions) as Fraction[]).map((name) => [name, t.float({ description: fractionSays[name], resolve: (quantity) => quantity[name] })])),
  }),
});

export const BranchCountType = builder.objectRef<Counts>('BranchCount').implement({
  description: 'How many are covered in a branch of ILO Convention 102. Branches that no programme for migrant workers covers have 0, or null where figures are protected.',
  fields: (t) => ({
    branch: t.field({ type: BranchNameEnum, nullable: false, description: 'The branch.', resolve: ({ value }) => value as BranchName }),
    count: t.exposeInt('count', { description: 'How many of the facts.' }),
    share: t.exposeFloat('share', { description: 'What share of the facts that is, 0 to 1.' }),
  }),
});
