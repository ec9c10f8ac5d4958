/** An amount in a currency. `amount` is exact decimal text in the currency's main unit (`"1500.00"` MYR, `"370000"` IDR), never a float. */
export interface Money {
  readonly amount: string;
  /** ISO 4217 code. */
  readonly currency: string;
}
