// Makes the allow-list of trusted documents from schema/operations: `npm run operations:publish`.
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createDocuments } from '../src/access/documents.ts';
import { ConfigError, readConfig } from '../src/config.ts';
import { openDatabase } from '../src/store/database.ts';
import { reachDatabase } from '../src/store/reach.ts';
import { readTrusted } from '../src/trustedOperations.ts';

const folder = fileURLToPath(new URL('../schema/operations', import.meta.url));
const help = `npm run operations:publish [-- --from FOLDER]

Makes the operations of a folder (*.graphql, one named operation each; default: schema/operations) the whole list of trusted documents, and prints the id of
each. What was on the list and is not in the folder is retired: requests that name it are refused from then on. Running it again changes nothing.
Every instance of the hub follows at once.
`;

async function main(args: readonly string[], environment: NodeJS.ProcessEnv): Promise<void> {
  const { values } = parseArgs({ args: [...args], options: { from: { type: 'string', default: folder }, help: { type: 'boolean', default: false } } });
  if (values.help) {
    process.stdout.write(help);
    return;
  }
  const operations = await readTrusted(values.from);
  if (operations.length === 0) throw new Error(`${values.from} holds no operations (*.graphql)`);
  const config = readConfig(environment);
  await using parts = new AsyncDisposableStack();
  const { url } = parts.adopt(await reachDatabase({ databaseUrl: config.DATABASE_URL, dataDir: config.DATA_DIR }), (server) => server.stop());
  const database = parts.adopt(await openDatabase({ url, connections: 2 }), (d) => d.close());
  const documents = await createDocuments(database);
  const { added, retired } = await documents.publish(operations, new Date());
  const lines = operations.map(({ id, name }) => `${id}  ${name}${added.includes(id) ? '  (new)' : ''}`);
  process.stdout.write(`${[...lines, ...retired.map((id) => `${id}  retired`)].join('\n')}\n`);
}

if (import.meta.main) {
  try {
    await main(process.argv.slice(2), process.env);
  } catch (error) {
    process.stderr.write(`${error instanceof ConfigError ? 'Wrong setting ' : ''}${error instanceof Error ? error.message.split('\n')[0] : 'unknown fault'}\n`);
    process.exitCode = 1;
  }
}
