import { type Context, ROOT_CONTEXT, type Span, SpanKind, SpanStatusCode, trace, type Tracer, TraceFlags } from '@opentelemetry/api';
import { type ExportResult, ExportResultCode, parseTraceParent } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { AlwaysOffSampler, BatchSpanProcessor, ParentBasedSampler, type ReadableSpan, type SpanExporter, TraceIdRatioBasedSampler, TracerProvider } from '@opentelemetry/sdk-trace';
import type { CallTracer } from '../agencies/agency.ts';
import { mayFollow, redacted, redactedName } from './redact.ts';
import type { Facts, OpenSpan, RequestTrace, Tracing } from './tracing.ts';

// Loaded only where an endpoint is set: nothing else of the hub imports OpenTelemetry.

export interface OtelOptions {
  /** Base address of an OTLP/HTTP receiver; `/v1/traces` is added. */
  readonly endpoint: string;
  /** Headers of each export. Default: none. */
  readonly headers?: Readonly<Record<string, string>>;
  /** `service.name`. Default `payung`. */
  readonly service?: string;
  /** Share of traces that are recorded, 0 to 1, by trace id; of those that the caller began, those that he records too. Default 1. */
  readonly share?: number;
  /** Longest wait for the last spans to be sent, milliseconds. Default 2000. */
  readonly closeMs?: number;
  /** Told when spans could not be sent; they are lost. */
  readonly onFault?: () => void;
}

export function startTracing(options: OtelOptions): Tracing {
  const { endpoint, headers = {}, service = 'payung', share = 1, closeMs = 2_000 } = options;
  const exporter = redacting(new OTLPTraceExporter({ url: `${endpoint}/v1/traces`, headers: { ...headers } }), options.onFault);
  // A caller cannot make the hub record more than its share.
  const sampler = new TraceIdRatioBasedSampler(share);
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': service }),
    sampler: new ParentBasedSampler({ root: sampler, remoteParentSampled: sampler, remoteParentNotSampled: new AlwaysOffSampler() }),
    spanProcessors: [new BatchSpanProcessor({ exporter })],
  });
  const tracer = provider.getTracer('payung');
  return {
    begin(method, route, traceparent) {
      const given = traceparent === undefined ? null : parseTraceParent(traceparent);
      const parent = given && mayFollow(given) ? given : null;
      // `tracestate` and baggage, in which anything may stand, are neither kept nor passed on.
      const context = parent ? trace.setSpanContext(ROOT_CONTEXT, { traceId: parent.traceId, spanId: parent.spanId, traceFlags: parent.traceFlags, isRemote: true }) : ROOT_CONTEXT;
      const span = tracer.startSpan(`${method} ${route}`, { kind: SpanKind.SERVER, attributes: { 'http.request.method': method, 'http.route': route } }, context);
      return requestTrace(tracer, span);
    },
    async close() {
      // Spans that a receiver does not take must not hold the hub up when it stops.
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, closeMs)));
      await Promise.race([provider.shutdown().catch(() => options.onFault?.()), late]);
      clearTimeout(timer);
    },
  };
}

function requestTrace(tracer: Tracer, request: Span): RequestTrace {
  const outer = trace.setSpan(ROOT_CONTEXT, request);
  let operation: { readonly span: Span; readonly context: Context } | null = null;

  const begin = (name: string, kind: SpanKind, facts: Facts): Span => tracer.startSpan(name, { kind, attributes: { ...facts } }, operation?.context ?? outer);
  const calls: CallTracer = {
    begin(agency, name) {
      const span = begin(`${agency} ${name}`, SpanKind.CLIENT, { 'payung.agency': agency, 'payung.agency.operation': name });
      const { traceId, spanId, traceFlags } = span.spanContext();
      return {
        traceparent: `00-${traceId}-${spanId}-${traceFlags & TraceFlags.SAMPLED ? '01' : '00'}`,
        end: (outcome, attempts) => end(span, { 'payung.agency.attempts': attempts, ...(outcome !== 'OK' && { 'error.type': outcome }) }),
      };
    },
  };

  return {
    operation(type, hash) {
      const span = begin(type, SpanKind.INTERNAL, { 'graphql.operation.type': type, 'payung.document.hash': hash });
      operation = { span, context: trace.setSpan(outer, span) };
    },
    operationEnded(facts) {
      if (operation) end(operation.span, facts);
      operation = null;
    },
    calls,
    database(kind): OpenSpan {
      const span = begin(`postgresql ${kind}`, SpanKind.CLIENT, { 'db.system.name': 'postgresql', 'db.operation.name': kind });
      return { end: (facts = {}) => end(span, facts) };
    },
    end: (facts) => end(request, facts),
  };
}

function end(span: Span, facts: Facts): void {
  span.setAttributes({ ...facts });
  if (facts['error.type'] !== undefined) span.setStatus({ code: SpanStatusCode.ERROR });
  span.end();
}

/** The central redactor: every span leaves through it, whoever made it. Events and links, which could carry messages, and texts of states do not leave at all. */
function redacting(exporter: SpanExporter, onFault?: () => void): SpanExporter {
  return {
    export(spans, done) {
      exporter.export(spans.map(redact), (result: ExportResult) => {
        if (result.code !== ExportResultCode.SUCCESS) onFault?.();
        done(result);
      });
    },
    shutdown: () => exporter.shutdown(),
    forceFlush: async () => exporter.forceFlush?.(),
  };
}

function redact(span: ReadableSpan): ReadableSpan {
  const { kind, parentSpanContext, startTime, endTime, duration, ended, resource, instrumentationScope, status } = span;
  return {
    name: redactedName(span.name), kind, spanContext: () => span.spanContext(), parentSpanContext, startTime, endTime, duration, ended, resource, instrumentationScope,
    status: { code: status.code }, attributes: redacted(span.attributes), links: [], events: [], droppedAttributesCount: 0, droppedEventsCount: 0, droppedLinksCount: 0,
  };
}
