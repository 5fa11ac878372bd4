// Deals with a server that outlived its mesh on a data directory. It ends only a process that is verified to be that server and to be orphaned.
import { setTimeout as sleep } from 'node:timers/promises';
import { disownLockFile, readLockFile } from './postgres-lock-file.ts';
import { type InspectedProcess, inspectProcess } from './process-inspection.ts';

const fastShutdownMs = 10_000;
const immediateShutdownMs = 5_000;
const pollMs = 10;

/** The first arguments of every server that is started here, up to where its owner begins. */
export function serverArguments(directory: string, ownerPid: number): readonly string[] {
  return ['-D', directory, '-c', `cluster_name=domainflow-${ownerPid}`];
}

/**
 * Leaves the data directory free for a start: an orphaned server is shut down, a stale lock file is disowned.
 * Throws when the directory is in use by a living mesh or by a server that somebody else started.
 */
export async function endLeftoverServer(directory: string): Promise<void> {
  const lock = await readLockFile(directory);
  if (!lock) return;
  const found = await inspectProcess(lock.pid);
  if (!found?.command.includes(directory)) return disownLockFile(directory);
  if (!isOrphan(found, directory))
    throw new Error(`${directory} is in use by process ${found.pid}: stop it first`);
  await shutDown(found, directory);
}

/** Its command line names the directory and the mesh that started it, and that mesh is no longer its parent. */
function isOrphan(found: InspectedProcess, directory: string): boolean {
  const ours = serverArguments(directory, 0).join(' ').slice(0, -1);
  const [, owner] = found.command.split(ours);
  return owner !== undefined && Number.parseInt(owner, 10) !== found.parentPid;
}

async function shutDown(found: InspectedProcess, directory: string): Promise<void> {
  for (const [signal, limitMs] of [
    ['SIGINT', fastShutdownMs],
    ['SIGQUIT', immediateShutdownMs],
  ] as const) {
    if (!(await isStillThere(found))) return;
    process.kill(found.pid, signal);
    if (await isGoneWithin(found, limitMs)) return;
  }
  throw new Error(`The orphaned server ${found.pid} on ${directory} does not stop`);
}

async function isGoneWithin(found: InspectedProcess, limitMs: number): Promise<boolean> {
  for (let waitedMs = 0; waitedMs < limitMs; waitedMs += pollMs) {
    if (!(await isStillThere(found))) return true;
    await sleep(pollMs);
  }
  return false;
}

async function isStillThere(found: InspectedProcess): Promise<boolean> {
  return (await inspectProcess(found.pid))?.command === found.command;
}
