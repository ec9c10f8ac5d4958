import type { Case, CaseCategory, CaseEvent, CaseKind, CaseParty, CaseStatus, PartyRole, Stay, StayKind } from '../../domain/case.ts';
import { agencyOwned, builder } from '../builder.ts';
import { describedEnum } from '../enums.ts';
import { factType } from '../fact.ts';
import { MoneyType } from '../money.ts';
import { mission, MissionType, PlaceType } from '../place.ts';

const CategoryEnum = describedEnum<CaseCategory>('CaseCategory', 'Category of a case. The list is the hub’s own, after the ministry’s published counts.', {
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
const KindEnum = describedEnum<CaseKind>('CaseKind', 'General and special cases are counted apart.', {
  UMUM: 'General case (kasus umum).',
  KHUSUS: 'Special case (kasus khusus).',
});
const StatusEnum = describedEnum<CaseStatus>('CaseStatus', 'How far a case has come.', {
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
const StayKindEnum = describedEnum<StayKind>('StayKind', 'Kind of a report of stay (lapor diri).', {
  KEDATANGAN: 'Arrival.',
  PERPINDAHAN: 'Move.',
  KEPULANGAN: 'Return.',
  KELUARGA: 'Family member.',
});

const PartyType = builder.objectRef<CaseParty>('CaseParty').implement({
  ...agencyOwned,
  description: 'Someone named in a case file.',
  fields: (t) => ({
    role: t.field({ type: RoleEnum, nullable: false, description: 'Part in the case.', resolve: (party) => party.role }),
    name: t.exposeString('name', { description: 'Name as written in the file.' }),
  }),
});
const EventType = builder.objectRef<CaseEvent>('CaseEvent').implement({
  ...agencyOwned,
  description: 'A step in a case’s history.',
  fields: (t) => ({
    at: t.field({ type: 'DateTime', description: 'When.', resolve: (event) => event.at }),
    status: t.field({ type: StatusEnum, nullable: false, description: 'Status from then on.', resolve: (event) => event.status }),
    note: t.exposeString('note', { description: 'What was done, in the mission’s words.' }),
  }),
});

export const CaseType = factType<Case>({ typename: 'Case', facet: 'CASE', pick: (record) => record.cases, number: (value) => [value.number] }, 'A protection case that a mission handles for a worker.');

builder.objectFields(CaseType, (t) => ({
  number: t.string({ description: 'The mission’s case number.', resolve: ({ value }) => value.number }),
  mission: t.field({ type: MissionType, description: 'Mission that handles it, where the hub knows it.', resolve: ({ value }) => mission(value.mission) }),
  category: t.field({ type: CategoryEnum, nullable: false, description: 'Category.', resolve: ({ value }) => value.category }),
  subcategory: t.string({ description: 'The agency’s finer kind, such as `GAJI_TIDAK_DIBAYAR` (unpaid wage).', resolve: ({ value }) => value.subcategory }),
  kind: t.field({ type: KindEnum, nullable: false, description: 'General or special.', resolve: ({ value }) => value.kind }),
  status: t.field({ type: StatusEnum, nullable: false, description: 'How far it has come.', resolve: ({ value }) => value.status }),
  place: t.field({ type: PlaceType, description: 'Where it happened.', resolve: ({ value }) => value.place }),
  openedOn: t.field({ type: 'Date', description: 'Day it was opened.', resolve: ({ value }) => value.openedOn }),
  closedOn: t.field({ type: 'Date', description: 'Day it was closed; null while open.', resolve: ({ value }) => value.closedOn }),
  claimed: t.field({ type: MoneyType, description: 'Money claimed for the worker.', resolve: ({ value }) => value.claimed }),
  recovered: t.field({ type: MoneyType, description: 'Money recovered so far.', resolve: ({ value }) => value.recovered }),
  parties: t.field({ type: [PartyType], description: 'Who is named in the file.', resolve: ({ value }) => value.parties }),
  events: t.field({ type: [EventType], description: 'What happened, oldest first.', resolve: ({ value }) => value.events }),
}));

export const StayType = factType<Stay>({ typename: 'Stay', facet: 'STAY', pick: (record) => record.stays, number: (value) => [value.number] }, 'A report of stay abroad (lapor diri). A new passport, visa or address makes a new one.');

builder.objectFields(StayType, (t) => ({
  number: t.string({ description: 'The mission’s number of the report.', resolve: ({ value }) => value.number }),
  kind: t.field({ type: StayKindEnum, nullable: false, description: 'Arrival, move, return or family member.', resolve: ({ value }) => value.kind }),
  mission: t.field({ type: MissionType, description: 'Mission it was made to, where the hub knows it.', resolve: ({ value }) => mission(value.mission) }),
  place: t.field({ type: PlaceType, description: 'Where she stays.', resolve: ({ value }) => value.place }),
  reportedOn: t.field({ type: 'Date', description: 'Day of the report.', resolve: ({ value }) => value.reportedOn }),
  verifiedOn: t.field({ type: 'Date', description: 'Day the mission verified it; null before.', resolve: ({ value }) => value.verifiedOn }),
}));
