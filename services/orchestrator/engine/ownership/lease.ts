// This process's claim to own executions: a row that it keeps alive. When someone else has ended the row, the process begins anew as
// another owner, with nothing in its hands.
import type { Clock } from '../../../../foundation/clock.ts';
import { newId } from '../../../../foundation/ids/ids.ts';
import { repeat } from '../../../../foundation/process/repeat.ts';
import type { Log } from '../../../../foundation/telemetry/log.ts';
import type { OwnerStore } from '../../store/store.ts';
import type { Rhythm } from '../rhythm.ts';

/** What a lease needs. */
export interface LeaseDeps {
  readonly store: OwnerStore;
  readonly replicaName: string;
  readonly address: string;
  readonly rhythm: Rhythm;
  /** One that never goes back. */
  readonly monotonicMs: Clock;
  readonly log: Log;
  /** Called when the claim was lost, before the process begins anew. */
  readonly onLost: () => void;
}

/** A kept lease. */
export interface Lease {
  /** The present owner. */
  ownerId(): string;
  /** How many owners live, this one included. */
  replicas(): number;
  /** True while this owner can be sure that nobody has ended it: its last sign of life is younger than a lease. */
  isHeld(): boolean;
  /** True when this process has given signs of life without a break for a whole lease: only then may it judge others. */
  isSteady(): boolean;
  /** Gives the claim back at once; executions can be taken by others from now on. */
  release(): Promise<void>;
}

/** Registers as owner and keeps the claim alive. */
export async function keepLease(deps: LeaseDeps): Promise<Lease> {
  const { store, replicaName, address, rhythm, monotonicMs, log } = deps;
  let ownerId = newId();
  let steadySinceMs = monotonicMs();
  let beatenMs = monotonicMs();
  let living = 1;
  await store.register({ ownerId, replicaName, address });

  async function beginAnew(): Promise<void> {
    log.warn({ owner_id: ownerId }, 'The claim to executions was lost; beginning anew');
    deps.onLost();
    beatenMs = Number.NEGATIVE_INFINITY; // until it is an owner again it holds nothing and judges nobody
    steadySinceMs = Number.POSITIVE_INFINITY;
    const next = newId();
    await store.register({ ownerId: next, replicaName, address });
    ownerId = next;
    steadySinceMs = monotonicMs();
    beatenMs = steadySinceMs;
  }

  async function beat(): Promise<void> {
    try {
      const beganMs = monotonicMs();
      const found = await store.beat(ownerId);
      if (found === undefined) return await beginAnew();
      // Whoever has stood still does not know what the others did meanwhile.
      if (beganMs - beatenMs > rhythm.leaseMs / 2) steadySinceMs = beganMs;
      beatenMs = beganMs;
      living = found;
    } catch (error) {
      steadySinceMs = monotonicMs();
      log.warn({ err: error }, 'A sign of life could not be given');
    }
  }

  const stopBeating = repeat({ name: 'lease', work: beat, intervalMs: rhythm.beatMs, log });
  return {
    ownerId: () => ownerId,
    replicas: () => living,
    isHeld: () => monotonicMs() - beatenMs < rhythm.leaseMs,
    isSteady: () => monotonicMs() - steadySinceMs >= rhythm.leaseMs,
    async release() {
      await stopBeating();
      await store.end(ownerId);
    },
  };
}
