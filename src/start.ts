import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pino } from 'pino';
import { createWorld } from './agencies/world/world.ts';
import { type Config, ConfigError, readConfig } from './config.ts';
import { demoKeys } from './demo.ts';
import { type Hub, startHub } from './hub.ts';
import { installStartingModel } from './identity/starting/install.ts';
import { createLogger } from './logger.ts';
import { startEmbedded } from './store/embedded.ts';
import { publishAddress } from './store/reach.ts';
import { todayInJakarta } from './domain/time.ts';
import { readTrusted } from './trustedOperations.ts';

const operationsFolder = fileURLToPath(new URL('../schema/operations', import.meta.url));
const say = (line: string) => process.stdout.write(`${line}\n`);

/** Starts everything that the settings ask for, says where it is, and stops it in order on Ctrl-C. */
export async function start(environment: NodeJS.ProcessEnv): Promise<void> {
  const parts = new AsyncDisposableStack();
  const stopping = stopOnSignal(parts);
  try {
    const config = readConfig(environment);
    const began = performance.now();
    const hub = await startAll(config, parts);
    if (stopping.aborted) return;
    await greet(hub, config, performance.now() - began);
    // Last of all: nobody waits for statistics yet.
    await hub.facts.start();
  } catch (error) {
    if (stopping.aborted) return;
    process.exitCode = 1;
    process.stderr.write(`${explain(error)}\n`);
    await parts.disposeAsync();
    process.exit(1);
  }
}

/** The world's day: fixed at the start, so that mocks and hub agree for as long as they run. */
async function startAll(config: Config, parts: AsyncDisposableStack): Promise<Hub> {
  const dataDir = resolve(config.DATA_DIR);
  await mkdir(dataDir, { recursive: true });
  // Logs go to standard error, so that what is said to the operator can be read and piped.
  const logger = createLogger(config.LOG_LEVEL, pino.destination(2));
  const database = config.DATABASE_URL === undefined ? startEmbedded({ dataDir, say }) : null;
  const databaseUrl = database ? parts.adopt(await database, (server) => server.stop()).url : config.DATABASE_URL!;
  // Taken back before the server stops, since parts end in reverse order.
  if (database) parts.adopt(await publishAddress(dataDir, databaseUrl), (address) => address.withdraw());

  const agencyUrls: Record<string, string> = {};
  const world = createWorld({ seed: config.WORLD_SEED, size: config.WORLD_PEOPLE, today: todayInJakarta(new Date()) });
  for (const { definition, url, mockPort, settings } of config.agencies) {
    if (url !== undefined) {
      agencyUrls[definition.name] = url;
      continue;
    }
    const mock = parts.adopt(await definition.startMock({ world, settings, port: mockPort }).catch(namingSetting(`AGENCY_${definition.name}_MOCK_PORT`)), (m) => m.close());
    agencyUrls[definition.name] = mock.url;
    say(`mock of ${definition.name.padEnd(21)} ${mock.url}`);
  }

  const hub = parts.adopt(await startHub({ config, databaseUrl, agencyUrls, logger }).catch(explainPort(config.PORT, 'PORT')), (h) => h.close());
  // What was learned from synthetic people is for synthetic people; real agencies' records are linked exactly until a model is learned from them.
  if (isDemo(config) && (await installStartingModel(hub.database, new Date()))) say('records are linked by the starting model (npm run link:all -- --relearn learns one from your own)');
  const results = await hub.syncing.run();
  for (const [agency, { saved, removed, held, failure }] of results) {
    say(`first reading of ${agency.padEnd(19)} ${saved} records${removed > 0 ? `, ${removed} removed` : ''}${held > 0 ? `, ${held} removals wait: npm run sync -- --accept-removals` : ''}${failure ? `; stopped: ${failure.message}` : ''}`);
  }
  await hub.following.drain();
  hub.assessing.start();
  hub.syncing.start();
  hub.crawling.start();
  return hub;
}

/** Whether all agencies are mocks. */
const isDemo = (config: Config) => config.agencies.every(({ url }) => url === undefined);

async function greet(hub: Hub, config: Config, ms: number): Promise<void> {
  say('');
  say(`Payung answers at ${hub.url}/graphql   (explorer: ${hub.url}/explorer, started in ${(ms / 1000).toFixed(1)} s)`);
  if (!isDemo(config)) {
    say('A real agency is connected, so there are no demo keys. Make one with: npm run keys -- create --name NAME --scopes SCOPE,SCOPE');
    return;
  }
  // Once: a list that somebody has published since is theirs.
  if (hub.documents.size === 0) await hub.documents.publish(await readTrusted(operationsFolder), new Date());
  const keys = await demoKeys(hub.keys, config.DATA_DIR, new Date());
  say(`Demo keys (also in ${config.DATA_DIR}/demo-keys.json):`);
  for (const [name, key] of Object.entries(keys)) say(`  ${name.padEnd(8)} ${key}`);
  say('');
  say('Try:');
  say(`  curl -s ${hub.url}/graphql -H 'content-type: application/json' -H 'x-purpose: SERVICE' -H 'authorization: Bearer ${keys.desk}' \\`);
  say(`    -d '{"query":"{ worker(by: {nik: \\"${sampleNik(config)}\\"}) { name placements { job place { country region } } socialSecurity { covered(programme: JKK) } healthInsurance { status } cases { category status openedOn } sources { agency state } } }"}'`);
}

function sampleNik(config: Config): string {
  return createWorld({ seed: config.WORLD_SEED, size: config.WORLD_PEOPLE, today: todayInJakarta(new Date()) }).cast[0]!.nik;
}

/** One line for a port that is taken. */
function explainPort(port: number, setting: string): (error: unknown) => never {
  return (error) => {
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') throw new Error(`Port ${port} is taken. Set ${setting} to another one, or stop what listens there.`);
    throw error;
  };
}

/** Tells which setting to change when a mock cannot start. */
function namingSetting(setting: string): (error: unknown) => never {
  return (error) => {
    throw new Error(`${explain(error)} (${setting})`, { cause: error });
  };
}

function explain(error: unknown): string {
  if (error instanceof ConfigError) return `Wrong setting ${error.message}`;
  return error instanceof Error ? error.message.split('\n')[0]! : 'unknown fault';
}

/** Ctrl-C and termination stop everything in reverse order of its start. npm and the terminal may both send the signal: one stop for all. */
function stopOnSignal(parts: AsyncDisposableStack): AbortSignal {
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (stopping.signal.aborted) return;
      stopping.abort();
      say('stopping');
      parts.disposeAsync().then(
        () => process.exit(0),
        (error: unknown) => {
          process.stderr.write(`${explain(error)}\n`);
          process.exit(1);
        },
      );
    });
  }
  return stopping.signal;
}
