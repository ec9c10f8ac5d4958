import { resolve } from 'node:path';
import { pino } from 'pino';
import { type Config, ConfigError, readConfig } from './config.ts';
import { createLogger } from './logger.ts';
import { startEmbedded } from './store/embedded.ts';
import { publishAddress } from './store/reach.ts';

const say = (line: string) => process.stdout.write(`${line}\n`);

/** Most of the code, which takes seconds to load. A database is made meanwhile. */
const loadParts = () => import('./startAll.ts');

/** Starts everything that the settings ask for, says where it is, and stops it in order on Ctrl-C. */
export async function start(environment: NodeJS.ProcessEnv): Promise<void> {
  const parts = new AsyncDisposableStack();
  const stopping = stopOnSignal(parts);
  try {
    const config = readConfig(environment);
    const began = performance.now();
    const databaseUrl = config.DATABASE_URL ?? (await startDatabase(config, parts));
    const { greet, startAll } = await loadParts();
    // Logs go to standard error, so that what is said to the operator can be read and piped.
    const hub = await startAll({ config, databaseUrl, parts, logger: createLogger(config.LOG_LEVEL, pino.destination(2)), say });
    if (stopping.aborted) return;
    await greet(hub, config, { ms: performance.now() - began, say });
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

/** The database under the data folder. Gives its address. */
async function startDatabase(config: Config, parts: AsyncDisposableStack): Promise<string> {
  const dataDir = resolve(config.DATA_DIR);
  const { url } = parts.adopt(await startEmbedded({ dataDir, say, onWait: () => void loadParts() }), (server) => server.stop());
  // Taken back before the server stops, since parts end in reverse order.
  parts.adopt(await publishAddress(dataDir, url), (address) => address.withdraw());
  return url;
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
