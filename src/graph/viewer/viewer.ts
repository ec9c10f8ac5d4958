import type { Standing } from '../../access/limits.ts';
import { allPurposes } from '../../access/purposes.ts';
import { allScopes, type Caller } from '../../access/scopes.ts';
import { builder } from '../builder.ts';
import { describedEnum } from '../enums.ts';
import { BoundsType, documentPolicyName, DocumentPolicyEnum, PurposeType, ScopeType } from '../keys/key.ts';

const CallerKindEnum = describedEnum<Caller['kind']>('CallerKind', 'Kind of a caller.', {
  KEY: 'A partner system or service with an API key.',
  STAFF: 'A member of an agency’s staff with a token of its identity provider.',
});

/** One limit of a caller. */
interface Shown extends Standing {
  readonly name: string;
}
const LimitType = builder.objectRef<Shown>('RateLimit').implement({
  description: 'One of the caller’s limits in this minute.',
  fields: (t) => ({
    name: t.string({ nullable: false, description: '`requests`, or `cost` for points.', resolve: (shown) => shown.name }),
    limit: t.int({ nullable: false, description: 'Most in a minute.', resolve: (shown) => shown.limit }),
    remaining: t.int({ nullable: false, description: 'What is left, this request counted in.', resolve: (shown) => shown.remaining }),
    resetAt: t.field({ type: 'DateTime', nullable: false, description: 'When the minute ends.', resolve: (shown) => new Date(shown.resetAt).toISOString() }),
  }),
});

const ViewerType = builder.objectRef<Caller>('Viewer').implement({
  description: 'Who is asking.',
  fields: (t) => ({
    kind: t.field({ type: CallerKindEnum, nullable: false, description: 'With an API key, or as staff.', resolve: (caller) => caller.kind }),
    name: t.string({ nullable: false, description: 'Name of the API key; `staff` for staff.', resolve: (caller) => caller.name }),
    keyId: t.string({ description: 'Public id of the API key; not the key. Null for staff.', resolve: (caller) => (caller.kind === 'KEY' ? caller.id : null) }),
    scopes: t.field({ type: [ScopeType], nullable: false, description: 'What the caller may do.', resolve: (caller) => allScopes.filter((scope) => caller.scopes.has(scope)) }),
    bounds: t.field({ type: BoundsType, nullable: false, description: 'How far the scopes reach.', resolve: (caller) => caller.bounds }),
    rateLimit: t.field({
      type: [LimitType],
      nullable: false,
      description: 'Where the caller stands; the headers `RateLimit` and `RateLimit-Policy` tell the same on every answer.',
      resolve: (_caller, _args, { use: { admission } }) => (admission ? [{ name: 'requests', ...admission.requests }, { name: 'cost', ...admission.cost }] : []),
    }),
    documents: t.field({ type: DocumentPolicyEnum, nullable: false, description: 'Which documents the caller may send.', resolve: (caller) => documentPolicyName(caller.documents) }),
    purposes: t.field({
      type: [PurposeType],
      nullable: false,
      description: 'Purposes that the caller’s reads of identified persons may be for: the values of the header `x-purpose`.',
      resolve: (caller) => allPurposes.filter((purpose) => caller.purposes === null || caller.purposes.has(purpose)),
    }),
  }),
});

builder.queryField('viewer', (t) => t.field({ type: ViewerType, nullable: false, description: 'Who is asking, with which scopes.', resolve: (_root, _args, context) => context.caller }));
