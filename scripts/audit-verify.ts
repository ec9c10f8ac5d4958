// Verifies the audit log from its first row: `npm run audit:verify`. Prints its digest, which can be kept outside and given back as --anchor.
import { parseArgs } from 'node:util';
import { verifyAudit } from '../src/access/auditVerify.ts';
import type { AuditHead } from '../src/access/audit.ts';
import { ConfigError, readConfig } from '../src/config.ts';
import { openDatabase } from '../src/store/database.ts';
import { reachDatabase } from '../src/store/reach.ts';

const help = `npm run audit:verify [-- --anchor SEQ:DIGEST]

Counts every hash of the audit log anew. The digest it prints stands for all rows up to then: keep it where nobody can change it, and give it as --anchor
later to see whether any of those rows was changed, added or removed since. Ends with 1 when something was.
`;

const why = {
  MISSING: 'is missing',
  CHANGED: 'is not what was written, or a row before it was put in or taken out',
  ANCHOR_PRUNED: 'was pruned, so that --anchor tells nothing; give the digest of a later row',
  NOT_THE_ANCHOR: 'does not have the digest of --anchor: the log was written anew',
};

function readAnchor(text: string | undefined): AuditHead | undefined {
  if (text === undefined) return undefined;
  const parts = /^(\d{1,15}):([0-9a-f]{64})$/.exec(text);
  if (!parts) throw new Error('--anchor is SEQ:DIGEST, as an earlier run has printed it');
  return { seq: Number(parts[1]), digest: parts[2]! };
}

async function main(args: readonly string[], environment: NodeJS.ProcessEnv): Promise<void> {
  const { values } = parseArgs({ args: [...args], options: { anchor: { type: 'string' }, help: { type: 'boolean', default: false } } });
  if (values.help) {
    process.stdout.write(help);
    return;
  }
  const anchor = readAnchor(values.anchor);
  const config = readConfig(environment);
  await using parts = new AsyncDisposableStack();
  const { url } = parts.adopt(await reachDatabase({ databaseUrl: config.DATABASE_URL, dataDir: config.DATA_DIR }), (server) => server.stop());
  const database = parts.adopt(await openDatabase({ url, connections: 2 }), (d) => d.close());
  const began = performance.now();
  const { rows, head, pruned, bad } = await verifyAudit(database, anchor ? { anchor } : {});
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  if (bad) {
    process.stdout.write(`Row ${bad.seq} ${why[bad.why]}. The ${rows} rows before it hold.\n`);
    process.exitCode = 1;
    return;
  }
  if (pruned) process.stdout.write(`The rows through ${pruned.seq} were pruned, by the word of the log itself.\n`);
  process.stdout.write(`${rows} rows hold (${seconds} s).\n${head ? `${head.seq}:${head.digest}\n` : ''}`);
}

if (import.meta.main) {
  try {
    await main(process.argv.slice(2), process.env);
  } catch (error) {
    process.stderr.write(`${error instanceof ConfigError ? 'Wrong setting ' : ''}${error instanceof Error ? error.message.split('\n')[0] : 'unknown fault'}\n`);
    process.exitCode = 1;
  }
}
