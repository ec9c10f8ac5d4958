import * as fc from 'fast-check';
import { comparatorsOf } from '../../../src/index/lists/compare.ts';
import { type Entity, type Field, fieldsOf, partsOf, periodsOf } from '../../../src/index/fields.ts';
import { orderName } from '../../../src/index/lists/order.ts';

/** Values of each field that occur, so that conditions meet something. */
export type Seen = (entity: Entity, field: Field) => readonly (string | number | boolean)[];

/** Hard texts. Letters whose small form is another length, such as İ, are left out: the database and JavaScript do not agree on them. */
const wild = ["' or 1=1 --", '%', '_', 'a%', '\\', '"; drop table worker', 'ß', 'É', '$1', ')'];

function valueOf(field: Field, seen: readonly (string | number | boolean)[]): fc.Arbitrary<string | number | boolean> {
  const known = seen.length > 0 ? [fc.constantFrom(...seen)] : [];
  switch (field.kind) {
    case 'date':
      return fc.oneof(...known, fc.integer({ min: 0, max: 9_000 }).map((day) => new Date(Date.UTC(2005, 0, 1 + day)).toISOString().slice(0, 10)));
    case 'integer':
      return fc.oneof(...known, fc.integer({ min: -5, max: 100 }));
    case 'decimal':
      return fc.oneof(...known, fc.constantFrom('0', '370000', '0.01', '-1', '999999999999999.999999'));
    case 'boolean':
      return fc.boolean();
    case 'text':
      return fc.oneof(...known, ...known.map((value) => value.map((text) => String(text).slice(0, 3))), fc.constantFrom(...wild));
    default:
      return fc.oneof(...known, fc.constant('ZZ'));
  }
}

function filterOf(entity: Entity, field: Field, seen: Seen): fc.Arbitrary<object> {
  const value = valueOf(field, seen(entity, field));
  return fc.oneof(
    ...comparatorsOf[field.kind].map((comparator): fc.Arbitrary<object> => {
      if (comparator === 'isNull') return fc.boolean().map((isNull) => ({ isNull }));
      if (comparator === 'between') return fc.tuple(value, value).map(([from, to]) => ({ between: { from, to } }));
      if (comparator === 'in' || comparator === 'notIn') return fc.array(value, { maxLength: 4 }).map((list) => ({ [comparator]: list }));
      return value.map((one) => ({ [comparator]: one }));
    }),
  );
}

/** Conditions of any shape on an entity. */
export function whereOf(entity: Entity, seen: Seen, depth = 3): fc.Arbitrary<Record<string, unknown>> {
  const leaf = fc.constantFrom(...fieldsOf[entity]).chain((field) => filterOf(entity, field, seen).map((filter) => ({ [field.name]: filter }) as Record<string, unknown>));
  const period = periodsOf[entity];
  const day = fc.integer({ min: 0, max: 3_000 }).map((days) => new Date(Date.UTC(2019, 0, 1 + days)).toISOString().slice(0, 10));
  const leaves = [leaf, ...(period ? [day.map((on) => ({ [period.name]: on }) as Record<string, unknown>)] : []), fc.constant({})];
  if (depth === 0) return fc.oneof(...leaves);
  const inner = whereOf(entity, seen, depth - 1);
  const related =
    entity === 'worker'
      ? fc.constantFrom(...(Object.keys(partsOf) as (keyof typeof partsOf)[])).chain((name) =>
          fc.tuple(fc.constantFrom('some', 'none', 'every'), whereOf(partsOf[name], seen, depth - 1)).map(([quantifier, where]) => ({ [name]: { [quantifier]: where } }) as Record<string, unknown>),
        )
      : whereOf('worker', seen, depth - 1).map((worker) => ({ worker }) as Record<string, unknown>);
  return fc.oneof(
    ...leaves,
    related,
    inner.map((not) => ({ not }) as Record<string, unknown>),
    fc.array(inner, { maxLength: 3 }).map((and) => ({ and }) as Record<string, unknown>),
    fc.array(inner, { minLength: 1, maxLength: 3 }).map((or) => ({ or }) as Record<string, unknown>),
  );
}

export function orderOf(entity: Entity): fc.Arbitrary<{ field: string; direction: 'ASC' | 'DESC' }[]> {
  const fields = fieldsOf[entity].filter(({ sortable }) => sortable);
  return fc.uniqueArray(fc.record({ field: fc.constantFrom(...fields.map(orderName)), direction: fc.constantFrom('ASC' as const, 'DESC' as const) }), { maxLength: 3, selector: ({ field }) => field });
}
