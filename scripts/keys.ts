// Makes, lists, changes, rotates and revokes API keys: `npm run keys -- create|list|set|rotate|revoke`.
import { parseArgs, type ParseArgsConfig } from 'node:util';
import { agencies as registered } from '../src/agencies/index.ts';
import { createKeys, type KeyInfo, type Keys, type NewKey, type TermsChange } from '../src/access/keys.ts';
import { documentPolicies, limitNames } from '../src/access/terms.ts';
import { allPurposes, isPurpose } from '../src/access/purposes.ts';
import { allScopes, isScope, scopes } from '../src/access/scopes.ts';
import { ConfigError, readConfig } from '../src/config.ts';
import { openDatabase } from '../src/store/database.ts';
import { reachDatabase } from '../src/store/reach.ts';

const help = `npm run keys -- create --name NAME --scopes SCOPE,SCOPE [--mission CODE]... [--area CODE]... [--p3mi ID]...
                       [--agency NAME]... [--purpose PURPOSE]... [--network CIDR]... [--days 90] [--live | --test] [TERMS]
npm run keys -- list [--ended]
npm run keys -- set ID TERMS
npm run keys -- rotate ID [--overlap-minutes 1440] [--days 90]
npm run keys -- revoke ID

The database is the one of DATABASE_URL, else the embedded one of DATA_DIR (./data), whether or not a hub runs.
A key is of the kind test (mocks only) unless --live is given or an AGENCY_*_URL is set.

TERMS: [--documents any|log|listed] [--requests-per-minute N] [--cost-per-minute N] [--concurrent N] [--persons-per-day N]
--documents says which documents the key may send: any, any with the unlisted ones noted in the log, or trusted ones only. A limit that is not given, or is
set to 0, is the hub's.

Scopes:
${allScopes.map((scope) => `  ${scope.padEnd(16)} ${scopes[scope]}`).join('\n')}
Purposes: ${allPurposes.join(', ')}
`;

const day = 86_400_000;
const options = {
  name: { type: 'string' },
  scopes: { type: 'string', default: '' },
  mission: { type: 'string', multiple: true },
  area: { type: 'string', multiple: true },
  p3mi: { type: 'string', multiple: true },
  agency: { type: 'string', multiple: true },
  purpose: { type: 'string', multiple: true },
  network: { type: 'string', multiple: true },
  days: { type: 'string' },
  'overlap-minutes': { type: 'string' },
  documents: { type: 'string' },
  'requests-per-minute': { type: 'string' },
  'cost-per-minute': { type: 'string' },
  concurrent: { type: 'string' },
  'persons-per-day': { type: 'string' },
  live: { type: 'boolean', default: false },
  test: { type: 'boolean', default: false },
  ended: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const satisfies ParseArgsConfig['options'];

/** A wrong command line, in one line that says how to mend it. */
class UsageError extends Error {}

const parse = (args: readonly string[]) => parseArgs({ args: [...args], options, allowPositionals: true });
type Given = ReturnType<typeof parse>['values'];

function number(text: string | undefined, name: string): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d{1,9}$/.test(text)) throw new UsageError(`--${name} is a whole number`);
  return Number(text);
}

function terms(given: Given): TermsChange {
  const policy = documentPolicies.find((name) => name === given.documents);
  if (given.documents !== undefined && policy === undefined) throw new UsageError(`--documents is one of ${documentPolicies.join(', ')}`);
  const options = { requestsPerMinute: 'requests-per-minute', costPerMinute: 'cost-per-minute', concurrent: 'concurrent', personsPerDay: 'persons-per-day' } as const;
  const limits = limitNames.flatMap((name) => {
    const value = number(given[options[name]], options[name]);
    return value === undefined ? [] : [[name, value === 0 ? null : value] as const];
  });
  return { ...(policy && { documents: policy }), limits: Object.fromEntries(limits) };
}

