import { spawn } from 'node:child_process';

/** The user a program runs as; undefined stands for the hub's own. */
export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

export interface CommandResult {
  /** Exit code, or null when a signal ended the program. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * What the database's programs see of the environment: nothing of the hub's own, which holds agency credentials, and no PG* variable
 * that would bend them. English messages, since their words are read.
 */
export const environment: NodeJS.ProcessEnv = { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C', TZ: 'UTC' };

/** Spawn options that run a program as `account`, from a folder everybody may enter (the hub's own may be closed to it). */
export function runningAs(account: Account | undefined): { cwd: string; env: NodeJS.ProcessEnv; uid?: number; gid?: number } {
  return { cwd: '/', env: environment, ...(account && { uid: account.uid, gid: account.gid }) };
}

/** Runs a program to its end. Rejects only when it cannot be started at all. */
export function run(program: string, args: readonly string[], account?: Account): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { ...runningAs(account), stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, stdout, stderr }));
  });
}

/** Whether `account` can use every path: read files, enter and read folders, run programs. Asked of the system as that user, so that no rule of it is guessed. */
export async function canReach(account: Account, paths: { readonly readable: readonly string[]; readonly executable: readonly string[] }): Promise<boolean> {
  const script = 'n=$1; shift; while [ "$n" -gt 0 ]; do [ -r "$1" ] || exit 1; shift; n=$((n-1)); done; for p; do [ -x "$p" ] || exit 1; done';
  const { code } = await run('/bin/sh', ['-c', script, 'sh', String(paths.readable.length), ...paths.readable, ...paths.executable], account);
  return code === 0;
}
