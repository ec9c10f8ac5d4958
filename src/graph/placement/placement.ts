import type { Contract, Employer, EmployerKind, P3mi, Placement, PlacementStage, Procedure, Scheme, Sector } from '../../domain/placement.ts';
import { agencyOwned, builder, reads } from '../builder.ts';
import { holdsScope } from '../context.ts';
import { describedEnum } from '../enums.ts';
import { factType } from '../fact.ts';
import { MoneyType } from '../money.ts';
import { mission, MissionType, PlaceType } from '../place.ts';

export const SchemeEnum = describedEnum<Scheme>('Scheme', 'Placement scheme as BP2MI counts it.', {
  G_TO_G: 'Government to government.',
  P_TO_P: 'Private to private, through a placement company (P3MI).',
  PERSEORANGAN: 'Individual worker (mandiri).',
  UKPS: 'For the company’s own use (untuk kepentingan perusahaan sendiri).',
});
export const ProcedureEnum = describedEnum<Procedure>('Procedure', 'Whether the placement followed the legal procedure.', {
  PROSEDURAL: 'It did.',
  NON_PROSEDURAL: 'It did not.',
});
export const StageEnum = describedEnum<PlacementStage>('PlacementStage', 'How far a placement has come. The order of the steps before departure is the hub’s own proposal.', {
  REGISTERED: 'Account made.',
  VERIFIED: 'Data verified.',
  ID_ISSUED: 'ID PMI issued.',
  PLACEMENT_AGREED: 'Placement agreement signed.',
  MEDICAL_PASSED: 'Health and psychology checks passed.',
  TRAINED: 'Competence certificate obtained.',
  CONTRACT_SIGNED: 'Employment contract signed and verified.',
  VISA_ISSUED: 'Work visa issued.',
  SOCIAL_SECURITY_PAID: 'Social security contribution paid.',
  ORIENTED: 'Pre-departure orientation (OPP) done.',
  EPMI_ISSUED: 'Electronic worker card (E-PMI) issued.',
  DEPARTED: 'Left Indonesia.',
  ARRIVED: 'Arrived in the destination country.',
  RENEWED: 'Contract renewed abroad.',
  RETURNED: 'Back in Indonesia.',
  FAILED_TO_DEPART: 'Did not depart (gagal berangkat).',
  CANCELLED: 'Cancelled.',
});
export const SectorEnum = describedEnum<Sector>('Sector', 'Kind of work by employer.', {
  FORMAL: 'Employed by a legal entity.',
  INFORMAL: 'Employed by an individual or household.',
});
export const EmployerKindEnum = describedEnum<EmployerKind>('EmployerKind', 'Who employs (UU 18/2017 art. 4).', {
  LEGAL_ENTITY: 'A legal entity.',
  HOUSEHOLD: 'An individual or household.',
  VESSEL: 'A vessel: seafarers and fishers.',
});

const P3miType = builder.objectRef<P3mi>('P3MI').implement({
  ...agencyOwned,
  description: 'A placement company (perusahaan penempatan pekerja migran Indonesia).',
  fields: (t) => ({
    id: t.exposeID('id', { nullable: false, description: 'The agency’s number of the company.' }),
    name: t.exposeString('name', { description: 'Its name.' }),
  }),
});
const EmployerType = builder.objectRef<Employer>('Employer').implement({
  ...agencyOwned,
  description: 'The employer abroad.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Name as recorded.' }),
    kind: t.expose('kind', { type: EmployerKindEnum, nullable: false, description: 'Legal entity, household or vessel.' }),
  }),
});
const ContractType = builder.objectRef<Contract>('Contract').implement({
  ...agencyOwned,
  description: 'The employment contract (UU 18/2017 art. 15).',
  fields: (t) => ({
    start: t.expose('start', { type: 'Date', description: 'First day.' }),
    end: t.expose('end', { type: 'Date', description: 'Last day.' }),
    months: t.exposeInt('months', { description: 'Agreed length in whole months.' }),
    wage: t.expose('wage', { type: MoneyType, description: 'Agreed wage per month.' }),
    signedOn: t.expose('signedOn', { type: 'Date', description: 'Day of signature.' }),
  }),
});

export const PlacementType = factType<Placement>(
  { typename: 'Placement', facet: 'PLACEMENT', pick: (record) => record.placements, number: (placement) => [placement.number] },
  'One placement of a worker abroad.',
);

builder.objectFields(PlacementType, (t) => ({
  number: t.exposeString('number', { description: 'The agency’s number of this placement.' }),
  scheme: t.expose('scheme', { type: SchemeEnum, nullable: false, description: 'Placement scheme.' }),
  procedure: t.expose('procedure', { type: ProcedureEnum, nullable: false, description: 'Whether the legal procedure was followed.' }),
  stage: t.expose('stage', { type: StageEnum, nullable: false, description: 'How far it has come.' }),
  place: t.expose('place', { type: PlaceType, description: 'Where she works.' }),
  mission: t.field({ type: MissionType, description: 'Mission in charge, where the agency names one that the hub knows.', resolve: (value) => mission(value.mission) }),
  p3mi: t.expose('p3mi', { type: P3miType, description: 'Placement company; null where there is none.' }),
  employer: t.expose('employer', { type: EmployerType, description: 'Employer abroad.' }),
  sector: t.expose('sector', { type: SectorEnum, nullable: false, description: 'Formal or informal.' }),
  job: t.exposeString('job', { description: 'Job title as recorded.' }),
  contract: t.expose('contract', { type: ContractType, description: 'Employment contract.' }),
  registeredOn: t.expose('registeredOn', { type: 'Date', description: 'Day of registration.' }),
  departedOn: t.expose('departedOn', { type: 'Date', description: 'Day she left Indonesia; null before.' }),
  arrivedOn: t.expose('arrivedOn', { type: 'Date', description: 'Day she arrived abroad.' }),
  returnedOn: t.expose('returnedOn', { type: 'Date', description: 'Day she was back in Indonesia; null before.' }),
  passport: t.string({ ...reads('identity:read'), description: 'Passport used for this placement. Needs the scope `identity:read`.', resolve: (value, _args, context) => (holdsScope(context, 'identity:read') ? value.passport : null) }),
  passportValidUntil: t.expose('passportValidUntil', { type: 'Date', description: 'Last day on which that passport is valid.' }),
  oneChannelSystem: t.boolean({
    description: 'For domestic workers in Malaysia: placed through the One Channel System (MoU of 1 April 2022). Null elsewhere or unknown.',
    resolve: (value) => value.oneChannelSystem,
  }),
  renews: t.exposeString('renews', { description: 'Number of the placement that this one renews.' }),
}));
