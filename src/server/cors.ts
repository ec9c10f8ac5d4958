import cors from '@fastify/cors';
import type { FastifyInstance } from 'fastify';

/** Headers that a page may send, besides those that any page may. */
const sent = ['authorization', 'x-api-key', 'content-type', 'x-purpose', 'x-case-reference', 'x-request-id', 'apollographql-client-name', 'apollographql-client-version', 'apollo-require-preflight', 'cache-control', 'traceparent'];
/** Headers of the answer that a page may read. */
const read = ['x-request-id', 'ratelimit', 'ratelimit-policy', 'retry-after'];

/**
 * Lets pages of the listed origins call the routes of this part of the app from a browser. To all others the answers are as if there were no such thing.
 * Cookies never come along: the hub knows callers by a header only.
 */
export async function allowOrigins(app: FastifyInstance, origins: readonly string[]): Promise<void> {
  if (origins.length === 0) return;
  const allowed = new Set(origins);
  await app.register(cors, {
    origin: (origin, tell) => tell(null, origin !== undefined && allowed.has(origin) ? origin : false),
    methods: ['GET', 'POST'],
    allowedHeaders: sent,
    exposedHeaders: read,
    credentials: false,
    maxAge: 600,
    strictPreflight: false,
  });
}
