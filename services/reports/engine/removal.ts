// Takes deleted reports out of the index: right after the deletion, and again by the sweep when that did not happen.
import type { Log } from '../../../foundation/telemetry/log.ts';
import type { ReportKey } from '../core/report.ts';
import type { Tombstone } from '../core/tombstone.ts';
import type { PendingReports, ReportIndex } from '../store/store.ts';
import { endsWithin } from './ends-within.ts';
import { inlineWaitMsMax } from './indexer.ts';

/** What a removal is made of. */
export interface RemovalOptions {
  readonly pending: Pick<PendingReports, 'findTombstone' | 'clearTombstone'>;
  readonly index: Pick<ReportIndex, 'remove'>;
  readonly log: Log;
}

/** Takes deleted reports out of the index. */
export interface Removal {
  /** Takes out what was just deleted, as well as it can: a failure is logged, and the tombstone stays pending. Never rejects. */
  afterDelete(tombstone: Tombstone): Promise<void>;
  /** Takes out a pending tombstone; false when the document is none. Throws when either store does not answer. */
  catchUp(key: ReportKey): Promise<boolean>;
}

/** A removal over both stores. */
export function createRemoval({ pending, index, log }: RemovalOptions): Removal {
  async function takeOut(tombstone: Tombstone): Promise<void> {
    await index.remove(tombstone);
    await pending.clearTombstone(tombstone);
  }

  async function takeOutOrLog(tombstone: Tombstone): Promise<void> {
    try {
      await takeOut(tombstone);
    } catch (error) {
      log.warn({ err: error, incident_id: tombstone.incidentId }, 'A deleted report waits for the index');
    }
  }

  return {
    async afterDelete(tombstone) {
      await endsWithin(inlineWaitMsMax, takeOutOrLog(tombstone));
    },
    async catchUp(key) {
      const tombstone = await pending.findTombstone(key);
      if (!tombstone) return false;
      await takeOut(tombstone);
      return true;
    },
  };
}
