// Prints the schema that the hub serves to schema/schema.graphql: `npm run schema`.
import { writeFileSync } from 'node:fs';
import { lexicographicSortSchema, printSchema } from 'graphql';
import { schema } from '../src/graph/schema.ts';

export const printed = () => `${printSchema(lexicographicSortSchema(schema))}\n`;

if (import.meta.main) {
  writeFileSync(new URL('../schema/schema.graphql', import.meta.url), printed());
}
