import type { IncomingHttpHeaders } from 'node:http';
import { Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import type { FastifyInstance } from 'fastify';
import { problem } from './errors.ts';
import type { Blocked } from './graphql.ts';

/** A link as it came. */
export interface DownloadLink {
  readonly id: string;
  readonly until: string;
  readonly signature: string;
}

/** A file to be sent. */
export interface Download {
  /** Name to save it under, of plain characters. */
  readonly name: string;
  readonly type: string;
  readonly bytes: number;
  readonly pieces: AsyncIterable<Uint8Array>;
}

export interface DownloadsOptions<K extends { readonly name: string }> {
  /** Where links lead, such as `/exports`. */
  readonly path: string;
  readonly isOpen: () => boolean | Promise<boolean>;
  authenticate(headers: IncomingHttpHeaders, address: string): Promise<K | Blocked | null>;
  /** Null where there is no such file for the caller. */
  download(link: DownloadLink, caller: K): Promise<Download | null>;
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Files by links: for the owner of the link, who says who she is as on every request. */
export function registerDownloads<K extends { readonly name: string }>(app: FastifyInstance, options: DownloadsOptions<K>): void {
  app.get<{ Params: { id: string }; Querystring: Record<string, unknown> }>(`${options.path}/:id`, async (request, reply) => {
    const refuse = (status: number, detail?: string) => reply.code(status).type('application/problem+json').send(problem(status, request.id, detail));
    void reply.header('cache-control', 'no-store');
    if (!(await options.isOpen())) return refuse(503);
    const caller = await options.authenticate(request.headers, request.ip);
    if (!caller) {
      void reply.header('www-authenticate', 'Bearer');
      return refuse(401);
    }
    if ('retryAt' in caller) {
      void reply.header('retry-after', String(Math.max(1, Math.ceil((caller.retryAt - Date.now()) / 1000))));
      return refuse(429);
    }
    request.exchange.callerName = caller.name;
    const { until, signature } = request.query;
    const file = await options.download({ id: request.params.id, until: text(until), signature: text(signature) }, caller);
    if (!file) return refuse(404, 'There is no such file for you: the link is over or another caller’s, or the file is gone. Ask the export for a new link, or start it anew.');
    void reply.headers({ 'content-type': file.type, 'content-disposition': `attachment; filename="${file.name}"`, vary: 'accept-encoding' });
    const pieces = Readable.from(file.pieces, { objectMode: false });
    if (!/\bgzip\b/.test(request.headers['accept-encoding'] ?? '')) return reply.header('content-length', file.bytes).send(pieces);
    const zipped = pieces.compose(createGzip()) as Readable;
    return reply.header('content-encoding', 'gzip').send(zipped);
  });
}
