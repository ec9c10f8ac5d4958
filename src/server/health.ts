import type { FastifyInstance } from 'fastify';
import type { Metrics } from './metrics.ts';
import type { ReadinessGate } from './readiness.ts';

/** Three questions to an instance: is the process alive, may it get requests, and how is it doing. The agencies' health is a field of the API. */
export function registerHealth(app: FastifyInstance, options: { readonly gate: ReadinessGate; readonly closing: () => boolean; readonly metrics: Metrics }): void {
  app.get('/healthz', (_request, reply) => reply.header('cache-control', 'no-store').send({ alive: true }));

  app.get('/readyz', async (_request, reply) => {
    const result = options.closing() ? { ready: false, checks: { closing: true } } : await options.gate.check();
    return reply.code(result.ready ? 200 : 503).header('cache-control', 'no-store').send(result);
  });

  app.get('/metrics', async (_request, reply) => reply.type(options.metrics.contentType).header('cache-control', 'no-store').send(await options.metrics.text()));
}
