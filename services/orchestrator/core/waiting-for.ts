// Why a task has not ended yet, in sentences for people (SPEC E3.8). It knows nothing but the run's state and where the run is kept.
import { type ExecutionState, isFull, type TaskState, taskOf } from './execution-state.ts';
import type { PlannedTask } from './run-plan.ts';
import { executionToolCallsMax, toolCallsFor } from './tool-calls-left.ts';

/** Where a run is, as far as its state does not tell. */
export interface Whereabouts {
  /** `held` by a replica, `queued` until its tenant has room for it, `parked` until a time or a person, or `set_aside` as it cannot be gone on with. */
  readonly place: 'held' | 'queued' | 'parked' | 'set_aside';
  /** By nodeId: the attempt of each task that a worker has now; absent for none. */
  readonly withWorker?: ReadonlyMap<string, number>;
  /** Calls of tools that the run may make [`executionToolCallsMax`]. */
  readonly toolCallsMax?: number;
}

const held: Whereabouts = { place: 'held' };

/** One sentence for each thing that the task waits for; empty when it has ended. */
export function waitingFor(state: ExecutionState, planned: PlannedTask, where = held): string[] {
  const waits = waitsOf(state, planned, where);
  return waits.length > 0 && where.place === 'set_aside' ? [aside] : waits;
}

const aside = 'the run to be tried again: it was set aside, as it cannot be gone on with as it is recorded';
const admission = 'the run to be admitted: others of the tenant come first';

function waitsOf(state: ExecutionState, planned: PlannedTask, where: Whereabouts): string[] {
  const task = taskOf(state, planned.nodeId);
  switch (task.status) {
    case 'waiting':
      return [...startOf(state, where), ...parentsOf(state, planned)];
    case 'ready':
      return readyFor(state, task, where);
    case 'running':
      return [attemptOf(state, task)];
    case 'retry_wait':
      return [...pauseOf(state), retryOf(state, task, where)];
    case 'waiting_approval':
      return [approvalOf(task)];
    case 'waiting_worker':
      return workerOf(state, task, where);
    default:
      return [];
  }
}

function startOf({ status }: ExecutionState, { place }: Whereabouts): string[] {
  if (status !== 'pending') return status === 'paused' ? ['the run to be resumed'] : [];
  return [place === 'queued' ? admission : 'the run to start'];
}

function pauseOf({ status }: ExecutionState): string[] {
  return status === 'paused' ? ['the run to be resumed'] : [];
}

function parentsOf(state: ExecutionState, { parents }: PlannedTask): string[] {
  const open = parents.map((parent) => taskOf(state, parent)).filter(({ status }) => status !== 'succeeded');
  return open.map(({ planned }) => `the ${planned.approval ? 'approval' : 'output'} of ${planned.nodeId}`);
}

function readyFor(state: ExecutionState, { lookup, planned }: TaskState, where: Whereabouts): string[] {
  const start = startOf(state, where);
  if (start.length > 0) return start;
  if (planned.callsTools && where.place === 'held' && lacksCalls(state, where)) return [callsOfTools];
  return [lookup === 'asked' ? 'a look into the cache' : slotOf(state, where)];
}

function lacksCalls(state: ExecutionState, { toolCallsMax = executionToolCallsMax }: Whereabouts): boolean {
  return toolCallsFor(state, toolCallsMax) === undefined;
}

const callsOfTools = 'calls of tools that are set aside for other tasks of the run';

function slotOf(state: ExecutionState, { place }: Whereabouts): string {
  if (place === 'queued') return admission;
  if (isFull(state)) return 'a free slot of the run';
  return place === 'parked' ? 'the run to be taken up again' : 'a free slot';
}

function attemptOf({ status }: ExecutionState, { attempt, planned }: TaskState): string {
  const { agentName } = planned;
  if (status === 'cancelling') return `attempt ${attempt} of ${agentName} to end, which is being aborted`;
  return `attempt ${attempt} of ${agentName} is running`;
}

function retryOf(state: ExecutionState, task: TaskState, where: Whereabouts): string {
  const { dueMs, fault, waitsForBreaker } = task;
  if (where.place === 'queued' || state.startable.includes(task)) return slotOf(state, where);
  const due = dueMs === undefined ? 'soon' : `at ${new Date(dueMs).toISOString()}`;
  const what = waitsForBreaker ? 'the circuit breaker to let it through' : 'the next attempt';
  return `${what} ${due}, after: ${fault?.message ?? 'a fault'}`;
}

function workerOf(
  state: ExecutionState,
  { planned, attempt }: TaskState,
  { withWorker }: Whereabouts,
): string[] {
  const { agentName, nodeId, work } = planned;
  const present = withWorker?.get(nodeId);
  if (present !== undefined) return [`attempt ${present} of ${agentName}, which a worker has`];
  const capabilities = work?.requiredCapabilities ?? [];
  const able = capabilities.length === 0 ? 'a worker' : `a worker that can do ${capabilities.join(', ')}`;
  const again = attempt === 0 ? '' : `, again after attempt ${attempt}`;
  return [...pauseOf(state), `${able} to do ${agentName}${again}`];
}

function approvalOf({ planned, dueMs }: TaskState): string {
  const roles = planned.approval?.roles.join(' or ') ?? '';
  const until = dueMs === undefined ? '' : ` until ${new Date(dueMs).toISOString()}`;
  return `the decision of a person with the role ${roles}${until}`;
}
