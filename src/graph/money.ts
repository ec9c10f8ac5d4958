import type { Money } from '../domain/money.ts';
import type { Period } from '../domain/time.ts';
import { builder } from './builder.ts';

export const MoneyType = builder.objectRef<Money>('Money').implement({
  description: 'An amount in a currency.',
  fields: (t) => ({
    amount: t.field({ type: 'Decimal', nullable: false, description: 'Exact amount in the currency’s main unit.', resolve: (money) => money.amount }),
    currency: t.field({ type: 'CurrencyCode', nullable: false, description: 'Currency of the amount.', resolve: (money) => money.currency }),
  }),
});

export const PeriodType = builder.objectRef<Period>('Period').implement({
  description: 'A closed interval of days. A missing end is open or unknown.',
  fields: (t) => ({
    start: t.field({ type: 'Date', description: 'First day.', resolve: (period) => period.start }),
    end: t.field({ type: 'Date', description: 'Last day.', resolve: (period) => period.end }),
  }),
});
