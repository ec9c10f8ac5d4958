// Takes rows that need not be kept any longer out of the audit log: `npm run audit:prune`.
import { parseArgs } from 'node:util';
import { pruneAudit } from '../src/access/auditPrune.ts';
import { ConfigError, readConfig } from '../src/config.ts';
import { openDatabase } from '../src/store/database.ts';
import { reachDatabase } from '../src/store/reach.ts';

const help = `npm run audit:prune [-- --days N] [--dry-run]

Deletes the rows of the audit log that are older than N days (default: AUDIT_KEEP_DAYS). The log is verified first, and nothing is deleted from one that does not
hold. A row of the log says through which row it was pruned, with that row's digest, so that npm run audit:verify goes on working. Prints SEQ:DIGEST of the last
row that was deleted: keep it with the anchors. With --dry-run it only says what would go.
`;
const day = 86_400_000;

async function main(args: readonly string[], environment: NodeJS.ProcessEnv): Promise<void> {
  const { values } = parseArgs({ args: [...args], options: { days: { type: 'string' }, 'dry-run': { type: 'boolean', default: false }, help: { type: 'boolean', default: false } } });
  if (values.help) {
    process.stdout.write(help);
    return;
  }
  const config = readConfig(environment);
  if (values.days !== undefined && !/^[1-9]\d{0,4}$/.test(values.days)) throw new Error('--days is a whole number of 1 or more');
  const days = values.days === undefined ? config.AUDIT_KEEP_DAYS : Number(values.days);
  if (days === undefined) throw new Error('Say how many days to keep: --days N, or the setting AUDIT_KEEP_DAYS');
  await using parts = new AsyncDisposableStack();
  const { url } = parts.adopt(await reachDatabase({ databaseUrl: config.DATABASE_URL, dataDir: config.DATA_DIR }), (server) => server.stop());
  const database = parts.adopt(await openDatabase({ url, connections: 2 }), (d) => d.close());
  const now = new Date();
  const dryRun = values['dry-run'];
  const pruned = await pruneAudit(database, { before: new Date(now.getTime() - days * day), now, dryRun });
  if ('bad' in pruned) throw new Error(`Nothing was deleted: the log does not hold at row ${pruned.bad.seq}; see npm run audit:verify`);
  const { rows, through } = pruned;
  process.stdout.write(through ? `${rows} rows ${dryRun ? 'would be' : 'were'} deleted.\n${through.seq}:${through.digest}\n` : `No row is older than ${days} days.\n`);
}

if (import.meta.main) {
  try {
    await main(process.argv.slice(2), process.env);
  } catch (error) {
    process.stderr.write(`${error instanceof ConfigError ? 'Wrong setting ' : ''}${error instanceof Error ? error.message.split('\n')[0] : 'unknown fault'}\n`);
    process.exitCode = 1;
  }
}
