import type { AgencyDefinition } from './definition.ts';
import { bp2mi } from './bp2mi/index.ts';
import { bpjsKetenagakerjaan } from './bpjs-ketenagakerjaan/index.ts';
import { bpjsKesehatan } from './bpjs-kesehatan/index.ts';
import { perwakilan } from './perwakilan/index.ts';

/** Every agency that the hub joins. Adding one is a line here (docs/agencies.md); nothing else names an agency. */
export const agencies: readonly AgencyDefinition[] = [
  bp2mi,
  bpjsKetenagakerjaan,
  bpjsKesehatan,
  perwakilan,
];
