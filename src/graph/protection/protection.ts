import { type Facet, facets as allFacets } from '../../domain/record.ts';
import { type Assessed, assess, gapsOf } from '../../protection/assess.ts';
import { type Entitlement, type EntitlementProgramme, type EntitlementStatus, entitlements, type Obligation } from '../../protection/entitlements.ts';
import type { ProtectionInput } from '../../protection/input.ts';
import type { Phase } from '../../protection/situation.ts';
import { FacetEnum } from '../agency/agency.ts';
import { builder, needs } from '../builder.ts';
import { describedEnum } from '../enums.ts';
import { WorkerType } from '../worker/worker.ts';
import { inputFor } from './facts.ts';
import { EvidenceType, FindingType, LegalBasisType } from './finding.ts';

const PhaseEnum = describedEnum<Phase>('ProtectionPhase', 'Where a worker stands.', {
  BEFORE: 'In the placement process.',
  DURING: 'Abroad on a placement.',
  AFTER: 'Home from a placement for at most thirty days.',
  NONE: 'None of these.',
  DECEASED: 'Dead, by the word of a mission or BPJS Kesehatan.',
  UNKNOWN: 'The placement register did not answer, you may not see all placements, or only a mission knows her.',
});
export const EntitlementProgrammeEnum = describedEnum<EntitlementProgramme>('EntitlementProgramme', 'Programmes that a migrant worker can be in.', {
  JKK: 'Work accident (jaminan kecelakaan kerja).',
  JKM: 'Death (jaminan kematian).',
  JHT: 'Old age (jaminan hari tua).',
  JKN: 'Health insurance (jaminan kesehatan nasional).',
});
const ObligationEnum = describedEnum<Obligation>('Obligation', 'Whether she must be in a programme.', {
  MANDATORY: 'She must.',
  VOLUNTARY: 'She may.',
  OTHER_RULES: 'Permenaker 4/2023 leaves it to other rules.',
});
const EntitlementStatusEnum = describedEnum<EntitlementStatus>('EntitlementStatus', 'What a programme gives a worker on a day.', {
  COVERED: 'It covers her.',
  NOT_COVERED: 'She is not registered, or not active.',
  UNPAID: 'She is registered, and the contribution is not paid in full.',
  ENDED: 'It was paid, and the day is outside its window.',
  SUSPENDED: 'Suspended while abroad, which is lawful (JKN).',
  NOT_TAKEN: 'Voluntary, and not taken.',
  NOT_DUE: 'Nothing is owed on the day.',
  UNKNOWN: 'The agency did not answer, you may not read it, or its record is incomplete.',
});

const EntitlementType = builder.objectRef<Entitlement>('Entitlement').implement({
  description: 'What one programme gives a worker on a day.',
  fields: (t) => ({
    programme: t.expose('programme', { type: EntitlementProgrammeEnum, nullable: false, description: 'Programme.' }),
    obligation: t.expose('obligation', { type: ObligationEnum, nullable: false, description: 'Mandatory, voluntary, or left to other rules.' }),
    status: t.expose('status', { type: EntitlementStatusEnum, nullable: false, description: 'Whether it covers her.' }),
    until: t.expose('until', { type: 'Date', description: 'Last day of the cover that holds, or of the last that held; null where not known.' }),
    legalBasis: t.expose('legalBasis', { type: LegalBasisType, nullable: false, description: 'What it rests on.' }),
    evidence: t.expose('evidence', { type: [EvidenceType], nullable: false, description: 'Records that say so.' }),
  }),
});

/** An assessment: the rules run once, however many of the fields below are selected. */
interface Protection {
  readonly input: ProtectionInput;
  readonly findings: readonly Assessed[];
}

const ProtectionType = builder.objectRef<Protection>('Protection').implement({
  description: 'What a worker is entitled to on a day, and what is missing. Made by the hub from what the agencies hold; it decides nothing.',
  fields: (t) => ({
    asOf: t.field({ type: 'Date', nullable: false, description: 'The day of the assessment.', resolve: ({ input }) => input.asOf }),
    phase: t.field({ type: PhaseEnum, nullable: false, description: 'Where she stands.', resolve: ({ input }) => input.situation.phase }),
    entitlements: t.field({ type: [EntitlementType], nullable: false, description: 'One row per programme.', resolve: ({ input }) => entitlements(input) }),
    gaps: t.field({ type: [FindingType], nullable: false, description: 'What is missing, the gravest first.', resolve: ({ findings }) => gapsOf(findings) }),
    findings: t.field({ type: [FindingType], nullable: false, description: 'What every rule that concerns her found: in order, gaps, and what is not known.', resolve: ({ findings }) => [...findings] }),
    unknown: t.field({ type: [FacetEnum], nullable: false, description: 'Parts of her record of which nothing is known here; rules that need them find UNKNOWN.', resolve: ({ input }) => [...input.unknown] }),
  }),
});

const everything: readonly Facet[] = allFacets;

builder.objectField(WorkerType, 'protection', (t) =>
  t.field({
    ...needs(...everything),
    type: ProtectionType,
    description: 'What she is entitled to on a day, and what is missing, by the rules of docs/protection.md.',
    args: { asOf: t.arg({ type: 'Date', description: 'The day; today in Jakarta when left out. Health insurance is known for today only.' }) },
    resolve: (worker, { asOf }, context) => {
      const input = inputFor(worker.record, everything, asOf ?? context.today, context);
      return { input, findings: assess(input) };
    },
  }));
