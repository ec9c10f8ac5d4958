import { type Area, type AreaNames, describeArea } from '../../areas/areas.ts';
import type { AreaCode } from '../../domain/person.ts';
import { builder } from '../builder.ts';

const AreaType = builder.objectRef<Area>('Area').implement({
  description: 'An administrative area of Indonesia.',
  fields: (t) => ({
    code: t.expose('code', { type: 'AreaCode', nullable: false, description: 'Kemendagri code.' }),
    name: t.exposeString('name', { nullable: false, description: 'Name.' }),
  }),
});

/** An origin as the agency's code gives it, with what the current list of areas says of it. */
export interface Origin extends Partial<AreaNames> {
  readonly code: AreaCode;
}

export function originOf(code: AreaCode | null): Origin | null {
  return code === null ? null : { code, ...describeArea(code) };
}

export const OriginType = builder.objectRef<Origin>('Origin').implement({
  description: 'Where in Indonesia a worker comes from, as precise as the agency knows it. Parts that are not on the current list of areas (from before a province was split, say) are null.',
  fields: (t) => ({
    code: t.expose('code', { type: 'AreaCode', nullable: false, description: 'The area code as the agency gave it.' }),
    province: t.expose('province', { type: AreaType, description: 'Province.' }),
    regency: t.expose('regency', { type: AreaType, description: 'Regency or city (kabupaten, kota).' }),
    district: t.expose('district', { type: AreaType, description: 'District (kecamatan).' }),
  }),
});
