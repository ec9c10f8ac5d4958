import type { Contract, Employer, EmployerKind, P3mi, Placement, PlacementStage, Procedure, Scheme, Sector } from '../../domain/placement.ts';
import { agencyOwned, builder } from '../builder.ts';
import { describedEnum } from '../enums.ts';
import { factType } from '../fact.ts';
import { MoneyType } from '../money.ts';
import { mission, MissionType, PlaceType } from '../place.ts';

const SchemeEnum = describedEnum<Scheme>('Scheme', 'Placement scheme as BP2MI counts it.', {
  G_TO_G: 'Government to government.',
  P_TO_P: 'Private to private, through a placement company (P3MI).',
  PERSEORANGAN: 'Individual worker (mandiri).',
  UKPS: 'For the company’s own use (untuk kepentingan perusahaan sendiri).',
});
const ProcedureEnum = describedEnum<Procedure>('Procedure', 'Whether the placement followed the legal procedure.', {
  PROSEDURAL: 'It did.',
  NON_PROSEDURAL: 'It did not.',
});
const StageEnum = describedEnum<PlacementStage>('PlacementStage', 'How far a placement has come. The order of the steps before departure is the hub’s own proposal.', {
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
const SectorEnum = describedEnum<Sector>('Sector', 'Kind of work by employer.', {
  FORMAL: 'Employed by a legal entity.',
  INFORMAL: 'Employed by an individual or household.',
});
const EmployerKindEnum = describedEnum<EmployerKind>('EmployerKind', 'Who employs (UU 18/2017 art. 4).', {
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
    kind: t.field({ type: EmployerKindEnum, nullable: false, description: 'Legal entity, household or vessel.', resolve: (employer) => employer.kind }),
  }),
});
const ContractType = builder.objectRef<Contract>('Contract').implement({
  ...agencyOwned,
  description: 'The employment contract (UU 18/2017 art. 15).',
  fields: (t) => ({
    start: t.field({ type: 'Date', description: 'First day.', resolve: (contract) => contract.start }),
    end: t.field({ type: 'Date', description: 'Last day.', resolve: (contract) => contract.end }),
    months: t.exposeInt('months', { description: 'Agreed length in whole months.' }),
    wage: t.field({ type: MoneyType, description: 'Agreed wage per month.', resolve: (contract) => contract.wage }),
    signedOn: t.field({ type: 'Date', description: 'Day of signature.', resolve: (contract) => contract.signedOn }),
  }),
});

export const PlacementType = factType<Placement>(
  { typename: 'Placement', facet: 'PLACEMENT', pick: (record) => record.placements, number: (placement) => [placement.number] },
  'One placement of a worker abroad.',
);

builder.objectFields(PlacementType, (t) => ({
  number: t.string({ description: 'The agency’s number of this placement.', resolve: ({ value }) => value.number }),
  scheme: t.field({ type: SchemeEnum, nullable: false, description: 'Placement scheme.', resolve: ({ value }) => value.scheme }),
  procedure: t.field({ type: ProcedureEnum, nullable: false, description: 'Whether the legal procedure was followed.', resolve: ({ value }) => value.procedure }),
  stage: t.field({ type: StageEnum, nullable: false, description: 'How far it has come.', resolve: ({ value }) => value.stage }),
  place: t.field({ type: PlaceType, description: 'Where she works.', resolve: ({ value }) => value.place }),
  mission: t.field({ type: MissionType, description: 'Mission in charge, where the agency names one that the hub knows.', resolve: ({ value }) => mission(value.mission) }),
  p3mi: t.field({ type: P3miType, description: 'Placement company; null where there is none.', resolve: ({ value }) => value.p3mi }),
  employer: t.field({ type: EmployerType, description: 'Employer abroad.', resolve: ({ value }) => value.employer }),
  sector: t.field({ type: SectorEnum, nullable: false, description: 'Formal or informal.', resolve: ({ value }) => value.sector }),
  job: t.string({ description: 'Job title as recorded.', resolve: ({ value }) => value.job }),
  contract: t.field({ type: ContractType, description: 'Employment contract.', resolve: ({ value }) => value.contract }),
  registeredOn: t.field({ type: 'Date', description: 'Day of registration.', resolve: ({ value }) => value.registeredOn }),
  departedOn: t.field({ type: 'Date', description: 'Day she left Indonesia; null before.', resolve: ({ value }) => value.departedOn }),
  arrivedOn: t.field({ type: 'Date', description: 'Day she arrived abroad.', resolve: ({ value }) => value.arrivedOn }),
  returnedOn: t.field({ type: 'Date', description: 'Day she was back in Indonesia; null before.', resolve: ({ value }) => value.returnedOn }),
  passport: t.string({ description: 'Passport used for this placement.', resolve: ({ value }) => value.passport }),
  passportValidUntil: t.field({ type: 'Date', description: 'Last day on which that passport is valid.', resolve: ({ value }) => value.passportValidUntil }),
  oneChannelSystem: t.boolean({
    description: 'For domestic workers in Malaysia: placed through the One Channel System (MoU of 1 April 2022). Null elsewhere or unknown.',
    resolve: ({ value }) => value.oneChannelSystem,
  }),
  renews: t.string({ description: 'Number of the placement that this one renews.', resolve: ({ value }) => value.renews }),
}));
