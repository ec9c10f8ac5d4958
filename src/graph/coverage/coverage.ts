import type { Claim, ClaimStatus, Coverage, CoveragePhase, CoverageStatus, Payment, PaymentStatus, Programme } from '../../domain/coverage.ts';
import { covers } from '../../domain/coverage.ts';
import { latestFirst } from '../../domain/time.ts';
import { seesEveryCase } from '../../access/sight.ts';
import { agencyOwned, builder, reads } from '../builder.ts';
import { holdsScope } from '../context.ts';
import { describedEnum } from '../enums.ts';
import { factType } from '../fact.ts';
import { MoneyType, PeriodType } from '../money.ts';

export const ProgrammeEnum = describedEnum<Programme>('Programme', 'Programmes of BPJS Ketenagakerjaan for migrant workers (Permenaker 4/2023).', {
  JKK: 'Work accident (jaminan kecelakaan kerja), mandatory.',
  JKM: 'Death (jaminan kematian), mandatory.',
  JHT: 'Old age (jaminan hari tua), voluntary.',
});
export const PhaseEnum = describedEnum<CoveragePhase>('CoveragePhase', 'Phase of work that a cover period is for (Permenaker 4/2023).', {
  BEFORE: 'Before work: from registration and payment, at most five months.',
  DURING: 'During work: from leaving Indonesia to the end of the contract plus at most one month.',
  AFTER: 'After work: from arrival in Indonesia, thirty days.',
});
export const CoverageStatusEnum = describedEnum<CoverageStatus>('CoverageStatus', 'Administrative status as the agency states it. Whether a day is covered follows from window and payment.', {
  REGISTERED_UNPAID: 'Registered, not paid.',
  ACTIVE: 'Paid and in force by the agency’s word.',
  EXPIRED: 'Its window is over.',
  CLAIMED: 'A benefit was paid out under it.',
  SUPERSEDED: 'Replaced by a later registration.',
});
export const PaymentStatusEnum = describedEnum<PaymentStatus>('PaymentStatus', 'Whether the contribution was paid.', {
  PAID: 'Paid in full.',
  UNPAID: 'Not paid.',
  PARTIAL: 'Paid in part.',
});
const ClaimStatusEnum = describedEnum<ClaimStatus>('ClaimStatus', 'How far a claim has come.', {
  FILED: 'Filed.',
  IN_REVIEW: 'Being examined.',
  PAID: 'Paid out.',
  REJECTED: 'Refused.',
});

const PaymentType = builder.objectRef<Payment>('Payment').implement({
  ...agencyOwned,
  description: 'What was owed and paid for a cover period.',
  fields: (t) => ({
    status: t.expose('status', { type: PaymentStatusEnum, nullable: false, description: 'Whether it was paid.' }),
    owed: t.expose('owed', { type: MoneyType, description: 'Contribution owed.' }),
    paid: t.expose('paid', { type: MoneyType, description: 'Contribution paid.' }),
    paidOn: t.expose('paidOn', { type: 'Date', description: 'Day of payment.' }),
  }),
});
const ClaimType = builder.objectRef<Claim>('Claim').implement({
  ...agencyOwned,
  description: 'A benefit claimed under a cover period.',
  fields: (t) => ({
    number: t.exposeString('number', { description: 'The agency’s number of the claim.' }),
    benefit: t.exposeString('benefit', { description: 'Benefit claimed, in the agency’s words.' }),
    status: t.expose('status', { type: ClaimStatusEnum, nullable: false, description: 'How far it has come.' }),
    filedOn: t.expose('filedOn', { type: 'Date', description: 'Day of filing.' }),
    decidedOn: t.expose('decidedOn', { type: 'Date', description: 'Day of the decision.' }),
    amount: t.expose('amount', { type: MoneyType, description: 'Amount paid out.' }),
    caseNumber: t.string({
      ...reads('case:read'),
      description: 'Mission case whose statement was filed as evidence (Permenaker 4/2023 art. 50). Only for those who may read every case.',
      resolve: (claim, _args, context) => (holdsScope(context, 'case:read') && seesEveryCase(context.caller) ? claim.caseNumber : null),
    }),
  }),
});

export const CoverageType = factType<Coverage>(
  {
    typename: 'Coverage',
    facet: 'SOCIAL_SECURITY',
    pick: (record) => record.coverages,
    number: (coverage) => [coverage.kpj, coverage.programme, coverage.phase, coverage.registeredOn ?? '', coverage.window.start ?? ''],
  },
  'One programme’s cover for one phase under one membership number (KPJ). Phase, window and payment stand apart: what is paid covers only inside its window.',
);

builder.objectFields(CoverageType, (t) => ({
  kpj: t.exposeString('kpj', { description: 'Membership number (nomor kartu peserta).' }),
  programme: t.expose('programme', { type: ProgrammeEnum, nullable: false, description: 'Programme.' }),
  phase: t.expose('phase', { type: PhaseEnum, nullable: false, description: 'Phase of work it is for.' }),
  status: t.expose('status', { type: CoverageStatusEnum, nullable: false, description: 'Administrative status.' }),
  registeredOn: t.expose('registeredOn', { type: 'Date', description: 'Day of registration.' }),
  window: t.expose('window', { type: PeriodType, description: 'Days on which the programme would pay, if paid for.' }),
  payment: t.expose('payment', { type: PaymentType, description: 'What was owed and paid.' }),
  contractMonths: t.exposeInt('contractMonths', { description: 'Length of the contract that the contribution was counted for, months.' }),
  claims: t.expose('claims', { type: [ClaimType], description: 'Benefits claimed under it.' }),
  coveredOn: t.boolean({
    description: 'Whether it covers the day: fully paid by then, inside its window, not superseded.',
    args: { date: t.arg({ type: 'Date', description: 'The day; today in Jakarta when left out.' }) },
    resolve: (value, { date }, context) => covers(value, date ?? context.today),
  }),
}));

/** A worker's cover, all memberships together. */
export const SocialSecurityType = builder.objectRef<readonly Coverage[]>('SocialSecurity').implement({
  ...agencyOwned,
  description: 'Work accident (JKK), death (JKM) and old-age (JHT) cover of a worker.',
  fields: (t) => ({
    coverages: t.field({
      type: [CoverageType],
      description: 'Cover periods, newest window first.',
      args: { programme: t.arg({ type: ProgrammeEnum, description: 'Only this programme.' }) },
      resolve: (coverages, { programme }) => latestFirst(programme ? coverages.filter((value) => value.programme === programme) : coverages, (coverage) => coverage.window.start),
    }),
    covered: t.boolean({
      description: 'Whether any cover period of the programme covers the day.',
      args: {
        programme: t.arg({ type: ProgrammeEnum, required: true, description: 'The programme.' }),
        on: t.arg({ type: 'Date', description: 'The day; today in Jakarta when left out.' }),
      },
      resolve: (coverages, { programme, on }, context) => coverages.some((value) => value.programme === programme && covers(value, on ?? context.today)),
    }),
    kpjs: t.stringList({ description: 'Her membership numbers (KPJ), each once.', resolve: (coverages) => [...new Set(coverages.map((value) => value.kpj))] }),
  }),
});
