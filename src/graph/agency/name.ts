import { agencies } from '../../agencies/index.ts';
import type { AgencyName } from '../../domain/record.ts';
import { builder } from '../builder.ts';

/** The registered agencies; a further agency appears here by being registered. */
export const AgencyNameEnum = builder.enumType('AgencyName', {
  description: 'An agency whose records the hub joins.',
  values: Object.fromEntries(agencies.map((agency) => [agency.name, { value: agency.name, description: agency.title }])),
});

/** Whether the hub joins an agency of this name: a bound may name one that was taken out since. */
export function isAgencyName(name: AgencyName): boolean {
  return agencies.some((agency) => agency.name === name);
}
