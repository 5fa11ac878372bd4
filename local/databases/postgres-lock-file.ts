// The server's own lock file, `postmaster.pid`: who runs on a data directory and whether it is ready. The format is PostgreSQL's (miscadmin.h).
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const pidLine = 0;
const statusLine = 7;

/** No process can have this id: it is above every system's largest. */
const impossiblePid = 2_147_483_646;

/** What the lock file says. */
export interface LockFile {
  readonly pid: number;
  /** True once the server accepts connections. */
  readonly ready: boolean;
}

/** The lock file of a data directory; undefined when no server runs there, or is only about to write it. */
export async function readLockFile(directory: string): Promise<LockFile | undefined> {
  const lines = await readLines(directory);
  const pid = Number(lines[pidLine]);
  if (!Number.isSafeInteger(pid) || pid <= 0) return undefined;
  return { pid, ready: lines[statusLine]?.trim() === 'ready' };
}

/**
 * Says that the process which wrote the lock file is gone, for when its id belongs to another program by now: the server
 * would take that one for a running server. The rest stays, so that the server still finds shared memory in use by
 * processes that outlived it.
 */
export async function disownLockFile(directory: string): Promise<void> {
  const lines = await readLines(directory);
  lines[pidLine] = String(impossiblePid);
  await writeFile(lockFilePath(directory), lines.join('\n'));
}

async function readLines(directory: string): Promise<string[]> {
  try {
    return (await readFile(lockFilePath(directory), 'utf8')).split('\n');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

function lockFilePath(directory: string): string {
  return join(directory, 'postmaster.pid');
}
