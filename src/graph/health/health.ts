import type { HealthMembership, HealthSegment, InactiveReason } from '../../domain/health.ts';
import { agencyOwned, builder } from '../builder.ts';
import { describedEnum } from '../enums.ts';
import { factType } from '../fact.ts';

const HealthStatusEnum = describedEnum<'ACTIVE' | InactiveReason>('HealthStatus', 'Status of a JKN membership on the service date.', {
  ACTIVE: 'Active.',
  ARREARS: 'Not active because contributions are owed.',
  SUSPENDED_ABROAD: 'Suspended during six or more months abroad, which is lawful (Perpres 64/2020 art. 37).',
  DECEASED: 'Ended by death.',
  OTHER: 'Not active for another reason: see `statusText`.',
});
export const SegmentEnum = describedEnum<HealthSegment | 'OTHER'>('HealthSegment', 'Who pays for a JKN membership.', {
  PBI: 'The state pays (penerima bantuan iuran).',
  PPU: 'Wage earner (pekerja penerima upah).',
  PBPU: 'Self-paying (pekerja bukan penerima upah).',
  BP: 'Non-worker (bukan pekerja).',
  OTHER: 'None that the hub knows: see `segmentText`.',
});
export const InactiveReasonEnum = describedEnum<InactiveReason>('InactiveReason', 'Why a JKN membership is not active.', {
  ARREARS: 'Contributions are owed.',
  SUSPENDED_ABROAD: 'Suspended during six or more months abroad, which is lawful (Perpres 64/2020 art. 37).',
  DECEASED: 'Ended by death.',
  OTHER: 'Another reason.',
});
const FacilityType = builder.objectRef<NonNullable<HealthMembership['facility']>>('HealthFacility').implement({
  ...agencyOwned,
  description: 'A primary-care facility.',
  fields: (t) => ({
    code: t.exposeString('code', { description: 'Its code.' }),
    name: t.exposeString('name', { description: 'Its name.' }),
  }),
});

export const HealthMembershipType = factType<HealthMembership>(
  { typename: 'HealthMembership', facet: 'HEALTH_INSURANCE', pick: (record) => record.healthMemberships, number: (membership) => [membership.card] },
  'A JKN membership as it stands on a service date.',
);

builder.objectFields(HealthMembershipType, (t) => ({
  card: t.exposeString('card', { description: 'JKN card number.' }),
  serviceDate: t.expose('serviceDate', { type: 'Date', description: 'The day the status holds for.' }),
  active: t.exposeBoolean('active', { description: 'Whether it is active on the service date.' }),
  status: t.field({ type: HealthStatusEnum, nullable: false, description: 'Active, or why not, as far as the agency’s words tell.', resolve: (value) => (value.active ? 'ACTIVE' : (value.inactiveReason ?? 'OTHER')) }),
  statusCode: t.exposeString('statusCode', { description: 'The agency’s status code; only `0` (active) is published.' }),
  statusText: t.exposeString('statusText', { description: 'The agency’s words for the status.' }),
  segment: t.field({ type: SegmentEnum, nullable: false, description: 'Who pays.', resolve: (value) => value.segment ?? 'OTHER' }),
  segmentText: t.exposeString('segmentText', { description: 'The agency’s words for the segment.' }),
  wardClass: t.exposeString('wardClass', { description: 'Ward class entitled to, `1` to `3`.' }),
  familyRole: t.exposeString('familyRole', { description: 'Role in the family, as the agency codes it.' }),
  start: t.expose('start', { type: 'Date', description: 'First day of membership.' }),
  end: t.expose('end', { type: 'Date', description: 'Last day of membership.' }),
  facility: t.expose('facility', { type: FacilityType, description: 'Primary-care facility.' }),
}));
