import type { InputRef } from '@pothos/core';
import { type Entity, entities, fieldsOf, partsOf, periodsOf } from '../../index/fields.ts';
import { scopeOf } from '../../index/lists/rows.ts';
import type { Where } from '../../index/lists/where.ts';
import { type Order, orderName } from '../../index/lists/order.ts';
import { builder } from '../builder.ts';
import { describedEnum } from '../enums.ts';
import { filterFor } from './filters.ts';

const names: Readonly<Record<Entity, readonly [type: string, plural: string]>> = {
  worker: ['Worker', 'workers'],
  placement: ['Placement', 'placements'],
  coverage: ['Coverage', 'cover periods'],
  case: ['Case', 'cases'],
  health: ['HealthMembership', 'JKN memberships'],
  stay: ['Stay', 'reports of stay'],
  gap: ['Gap', 'gaps'],
};

const refs = new Map(entities.map((entity) => [entity, builder.inputRef<Where>(`${names[entity][0]}Where`)]));
/** The input for conditions on an entity. */
export const whereType = (entity: Entity): InputRef<Where> => refs.get(entity)!;

for (const entity of entities) {
  const [, plural] = names[entity];
  refs.get(entity)!.implement({
    description: `Conditions on ${plural}; all must hold, and none holds of all. They are about the ${plural} that you may see. Needs ${scopeOf[entity] === null ? 'no scope of its own: what each rests on must be seen' : `the scope \`${scopeOf[entity]}\``}.`,
    fields: (t) => {
      const self = whereType(entity);
      const period = periodsOf[entity];
      return {
        and: t.field({ type: [self], description: 'All of these hold.' }),
        or: t.field({ type: [self], description: 'One of these holds; an empty list never does.' }),
        not: t.field({ type: self, description: 'These do not hold.' }),
        ...Object.fromEntries(fieldsOf[entity].map((field) => [field.name, t.field({ type: filterFor(field), description: field.description })])),
        ...(period && { [period.name]: t.field({ type: 'Date', description: period.description }) }),
        ...(entity === 'worker'
          ? Object.fromEntries(Object.entries(partsOf).map(([name, part]) => [name, t.field({ type: partTypes.get(part)!, description: `Conditions on her ${names[part][1]}.` })]))
          : { worker: t.field({ type: whereType('worker'), description: 'Conditions on the worker whom it is about.' }) }),
      };
    },
  });
}

const partTypes = new Map(
  Object.values(partsOf).map((entity) => {
    const [type, plural] = names[entity];
    return [
      entity,
      builder.inputRef<Where>(`${type}Quantifiers`).implement({
        description: `How many of a worker’s ${plural} must meet conditions, of those that you may see.`,
        fields: (t) => ({
          some: t.field({ type: whereType(entity), description: 'At least one does; with no conditions, there is one.' }),
          none: t.field({ type: whereType(entity), description: 'None does; with no conditions, there is none.' }),
          every: t.field({ type: whereType(entity), description: 'All do, or there is none.' }),
        }),
      }),
    ] as const;
  }),
);

export const DirectionEnum = describedEnum('Direction', 'Which way a list is sorted. What has no value comes last both ways.', { ASC: 'Least or earliest first.', DESC: 'Most or latest first.' });

const orderTypes = new Map<Entity, InputRef<Order>>();

/** The input by which a list of the entity is sorted. */
export function orderType(entity: Entity): InputRef<Order> {
  const known = orderTypes.get(entity) ?? makeOrderType(entity);
  orderTypes.set(entity, known);
  return known;
}

function makeOrderType(entity: Entity): InputRef<Order> {
  const [type, plural] = names[entity];
  const fields = fieldsOf[entity].filter(({ sortable }) => sortable);
  const FieldEnum = describedEnum<string>(`${type}OrderField`, `What ${plural} can be sorted by.`, Object.fromEntries(fields.map((field) => [orderName(field), field.description])));
  return builder.inputRef<Order>(`${type}Order`).implement({
    description: `A field to sort ${plural} by.`,
    fields: (t) => ({
      field: t.field({ type: FieldEnum, required: true, description: 'The field.' }),
      direction: t.field({ type: DirectionEnum, required: true, defaultValue: 'ASC', description: 'Which way.' }),
    }),
  });
}
