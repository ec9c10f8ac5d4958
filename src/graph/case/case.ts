import type { Case, CaseCategory, CaseEvent, CaseKind, CaseParty, CaseStatus, PartyRole, Stay, StayKind } from '../../domain/case.ts';
import { agencyOwned, builder } from '../builder.ts';
import { describedEnum } from '../enums.ts';
import { type FactKind, factType } from '../fact.ts';
import { MoneyType } from '../money.ts';
import { mission, MissionType, PlaceType } from '../place.ts';

export const CategoryEnum = describedEnum<CaseCategory>('CaseCategory', 'Category of a case. The list is the hub’s own, after the ministry’s published counts.', {
  KEIMIGRASIAN: 'Immigration: overstay, undocumented, deportation, detention.',
  KETENAGAKERJAAN: 'Employment: unpaid wage, breach of contract, dismissal.',
  MENINGGAL: 'Death.',
  SAKIT: 'Illness.',
  PIDANA: 'Criminal case.',
  HUKUMAN_MATI: 'Threat of the death penalty.',
  PERDATA: 'Civil case.',
  KEKERASAN: 'Violence.',
  TPPO: 'Trafficking in persons (tindak pidana perdagangan orang).',
  ABK: 'Ship crew (anak buah kapal).',
  KEDARURATAN: 'Emergency: war, disaster, hostage-taking, transport accident.',
  REPATRIASI: 'Repatriation.',
  HILANG_KONTAK: 'Lost contact.',
  LAINNYA: 'Other.',
});
export const KindEnum = describedEnum<CaseKind>('CaseKind', 'General and special cases are counted apart.', {
  UMUM: 'General case (kasus umum).',
  KHUSUS: 'Special case (kasus khusus).',
});
export const StatusEnum = describedEnum<CaseStatus>('CaseStatus', 'How far a case has come.', {
  WAITING_VERIFICATION: 'Waiting to be verified.',
  IN_PROCESS: 'Being handled.',
  CLOSED: 'Closed.',
  REJECTED: 'Refused.',
});
const RoleEnum = describedEnum<PartyRole>('PartyRole', 'Part that someone has in a case.', {
  WORKER: 'The worker.',
  REPORTER: 'Who reported it.',
  EMPLOYER: 'The employer.',
  P3MI: 'The placement company.',
  FAMILY: 'Family of the worker.',
  AUTHORITY: 'An authority.',
  OTHER: 'Someone else.',
});
export const StayKindEnum = describedEnum<StayKind>('StayKind', 'Kind of a report of stay (lapor diri).', {
  KEDATANGAN: 'Arrival.',
  PERPINDAHAN: 'Move.',
  KEPULANGAN: 'Return.',
  KELUARGA: 'Family member.',
});

const PartyType = builder.objectRef<CaseParty>('CaseParty').implement({
  ...agencyOwned,
  description: 'Someone named in a case file.',
  fields: (t) => ({
    role: t.expose('role', { type: RoleEnum, nullable: false, description: 'Part in the case.' }),
    name: t.exposeString('name', { description: 'Name as written in the file.' }),
  }),
});
const EventType = builder.objectRef<CaseEvent>('CaseEvent').implement({
  ...agencyOwned,
  description: 'A step in a case’s history.',
  fields: (t) => ({
    at: t.expose('at', { type: 'DateTime', description: 'When.' }),
    status: t.expose('status', { type: StatusEnum, nullable: false, description: 'Status from then on.' }),
    note: t.exposeString('note', { description: 'What was done, in the mission’s words.' }),
  }),
});

/** Cases as facts of workers. */
export const caseFact: FactKind<Case> = { typename: 'Case', facet: 'CASE', pick: (record) => record.cases, number: (value) => [value.number] };

export const CaseType = factType(caseFact, 'A protection case that a mission handles for a worker.');

builder.objectFields(CaseType, (t) => ({
  number: t.exposeString('number', { description: 'The mission’s case number.' }),
  mission: t.field({ type: MissionType, description: 'Mission that handles it, where the hub knows it.', resolve: (value) => mission(value.mission) }),
  category: t.expose('category', { type: CategoryEnum, nullable: false, description: 'Category.' }),
  subcategory: t.exposeString('subcategory', { description: 'The agency’s finer kind, such as `GAJI_TIDAK_DIBAYAR` (unpaid wage).' }),
  kind: t.expose('kind', { type: KindEnum, nullable: false, description: 'General or special.' }),
  status: t.expose('status', { type: StatusEnum, nullable: false, description: 'How far it has come.' }),
  place: t.expose('place', { type: PlaceType, description: 'Where it happened.' }),
  openedOn: t.expose('openedOn', { type: 'Date', description: 'Day it was opened.' }),
  closedOn: t.expose('closedOn', { type: 'Date', description: 'Day it was closed; null while open.' }),
  claimed: t.expose('claimed', { type: MoneyType, description: 'Money claimed for the worker.' }),
  recovered: t.expose('recovered', { type: MoneyType, description: 'Money recovered so far.' }),
  parties: t.expose('parties', { type: [PartyType], description: 'Who is named in the file.' }),
  events: t.expose('events', { type: [EventType], description: 'What happened, oldest first.' }),
}));

export const StayType = factType<Stay>({ typename: 'Stay', facet: 'STAY', pick: (record) => record.stays, number: (value) => [value.number] }, 'A report of stay abroad (lapor diri). A new passport, visa or address makes a new one.');

builder.objectFields(StayType, (t) => ({
  number: t.exposeString('number', { description: 'The mission’s number of the report.' }),
  kind: t.expose('kind', { type: StayKindEnum, nullable: false, description: 'Arrival, move, return or family member.' }),
  mission: t.field({ type: MissionType, description: 'Mission it was made to, where the hub knows it.', resolve: (value) => mission(value.mission) }),
  place: t.expose('place', { type: PlaceType, description: 'Where she stays.' }),
  reportedOn: t.expose('reportedOn', { type: 'Date', description: 'Day of the report.' }),
  verifiedOn: t.expose('verifiedOn', { type: 'Date', description: 'Day the mission verified it; null before.' }),
}));
