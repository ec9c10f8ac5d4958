import { request } from 'node:http';

/**
 * Sends an abuse and gives the answer. Of a body over the limit only the beginning is sent: the hub answers by its announced length and closes, and whoever then
 * goes on sending may lose the answer.
 */
export function send(url: string, headers: Record<string, string>, abuse: Abuse): Promise<{ status: number; text: string }> {
  const body = Buffer.from(abuse.body);
  return new Promise((resolve, reject) => {
    const sending = request(url, { method: 'POST', headers: { ...headers, ...abuse.headers, 'content-length': String(body.length) } }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => (text += part));
      response.once('end', () => {
        resolve({ status: response.statusCode ?? 0, text });
        sending.destroy();
      });
    });
    sending.once('error', reject);
    if (body.length > 2_000_000) sending.write(body.subarray(0, 65_536));
    else sending.end(body);
  });
}

/** A request that nobody sends in earnest. */
export interface Abuse {
  readonly name: string;
  readonly body: string | Uint8Array;
  readonly headers?: Record<string, string>;
}

const many = (count: number, make: (i: number) => string) => Array.from({ length: count }, (_, i) => make(i)).join(' ');
const ask = (query: unknown, variables?: unknown): string => JSON.stringify({ query, variables });
const doubling = (levels: number) =>
  `{ ...F0 } ${many(levels, (i) => `fragment F${i} on Query { ${i + 1 < levels ? `...F${i + 1} ...F${i + 1}` : '__typename'} }`)}`;
const workers = 'query ($by: [WorkerKey!]!) { workers(by: $by) { id } }';

/** Every shape of abuse that the hub promises to refuse; each must get a 4xx. */
export const abuses: readonly Abuse[] = [
  { name: '10,000 aliases', body: ask(`{ ${many(10_000, (i) => `a${i}: viewer { name }`)} }`) },
  { name: '20,000 repeated fields', body: ask(`{ viewer { ${many(20_000, () => 'name')} } }`) },
  { name: 'a chain of 5,000 fragments', body: ask(`{ ...F0 } ${many(5_000, (i) => `fragment F${i} on Query { ...F${i + 1} }`)} fragment F5000 on Query { __typename }`) },
  { name: 'a chain of 90 fragments', body: ask(`{ ...F0 } ${many(90, (i) => `fragment F${i} on Query { ...F${i + 1} }`)} fragment F90 on Query { __typename }`) },
  { name: 'fragments that double 25 times', body: ask(doubling(25)) },
  { name: 'fragments that double 90 times', body: ask(doubling(90)) },
  { name: 'fragments in a circle', body: ask('{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }') },
  { name: 'lists of lists in the document', body: ask(`{ nodes(ids: ${'['.repeat(10_000)}${']'.repeat(10_000)}) { id } }`) },
  { name: 'lists of lists in the variables', body: `{"query":"query ($ids: [ID!]!) { nodes(ids: $ids) { id } }","variables":{"ids":${'['.repeat(10_000)}${']'.repeat(10_000)}}}` },
  { name: 'objects in objects in the variables', body: `{"query":${JSON.stringify(workers)},"variables":${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}}` },
  { name: '20,000 nested braces', body: ask('{a'.repeat(20_000) + '}'.repeat(20_000)) },
  { name: '20,000 opened braces', body: ask('{'.repeat(20_000)) },
  { name: 'an operation name of 1 MB in the document', body: ask(`query ${'a'.repeat(1_000_000)} { viewer { name } }`) },
  { name: 'an operation name of 1 MB beside it', body: JSON.stringify({ query: '{ viewer { name } }', operationName: 'a'.repeat(1_000_000) }) },
  { name: 'a body of 20 MB', body: ask(`{ viewer { name } } # ${'x'.repeat(20_000_000)}`) },
  { name: 'JSON that is cut off', body: '{"query":"{ viewer { name }' },
  { name: 'no JSON', body: 'query { viewer { name } }' },
  { name: 'a number for a body', body: '7' },
  { name: 'null for a document', body: ask(null) },
  { name: 'an array of requests', body: `[${many(100, () => '{"query":"{ viewer { name } }"}').replaceAll(' {"query', ',{"query')}]` },
  { name: '__proto__ in the body', body: '{"query":"{ viewer { name } }","__proto__":{"admin":true}}' },
  { name: '__proto__ in the variables', body: `{"query":${JSON.stringify(workers)},"variables":{"__proto__":{"by":[]},"by":[{"__proto__":{"nik":"1"}}]}}` },
  { name: 'constructor.prototype in the variables', body: `{"query":${JSON.stringify(workers)},"variables":{"by":[{"constructor":{"prototype":{"nik":"1"}}}]}}` },
  { name: 'a lone surrogate in a string', body: '{"query":"query ($k: WorkerKey!) { worker(by: $k) { id } }","variables":{"k":{"nik":"\\ud800507104101909001"}}}' },
  { name: 'a lone surrogate in the document', body: '{"query":"{ worker(by: { passport: \\"\\ud800\\" }) { id \\udfff } }"}' },
  { name: 'zero bytes in a document', body: '{"query":"{ viewer \\u0000 { name } }"}' },
  { name: 'a thousand directives on a field', body: ask(`{ viewer { name ${many(1_000, () => '@include(if: true)')} } }`) },
  { name: 'a thousand unknown directives', body: ask(`{ viewer { name ${many(1_000, (i) => `@d${i}`)} } }`) },
  { name: 'introspection 40 levels deep', body: ask(`{ __schema { types { ${'fields { type { '.repeat(40)} name ${'} }'.repeat(40)} } } }`) },
  { name: 'introspection of fields in fields', body: ask('{ __schema { types { fields { type { fields { type { fields { type { fields { name } } } } } } } } } }') },
  { name: 'a fragment bomb under the names of keywords', body: ask(`{ ...query } ${['query', 'mutation', 'fragment', 'subscription', 'type', ...Array.from({ length: 25 }, (_, i) => `F${i}`)].map((name, i, all) => `fragment ${name} on Query { ${i + 1 < all.length ? `...${all[i + 1]} ...${all[i + 1]}` : '__typename'} }`).join(' ')}`) },
  { name: 'introspection in a fragment bomb', body: ask(`{ __schema { types { ...F0 } } } ${many(25, (i) => `fragment F${i} on __Type { ${i < 24 ? `ofType { ...F${i + 1} ...F${i + 1} }` : 'name'} }`)}`) },
  ...['-1', '0', '2147483648', '101', '"x"'].map((first) => ({ name: `first: ${first}`, body: ask(`{ worker(by: { nik: "3507104101909999" }) { accessLog(first: ${first}) { id } } }`) })),
  ...[-1, 0, null, 2 ** 31, 1e308, 1.5].map((first) => ({ name: `first from a variable: ${first}`, body: ask('query ($n: Int!) { worker(by: { nik: "3507104101909999" }) { accessLog(first: $n) { id } } }', { n: first }) })),
  { name: '100,000 keys', body: ask(workers, { by: Array.from({ length: 20_000 }, () => ({ nik: '1' })) }) },
  { name: '900 keys of nobody, all wrong', body: ask(workers, { by: Array.from({ length: 900 }, () => ({ nik: '1' })) }) },
  { name: 'a gzip bomb', body: new Uint8Array([31, 139, 8, 0, 0, 0, 0, 0, 0, 3]), headers: { 'content-encoding': 'gzip' } },
  { name: 'a form', body: 'query={viewer{name}}', headers: { 'content-type': 'application/x-www-form-urlencoded' } },
];
