import DataLoader from 'dataloader';
import type { LiveLink, WorkerLinks } from '../../identity/hub/links.ts';
import { AgencyNameEnum } from '../agency/name.ts';
import { builder, reads, unforeseen } from '../builder.ts';
import { encodeId } from '../ids.ts';
import { perRequest } from '../perRequest.ts';
import { WorkerType } from '../worker/worker.ts';
import { mayReadNumber, maySteward } from './access.ts';
import { LinkEvidenceType } from './evidence.ts';

/** Links of the workers of one request, read together. */
const loaderOf = perRequest(
  (context) =>
    new DataLoader<string, WorkerLinks | null>(async (ids) => {
      const found = await context.links.of(ids);
      return ids.map((id) => found.get(id) ?? null);
    }),
);

const LinkType = builder.objectRef<LiveLink>('Link').implement({
  description: 'One agency record’s link to its worker, with why.',
  fields: (t) => ({
    id: t.id({ nullable: false, description: 'Id, by which `splitWorker` names it.', resolve: (link) => encodeId('Link', link.id) }),
    agency: t.field({ type: AgencyNameEnum, nullable: false, description: 'Agency that holds the record.', resolve: (link) => link.agency }),
    recordId: t.string({ description: 'The agency’s own number of it; null where you may not read what the agency holds.', resolve: (link, _args, context) => (mayReadNumber(context, link.agency) ? link.recordId : null) }),
    since: t.field({ type: 'DateTime', nullable: false, description: 'Since when it is linked so.', resolve: (link) => link.since.toISOString() }),
    decidedBy: t.string({ nullable: false, description: '`machine`, or kind and id of the caller who decided.', resolve: (link) => link.decidedBy }),
    reason: t.string({ description: 'The steward’s reason.', resolve: (link) => link.reason }),
    evidence: t.field({ type: LinkEvidenceType, nullable: false, description: 'What spoke for it.', resolve: (link) => link.evidence }),
  }),
});

builder.objectFields(WorkerType, (t) => ({
  links: t.field({
    ...unforeseen,
    type: [LinkType],
    description: 'Which agency records are hers, each with the evidence. From the hub’s own store: asking for this calls no agency. Needs the scope `links:review`.',
    resolve: async (worker, _args, context) => (maySteward(context) ? [...((await loaderOf(context).load(worker.record.id))?.links ?? [])] : null),
  }),
  linksVersion: t.string({
    ...reads('links:review'),
    description: 'Changes with her links. Give it back with `mergeWorkers` and `splitWorker`, so that you decide on what you saw. Needs the scope `links:review`.',
    resolve: async (worker, _args, context) => (maySteward(context) ? (await loaderOf(context).load(worker.record.id))?.version : null),
  }),
}));
