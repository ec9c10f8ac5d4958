import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { open, readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Binaries } from './binaries.ts';
import { runningAs } from './command.ts';
import type { Account } from './command.ts';

/** The server's settings, beside address and port. Durability (fsync, synchronous_commit) stays as PostgreSQL has it: on. */
const settings: Readonly<Record<string, string>> = {
  cluster_name: 'payung',
  max_connections: '60',
  shared_buffers: '128MB',
  timezone: 'UTC',
  log_timezone: 'UTC',
  lc_messages: 'C',
  // Statements, values and rejected rows hold personal data, which no log may have: FATAL, PANIC and the server's own LOG lines only, without detail.
  log_min_messages: 'log',
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
};

/** How often another port is tried when somebody takes the chosen one before the server does. */
const portAttempts = 10;

/** How long a fast shutdown may take before the server is told to stop at once, in milliseconds. */
const shutdownLimit = 30_000;

export interface PostmasterOptions {
  readonly binaries: Binaries;
  readonly cluster: string;
  readonly account: Account | undefined;
  /** File the server logs to; begun anew at each start. */
  readonly logFile: string;
  /** Told when the server ends without having been stopped. */
  readonly say: (line: string) => void;
  readonly choosePort: () => Promise<number>;
  /** Called when the server has been started, before it takes connections. */
  readonly onWait: () => void;
}

export interface Postmaster {
  readonly port: number;
  /** Fast shutdown; resolves when the process is gone. */
  stop(): Promise<void>;
}

/** Starts the server and waits until it takes connections. */
export async function startPostmaster(options: PostmasterOptions): Promise<Postmaster> {
  for (let attempt = 1; ; attempt++) {
    const port = await options.choosePort();
    const child = await launch(options, port);
    options.onWait();
    if (await becomesReady(child, options.cluster)) return tend(child, port, options);
    const log = await readFile(options.logFile, 'utf8');
    if (!log.includes('Address already in use') || attempt === portAttempts) {
      throw new Error(`PostgreSQL did not start on ${options.cluster}: ${causeIn(log)} (see ${options.logFile}).`);
    }
  }
}

/** A port nobody listens on now. Somebody may take it before the server does, hence the attempts. */
export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}

async function launch({ binaries, cluster, account, logFile }: PostmasterOptions, port: number): Promise<ChildProcess> {
  // No Unix socket: its path would have a length limit and need a folder the server's user may write.
  const all = { ...settings, listen_addresses: '127.0.0.1', port: String(port), unix_socket_directories: '' };
  const args = ['-D', cluster, ...Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
  // Opened here and handed over, so that the server's user need not be able to reach it.
  const log = await open(logFile, 'w', 0o600);
  try {
    // In a session of its own: the terminal's Ctrl-C must reach the hub only, which then stops things in order.
    const child = spawn(join(binaries.root, 'bin', 'postgres'), args, { ...runningAs(account), detached: true, stdio: ['ignore', log.fd, log.fd] });
    await once(child, 'spawn');
    return child;
  } catch (error) {
    throw new Error(`The embedded PostgreSQL cannot be run (${(error as Error).message}): run npm ci again, or set DATABASE_URL.`, { cause: error });
  } finally {
    await log.close();
  }
}

const hasEnded = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null;

/** Waits for the word `ready` in the server's pid file, as pg_ctl does; false when the server ends instead. Recovery after a crash may take its time. */
async function becomesReady(child: ChildProcess, cluster: string): Promise<boolean> {
  while (!hasEnded(child)) {
    const lines = (await readFile(join(cluster, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n');
    if (lines[0] === String(child.pid) && lines[7]?.trim() === 'ready') return true;
    await pause(10);
  }
  return false;
}

/** The last FATAL or PANIC line of a server's log, else its last line. */
export function causeIn(log: string): string {
  const lines = log.split('\n').filter((line) => line.trim() !== '');
  const fatal = lines.findLast((line) => /\b(?:FATAL|PANIC): /.test(line));
  return (fatal?.replace(/^.*?\b(?:FATAL|PANIC):\s+/, '') ?? lines.at(-1) ?? 'it ended without a word').trim();
}

function tend(child: ChildProcess, port: number, { cluster, account, logFile, say }: PostmasterOptions): Postmaster {
  const guard = guardOf(child, account);
  let stopping = false;
  child.once('exit', (code, signal) => {
    guard.kill('SIGKILL');
    if (!stopping) say(`PostgreSQL on ${cluster} ended unexpectedly (${signal ?? `code ${code}`}); see ${logFile}. Start the hub again.`);
  });
  // A script that is done need not stop the server to come to its end: the guard does.
  child.unref();
  return {
    port,
    stop() {
      stopping = true;
      return shutDown(child);
    },
  };
}

/**
 * Stops the server when the hub is gone, however it went: a shell that waits for the end of a pipe only the hub holds. An exit hook
 * would be skipped by a signal or a kill.
 */
function guardOf(child: ChildProcess, account: Account | undefined): ChildProcess {
  const guard = spawn('/bin/sh', ['-c', 'read -r _; kill -INT "$0"', String(child.pid)], { ...runningAs(account), detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
  guard.unref();
  // The pipe must not keep the hub alive. (Its type hides that it is a socket.)
  (guard.stdin as unknown as { unref(): void }).unref();
  guard.on('error', () => undefined);
  return guard;
}

async function shutDown(child: ChildProcess): Promise<void> {
  if (hasEnded(child)) return;
  child.ref();
  const ended = once(child, 'exit');
  // Fast shutdown: open transactions are rolled back, then a checkpoint is written.
  child.kill('SIGINT');
  const late = setTimeout(() => child.kill('SIGQUIT'), shutdownLimit);
  await ended;
  clearTimeout(late);
}
