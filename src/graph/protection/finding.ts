import type { Assessed } from '../../protection/assess.ts';
import type { Evidence } from '../../protection/input.ts';
import type { Actor, FindingStatus, LegalBasis, Severity, Text } from '../../protection/rule.ts';
import { FacetEnum } from '../agency/agency.ts';
import { AgencyNameEnum } from '../agency/name.ts';
import { builder } from '../builder.ts';
import { ProgrammeEnum } from '../coverage/coverage.ts';
import { describedEnum } from '../enums.ts';

export const SeverityEnum = describedEnum<Severity>('Severity', 'How much hangs on a gap. The hub’s own grading.', {
  CRITICAL: 'She is unprotected now, or a benefit of the gravest kind is not claimed.',
  WARNING: 'Something will fail, or is owed and open.',
  INFO: 'Worth knowing; nothing is wrong.',
});
export const ActorEnum = describedEnum<Actor>('ProtectionActor', 'Who should act on a gap.', {
  WORKER: 'The worker herself.',
  P3MI: 'The placement company.',
  BP3MI: 'The regional office of BP2MI.',
  PERWAKILAN: 'The mission in charge.',
  BPJS_KETENAGAKERJAAN: 'BPJS Ketenagakerjaan.',
  BPJS_KESEHATAN: 'BPJS Kesehatan.',
});
export const FindingStatusEnum = describedEnum<FindingStatus>('FindingStatus', 'What a rule found.', {
  OK: 'What must hold, holds.',
  GAP: 'Something is missing.',
  UNKNOWN: 'The records do not tell: an agency did not answer, you may not read what it holds, or a date is missing.',
});

export const TextType = builder.objectRef<Text>('BilingualText').implement({
  description: 'A text in Indonesian and English.',
  fields: (t) => ({
    indonesian: t.string({ nullable: false, description: 'In Indonesian.', resolve: (text) => text.id }),
    english: t.string({ nullable: false, description: 'In English.', resolve: (text) => text.en }),
  }),
});

export const LegalBasisType = builder.objectRef<LegalBasis>('ProtectionBasis').implement({
  description: 'What a statement rests on.',
  fields: (t) => ({
    instrument: t.exposeString('instrument', { description: 'The instrument, such as `Permenaker 4/2023`; null where the standard is the hub’s own or left to other rules.' }),
    article: t.exposeString('article', { description: 'Article; null where the sources read quote the instrument without it.' }),
    says: t.expose('says', { type: TextType, nullable: false, description: 'What it says, in one sentence.' }),
  }),
});

export const EvidenceType = builder.objectRef<Evidence>('Evidence').implement({
  description: 'A pointer to the agency record that a statement rests on.',
  fields: (t) => ({
    agency: t.field({ type: AgencyNameEnum, nullable: false, description: 'Agency whose record it is.', resolve: ({ source }) => source.agency }),
    recordId: t.string({ nullable: false, description: 'The agency’s own number of the record.', resolve: ({ source }) => source.recordId }),
    facet: t.field({ type: FacetEnum, nullable: false, description: 'Which part of the record.', resolve: ({ facet }) => facet }),
    fact: t.exposeString('fact', { description: 'What tells the fact apart on the record: number of the placement or case, programme and phase, or service date; null for the person herself.' }),
  }),
});

export const FindingType = builder.objectRef<Assessed>('Finding').implement({
  description: 'What one rule found of a worker.',
  fields: (t) => ({
    rule: t.string({ nullable: false, description: 'Id of the rule, such as `COVER_MISSING`; docs/protection.md describes each.', resolve: ({ rule }) => rule.id }),
    status: t.expose('status', { type: FindingStatusEnum, nullable: false, description: 'In order, a gap, or not known.' }),
    severity: t.field({ type: SeverityEnum, nullable: false, description: 'How much hangs on it when it is a gap.', resolve: ({ rule }) => rule.severity }),
    title: t.field({ type: TextType, nullable: false, description: 'What is wrong when it is a gap.', resolve: ({ rule }) => rule.title }),
    since: t.expose('since', { type: 'Date', description: 'First day of the gap; it may lie ahead. Null where it is not known.' }),
    until: t.expose('until', { type: 'Date', description: 'Last day of the gap as things stand; null for open.' }),
    programmes: t.expose('programmes', { type: [ProgrammeEnum], nullable: false, description: 'Programmes that it is about.' }),
    note: t.expose('note', { type: TextType, description: 'What distinguishes this finding, such as what is missing on record.' }),
    legalBasis: t.field({ type: LegalBasisType, nullable: false, description: 'What the rule rests on.', resolve: ({ rule }) => rule.legalBasis }),
    actor: t.field({ type: ActorEnum, nullable: false, description: 'Who should act on the gap.', resolve: ({ rule }) => rule.actor }),
    action: t.field({ type: TextType, nullable: false, description: 'What is recommended.', resolve: ({ rule }) => rule.action }),
    evidence: t.expose('evidence', { type: [EvidenceType], nullable: false, description: 'Records that it rests on.' }),
  }),
});
