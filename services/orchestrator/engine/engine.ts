// The engine of one process: who it is, what it runs, and the loops that find what others lost.
import type { Tracer } from '@opentelemetry/api';
import { type Clock, monotonicMs } from '../../../foundation/clock.ts';
import { Fault } from '../../../foundation/fault/fault.ts';
import type { Closing } from '../../../foundation/process/closing.ts';
import type { Log } from '../../../foundation/telemetry/log.ts';
import type { Metrics } from '../../../foundation/telemetry/metrics.ts';
import type { ExecutionRecord } from '../core/execution-record.ts';
import { executionToolCallsMax } from '../core/tool-calls-left.ts';
import type {
  EngineStore,
  ExecutionKey,
  ExecutionStore,
  NameBinding,
  OwnerStore,
  SetAside,
} from '../store/store.ts';
import { createAdmission } from './admission.ts';
import type { EffectDeps } from './effects/effect-deps.ts';
import { stepsOf } from './effects/effect-deps.ts';
import { heldDocuments } from './effects/held-documents.ts';
import { createPerformEffect } from './effects/perform-effect.ts';
import { measureEngine } from './engine-metrics.ts';
import { createExecutor, type Executor } from './executor.ts';
import type { Feed } from './feed.ts';
import { createJournal } from './journal-lane.ts';
import { createDelivery, type Delivery, type NudgeReplica } from './ownership/delivery.ts';
import { keepLease, type Lease } from './ownership/lease.ts';
import { type Takeover, takeOver } from './ownership/takeover.ts';
import type { OpenPlan } from './pinned-plan.ts';
import { reusedOutputs } from './reused-outputs.ts';
import { type Rhythm, usualRhythm } from './rhythm.ts';
import { createSettingAside } from './set-aside.ts';
import { createSlots } from './slots.ts';

/** What an engine needs. */
export interface EngineDeps extends Omit<EffectDeps, 'slots' | 'isHeld' | 'toolCallsMax'> {
  readonly executions: Pick<ExecutionStore, 'record' | 'readJournal'>;
  readonly store: EngineStore;
  readonly owners: OwnerStore;
  readonly nudge: NudgeReplica;
  readonly openPlan: OpenPlan;
  readonly replicaName: string;
  readonly limits: EngineLimits;
  readonly clock: Clock;
  readonly tracer: Tracer;
  readonly log: Log;
  /** Absent measures nothing. */
  readonly metrics?: Metrics;
  readonly closing: Closing;
  /** Absent means the usual one. */
  readonly rhythm?: Rhythm;
}

/** How much an engine does at the same time. */
export interface EngineLimits {
  /** Attempts that this replica has under way. */
  readonly invocationsMax: number;
  /** Executions that this replica holds. */
  readonly heldMax: number;
  /** Executions that a tenant may have running on all replicas together; more wait. */
  readonly perTenantMax: number;
  /** Calls of tools that one run may make [`executionToolCallsMax`]. */
  readonly toolCallsMax?: number;
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
  /** Brings stored commands to their execution, wherever it is held. Fault `unavailable` when that takes longer than given, in milliseconds. */
  deliver(key: ExecutionKey, withinMs: number): Promise<void>;
  /** Works off the commands of an execution that is held here; false when it is not. */
  handle(key: ExecutionKey): Promise<boolean>;
}

/** An engine that has not begun. After closing it refuses to start anything: Fault `unavailable`. */
export function createEngine(deps: EngineDeps): Engine {
  const { store, log, metrics, clock, rhythm = usualRhythm } = deps;
  let lease: Lease | undefined;
  let takeover: Takeover | undefined;
  const held = () => executor.held();
  const measures = metrics
    ? measureEngine(deps.feed, { metrics, clock, held, heldMax: deps.limits.heldMax })
    : { feed: deps.feed, waitedForSlot: () => undefined };
  const feed = withdrawingFeed(measures.feed, (key) => {
    // What is not brought now is found by whoever holds the run next.
    delivery.deliver(key, withdrawnMs).catch((error: unknown) => {
      log.debug({ err: error, execution_id: key.id }, 'A run could not be told of withdrawn tasks yet');
    });
  });
  const executor = createEngineExecutor(
    { ...deps, feed },
    {
      waitedForSlot: measures.waitedForSlot,
      lease: () => lease,
      roomFor: (tenantId, wasFull) => takeover?.roomFor(tenantId, wasFull),
      queued: (tenantId) => takeover?.queued(tenantId),
    },
  );
  const { nudge } = deps;
  const delivery: Delivery = createDelivery({ lease: () => lease, store, executor, nudge, rhythm, log });

  return {
    deliver: delivery.deliver,
    handle: delivery.handle,
    start: (record, binding) => start(deps, { executor, lease, record, binding }),
    async begin(address) {
      const { replicaName, owners, closing } = deps;
      const onLost = executor.dropAll;
      const kept = await keepLease({ store: owners, replicaName, address, rhythm, monotonicMs, log, onLost });
      lease = kept;
      const { takeUp, admission } = executor;
      const taking = takeOver({ lease, owners, store, takeUp, admission, rhythm, log });
      takeover = taking;
      const stopDelivering = delivery.begin();
      closing.add('engine', async () => {
        await Promise.all([taking.stop(), stopDelivering()]);
        lease = undefined;
        executor.dropAll();
        await kept.release();
      });
    },
  };
}

