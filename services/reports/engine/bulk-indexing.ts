// Brings many new reports into the index at once. What it cannot bring stays pending, and the sweep follows.
import type { Log } from '../../../foundation/telemetry/log.ts';
import { indexRowOf } from '../core/index-row.ts';
import type { Report } from '../core/report.ts';
import type { PendingReports, ReportIndex } from '../store/store.ts';

const concurrencyMax = 16;

/** What bulk indexing is made of. */
export interface BulkIndexingOptions {
  readonly pending: Pick<PendingReports, 'clear'>;
  readonly index: Pick<ReportIndex, 'upsertMany'>;
  readonly log: Log;
}

/** Indexes reports of one tenant that were just stored, at most 500. Never rejects. */
export type AfterImport = (reports: readonly Report[]) => Promise<void>;

/** Bulk indexing over both stores. */
export function createBulkIndexing({ pending, index, log }: BulkIndexingOptions): AfterImport {
  return async (reports) => {
    if (reports.length === 0) return;
    try {
      await index.upsertMany(reports.map(indexRowOf));
      await inTurns(reports, (report) => pending.clear(report));
    } catch (error) {
      log.warn({ err: error, reports: reports.length }, 'Imported reports wait for the index');
    }
  };
}

/** Works on all items, a bounded number at a time; answers in their order. */
export async function inTurns<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const done: R[] = [];
  for (let at = 0; at < items.length; at += concurrencyMax) {
    done.push(...(await Promise.all(items.slice(at, at + concurrencyMax).map(work))));
  }
  return done;
}
