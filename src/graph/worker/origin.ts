import type { AreaCode } from '../../domain/person.ts';
import { areaName } from '../../areas/areas.ts';
import { builder } from '../builder.ts';

const AreaType = builder.objectRef<AreaCode>('Area').implement({
  description: 'An administrative area of Indonesia.',
  fields: (t) => ({
    code: t.field({ type: 'AreaCode', nullable: false, description: 'Kemendagri code.', resolve: (code) => code }),
    name: t.string({ description: 'Name; null for a code that is not in the current list, such as one from before a province was split.', resolve: (code) => areaName(code) }),
  }),
});

/** The first `length` characters of the code, where it is that precise. */
const upTo = (code: AreaCode, length: number) => (code.length >= length ? code.slice(0, length) : null);

export const OriginType = builder.objectRef<AreaCode>('Origin').implement({
  description: 'Where in Indonesia a worker comes from, as precise as the agency knows it.',
  fields: (t) => ({
    province: t.field({ type: AreaType, description: 'Province.', resolve: (code) => upTo(code, 2) }),
    regency: t.field({ type: AreaType, description: 'Regency or city (kabupaten, kota).', resolve: (code) => upTo(code, 5) }),
    district: t.field({ type: AreaType, description: 'District (kecamatan).', resolve: (code) => upTo(code, 8) }),
  }),
});
