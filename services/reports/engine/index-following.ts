// Everything that keeps the report index in step with the documents, put together.
import type { Clock } from '../../../foundation/clock.ts';
import type { Log } from '../../../foundation/telemetry/log.ts';
import type { Metrics } from '../../../foundation/telemetry/metrics.ts';
import type { PendingReports, ReportIndex } from '../store/store.ts';
import { type AfterImport, createBulkIndexing } from './bulk-indexing.ts';
import type { Indexer } from './indexer.ts';
import { createRemoval, type Removal } from './removal.ts';
import { type Sweeper, startSweeper } from './sweeper.ts';
import { createIndexTidy } from './tidy-index.ts';

/** What following is made of. */
export interface FollowingOptions {
  readonly pending: PendingReports;
  readonly index: ReportIndex;
  readonly indexer: Indexer;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly clock: Clock;
}

/** What keeps the index in step beside the indexer. */
export interface Following {
  readonly removal: Removal;
  readonly afterImport: AfterImport;
  /** Starts the sweep. */
  start(): Sweeper;
}

/** Puts it together; nothing runs before `start`. */
export function createIndexFollowing(options: FollowingOptions): Following {
  const { indexer } = options;
  const removal = createRemoval(options);
  return {
    removal,
    afterImport: createBulkIndexing(options),
    start: () =>
      startSweeper({
        ...options,
        catchUp: async (key) => {
          if (!(await removal.catchUp(key))) await indexer.catchUp(key);
        },
        tidy: createIndexTidy(options),
      }),
  };
}
