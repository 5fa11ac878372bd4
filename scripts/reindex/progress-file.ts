// How far a run has come, in a file: a run that was ended goes on there. It is written whole or not at all.
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { UsageError } from '../../local/terminal/run-command.ts';
import type { LanePosition, ReportScope } from './report-lanes.ts';

/** What a run has done. */
export interface ReindexCounts {
  /** Reports that were brought into the index. */
  readonly reports: number;
  /** Deleted reports whose rows were removed, as far as there were any. */
  readonly tombstones: number;
  /** Rows whose document is gone, removed. */
  readonly removed: number;
  /** Reports that cannot be indexed; each was named. */
  readonly failed: number;
}

/** How far a run has come. */
export interface ReindexProgress {
  readonly scope: ReportScope;
  readonly counts: ReindexCounts;
  /** By the name of a lane: where it goes on, or null at its end. A lane that is not here has not begun. */
  readonly lanes: Readonly<Record<string, LanePosition | null>>;
  /** Tenants that were met, by the id of the last row that was compared, or null when all were. */
  readonly tenants: Readonly<Record<string, string | null>>;
}

/** Where progress is kept. */
export interface ProgressFile {
  /** What an earlier run left; undefined when there is none. UsageError when it was another scope's. */
  read(scope: ReportScope): Promise<ReindexProgress | undefined>;
  write(progress: ReindexProgress): Promise<void>;
  /** Forgets the progress of a run that came to its end. */
  remove(): Promise<void>;
}

/** A run before its first step. */
export function noProgress(scope: ReportScope): ReindexProgress {
  const counts = { reports: 0, tombstones: 0, removed: 0, failed: 0 };
  return { scope, counts, lanes: {}, tenants: scope.tenantId === undefined ? {} : { [scope.tenantId]: '' } };
}

/** Progress in a file; without a path nothing is kept. */
export function openProgressFile(path: string | undefined): ProgressFile {
  if (path === undefined) {
    return { read: async () => undefined, write: async () => undefined, remove: async () => undefined };
  }
  return {
    async read(scope) {
      const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return undefined;
        throw error;
      });
      if (text === undefined) return undefined;
      const progress = JSON.parse(text) as ReindexProgress;
      if (JSON.stringify(progress.scope) === JSON.stringify(scope)) return progress;
      throw new UsageError(`${path} holds the progress of another run: remove it, or name another file`);
    },
    async write(progress) {
      await writeFile(`${path}.new`, JSON.stringify(progress));
      await rename(`${path}.new`, path);
    },
    remove: () => rm(path, { force: true }),
  };
}
