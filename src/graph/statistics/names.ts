import type { Dimension } from '../../index/dimension.ts';
import type { Entity, Field } from '../../index/fields.ts';
import type { GroupKey } from '../../index/statistics/keys.ts';

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

const grainSays = { YEAR: 'year', QUARTER: 'quarter, such as `2026-Q3`', MONTH: 'month, such as `2026-07`' } as const;

export function keySays({ dimension: { label }, grain }: GroupKey): string {
  return `${label.en}${grain === null ? '' : `: ${grainSays[grain]}`} (${label.id}).`;
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
