// Gives tasks to workers that are called, and calls them. It looks when something was offered here, and every other second for what other replicas
// know of: what was offered there, what was assigned by hand, and calls whose replica is gone.

import { newId } from '../../../../foundation/ids/ids.ts';
import type { Log } from '../../../../foundation/telemetry/log.ts';
import { pairTasks } from '../../core/work/choose-worker.ts';
import type { CalledWorker, DispatchQueue, OfferedCandidate } from '../../store/store.ts';
import { callLeaseMs, createPushCalls, type PushCalls, type PushCallsDeps } from './push-calls.ts';
import { beginRounds } from './rounds.ts';

/** Between two looks that nobody asked for, in milliseconds: a task waits at most 5 s (SPEC W5.4). */
const lookMs = 2_000;
/** Calls of one replica at the same time. */
const callsMaxDefault = 256;
const tenantsMax = 200;
/** Tenants that are looked at in the same moment: none waits for the statements of all others. */
const tenantsAtOnce = 2;
const tasksMax = 50;
const workersMax = 1_000;
/** Looks at one tenant in a round: the others have their turn. */
const turnsMax = 4;

/** What dispatching needs. */
export interface PushDispatchDeps
  extends Omit<PushCallsDeps, 'queue' | 'callerId' | 'callsMax' | 'onOver' | 'log'> {
  readonly queue: DispatchQueue;
  readonly log: Pick<Log, 'warn'>;
  /** [256] */
  readonly callsMax?: number;
  /** Between two looks that nobody asked for, in milliseconds [2 s]. */
  readonly lookEveryMs?: number;
}

/** Dispatch to workers that are called. */
export interface PushDispatch {
  /** Something may be there to give out, or to call for. It does not wait. */
  wake(): void;
  /** Ends the calls for tasks of a run that was cancelled; those of other replicas are ended when they renew their leases. */
  cancelled(executionId: string): void;
  /** Hands what is under way over to other replicas. */
  close(): Promise<void>;
}

/** Begins to look. */
export function beginPushDispatch(deps: PushDispatchDeps): PushDispatch {
  const { queue, log, callsMax = callsMaxDefault, lookEveryMs = lookMs } = deps;
  const callerId = newId();
  const calls = createPushCalls({ ...deps, callerId, callsMax, onOver: () => rounds.wake() });
  const caller = { callerId, leaseMs: callLeaseMs };

  async function look(): Promise<void> {
    const room = Math.min(tasksMax, calls.room());
    if (room < 1) return;
    for (const lapsed of await queue.claimLapsedCalls(caller, room)) calls.start(lapsed, true);
    const tenants = await queue.tenantsToCall(tenantsMax);
    const next = tenants.values();
    const turn = async (): Promise<void> => {
      for (const tenantId of next) await giveOut({ queue, calls, caller }, tenantId);
    };
    await Promise.all(Array.from({ length: tenantsAtOnce }, turn));
  }

  const rounds = beginRounds({
    name: 'dispatch to workers that are called',
    work: look,
    everyMs: lookEveryMs,
    log,
  });
  return {
    wake: rounds.wake,
    cancelled: calls.cancelled,
    async close() {
      await rounds.stop();
      await calls.close();
    },
  };
}

interface Giving {
  readonly queue: DispatchQueue;
  readonly calls: PushCalls;
  readonly caller: { readonly callerId: string; readonly leaseMs: number };
}

/** Gives tasks of a tenant to its workers until nothing more fits; what others gave out meanwhile is passed over. */
async function giveOut({ queue, calls, caller }: Giving, tenantId: string): Promise<void> {
  for (let turns = 0; turns < turnsMax; turns += 1) {
    const room = Math.min(tasksMax, calls.room(tenantId));
    if (room < 1) return;
    const workers = await queue.calledWorkers(tenantId, workersMax);
    if (workers.length === 0) return;
    const workerIds = workers.map(({ id }) => id);
    const tasks = await queue.candidates(tenantId, { workerIds, limit: room });
    const pairs = pairTasks(tasks.map(wantedOf), workers.map(choiceOf));
    for (const { task, workerId } of pairs) {
      const assigned = await queue.assign({ tenantId, id: task.id }, { ...caller, workerId });
      if (assigned.type === 'assigned') calls.start(assigned.given, false);
    }
    if (pairs.length < room) return;
  }
}

function wantedOf({ id, taskType: type, requiredCapabilities, keptWorkerId }: OfferedCandidate) {
  return { id, type, requiredCapabilities, ...(keptWorkerId === undefined ? {} : { keptWorkerId }) };
}

function choiceOf({ id, type, capabilities, placesMax, running, succeeded, failed }: CalledWorker) {
  const attempts = succeeded + failed;
  const successRate = attempts === 0 ? 1 : succeeded / attempts;
  return { id, type, capabilities, successRate, running, free: placesMax - running };
}
