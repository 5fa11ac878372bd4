// Takes over executions whose owner is gone: ends owners that fell silent, then claims what ended owners left, in bounded batches.

import { repeat } from '../../../../foundation/process/repeat.ts';
import type { Log } from '../../../../foundation/telemetry/log.ts';
import type { EngineStore, ExecutionKey, OwnerStore } from '../../store/store.ts';
import type { Rhythm } from '../rhythm.ts';
import type { Lease } from './lease.ts';

const claimBatchMax = 200;

/** What taking over needs. */
export interface TakeoverDeps {
  readonly lease: Lease;
  readonly owners: OwnerStore;
  readonly store: EngineStore;
  /** Takes up an execution that is owned now. It never rejects. */
  readonly takeUp: (key: ExecutionKey) => Promise<void>;
  readonly rhythm: Rhythm;
  readonly log: Log;
}

/** Looks again and again; answers how to stop. */
export function takeOver(deps: TakeoverDeps): () => Promise<void> {
  const { lease, owners, store, takeUp, rhythm, log } = deps;
  let replyLost = false;

  async function claimAll(): Promise<void> {
    for (;;) {
      const claimed = await store.claim(lease.ownerId(), claimBatchMax);
      if (claimed.length > 0)
        log.info({ count: claimed.length }, 'Executions without an owner were taken over');
      await Promise.all(claimed.map(takeUp));
      if (claimed.length < claimBatchMax) return;
    }
  }

  // A claim whose reply was lost may have been committed: what it took is found by its mark.
  async function takeUpClaimed(): Promise<void> {
    let after: ExecutionKey | undefined;
    for (;;) {
      const claimed = await store.claimed(lease.ownerId(), after, claimBatchMax);
      await Promise.all(claimed.map(takeUp));
      after = claimed.at(-1);
      if (claimed.length < claimBatchMax) return;
    }
  }

  async function look(): Promise<void> {
    if (lease.isSteady()) await owners.endSilent(rhythm.leaseMs);
    if (replyLost) await takeUpClaimed();
    replyLost = true;
    await claimAll();
    replyLost = false;
  }

  return repeat({ name: 'takeover', work: look, intervalMs: rhythm.lookMs, log });
}
