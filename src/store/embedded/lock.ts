import { rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** SQLITE_BUSY: another connection, in this process or another, holds the lock. */
const busy = 5;

/**
 * Claims a data folder for this process. The claim is a file lock of the operating system, taken through SQLite since Node has no call
 * for it: the system drops it when the process ends in whatever way, so none is ever left over, and a reused pid cannot be mistaken
 * for its holder. `hub.pid` is only there to tell people who holds it.
 */
export async function lockFolder(dataDir: string): Promise<{ release(): void }> {
  const lock = new DatabaseSync(join(dataDir, 'hub.lock'));
  const pidFile = join(dataDir, 'hub.pid');
  try {
    lock.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    lock.close();
    if ((error as { errcode?: number }).errcode !== busy) throw error;
    const pid = (await readFile(pidFile, 'utf8').catch(() => '')).trim();
    throw new Error(
      `The data folder ${dataDir} is in use by another hub${pid && ` (process ${pid})`}: stop that one, or set DATA_DIR to another folder.`,
      { cause: error },
    );
  }
  writeFileSync(pidFile, `${process.pid}\n`);
  return {
    release() {
      rmSync(pidFile, { force: true });
      lock.close();
    },
  };
}
