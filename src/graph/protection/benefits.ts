import type { Facet } from '../../domain/record.ts';
import { type BenefitOffer, benefitsOf, type OfferState } from '../../protection/benefits/offers.ts';
import type { Paper, PaperKind } from '../../protection/benefits/papers.ts';
import { builder, needs } from '../builder.ts';
import { CaseType } from '../case/case.ts';
import { ProgrammeEnum } from '../coverage/coverage.ts';
import { describedEnum } from '../enums.ts';
import { holdingOf } from '../holding.ts';
import { inputFor } from './facts.ts';
import { EvidenceType, LegalBasisType, TextType } from './finding.ts';

const PaperKindEnum = describedEnum<PaperKind>('PaperKind', 'Papers that the law names for claims (Permenaker 4/2023 art. 50).', {
  MEMBERSHIP_CARD: 'Membership card.',
  PASSPORT: 'Passport.',
  STATEMENT: 'Statement by employer, mission, KDEI or labour office.',
  MEDICAL_REPORT: 'Medical report.',
  RECEIPTS: 'Receipts.',
  BANK_ACCOUNT: 'Bank account.',
});
const StateEnum = describedEnum<OfferState>('BenefitState', 'Whether a benefit may be claimed.', {
  CLAIMED: 'A claim under the programme names the case.',
  DUE: 'She was covered when the case was opened, and no claim names it. The benefit’s condition is still to be seen to.',
  NOT_COVERED: 'No cover of the programme held that grants it.',
  UNKNOWN: 'The records do not tell.',
});

const PaperType = builder.objectRef<Paper>('ClaimPaper').implement({
  description: 'A paper that a claim may need. Which benefit needs which is not in the sources read.',
  fields: (t) => ({
    kind: t.expose('kind', { type: PaperKindEnum, nullable: false, description: 'Kind of paper.' }),
    title: t.expose('title', { type: TextType, nullable: false, description: 'Its name.' }),
    evidence: t.expose('evidence', { type: [EvidenceType], nullable: false, description: 'Records by which the hub can already point to it; empty where it can to none.' }),
    unknown: t.exposeBoolean('unknown', { nullable: false, description: 'Whether an agency that may hold it did not answer, or you may not read it.' }),
  }),
});

const BenefitType = builder.objectRef<BenefitOffer>('CaseBenefit').implement({
  description: 'A benefit that a case may entitle to.',
  fields: (t) => ({
    code: t.string({ nullable: false, description: 'The hub’s own code; the law has none.', resolve: ({ benefit }) => benefit.code }),
    title: t.field({ type: TextType, nullable: false, description: 'Its name.', resolve: ({ benefit }) => benefit.title }),
    programme: t.field({ type: ProgrammeEnum, nullable: false, description: 'Programme that pays it.', resolve: ({ benefit }) => benefit.programme }),
    condition: t.field({ type: TextType, description: 'What must be true besides, which the hub cannot see; null where the case says all.', resolve: ({ benefit }) => benefit.condition }),
    legalBasis: t.field({ type: LegalBasisType, nullable: false, description: 'What it rests on.', resolve: ({ benefit }) => benefit.legalBasis }),
    state: t.expose('state', { type: StateEnum, nullable: false, description: 'Whether it may be claimed.' }),
    deadline: t.expose('deadline', { type: 'Date', description: 'Last day to claim; null where none is known. The sources read name none.' }),
    papers: t.expose('papers', { type: [PaperType], nullable: false, description: 'Papers the law names, with those the hub can point to.' }),
    evidence: t.expose('evidence', { type: [EvidenceType], nullable: false, description: 'Cover or claim that the state rests on.' }),
  }),
});

const facets: readonly Facet[] = ['CASE', 'SOCIAL_SECURITY', 'PLACEMENT', 'IDENTITY'];

builder.objectField(CaseType, 'benefits', (t) =>
  t.field({
    ...needs(...facets),
    type: [BenefitType],
    description: 'Benefits that the case may entitle to, with the papers for the claim; empty where none hangs on it. Null when she cannot be read any more.',
    resolve: async (fact, _args, context) => {
      // Under a worker the look-ahead has asked for these facets already, so this calls no agency again.
      const { workerId, provenance } = holdingOf(context, fact);
      const [worker] = await context.reader.read([{ kind: 'ID', value: workerId }], new Set(facets));
      if (!worker) return null;
      const input = inputFor(worker, facets, context.today, context);
      const held = input.cases.find(({ value, source }) => value.number === fact.number && source.recordId === provenance.recordId && source.agency === provenance.agency);
      return held ? benefitsOf(input, held) : null;
    },
  }));