function newKey(given: Given, realAgencies: boolean): NewKey {
  if (given.name === undefined) throw new UsageError('--name is missing');
  if (given.live && given.test) throw new UsageError('--live and --test exclude each other');
  const names = given.scopes.split(',').map((text) => text.trim()).filter((text) => text !== '');
  const unknown = names.find((name) => !isScope(name)) ?? given.purpose?.find((name) => !isPurpose(name));
  if (unknown !== undefined) throw new UsageError(`${unknown} is no scope or purpose of the hub; --help lists them`);
  const { documents, limits = {} } = terms(given);
  const { mission: missions, area: areas, p3mi: p3mis, agency: agencies } = given;
  const nobody = agencies?.find((name) => !registered.some((agency) => agency.name === name));
  if (nobody !== undefined) throw new UsageError(`--agency: there is no ${nobody}; there are ${registered.map(({ name }) => name).join(', ')}`);
  return {
    name: given.name,
    scopes: names.filter(isScope),
    bounds: { ...(missions && { missions }), ...(areas && { areas }), ...(p3mis && { p3mis }), ...(agencies && { agencies }) },
    purposes: given.purpose?.filter(isPurpose) ?? null,
    networks: given.network ?? null,
    expiresAt: new Date(Date.now() + (number(given.days, 'days') ?? 90) * day),
    ...(documents && { documents }),
    limits: Object.fromEntries(Object.entries(limits).filter(([, value]) => value !== null)),
    environment: given.live || (realAgencies && !given.test) ? 'live' : 'test',
  };
}

function line(key: KeyInfo): string {
  const state = key.revokedAt ? 'revoked' : key.expiresAt <= new Date() ? 'expired' : 'active';
  const bounds = Object.entries(key.bounds).map(([name, values]) => ` ${name}=${(values as readonly string[]).join('|')}`).join('');
  const used = key.lastUsedAt ? `used ${key.uses} times, last ${key.lastUsedAt.toISOString()} from ${key.lastUsedFrom ?? '?'}` : 'never used';
  const documents = key.documents === 'any' ? '' : ` documents=${key.documents}`;
  const limits = Object.entries(key.limits).map(([name, value]) => ` ${name}=${value}`).join('');
  return `${key.id}  ${state.padEnd(7)}  ${key.environment}  until ${key.expiresAt.toISOString().slice(0, 10)}  ${key.name}: ${[...key.scopes].join(',') || 'no scopes'}${bounds}${documents}${limits}; ${used}`;
}

async function run(keys: Keys, command: string, id: string | undefined, given: Given, realAgencies: boolean): Promise<string> {
  const shown = 'Keep it: it is shown this once.';
  const days = number(given.days, 'days');
  const overlap = number(given['overlap-minutes'], 'overlap-minutes');
  const theId = () => {
    if (id === undefined) throw new UsageError(`${command} needs the id of a key: npm run keys -- list`);
    return id;
  };
  switch (command) {
    case 'create': {
      const { key, info } = await keys.create(newKey(given, realAgencies));
      return `${key}\n${shown}\n${line(info)}`;
    }
    case 'list': {
      const now = new Date();
      const all = await keys.list();
      return all.filter((key) => given.ended || (key.revokedAt === null && key.expiresAt > now)).map(line).join('\n') || 'No keys.';
    }
    case 'set': {
      const change = terms(given);
      if (change.documents === undefined && Object.keys(change.limits ?? {}).length === 0) throw new UsageError('set needs what to change: --help lists the terms');
      return line(await keys.change(theId(), change));
    }
    case 'rotate': {
      const { key, info } = await keys.rotate(theId(), { ...(overlap !== undefined && { overlapMs: overlap * 60_000 }), ...(days !== undefined && { expiresAt: new Date(Date.now() + days * day) }) });
      return `${key}\n${shown}\n${line(info)}`;
    }
    case 'revoke':
      return line(await keys.revoke(theId()));
    default:
      throw new UsageError(`${command} is no command; --help lists them`);
  }
}

async function main(args: readonly string[], environment: NodeJS.ProcessEnv): Promise<void> {
  const { values: given, positionals: [command, id] } = parse(args);
  if (given.help || command === undefined) {
    process.stdout.write(help);
    return;
  }
  const config = readConfig(environment);
  const realAgencies = config.agencies.some(({ url }) => url !== undefined);
  await using parts = new AsyncDisposableStack();
  const { url } = parts.adopt(await reachDatabase({ databaseUrl: config.DATABASE_URL, dataDir: config.DATA_DIR }), (server) => server.stop());
  const database = parts.adopt(await openDatabase({ url, connections: 2 }), (d) => d.close());
  const keys = parts.adopt(await createKeys(database, { acceptTest: true }), (k) => k.close());
  process.stdout.write(`${await run(keys, command, id, given, realAgencies)}\n`);
}

if (import.meta.main) {
  try {
    await main(process.argv.slice(2), process.env);
  } catch (error) {
    process.stderr.write(`${error instanceof ConfigError ? 'Wrong setting ' : ''}${error instanceof Error ? error.message.split('\n')[0] : 'unknown fault'}\n`);
    process.exitCode = 1;
  }
}