const withdrawnMs = 10_000;

// A withdrawal leaves commands for the run in the transaction that records it.
function withdrawingFeed(feed: Feed, tell: (key: ExecutionKey) => void): Feed {
  return {
    ...feed,
    appended(live, part) {
      feed.appended(live, part);
      if (part.events.some(({ type }) => type === 'task_withdrawn')) tell(live.execution);
    },
  };
}

interface EngineLinks {
  readonly waitedForSlot: (ms: number) => void;
  readonly lease: () => Lease | undefined;
  readonly roomFor: (tenantId: string, wasFull: boolean) => void;
  readonly queued: (tenantId: string) => void;
}

function createEngineExecutor(deps: EngineDeps, { waitedForSlot, lease, roomFor, queued }: EngineLinks) {
  const { limits, store, rhythm = usualRhythm } = deps;
  const { toolCallsMax = executionToolCallsMax } = limits;
  const slots = createSlots(limits.invocationsMax, deps.clock, waitedForSlot);
  const isHeld = (): boolean => lease()?.isHeld() ?? false;
  const admission = createAdmission({
    ...limits,
    replicas: () => lease()?.replicas() ?? 1,
    onFree: roomFor,
  });
  const journal = createJournal(store);
  const park = async (key: ExecutionKey, why: SetAside): Promise<void> => {
    const owner = lease();
    if (owner) await store.setAside(owner.ownerId(), key, why);
  };
  const executor = createExecutor({
    ...deps,
    journal,
    toolCallsMax,
    perform: createPerformEffect({
      ...deps,
      toolCallsMax,
      slots,
      isHeld,
      documents: heldDocuments(deps.documents, isHeld),
    }),
    stepsOf: (kind) => stepsOf(deps, kind),
    reused: (execution) => reusedOutputs(deps.executions, execution),
    slots,
    admission,
    queued,
    isHeld,
    load: async (keys) => {
      const owner = lease();
      return owner ? store.load(owner.ownerId(), keys) : [];
    },
    setAside: createSettingAside({ ...deps, journal, park }),
    reloadMs: rhythm.reloadMs,
    callerWaitMs: rhythm.callerWaitMs,
  });
  return { ...executor, admission };
}

interface Starting {
  readonly executor: Executor;
  readonly lease: Lease | undefined;
  readonly record: ExecutionRecord;
  readonly binding: NameBinding | undefined;
}

async function start(
  deps: EngineDeps,
  { executor, lease, record, binding }: Starting,
): Promise<'started' | 'taken'> {
  if (!lease?.isHeld()) throw notRunning();
  const ownerId = lease.ownerId();
  const { executions, rhythm = usualRhythm } = deps;
  if (!binding) {
    await executor.start(ownerId, record, { isNamed: false, isStored: false });
    return 'started';
  }
  const outcome = await executions.record(record, ownerId, binding).catch((error: unknown) => {
    // A lost reply leaves open whether the record was committed. If it was, the execution is run like any other.
    setTimeout(() => void executor.takeUp([record]), rhythm.recordedLateMs).unref();
    throw error;
  });
  if (outcome === 'taken') return 'taken';
  await executor.start(ownerId, record, { isNamed: true, isStored: true });
  return 'started';
}

function notRunning(): Fault {
  return new Fault('unavailable', 'The engine is not running', { retryAfterMs: 1_000 });
}
