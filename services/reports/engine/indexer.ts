// Brings one report's newest version into the index: right after a write, and again by the sweep when that did not happen.
import type { Clock } from '../../../foundation/clock.ts';
import type { Log } from '../../../foundation/telemetry/log.ts';
import { indexRowOf } from '../core/index-row.ts';
import type { Report, ReportKey } from '../core/report.ts';
import type { PendingReports, ReportIndex } from '../store/store.ts';

/** How long a write waits for the index at most, in milliseconds. */
export const inlineWaitMsMax = 1_000;
/** After a failure, writes leave the index to the sweep for this long, in milliseconds. */
export const inlinePauseMs = 1_000;

/** What an indexer is made of. */
export interface IndexerOptions {
  readonly pending: PendingReports;
  readonly index: ReportIndex;
  readonly log: Log;
  readonly clock: Clock;
}

/** Brings reports into the index. */
export interface Indexer {
  /** Indexes what was just written, as well as it can: a failure is logged, and the report stays pending. Never rejects. */
  afterWrite(report: Report): Promise<void>;
  /** Reads a pending report and indexes it. Throws when either store does not answer. */
  catchUp(key: ReportKey): Promise<void>;
}

/** An indexer over both stores. */
export function createIndexer({ pending, index, log, clock }: IndexerOptions): Indexer {
  let pausedUntilMs = 0;

  async function bring(report: Report): Promise<void> {
    await index.upsert(indexRowOf(report));
    await pending.clear(report);
  }

  const pause = (): void => {
    pausedUntilMs = clock() + inlinePauseMs;
  };

  async function bringOrLog(report: Report): Promise<void> {
    try {
      await bring(report);
    } catch (error) {
      pause();
      log.warn({ err: error, incident_id: report.incidentId }, 'A report waits for the index');
    }
  }

  return {
    async afterWrite(report) {
      if (clock() < pausedUntilMs) return;
      const inTime = await endsWithin(inlineWaitMsMax, bringOrLog(report));
      if (!inTime) pause();
    },
    async catchUp(key) {
      const report = await pending.find(key);
      if (report) await bring(report);
    },
  };
}

// Work that takes longer goes on by itself.
async function endsWithin(waitMs: number, work: Promise<void>): Promise<boolean> {
  const { promise: expired, resolve } = Promise.withResolvers<false>();
  const timer = setTimeout(() => resolve(false), waitMs);
  const inTime = await Promise.race([work.then(() => true), expired]);
  clearTimeout(timer);
  return inTime;
}
