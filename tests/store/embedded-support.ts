import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import postgres from 'postgres';
import { startEmbedded } from '../../src/store/embedded.ts';
import { run } from '../../src/store/embedded/command.ts';
import type { EmbeddedOptions, EmbeddedServer } from '../../src/store/embedded.ts';
import { runningOn } from '../../src/store/embedded/leftover.ts';

export const asRoot = process.geteuid?.() === 0;

/** Folders of one test, and whatever it started in them. */
export interface Site extends AsyncDisposable {
  /** A folder that any user may pass. */
  readonly folder: string;
  readonly dataDir: string;
  /** Stands in for /var/lib/payung. */
  readonly shared: string;
  start(options?: Partial<EmbeddedOptions>): Promise<EmbeddedServer>;
  /** Starts the server from a process of its own, and gives that process with the first line it says. */
  startElsewhere(): Promise<{ hub: ChildProcess; line: string }>;
}

/** @param template a data folder to begin with, which is much faster than making a database. Default: none. */
export async function site(template?: string): Promise<Site> {
  const folder = await mkdtemp(join(tmpdir(), 'payung-embedded-'));
  await chmod(folder, 0o711);
  const dataDir = join(folder, 'data');
  if (template) await run('cp', ['-a', template, dataDir]);
  const shared = join(folder, 'shared');
  const servers: EmbeddedServer[] = [];
  const hubs: ChildProcess[] = [];
  return {
    folder,
    dataDir,
    shared,
    async start(options) {
      const server = await startEmbedded({ dataDir, shared, ...options });
      servers.push(server);
      return server;
    },
    async startElsewhere() {
      const hub = spawn(process.execPath, [join(import.meta.dirname, 'hold-folder.ts'), dataDir, shared], { stdio: ['ignore', 'pipe', 'inherit'] });
      hubs.push(hub);
      const [line] = (await once(createInterface(hub.stdout), 'line')) as [string];
      return { hub, line };
    },
    async [Symbol.asyncDispose]() {
      for (const server of servers) await server.stop();
      for (const hub of hubs) await kill(hub);
      await until(async () => (await runningOn(join(dataDir, 'postgres'))).length === 0);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Ends a process as a crash would: it gets no chance to tidy up. */
export async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}

/** Waits for something another process does, for which there is no event here. */
export async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 20));
}

export async function query(url: string, statement: string): Promise<unknown[]> {
  const sql = postgres(url, { max: 1, onnotice: () => undefined, connect_timeout: 5 });
  try {
    return [...(await sql.unsafe(statement))];
  } finally {
    // Without a limit this waits for ever when the server has closed the connection.
    await sql.end({ timeout: 1 });
  }
}

export const postmasterOf = async (dataDir: string): Promise<number> => Number.parseInt(await readFile(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8'), 10);

/** Children of a process that are shells: here, the guard that would stop the server after a crash of the hub. */
export async function shellsOf(parent: number): Promise<number[]> {
  const found: number[] = [];
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const status = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
    const [, name, , ppid] = /^\d+ \((.*)\) (\S) (\d+)/.exec(status) ?? [];
    if (Number(ppid) === parent && name !== 'postgres') found.push(Number(pid));
  }
  return found;
}
