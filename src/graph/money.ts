import type { Money } from '../domain/money.ts';
import type { Period } from '../domain/time.ts';
import { builder } from './builder.ts';

export const MoneyType = builder.objectRef<Money>('Money').implement({
  description: 'An amount in a currency.',
  fields: (t) => ({
    amount: t.expose('amount', { type: 'Decimal', nullable: false, description: 'Exact amount in the currency’s main unit.' }),
    currency: t.expose('currency', { type: 'CurrencyCode', nullable: false, description: 'Currency of the amount.' }),
  }),
});

export const PeriodType = builder.objectRef<Period>('Period').implement({
  description: 'A closed interval of days. A missing end is open or unknown.',
  fields: (t) => ({
    start: t.expose('start', { type: 'Date', description: 'First day.' }),
    end: t.expose('end', { type: 'Date', description: 'Last day.' }),
  }),
});
