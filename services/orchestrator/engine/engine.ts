// The engine of one process: who it is, what it runs, and the loops that find what others lost.
import type { Tracer } from '@opentelemetry/api';
import type { Clock } from '../../../foundation/clock.ts';
import { Fault } from '../../../foundation/fault/fault.ts';
import type { Closing } from '../../../foundation/process/closing.ts';
import type { Log } from '../../../foundation/telemetry/log.ts';
import type { ExecutionRecord } from '../core/execution-record.ts';
import type { EngineStore, ExecutionStore, NameBinding, OwnerStore } from '../store/store.ts';
import type { PerformEffect } from './effects/perform-effect.ts';
import { createExecutor } from './executor.ts';
import { createJournal } from './journal-lane.ts';
import { keepLease, type Lease } from './ownership/lease.ts';
import { takeOver } from './ownership/takeover.ts';
import { type Rhythm, usualRhythm } from './rhythm.ts';

/** What an engine needs. */
export interface EngineDeps {
  readonly executions: ExecutionStore;
  readonly store: EngineStore;
  readonly owners: OwnerStore;
  readonly perform: PerformEffect;
  readonly replicaName: string;
  readonly clock: Clock;
  readonly tracer: Tracer;
  readonly log: Log;
  readonly closing: Closing;
  /** Absent means the usual one. */
  readonly rhythm?: Rhythm;
}

/** The engine of one process. */
export interface Engine {
  /** Registers as owner under the service's address, takes up what was left and begins to run. */
  begin(address: string): Promise<void>;
  /**
   * Records and starts an execution, under a name if one is given. `started` once its document is in place; `taken`, and nothing is
   * recorded, when the name has been bound to another start in between. Fault when it was refused or lost.
   */
  start(record: ExecutionRecord, binding?: NameBinding): Promise<'started' | 'taken'>;
}

/** An engine that has not begun. After closing it refuses to start anything: Fault `unavailable`. */
export function createEngine(deps: EngineDeps): Engine {
  const { executions, store, owners, perform, clock, tracer, log, closing, rhythm = usualRhythm } = deps;
  let lease: Lease | undefined;
  const ownerId = (): string => {
    if (!lease) throw new Fault('unavailable', 'The engine is not running', { retryAfterMs: 1_000 });
    return lease.ownerId();
  };
  const executor = createExecutor({
    journal: createJournal(store),
    perform,
    reload: async (key) => lease && store.reload(lease.ownerId(), key),
    reloadMs: rhythm.reloadMs,
    callerWaitMs: rhythm.callerWaitMs,
    clock,
    tracer,
    log,
  });

  return {
    async begin(address) {
      const { replicaName } = deps;
      const onLost = executor.dropAll;
      const kept = await keepLease({ store: owners, replicaName, address, rhythm, clock, log, onLost });
      lease = kept;
      const stopTakeover = takeOver({ lease, owners, store, takeUp: executor.takeUp, rhythm, log });
      closing.add('engine', async () => {
        await stopTakeover();
        lease = undefined;
        executor.dropAll();
        await kept.release();
      });
    },
    async start(record, binding) {
      const owner = ownerId();
      const outcome = await executions.record(record, owner, binding).catch((error: unknown) => {
        // A lost reply leaves open whether the record was committed. If it was, the execution is run like any other.
        setTimeout(() => void executor.takeUp(record), rhythm.recordedLateMs).unref();
        throw error;
      });
      if (outcome === 'taken') return 'taken';
      const execution = { ...record, status: 'pending', reason: '', error: '', partial: false } as const;
      await executor.start({ ownerId: owner, execution, entries: [] }, binding !== undefined);
      return 'started';
    },
  };
}
