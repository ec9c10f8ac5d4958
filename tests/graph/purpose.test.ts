import { parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { readStatement } from '../../src/access/statement.ts';
import { readsIdentified } from '../../src/graph/purpose.ts';
import { schema } from '../../src/graph/schema.ts';

const asks = (source: string, variables: Record<string, unknown> = {}, name?: string) => readsIdentified(schema, { document: parse(source), name, variables });

describe('an operation that reads an identified person', () => {
  it.each([
    ['{ worker(by: { pmiId: "PMI-1" }) { id } }', true],
    ['{ a: workers(by: []) { __typename } }', true],
    ['{ node(id: "x") { id } }', true],
    ['{ nodes(ids: []) { id } }', true],
    ['{ ...F } fragment F on Query { ...G } fragment G on Query { ... on Query { worker(by: { pmiId: "PMI-1" }) { id } } }', true],
    ['{ viewer { name } agencies { name } apiKeys { id } __typename __schema { types { name } } }', false],
    ['{ viewer { name } worker(by: { pmiId: "PMI-1" }) @skip(if: true) { id } }', false],
    ['{ viewer { name } ... @include(if: false) { worker(by: { pmiId: "PMI-1" }) { id } } }', false],
  ])('%s: %s', (source, expected) => {
    expect(asks(source)).toBe(expected);
  });

  it('is told by the variables of this request, not of the last one with the same document', () => {
    const document = parse('query ($who: Boolean!) { viewer { name } worker(by: { pmiId: "PMI-1" }) @include(if: $who) { id } }');
    for (const who of [true, false, true]) expect(readsIdentified(schema, { document, name: undefined, variables: { who } })).toBe(who);
  });

  it('is the one that is named', () => {
    const source = 'query A { viewer { name } } query B { worker(by: { pmiId: "PMI-1" }) { id } }';
    expect([asks(source, {}, 'A'), asks(source, {}, 'B')]).toEqual([false, true]);
  });
});

describe('a statement of purpose', () => {
  const any = { purposes: null };
  it('is one of the list', () => {
    expect(readStatement({ 'x-purpose': 'SERVICE', 'x-case-reference': 'KBRI-KL/2026/0017' }, any)).toEqual({ purpose: 'SERVICE', caseReference: 'KBRI-KL/2026/0017', fault: null });
    for (const wrong of [undefined, '', 'service', 'FUN', '__proto__', 'toString', ['SERVICE', 'SERVICE']]) {
      const { purpose, fault } = readStatement(wrong === undefined ? {} : { 'x-purpose': wrong }, any);
      expect([purpose, fault]).toEqual([null, expect.stringContaining('x-purpose with one of SERVICE, PROTECTION')]);
    }
  });

  it('is one that the caller may state', () => {
    const partner = { purposes: new Set(['COVER_CHECK'] as const) };
    expect(readStatement({ 'x-purpose': 'COVER_CHECK' }, partner).fault).toBeNull();
    expect(readStatement({ 'x-purpose': 'SERVICE' }, partner)).toMatchObject({ purpose: null, fault: expect.stringMatching(/one of COVER_CHECK\.$/) });
  });

  it.each(['ab', 'x'.repeat(65), 'a\tb c', '5202055103849991', 'NIK 5202055103849991', 'C1234567', 'a;b;c', '{}...'])('takes no case reference %j, and does not echo it', (reference) => {
    const { purpose, caseReference, fault } = readStatement({ 'x-purpose': 'PROTECTION', 'x-case-reference': reference }, any);
    expect([purpose, caseReference]).toEqual([null, null]);
    expect(fault).toContain('x-case-reference');
    expect(fault).not.toContain(reference);
  });
});
