import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Logger } from 'pino';
import { createWorld, servedAtHand } from './agencies/world/world.ts';
import type { Config } from './config.ts';
import { demoKeys } from './demo.ts';
import { todayInJakarta } from './domain/time.ts';
import { type Hub, startHub } from './hub.ts';
import { installStartingModel } from './identity/starting/install.ts';
import { readTrusted } from './trustedOperations.ts';

const operationsFolder = fileURLToPath(new URL('../schema/operations', import.meta.url));

export interface StartOptions {
  readonly config: Config;
  readonly databaseUrl: string;
  /** Given what is started, in its order, so that it can be stopped. */
  readonly parts: AsyncDisposableStack;
  readonly logger: Logger;
  /** Told what the operator should know, one line each. */
  readonly say: (line: string) => void;
}

/** Starts the mocks of the agencies that have no address, and the hub, and reads what the agencies have. */
export async function startAll({ config, databaseUrl, parts, logger, say }: StartOptions): Promise<Hub> {
  // For keys and facts, also where the database is elsewhere.
  await mkdir(resolve(config.DATA_DIR), { recursive: true });
  const agencyUrls: Record<string, string> = {};
  // The world's day: fixed at the start, so that mocks and hub agree for as long as they run.
  const world = createWorld({ seed: config.WORLD_SEED, size: config.WORLD_PEOPLE, today: todayInJakarta(new Date()), remember: servedAtHand });
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

/** Says where the hub is, and in a demo its keys and a first question. `ms` is what the start took. */
export async function greet(hub: Hub, config: Config, { ms, say }: { readonly ms: number; readonly say: StartOptions['say'] }): Promise<void> {
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
    throw new Error(`${(error as Error).message} (${setting})`, { cause: error });
  };
}
