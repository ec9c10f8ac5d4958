import { agencies } from '../../agencies/index.ts';
import { builder } from '../builder.ts';

/** The registered agencies; a further agency appears here by being registered. */
export const AgencyNameEnum = builder.enumType('AgencyName', {
  description: 'An agency whose records the hub joins.',
  values: Object.fromEntries(agencies.map((agency) => [agency.name, { value: agency.name, description: agency.title }])),
});
