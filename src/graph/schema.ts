import './scalars.ts';
import './worker/worker.ts';
import './agency/agency.ts';
import './viewer/viewer.ts';
import './keys/manage.ts';
import './audit/accessLog.ts';
import './audit/restriction.ts';
import './protection/protection.ts';
import './protection/timeline.ts';
import './protection/branches.ts';
import './protection/benefits.ts';
import './protection/plan.ts';
import './links/link.ts';
import './links/review.ts';
import './links/manage.ts';
import './worker/identity.ts';
import './lists/expand.ts';
import './lists/lists.ts';
import './events/subscription.ts';
import './webhooks/manage.ts';
import './statistics/statistics.ts';
import './statistics/catalogue.ts';
import './lists/search.ts';
import './exports/exports.ts';
import { builder } from './builder.ts';

/** The schema that the hub serves and `schema/schema.graphql` prints. */
export const schema = builder.toSchema();
