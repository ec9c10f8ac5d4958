import type { Provenance } from '../domain/record.ts';
import type { GraphContext } from './context.ts';
import { builder } from './builder.ts';
import { describedEnum } from './enums.ts';
import { AgencyNameEnum } from './agency/name.ts';

export const FreshnessEnum = describedEnum('Freshness', 'How fresh a value is.', {
  LIVE: 'The agency was asked for this answer.',
  CACHED: 'The agency was asked a moment ago; the hub keeps its answers for a few seconds.',
  STALE: 'The agency did not answer; this is the last that the hub knows.',
  INDEXED: 'The agency was not asked: this is as the hub last got it, in lists and searches. `Worker.live` asks.',
});

/** Where a value comes from; the record's number is left out where the caller may not read numbers of its class. */
export type ShownProvenance = Omit<Provenance, 'recordId'> & { readonly recordId: string | null };

export const ProvenanceType = builder.objectRef<ShownProvenance>('Provenance').implement({
  description: 'Where a value comes from and how fresh it is.',
  fields: (t) => ({
    agency: t.expose('agency', { type: AgencyNameEnum, nullable: false, description: 'Agency whose record it is.' }),
    recordId: t.exposeString('recordId', { description: 'The agency’s own number of the record; null where it is a number that you may not read.' }),
    asOf: t.expose('asOf', { type: 'DateTime', description: 'When the agency last changed the record, by its own word; null when it does not say.' }),
    fetchedAt: t.expose('fetchedAt', { type: 'DateTime', nullable: false, description: 'When the hub got it from the agency.' }),
    freshness: t.expose('freshness', { type: FreshnessEnum, nullable: false, description: 'Asked now, a moment ago, or last known.' }),
    ageSeconds: t.int({
      nullable: false,
      description: 'Whole seconds since the hub got it from the agency.',
      resolve: (p, _args, context: GraphContext) => Math.max(0, Math.floor((context.now.getTime() - Date.parse(p.fetchedAt)) / 1000)),
    }),
  }),
});

