import { readFile, readdir, readlink, realpath, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { run } from './command.ts';

/** How long a server left by a crash gets to end well, then to end at all, in milliseconds. */
const patience = { fast: 60_000, immediate: 5_000 };

/**
 * Ends whatever still runs on a cluster after its hub was killed, and clears the pid file it left. The caller holds the data folder's
 * lock, so no live hub is using it. Only processes are touched that are PostgreSQL and work in this very cluster: the number in a pid
 * file may meanwhile belong to anybody.
 */
export async function stopLeftOver(cluster: string, say: (line: string) => void): Promise<void> {
  const pidFile = join(cluster, 'postmaster.pid');
  let running = await runningOn(cluster);
  if (running.length > 0) {
    say(`Stopping the PostgreSQL server that an earlier hub left running on ${cluster}.`);
    const postmaster = Number.parseInt(await readFile(pidFile, 'utf8').catch(() => ''), 10);
    // A postmaster stops its own children. Children without one would have ended by themselves soon.
    if (running.includes(postmaster)) signal([postmaster], 'SIGINT');
    else signal(running, 'SIGQUIT');
    running = await waitForEnd(cluster, patience.fast);
    signal(running, 'SIGQUIT');
    running = running.length > 0 ? await waitForEnd(cluster, patience.immediate) : [];
    signal(running, 'SIGKILL');
    if (running.length > 0) await waitForEnd(cluster, patience.immediate);
  }
  await rm(pidFile, { force: true });
}

async function waitForEnd(cluster: string, limit: number): Promise<number[]> {
  const end = Date.now() + limit;
  for (;;) {
    const running = await runningOn(cluster);
    if (running.length === 0 || Date.now() > end) return running;
    await pause(20);
  }
}

function signal(pids: readonly number[], name: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, name);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
}

/** The PostgreSQL processes that work in `cluster`: each has it as its working directory. A zombie has none, and so does not count. */
export async function runningOn(cluster: string): Promise<number[]> {
  const folder = await realpath(cluster).catch(() => cluster);
  const processes = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name));
  if (processes.length === 0) return runningByPidFile(cluster, folder);
  const mine = await Promise.all(
    processes.map(async (pid) => {
      // Processes that ended meanwhile, or that are hidden from this user, are not ours.
      const cwd = await readlink(`/proc/${pid}/cwd`).catch(() => '');
      if (cwd !== folder) return [];
      const program = await readlink(`/proc/${pid}/exe`).catch(() => '');
      return basename(program.replace(/ \(deleted\)$/, '')) === 'postgres' ? [Number(pid)] : [];
    }),
  );
  return mine.flat();
}

/** Where there is no /proc (macOS): the pid from the file, if the process that has it now was started on this cluster. */
async function runningByPidFile(cluster: string, folder: string): Promise<number[]> {
  const pid = Number.parseInt(await readFile(join(folder, 'postmaster.pid'), 'utf8').catch(() => ''), 10);
  if (!Number.isInteger(pid)) return [];
  const { stdout } = await run('ps', ['-o', 'command=', '-p', String(pid)]);
  return stdout.includes(`-D ${cluster} `) || stdout.includes(`-D ${folder} `) ? [pid] : [];
}
