import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Database } from '../../store/database.ts';
import { linkModel } from '../../store/linkTables.ts';
import { lockLinks } from '../hub/ledger.ts';
import { putInForce } from '../hub/model.ts';
import type { StartingModel } from './make.ts';

export const startingModelFile = fileURLToPath(new URL('model.json', import.meta.url));

export async function readStartingModel(): Promise<StartingModel> {
  return JSON.parse(await readFile(startingModelFile, 'utf8')) as StartingModel;
}

/** Puts the starting model in force where none has ever been. Tells whether it did. */
export async function installStartingModel(database: Database, at: Date): Promise<boolean> {
  return database.transaction(async (q) => {
    await lockLinks(q);
    const [any] = await q.select({ version: linkModel.version }).from(linkModel).limit(1);
    if (any) return false;
    const learned = await readStartingModel();
    await putInForce(q, learned, learned.model.sources.reduce((sum, { records }) => sum + records, 0), at);
    return true;
  });
}
