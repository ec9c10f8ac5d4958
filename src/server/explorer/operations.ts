import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Kind, parse } from 'graphql';

/** A ready-made operation of the explorer: one file of the operations folder. */
export interface ReadyMadeOperation {
  /** The operation's name. */
  readonly name: string;
  /** The `#` comment at the head of the file, as one text. */
  readonly description: string;
  /** The file as it is. */
  readonly query: string;
  /** Example variables as JSON text: the head's `# variables: {...}` line; empty when there is none. */
  readonly variables: string;
}

/** Reads every `.graphql` file of a folder and its subfolders, by name; none where there is no such folder. */
export async function readOperations(dir: string): Promise<ReadyMadeOperation[]> {
  const files = await readdir(dir, { recursive: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  const paths = files.filter((file) => file.endsWith('.graphql')).toSorted();
  return Promise.all(paths.map(async (path) => readyMade(path, await readFile(join(dir, path), 'utf8'))));
}

/** Takes one file apart. A file without exactly one named operation is an error that names the file. */
export function readyMade(path: string, text: string): ReadyMadeOperation {
  const operations = parse(text).definitions.filter((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  const name = operations[0]?.name?.value;
  if (operations.length !== 1 || !name) throw new Error(`${path}: an operations file holds exactly one named operation`);
  const head = (/^(?:\s*#.*\n?)*/.exec(text)?.[0] ?? '').split('\n').map((line) => line.replace(/^\s*#\s?/, ''));
  const marked = head.find((line) => line.startsWith('variables:'));
  const variables = marked === undefined ? '' : JSON.stringify(JSON.parse(marked.slice('variables:'.length)), null, 2);
  const description = head.filter((line) => line !== marked).join(' ').trim();
  return { name, description, query: text, variables };
}
