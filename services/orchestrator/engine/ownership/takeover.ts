// Takes over executions whose owner is gone: ends owners that fell silent, then claims what ended owners left, in bounded batches.

import { repeat } from '../../../../foundation/process/repeat.ts';
import type { Log } from '../../../../foundation/telemetry/log.ts';
import type { StoredExecution } from '../../core/execution-record.ts';
import type { JournalEntry } from '../../core/journal-event.ts';
import type { EngineStore, OwnerStore } from '../../store/store.ts';
import { type Lease, leaseMs } from './lease.ts';

const intervalMs = 500;
const claimBatchMax = 200;

/** What taking over needs. */
export interface TakeoverDeps {
  readonly lease: Lease;
  readonly owners: OwnerStore;
  readonly store: EngineStore;
  readonly resume: (execution: StoredExecution, entries: readonly JournalEntry[]) => void;
  readonly log: Log;
}

/** Looks every half second; answers how to stop. */
export function takeOver(deps: TakeoverDeps): () => Promise<void> {
  const { lease, owners, store, resume, log } = deps;

  async function claimAll(): Promise<void> {
    for (;;) {
      const ownerId = lease.ownerId();
      const claimed = await store.claim(ownerId, claimBatchMax);
      if (claimed.length > 0)
        log.info({ count: claimed.length }, 'Executions without an owner were taken over');
      for (const { tenantId, id } of claimed) {
        const found = await store.reload(ownerId, tenantId, id);
        if (found) resume(found[0], found[1]);
      }
      if (claimed.length < claimBatchMax) return;
    }
  }

  async function look(): Promise<void> {
    if (lease.isSteady()) await owners.endSilent(leaseMs);
    await claimAll();
  }

  return repeat({ name: 'takeover', work: look, intervalMs, log });
}
