import { graphql } from 'graphql';
import { describe, expect, it } from 'vitest';
import { allScopes, type Scope } from '../../src/access/scopes.ts';
import type { Facet } from '../../src/domain/record.ts';
import { encodeId } from '../../src/graph/ids.ts';
import { schema } from '../../src/graph/schema.ts';

/** The facets that the first read of a query asks for. */
async function facetsOf(selection: string, more = '', scopes: readonly Scope[] = allScopes, field = 'worker(by: { pmiId: "PMI-0001" })'): Promise<Facet[]> {
  let asked: ReadonlySet<Facet> = new Set();
  const reader = {
    read: (_keys: unknown, facets: ReadonlySet<Facet>) => {
      asked = facets;
      return Promise.resolve([null]);
    },
  };
  const { errors } = await graphql({ schema, source: `{ ${field} { ${selection} } } ${more}`, contextValue: { reader, caller: { scopes: new Set(scopes) } } });
  expect(errors).toBeUndefined();
  return [...asked].toSorted();
}

describe('the look-ahead', () => {
  it.each([
    ['id', []],
    ['placements { job }', ['PLACEMENT']],
    ['coverTimeline(from: "2026-01-01", to: "2026-12-31") { from }', ['HEALTH_INSURANCE', 'PLACEMENT', 'SOCIAL_SECURITY']],
    ['branches { branch }', ['CASE', 'HEALTH_INSURANCE', 'PLACEMENT', 'SOCIAL_SECURITY', 'STAY']],
    ['protection { phase }', ['CASE', 'HEALTH_INSURANCE', 'IDENTITY', 'PLACEMENT', 'SOCIAL_SECURITY', 'STAY']],
    ['cases { number }', ['CASE']],
    ['cases { benefits { code } }', ['CASE', 'IDENTITY', 'PLACEMENT', 'SOCIAL_SECURITY']],
    ['cases { number benefits @include(if: false) { code } }', ['CASE']],
    ['... on Worker { cases { ... on Case { benefits { code } } } }', ['CASE', 'IDENTITY', 'PLACEMENT', 'SOCIAL_SECURITY']],
  ])('%s', async (selection, facets) => {
    expect(await facetsOf(selection)).toEqual(facets);
  });

  it('leaves out what none of the selected fields may be had for', async () => {
    expect(await facetsOf('phone', '', ['identity:read'])).toEqual([]);
    expect(await facetsOf('phone name', '', ['identity:read'])).toEqual(['IDENTITY']);
    expect(await facetsOf('name', '', ['contact:read'])).toEqual([]);
    expect(await facetsOf('phone', '', ['contact:read'])).toEqual(['IDENTITY']);
  });

  it('passes over what is asked of objects of other types', async () => {
    const id = encodeId('Worker', '00000000-0000-4000-8000-000000000000');
    expect(await facetsOf('... on Worker { name } ... on Case { benefits { code } } ... on Node { id }', '', allScopes, `node(id: "${id}")`)).toEqual(['IDENTITY']);
  });

  it('sees through named fragments at any depth', async () => {
    expect(await facetsOf('...file', 'fragment file on Worker { cases { ...offers } } fragment offers on Case { benefits { code } }')).toEqual(['CASE', 'IDENTITY', 'PLACEMENT', 'SOCIAL_SECURITY']);
  });
});
