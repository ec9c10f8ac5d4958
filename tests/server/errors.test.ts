import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { errorCodes } from '../../src/domain/failure.ts';
import { describeFault, internalMessage } from '../../src/server/errors.ts';
import { secret } from '../support/library.ts';
import { startLibrary } from '../support/library-server.ts';

const nik = '3273010101909001';

describe('what leaves with an error', () => {
  test('a fault of the hub says nothing of itself, in the answer and in the log', async () => {
    await using server = await startLibrary();
    const answer = await server.ask({ query: '{ secret shaky(errors: 9) { id broken } fatal2: none { id } }' });
    expect(answer.body.errors!.length).toBeGreaterThan(3);
    for (const error of answer.body.errors!) {
      expect(error).toMatchObject({ message: internalMessage, extensions: { code: 'INTERNAL_SERVER_ERROR', retryable: false } });
      expect(Object.keys(error.extensions).toSorted()).toEqual(['code', 'requestId', 'retryable']);
    }
    // Eight digits of the number: four turn up in a process id, a time or a request id.
    expect(JSON.stringify(answer.body) + server.logText()).not.toMatch(/NIK|Basic|32730101/);
    // One broken field over many rows is one fault: a few lines tell enough.
    expect(server.log.filter((line) => line['msg'] === 'unexpected fault')).toHaveLength(3);
    expect(server.logText()).toContain('library.ts');
  });

  test('of an agency’s fault only the code, the agency and whether to try again', async () => {
    await using server = await startLibrary();
    for (const query of ['{ coded }', '{ fatal { id } }']) {
      const answer = await server.ask({ query });
      expect(answer.body.errors?.[0]?.extensions).toEqual({ code: 'AGENCY_TIMEOUT', agency: 'BP2MI', retryable: true, requestId: answer.headers.get('x-request-id') });
      expect(JSON.stringify(answer.body) + server.logText()).not.toContain(secret);
    }
  });

  test('a context that cannot be made is a fault of the hub', async () => {
    await using server = await startLibrary({
      context: () => {
        throw new Error(secret);
      },
    });
    const answer = await server.ask({ query: '{ genre }' });
    expect([answer.status, answer.body.errors?.[0]?.message]).toEqual([500, internalMessage]);
    expect(server.logText()).not.toContain(secret);
  });

  test('callers that cannot be looked up are a fault of the hub, without its words', async () => {
    await using server = await startLibrary({ authenticate: () => Promise.reject(new Error(secret)) });
    const answer = await server.ask({ query: '{ genre }' });
    expect([answer.status, answer.body]).toMatchObject([500, { code: 'INTERNAL_SERVER_ERROR' }]);
    expect(server.logText()).not.toContain(secret);
  });

  test('a described fault keeps kinds and places, and no message of any of its causes', () => {
    const inner = Object.assign(new Error(`duplicate key ${nik}`), { code: '23505' });
    const text = JSON.stringify(describeFault(new TypeError(`two\n    at lines ${nik}`.replace('at lines', 'lines'), { cause: inner })));
    expect(text).not.toContain(nik);
    expect(text).toContain('23505');
    expect(text).toContain('errors.test.ts');
  });
});

