import { type Caller, scopes } from '../../access/scopes.ts';
import { builder } from '../builder.ts';

const ScopeType = builder.objectRef<keyof typeof scopes>('Scope').implement({
  description: 'A right to read a class of fields.',
  fields: (t) => ({
    name: t.string({ nullable: false, description: 'Name, such as `placement:read`.', resolve: (scope) => scope }),
    description: t.string({ nullable: false, description: 'What it lets the caller read.', resolve: (scope) => scopes[scope] }),
  }),
});

const ViewerType = builder.objectRef<Caller>('Viewer').implement({
  description: 'Who is asking.',
  fields: (t) => ({
    name: t.string({ nullable: false, description: 'Name of the API key.', resolve: (caller) => caller.name }),
    keyId: t.string({ nullable: false, description: 'Public id of the API key; not the key.', resolve: (caller) => caller.keyId }),
    scopes: t.field({ type: [ScopeType], nullable: false, description: 'What the caller may read.', resolve: (caller) => [...caller.scopes] }),
  }),
});

builder.queryField('viewer', (t) => t.field({ type: ViewerType, nullable: false, description: 'Who is asking, with which scopes.', resolve: (_root, _args, context) => context.caller }));
