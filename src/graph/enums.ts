import { builder } from './builder.ts';

/**
 * An enum whose every value has a description. Give the domain's union as the type argument (`describedEnum<Scheme>(...)`): a value without a description,
 * or one that the domain does not have, then fails the type check.
 */
export function describedEnum<V extends string>(name: string, description: string, values: { readonly [K in V]: string }) {
  const configs = Object.fromEntries((Object.entries(values) as [V, string][]).map(([value, text]) => [value, { value, description: text }]));
  return builder.enumType(name, { description, values: configs as { [K in V]: { value: K; description: string } } });
}
