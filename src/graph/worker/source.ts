import type { FailureCode } from '../../domain/failure.ts';
import type { AgencyAnswer, SourceState } from '../../records/answer.ts';
import { AgencyNameEnum } from '../agency/name.ts';
import { builder } from '../builder.ts';
import { describedEnum } from '../enums.ts';

const SourceStateEnum = describedEnum<SourceState>('SourceState', 'How an agency answered for one worker.', {
  OK: 'It has records of her.',
  ABSENT: 'It has none.',
  STALE: 'It failed; the last known records stand in.',
  FAILED: 'It failed, and nothing is known from before.',
  SKIPPED: 'It was not asked: nothing selected needs it, or it can look up by none of her numbers.',
  DENIED: 'It was not asked: you may not read what it holds.',
  INDEXED: 'It was not asked: she comes from a list or a search, with what was last synced. `Worker.live` asks.',
});

/** How one agency answered for one worker, as it is told. */
export interface Source extends Omit<AgencyAnswer, 'failure' | 'records'> {
  readonly code: FailureCode | null;
  readonly records: number;
}

export function sourceOf({ agency, state, failure, latencyMs, at, records }: AgencyAnswer): Source {
  return { agency, state, code: failure?.code ?? null, latencyMs, at, records: records.length };
}

export const SourceType = builder.objectRef<Source>('Source').implement({
  description: 'How one agency answered for one worker.',
  fields: (t) => ({
    agency: t.expose('agency', { type: AgencyNameEnum, nullable: false, description: 'The agency.' }),
    state: t.expose('state', { type: SourceStateEnum, nullable: false, description: 'How it answered.' }),
    code: t.exposeString('code', { description: 'Error code when it failed; the same code stands in the errors of the answer.' }),
    latencyMs: t.exposeFloat('latencyMs', { description: 'How long it took, milliseconds; null when it was not asked for this answer.' }),
    at: t.expose('at', { type: 'DateTime', description: 'When what is shown was fetched; null when it has never answered.' }),
    records: t.exposeInt('records', { nullable: false, description: 'How many of its records are hers.' }),
  }),
});
