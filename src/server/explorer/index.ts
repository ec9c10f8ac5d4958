import type { FastifyInstance } from 'fastify';
import { getStaticFile } from 'ruru/static';
import { readOperations } from './operations.ts';
import { explorerPage } from './page.ts';

export interface ExplorerOptions {
  /** Path of the GraphQL endpoint. */
  readonly endpoint: string;
  /** Folder of ready-made operations (`*.graphql`, also in subfolders). */
  readonly operationsDir: string;
}

const staticPath = '/explorer/static/';

/** The explorer at `/explorer`, wholly from this server: it works with no internet. */
export async function registerExplorer(app: FastifyInstance, options: ExplorerOptions): Promise<void> {
  const { html, policy } = explorerPage({ endpoint: options.endpoint, staticPath, operations: await readOperations(options.operationsDir) });

  app.get('/explorer', (_request, reply) => reply.headers({ 'content-security-policy': policy, 'cache-control': 'no-cache' }).type('text/html; charset=utf-8').send(html));

  app.get<{ Params: { '*': string } }>(`${staticPath}*`, async (request, reply) => {
    const file = await getStaticFile({
      staticPath,
      urlPath: staticPath + request.params['*'],
      acceptEncoding: request.headers['accept-encoding'],
      disallowDevAssets: true,
    });
    if (!file) return reply.callNotFound();
    const { etag } = file.headers;
    void reply.headers({ ...(etag && { etag }), 'cache-control': 'public, max-age=3600', vary: 'accept-encoding' });
    if (etag && request.headers['if-none-match'] === etag) return reply.code(304).send();
    return reply.headers(file.headers).send(file.content);
  });
}
