// The engine of one process: who it is, what it runs, and the loops that find what others lost.
import type { Tracer } from '@opentelemetry/api';
import type { Clock } from '../../../foundation/clock.ts';
import { Fault } from '../../../foundation/fault/fault.ts';
import type { Closing } from '../../../foundation/process/closing.ts';
import type { Log } from '../../../foundation/telemetry/log.ts';
import type { ExecutionRecord, StoredExecution } from '../core/execution-record.ts';
import type { EngineStore, ExecutionStore, OwnerStore } from '../store/store.ts';
import type { PerformEffect } from './effects/perform-effect.ts';
import { createExecutor } from './executor.ts';
import { createJournal } from './journal-lane.ts';
import { keepLease, type Lease } from './ownership/lease.ts';
import { takeOver } from './ownership/takeover.ts';

/** When to look whether a record whose reply was lost was committed after all, in milliseconds. */
const recordedLateMs = 5_000;

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
}

/** The engine of one process. */
export interface Engine {
  /** Registers as owner under the service's address, takes up what was left and begins to run. */
  begin(address: string): Promise<void>;
  /** Records and starts an execution; see {@link ExecutionRecord}. */
  start(record: ExecutionRecord): Promise<void>;
}

/** An engine that has not begun. */
export function createEngine(deps: EngineDeps): Engine {
  const { executions, store, owners, perform, clock, tracer, log, closing } = deps;
  let lease: Lease | undefined;
  const ownerId = (): string => {
    if (!lease) throw new Fault('unavailable', 'The engine has not begun yet', { retryAfterMs: 1_000 });
    return lease.ownerId();
  };
  const reload = ({ tenantId, id }: StoredExecution) => store.reload(ownerId(), tenantId, id);
  const executor = createExecutor({
    journal: createJournal(store, ownerId),
    perform,
    reload,
    clock,
    tracer,
    log,
  });

  // A lost reply leaves open whether the record was committed. If it was, the execution is run like any other.
  async function lookForRecorded(record: ExecutionRecord): Promise<void> {
    try {
      const found = await store.reload(ownerId(), record.tenantId, record.id);
      if (found) executor.resume(found[0], found[1]);
    } catch {
      setTimeout(() => void lookForRecorded(record), recordedLateMs).unref();
    }
  }

  return {
    async begin(address) {
      const { replicaName } = deps;
      lease = await keepLease({ store: owners, replicaName, address, clock, log, onLost: executor.dropAll });
      const stopTakeover = takeOver({ lease, owners, store, resume: executor.resume, log });
      closing.add('engine', async () => {
        await stopTakeover();
        executor.dropAll();
        await lease?.release();
      });
    },
    async start(record) {
      await executions.record(record, ownerId()).catch((error: unknown) => {
        setTimeout(() => void lookForRecorded(record), recordedLateMs).unref();
        throw error;
      });
      await executor.start({ ...record, status: 'pending', reason: '', error: '', partial: false });
    },
  };
}
