import type { Place } from '../domain/placement.ts';
import { missionByCode, type Mission } from '../domain/missions.ts';
import { agencyOwned, builder } from './builder.ts';
import { describedEnum } from './enums.ts';

export const PlaceType = builder.objectRef<Place>('Place').implement({
  ...agencyOwned,
  description: 'A place abroad, as precise as the agency knows it.',
  fields: (t) => ({
    country: t.expose('country', { type: 'CountryCode', description: 'Country.' }),
    region: t.exposeString('region', { description: 'State, emirate or province, in the agency’s words.' }),
    district: t.exposeString('district', { description: 'District or city, in the agency’s words. In Sabah it decides which mission is in charge.' }),
  }),
});

const MissionKindEnum = describedEnum('MissionKind', 'Kind of an Indonesian mission abroad.', {
  KBRI: 'Embassy (Kedutaan Besar Republik Indonesia).',
  KJRI: 'Consulate-general (Konsulat Jenderal Republik Indonesia).',
  KRI: 'Consulate (Konsulat Republik Indonesia).',
  KDEI: 'Trade office where there is no diplomatic mission (Kantor Dagang dan Ekonomi Indonesia).',
});

export const MissionType = builder.objectRef<Mission>('Mission').implement({
  description: 'An Indonesian mission abroad (Perwakilan RI).',
  fields: (t) => ({
    code: t.exposeString('code', { nullable: false, description: 'Code of the mission, such as `KBRI_KUALA_LUMPUR`.' }),
    kind: t.expose('kind', { type: MissionKindEnum, nullable: false, description: 'Embassy, consulate-general, consulate or trade office.' }),
    city: t.exposeString('city', { nullable: false, description: 'City where it sits.' }),
    country: t.expose('country', { type: 'CountryCode', nullable: false, description: 'Country where it sits.' }),
  }),
});

/** The mission of a code; null for a code that the hub does not know. */
export function mission(code: string | null): Mission | null {
  return code === null ? null : missionByCode(code);
}
