import { GraphQLError } from 'graphql';
import { isBounded } from '../../access/bounds.ts';
import { facetScope, type Scope } from '../../access/scopes.ts';
import type { AgencyName } from '../../domain/record.ts';
import { type GraphContext, holdsScope } from '../context.ts';

/** Whether the caller may see and decide links. Links join records of any place, so that a caller who is bound to some may not. */
export function maySteward(context: GraphContext): boolean {
  if (!holdsScope(context, 'links:review')) return false;
  if (isBounded(context.caller.bounds)) throw new GraphQLError('Links are for callers without bounds: a pair may lie half inside and half outside.', { extensions: { code: 'FORBIDDEN' } });
  return true;
}

/** The scopes of attributes that are not of the class of who a worker is. */
const scopeOf: Readonly<Record<string, Scope>> = { phone: 'contact:read', kpj: 'insurance:read', jknCard: 'health:read' };

/** Whether the caller may read values of the attribute. */
export function mayReadAttribute({ caller, trail }: GraphContext, attribute: string): boolean {
  const scope = scopeOf[attribute] ?? 'identity:read';
  if (!caller.scopes.has(scope)) return false;
  trail.sawClass(scope);
  return true;
}

/** Whether the caller may read the agency's numbers of its records: who may read what it holds. */
export function mayReadNumber({ caller, agencies }: GraphContext, name: AgencyName): boolean {
  const held = agencies.find((agency) => agency.name === name)?.holds.filter((facet) => facet !== 'IDENTITY') ?? [];
  return held.every((facet) => caller.scopes.has(facetScope[facet])) && (!held.includes('CASE') || caller.scopes.has('case:sensitive'));
}