describe('the caller’s own values do not come back', () => {
  const requests: [string, Record<string, unknown>, string][] = [
    ['a string in a scalar', { query: 'query ($k: Key!) { book(by: $k) { id } }', variables: { k: { code: nik } } }, 'Variable "$k" got an invalid value at "k.code": The value does not fit the type.'],
    ['a string for a number', { query: 'query ($n: Int!) { echo(size: $n) }', variables: { n: nik } }, 'Variable "$n" got an invalid value: Int cannot represent non-integer value.'],
    ['a name for an enum value', { query: 'query ($g: Genre) { genre(is: $g) }', variables: { g: 'SITI' } }, 'Variable "$g" got an invalid value: The value does not exist in "Genre" enum.'],
    ['a name near an enum value', { query: 'query ($g: Genre) { genre(is: $g) }', variables: { g: 'PROSI' } }, 'Variable "$g" got an invalid value: The value does not exist in "Genre" enum.'],
    ['a string for an object', { query: 'query ($k: Key!) { book(by: $k) { id } }', variables: { k: nik } }, 'Variable "$k" got an invalid value: Expected type "Key" to be an object.'],
    ['a number as a field’s name', { query: 'query ($k: Key!) { book(by: $k) { id } }', variables: { k: { [`nik ${nik}`]: 1 } } }, 'Variable "$k" got an invalid value: Field "…" is not defined by type "Key".'],
    ['two keys', { query: 'query ($k: Key!) { book(by: $k) { id } }', variables: { k: { id: nik, code: '1' } } }, 'Variable "$k" got an invalid value: Exactly one key must be specified for OneOf type "Key".'],
    ['an item of a list', { query: 'query ($k: [Key!]!) { books(by: $k) { id } }', variables: { k: [{ id: '1' }, { id: [nik] }] } }, 'Variable "$k" got an invalid value at "k.1.id": ID cannot represent value.'],
    ['a literal in a scalar', { query: `{ book(by: { code: "${nik}" }) { id } }` }, 'The value does not fit the type.'],
    ['a literal for a number', { query: '{ echo(size: "SITI") }' }, 'Int cannot represent non-integer value.'],
    ['a literal for an enum', { query: '{ genre(is: SITI) }' }, 'The value does not exist in "Genre" enum.'],
    ['a literal near an enum value', { query: '{ genre(is: "PROSE") }' }, 'Enum "Genre" cannot represent non-enum value.'],
    ['a literal for an object', { query: '{ book(by: "SITI") { id } }' }, 'Expected value of type "Key!".'],
    ['a text in the wrong place', { query: '{ echo(text: "x" "SITI") }' }, 'Syntax Error: Expected Name, found String.'],
    ['a word in the wrong place', { query: 'SITI { genre }' }, 'Syntax Error: Unexpected Name.'],
    ['a number as a name', { query: `{ a${nik} }` }, 'Cannot query field "a…" on type "Query".'],
    ['a typo', { query: '{ genr }' }, 'Cannot query field "genr" on type "Query".'],
  ];
  test.each(requests)('%s', async (_name, body, message) => {
    await using server = await startLibrary();
    const answer = await server.ask(body);
    expect(answer.status).toBe(400);
    expect(answer.body.errors?.map((error) => error.message)).toContain(message);
    expect(JSON.stringify(answer.body) + server.logText()).not.toMatch(/SITI|32730101|Did you mean/);
  });

  test('whatever is sent as a variable', async () => {
    await using server = await startLibrary();
    const marked = fc.stringMatching(/^[A-Za-z ";:,.'{}]{0,12}$/).map((noise) => `${noise}ZZQXZZ${noise}`);
    const value = fc.oneof(marked, fc.array(marked), fc.dictionary(fc.constantFrom('id', 'code', 'size'), marked), fc.record({ code: marked }), fc.record({ size: marked }));
    const query = 'query ($key: Key, $codes: [Code!], $size: Int, $genre: Genre, $unit: Unit) { book(by: { id: "b1" }) { pages(unit: $unit) } echo(codes: $codes, size: $size) genre(is: $genre) books(by: [$key]) { id } }';
    await fc.assert(
      fc.asyncProperty(fc.constantFrom('key', 'codes', 'size', 'genre', 'unit'), value, async (name, sent) => {
        const answer = await server.ask({ query: query.replace(', books(by: [$key]) { id }', ''), variables: { [name]: sent } });
        expect(JSON.stringify(answer.body.errors)).not.toContain('ZZQXZZ');
      }),
      { numRuns: 200 },
    );
    expect(server.logText()).not.toContain('ZZQXZZ');
  });

  test('whatever literal is written', async () => {
    await using server = await startLibrary();
    const literal = fc.oneof(
      fc.stringMatching(/^[A-Za-z ;:,.'{}]{0,12}$/).map((noise) => JSON.stringify(`${noise}ZZQXZZ${noise}`)),
      fc.constantFrom('ZZQXZZ', '[ZZQXZZ]', '{ id: ZZQXZZ }', '{ size: "ZZQXZZ" }', '{ code: "ZZQXZZ" }', '[{ id: "ZZQXZZ", code: "1" }]'),
    );
    const place = fc.constantFrom('genre(is: @)', 'echo(size: @)', 'echo(codes: @)', 'book(by: @) { id }', 'books(by: @) { id }', 'book(by: { id: "b1" }) { pages(unit: @) }', 'echo(text: 1 @)');
    await fc.assert(
      fc.asyncProperty(place, literal, async (field, text) => {
        const answer = await server.ask({ query: `{ ${field.replace('@', () => text)} }` });
        expect(JSON.stringify(answer.body.errors ?? [])).not.toContain('ZZQXZZ');
      }),
      { numRuns: 200 },
    );
  });
});

test('every code in the registry has a meaning and a plausible status', () => {
  for (const { status, meaning } of Object.values(errorCodes)) {
    expect(meaning).toMatch(/\.$/);
    expect(status === null || (status >= 400 && status < 600)).toBe(true);
  }
});
