import './scalars.ts';
import './worker/worker.ts';
import './agency/agency.ts';
import './viewer/viewer.ts';
import './keys/manage.ts';
import { builder } from './builder.ts';

/** The schema that the hub serves and `schema/schema.graphql` prints. */
export const schema = builder.toSchema();
