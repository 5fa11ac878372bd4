// A folder for the logs of a mesh that keeps nothing.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A new folder and the way to remove it. */
export interface TemporaryFolder {
  readonly path: string;
  /** Removes it with all that is in it. */
  remove(): Promise<void>;
}

/** Makes a new folder among the system's temporary ones. */
export async function makeTemporaryFolder(): Promise<TemporaryFolder> {
  const path = await mkdtemp(join(tmpdir(), 'domainflow-logs-'));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}
