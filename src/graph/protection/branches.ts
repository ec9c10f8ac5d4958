import type { Facet } from '../../domain/record.ts';
import { type Branch, type BranchName, type BranchStatus, branches } from '../../protection/branches.ts';
import { builder, needs } from '../builder.ts';
import { describedEnum } from '../enums.ts';
import { WorkerType } from '../worker/worker.ts';
import { inputFor } from './facts.ts';
import { EvidenceType, TextType } from './finding.ts';
import { EntitlementProgrammeEnum } from './protection.ts';

export const BranchNameEnum = describedEnum<BranchName>('BranchName', 'The nine branches of social security of ILO Convention 102.', {
  MEDICAL_CARE: 'Medical care.',
  SICKNESS: 'Cash in sickness.',
  UNEMPLOYMENT: 'Unemployment.',
  OLD_AGE: 'Old age.',
  EMPLOYMENT_INJURY: 'Employment injury.',
  FAMILY: 'Family benefit.',
  MATERNITY: 'Maternity.',
  INVALIDITY: 'Invalidity.',
  SURVIVORS: 'Survivors.',
});
const BranchStatusEnum = describedEnum<BranchStatus>('BranchStatus', 'How far a branch covers a worker.', {
  COVERED: 'It does.',
  PARTLY_COVERED: 'By a programme that pays for a part of the branch only.',
  NOT_COVERED: 'There is a programme, and it does not cover her.',
  SUSPENDED: 'Suspended while abroad, which is lawful.',
  NOT_DUE: 'Nothing is owed on the day.',
  NO_PROGRAMME: 'No programme of the branch is open to migrant workers.',
  UNKNOWN: 'The agency did not answer, you may not read it, or its record is incomplete.',
});

const BranchType = builder.objectRef<Branch>('Branch').implement({
  description: 'A branch of social security, what Indonesia offers for it, and what of that a worker has.',
  fields: (t) => ({
    branch: t.expose('branch', { type: BranchNameEnum, nullable: false, description: 'The branch.' }),
    programmes: t.expose('programmes', { type: ['String'], nullable: false, description: 'Indonesian programmes of the branch, for whomever.' }),
    decidedBy: t.expose('decidedBy', { type: EntitlementProgrammeEnum, description: 'The one among them that is open to migrant workers; null where none is.' }),
    status: t.expose('status', { type: BranchStatusEnum, nullable: false, description: 'How far it covers her.' }),
    reason: t.expose('reason', { type: TextType, description: 'Why she is not, or only partly, covered; null where she is.' }),
    sourced: t.exposeBoolean('sourced', { nullable: false, description: 'Whether the pairing of branch and programmes was read in a source; else it is general knowledge.' }),
    evidence: t.expose('evidence', { type: [EvidenceType], nullable: false, description: 'Records that say so.' }),
  }),
});

const facets: readonly Facet[] = ['PLACEMENT', 'SOCIAL_SECURITY', 'HEALTH_INSURANCE', 'CASE', 'STAY'];

builder.objectField(WorkerType, 'branches', (t) =>
  t.field({
    ...needs(...facets),
    type: [BranchType],
    description: 'The nine branches of ILO Convention 102 for her on a day.',
    args: { asOf: t.arg({ type: 'Date', description: 'The day; today in Jakarta when left out. Health insurance is known for today only.' }) },
    resolve: (worker, { asOf }, context) => branches(inputFor(worker.record, facets, asOf ?? context.today, context)),
  }));
