import { bpjsKesehatan } from './bpjs-kesehatan/index.ts';
import type { AgencyDefinition } from './definition.ts';

/** Every agency that the hub joins. Adding one is a line here (docs/agencies.md); nothing else names an agency. */
export const agencies: readonly AgencyDefinition[] = [
  bpjsKesehatan,
];
