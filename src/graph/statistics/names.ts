import type { Dimension, Measure } from '../../index/dimension.ts';
import type { Entity, Field } from '../../index/fields.ts';
import { type GroupKey, keyName, keysOf } from '../../index/statistics/keys.ts';
import { numbersOf } from '../../index/statistics/order.ts';

/** How the schema calls statistics of each entity: its types begin with the first, what is counted is the second. */
export const names: Readonly<Record<Entity, readonly [type: string, plural: string]>> = {
  worker: ['Worker', 'workers'],
  placement: ['Placement', 'placements'],
  coverage: ['Coverage', 'cover periods'],
  case: ['Case', 'cases'],
  health: ['Health', 'JKN memberships'],
  stay: ['Stay', 'reports of stay'],
  gap: ['Gap', 'gaps in protection'],
};

/** `openedQuarter` as `OPENED_QUARTER`. */
export function enumName(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
}

const grainSays = { YEAR: 'year', QUARTER: 'quarter, such as `2026-Q3`', MONTH: 'month, such as `2026-07`' } as const;

export function keySays({ dimension: { label }, grain }: GroupKey): string {
  return `${label.en}${grain === null ? '' : `: ${grainSays[grain]}`} (${label.id}).`;
}

/** Keys of dimensions by their names in enums. */
export function keysByName(dimensions: readonly Dimension[]): Map<string, GroupKey> {
  return new Map(dimensions.flatMap(keysOf).map((key) => [enumName(keyName(key)), key]));
}

export function numbersByName(measures: readonly Measure[]) {
  return new Map(measures.flatMap(numbersOf).map((number) => [enumName(number.name), number]));
}

/** The field by whose kind of filter a dimension is filtered. */
export function filterFieldOf({ name, type, label }: Dimension): Field {
  const field = (kind: Field['kind'], more: Partial<Field> = {}): Field => ({ name, column: name, kind, description: label.en, label: label.id, sortable: false, ...more });
  switch (type.kind) {
    case 'enum':
      return field('enum', { values: type.of });
    case 'flag':
      return field('boolean');
    case 'day':
      return field('date');
    case 'number':
      return field('integer');
    case 'code':
      return field(({ CountryCode: 'country', CurrencyCode: 'currency', AreaCode: 'area', String: 'text' } as const)[type.scalar]);
    default:
      return field('text');
  }
}
