import type { FastifyInstance } from 'fastify';

export interface ExplorerOptions {
  /** Folder of ready-made operations (`*.graphql`, also in subfolders). */
  readonly operationsDir: string;
}

export async function registerExplorer(_app: FastifyInstance, _options: ExplorerOptions): Promise<void> {}
