// The report a person is owed about herself, as JSON: `npm run subject-report -- KEY`.
import { readFileSync } from 'node:fs';
import { createAudit } from '../src/access/audit.ts';
import { ConfigError, readConfig } from '../src/config.ts';
import { limitsOf } from '../src/hub.ts';
import { createCrosswalk } from '../src/identity/crosswalk.ts';
import { createKeeper } from '../src/records/keeper.ts';
import { createRecords } from '../src/records/reader.ts';
import { createReferrals } from '../src/referrals/referrals.ts';
import { openDatabase } from '../src/store/database.ts';
import { reachDatabase } from '../src/store/reach.ts';
import { keysOf, subjectReport } from '../src/subject.ts';

const help = `npm run subject-report -- KEY

KEY is the worker's hub id or any of her numbers; - reads it from standard input, so that it stays out of the shell's history.
Prints JSON: what each agency holds about her now (the last known where one does not answer), her numbers, her cases
that were handed to another agency, and every request that touched her data.
The agencies are those of AGENCY_*_URL, else the mocks of the hub that runs. The report is itself a row in the audit log.
`;

async function main([given]: readonly string[], environment: NodeJS.ProcessEnv): Promise<void> {
  if (given === undefined || given === '--help') {
    process.stdout.write(help);
    return;
  }
  const text = (given === '-' ? readFileSync(process.stdin.fd, 'utf8') : given).trim();
  const keys = keysOf(text);
  if (keys.length === 0) throw new Error('KEY has the form of no number that the hub knows, and is no hub id.');
  const config = readConfig(environment);
  await using parts = new AsyncDisposableStack();
  const { url } = parts.adopt(await reachDatabase({ databaseUrl: config.DATABASE_URL, dataDir: config.DATA_DIR }), (server) => server.stop());
  const database = parts.adopt(await openDatabase({ url, connections: 4 }), (d) => d.close());
  const now = () => new Date();
  const agencies = config.agencies.map(({ definition, url: real, mockPort, settings }) =>
    parts.adopt(
      definition.open({ url: real ?? `http://127.0.0.1:${mockPort}`, mock: real === undefined, settings, limits: limitsOf(config), observe: () => {}, now }),
      (agency) => agency.close(),
    ),
  );
  const crosswalk = await createCrosswalk(database);
  const keeper = parts.adopt(createKeeper(crosswalk), (k) => k.close());
  const records = createRecords({ agencies, crosswalk, keeper, cacheMs: 0, now });
  const report = await subjectReport(keys, { records, referrals: createReferrals(database), audit: createAudit(database), now: now() });
  if (!report) throw new Error('Nobody is known by this key.');
  process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
}

if (import.meta.main) {
  try {
    await main(process.argv.slice(2), process.env);
  } catch (error) {
    process.stderr.write(`${error instanceof ConfigError ? 'Wrong setting ' : ''}${error instanceof Error ? error.message.split('\n')[0] : 'unknown fault'}\n`);
    process.exitCode = 1;
  }
}
