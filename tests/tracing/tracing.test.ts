import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mayFollow, redacted, redactedName, spanAttributes } from '../../src/tracing/redact.ts';
import { startTestHub } from '../support/hub.ts';
import { type ReceivedSpan, startReceiver } from '../support/otlp.ts';

const traceId = '0af7651916cd43dd8448eb211c80319c';
const spanId = 'b7ad6b7169203331';
const query = 'query ($nik: NIK!) { worker(by: { nik: $nik }) { name healthInsurance { status } } }';

/** The spans of one read, once the hub has closed and so sent them. */
async function spansOf(headers: Record<string, string>, settings: Record<string, string> = {}, document = query): Promise<{ spans: readonly ReceivedSpan[]; sent: readonly Record<string, unknown>[] }> {
  await using receiver = await startReceiver();
  {
    await using hub = await startTestHub({ people: 40, settings: { OTEL_EXPORTER_OTLP_ENDPOINT: `${receiver.url}/`, ...settings } });
    await hub.ask(document, { nik: hub.world.person(0).truth.nik }, { headers: { 'x-request-id': 'trace-1', ...headers } });
  }
  return { spans: receiver.spans(), sent: receiver.headers };
}
const named = (spans: readonly ReceivedSpan[], name: string) => spans.filter((span) => span.name === name);

describe('a traced request', () => {
  it('is a tree: the request, in it the operation, in that each agency call and each group of queries', async () => {
    const { spans, sent } = await spansOf({ traceparent: `00-${traceId}-${spanId}-01`, tracestate: 'desk=secret', baggage: 'name=secret' }, { OTEL_EXPORTER_OTLP_HEADERS: 'x-collector-key=abc', OTEL_SERVICE_NAME: 'payung-test' });
    const [request] = named(spans, 'POST /graphql');
    expect(request).toMatchObject({ traceId, parentSpanId: spanId, attributes: { 'http.request.method': 'POST', 'http.route': '/graphql', 'http.response.status_code': 200, 'payung.outcome': 'ok', 'payung.request.id': 'trace-1' } });
    const [operation] = named(spans, 'query');
    expect(operation).toMatchObject({ traceId, parentSpanId: request!.spanId, attributes: { 'graphql.operation.type': 'query', 'payung.document.hash': expect.stringMatching(/^[0-9a-f]{64}$/), 'payung.outcome': 'done', 'payung.caller.kind': 'KEY' } });
    for (const agency of ['BP2MI', 'BPJS_KESEHATAN']) {
      const [call] = named(spans, `${agency} lookUp`);
      expect(call).toMatchObject({ traceId, parentSpanId: operation!.spanId, attributes: { 'payung.agency': agency, 'payung.agency.operation': 'lookUp', 'payung.agency.attempts': 1 } });
    }
    expect(named(spans, 'postgresql run').length).toBeGreaterThan(0);
    expect(spans.every((span) => span.traceId === traceId)).toBe(true);
    expect(sent[0]).toMatchObject({ 'x-collector-key': 'abc' });
    expect(JSON.stringify(spans)).not.toContain('secret');
  });

  it('begins a trace of its own where the caller sends none, or none that can be read', async () => {
    for (const traceparent of ['', 'nonsense', `00-${'0'.repeat(32)}-${spanId}-01`]) {
      const { spans } = await spansOf(traceparent === '' ? {} : { traceparent });
      expect(named(spans, 'POST /graphql')[0]!.parentSpanId ?? '').toBe('');
    }
  });

  it('is not recorded where the caller does not record his, nor where it falls outside the share', async () => {
    expect((await spansOf({ traceparent: `00-${traceId}-${spanId}-00` })).spans).toEqual([]);
    expect((await spansOf({ traceparent: `00-${traceId}-${spanId}-01` }, { OTEL_TRACES_SAMPLER_ARG: '0' })).spans).toEqual([]);
  });

  it('that is refused ends its spans, too', async () => {
    const { spans } = await spansOf({ 'x-purpose': 'NONE' });
    expect(named(spans, 'query')[0]!.attributes).toMatchObject({ 'payung.outcome': 'refused' });
    expect(named(spans, 'POST /graphql')[0]!.attributes).toMatchObject({ 'http.response.status_code': 403, 'payung.outcome': 'refused' });
    expect((await spansOf({}, {}, '{ nope }')).spans.map(({ name }) => name)).toContain('POST /graphql');
  });
});

it('a receiver that is not there holds nothing up, neither at work nor at the end', async () => {
  await using hub = await startTestHub({ people: 40, sync: false, settings: { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' } });
  expect((await hub.ask('{ viewer { name } }', {})).status).toBe(200);
});

describe('the redactor', () => {
  it('lets no attribute through that is not on its list', () => {
    const names = fc.oneof(fc.constantFrom(...Object.keys(spanAttributes)), fc.constantFrom('graphql.document', 'graphql.operation.name', 'db.query.text'), fc.string());
    const values = fc.oneof(fc.constantFrom('query', 'SITI AMINAH', '3507104101909001', 'K9998887'), fc.string(), fc.integer());
    fc.assert(
      fc.property(fc.dictionary(names, values), (attributes) => {
        for (const [name, value] of Object.entries(redacted(attributes))) {
          expect(Object.hasOwn(spanAttributes, name)).toBe(true);
          expect(String(value)).not.toMatch(/\d{6,}|[A-Z]\d{4,}| /);
        }
      }),
      { examples: [[{ 'error.type': 'abA1234' }], [{ 'payung.request.id': 'x-A1234' }], [{ 'payung.outcome': 'F6843lL' }]] },
    );
    for (const value of ['A1234', 'a1234', 'AB1234', 'ab1234', 'Ab1234', 'aB1234']) expect(redacted({ 'error.type': value })).toEqual({});
    for (const name of ['graphql.document', 'graphql.operation.name', 'db.query.text', 'url.full', 'exception.message', '__proto__', 'toString']) expect(redacted({ [name]: 'query' })).toEqual({});
  });

  it('lets no number of a person, and no name, through under any name on its list', () => {
    const personal = ['3507104101909001', 'A1234567', 'X 12345678', '18900000001', '0001234567890', 'SITI AMINAH', 'siti aminah', 'K9998887', 'desk-3507104101909001', 3507104101909001];
    for (const name of Object.keys(spanAttributes)) for (const value of personal) expect(redacted({ [name]: value }), name).toEqual({});
    expect(redactedName('SITI AMINAH binti')).toBe('span');
    expect(redactedName('query 3507104101909001')).toBe('span');
  });

  it('takes over no id of a trace that holds a NIK', () => {
    expect(mayFollow({ traceId, spanId })).toBe(true);
    expect(mayFollow({ traceId: `${'f'.repeat(8)}3507104101909001${'f'.repeat(8)}`, spanId })).toBe(false);
    expect(mayFollow({ traceId, spanId: '3507104101909001' })).toBe(false);
  });
});

it('OpenTelemetry is imported by one file only, and that one only where a receiver is set', () => {
  const src = fileURLToPath(new URL('../../src', import.meta.url));
  const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  const text = (file: string) => readFileSync(`${src}/${file}`, 'utf8');
  expect(files.filter((file) => /^import (?!type).*'@opentelemetry/m.test(text(file)))).toEqual(['tracing/otel.ts']);
  expect(files.filter((file) => /tracing\/otel\.ts'|\.\/otel\.ts'/.test(text(file)))).toEqual(['hub.ts']);
  expect(text('hub.ts')).toContain(`if (endpoint === undefined) return null;\n  const { startTracing } = await import('./tracing/otel.ts');`);
});
