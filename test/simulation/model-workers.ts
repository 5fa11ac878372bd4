// Workers, and what gives them tasks: rows alone, as dispatch does it, each change in one moment with the command that tells the run. Workers
// answer, late or more than once, fall silent or lose their task to another. What dispatch accepts of them is the truth that journals are
// judged by.
import { type WorkerEnded, workerAnswer } from '../../services/orchestrator/core/work/planned-work.ts';
import { someReplica } from './commands.ts';
import type { Fleet } from './fleet.ts';
import type { ExecutionRow } from './model-tables.ts';
import { isOpen, type TaskRow } from './model-tasks.ts';
import type { World } from './world.ts';

/** How often dispatch looks, in milliseconds. */
const lookMs = 400;
/** How long a worker that says nothing is trusted, in milliseconds. */
const leaseMs = 3_000;
const deliverMs = 4_000;

/** The workers of a history. */
export interface ModelWorkers {
  begin(): void;
}

interface Dispatch {
  readonly world: World;
  readonly fleet: Fleet;
  given: number;
  told: number;
}

interface Task {
  readonly run: ExecutionRow;
  readonly task: TaskRow;
}

/** Workers that nobody has given anything. */
export function createModelWorkers(world: World, fleet: Fleet): ModelWorkers {
  const dispatch: Dispatch = { world, fleet, given: 0, told: 0 };
  const { time } = world;
  const turn = (): void => {
    look(dispatch);
    time.after(lookMs, undefined, turn);
  };
  return {
    begin() {
      if (world.works) time.after(lookMs, undefined, turn);
    },
  };
}

function look(dispatch: Dispatch): void {
  for (const run of dispatch.world.tables.executions.values()) {
    for (const task of run.tasks.values())
      if (isOpen(task) && !task.isAnswered) lookAt(dispatch, { run, task });
  }
}

function lookAt(dispatch: Dispatch, { run, task }: Task): void {
  const { random } = dispatch.world;
  const nowMs = Date.now();
  const isWaiting = task.status === 'pending' || task.status === 'retrying';
  if (task.status === 'pending' && task.withdrawn) {
    end(dispatch, { run, task }, { fault: 'cancelled', workerId: '' });
  } else if (isWaiting && !task.held && nowMs >= task.deadlineMs) {
    end(dispatch, { run, task }, { fault: 'deadline', workerId: '' });
  } else if (task.status === 'pending' && !task.held && random.chance(0.6)) {
    give(dispatch, { run, task });
  } else if (task.status === 'running' && nowMs >= Math.min(task.leaseUntilMs, task.deadlineMs)) {
    end(dispatch, { run, task }, { fault: 'worker_lost', workerId: task.workerId });
  } else if (task.status === 'running' && isRough(dispatch) && random.chance(0.03)) {
    takeBack(dispatch, { run, task });
  }
}

function isRough({ world: { time, faults } }: Dispatch): boolean {
  return time.nowMs() < faults.endMs;
}

function give(dispatch: Dispatch, { run, task }: Task): void {
  const { time, random, faults, history } = dispatch.world;
  dispatch.given += 1;
  const serial = dispatch.given;
  const workerId = `worker-${serial}`;
  const nowMs = Date.now();
  Object.assign(task, { status: 'running', workerId, startedMs: nowMs, leaseUntilMs: nowMs + leaseMs });
  const { attempt } = task;
  history.note(() => `   workers   ${nameOf(run, task)}#${attempt} is given to ${workerId}`);
  const isRoughNow = isRough(dispatch);
  if (isRoughNow && random.chance(faults.attemptNeverEnds)) return;
  const mayBeLate = isRoughNow && random.chance(faults.attemptLate);
  const answer = (): void => answerOnce(dispatch, { run, task }, { attempt, workerId, serial });
  const afterMs = random.between(0, mayBeLate ? 3 * leaseMs : 1_500);
  time.after(afterMs, undefined, answer);
  if (isRoughNow && random.chance(faults.attemptTellsTwice))
    time.after(afterMs + random.between(0, 6_000), undefined, answer);
}

interface Attempt {
  readonly attempt: number;
  readonly workerId: string;
  readonly serial: number;
}

// The attempt of a worker that has lost it, or has answered, is nobody's.
function answerOnce(dispatch: Dispatch, { run, task }: Task, { attempt, workerId, serial }: Attempt): void {
  const { random, faults, history } = dispatch.world;
  if (task.status !== 'running' || task.attempt !== attempt || task.isAnswered) {
    history.note(() => `   workers   ${nameOf(run, task)}#${attempt} is answered too late`);
    return;
  }
  const fails = isRough(dispatch) && random.chance(faults.attemptFails);
  if (fails) end(dispatch, { run, task }, { fault: random.pick(['tool_error', 'output_invalid']), workerId });
  else end(dispatch, { run, task }, { answer: `${nameOf(run, task)}#${attempt} by ${serial}`, workerId });
}

/** It is given to another, and no retry is used up. */
function takeBack({ world: { history } }: Dispatch, { run, task }: Task): void {
  history.note(() => `   workers   ${nameOf(run, task)}#${task.attempt} is taken back`);
  Object.assign(task, { status: 'pending', attempt: task.attempt + 1, returned: task.returned + 1 });
}

interface Ended {
  readonly workerId: string;
  readonly answer?: string;
  readonly fault?: string;
}

function end(dispatch: Dispatch, { run, task }: Task, { workerId, answer, fault = '' }: Ended): void {
  const { world } = dispatch;
  const { random, history, accepted } = world;
  const { attempt, nodeId, returned } = task;
  task.isAnswered = true;
  dispatch.told += 1;
  const id = `w${String(dispatch.told).padStart(5, '0')}`;
  const startedMs = workerId === '' ? Date.now() : task.startedMs;
  const durationMs = Date.now() - startedMs;
  const ended = { type: 'worker_ended', nodeId, attempt, returned, startedMs, durationMs, workerId } as const;
  const result = answer === undefined ? { fault: { code: fault, message: fault } } : answerOf(answer);
  const command: WorkerEnded = { ...ended, random: random.next(), ...result };
  if (answer !== undefined) accepted.set(`${run.record.id}/${nodeId}/${attempt}`, answer);
  history.note(
    () => `   workers   ${nameOf(run, task)}#${attempt} has ended: ${fault || 'answered'} (${id})`,
  );
  run.commands.push({ id, command });
  tell(dispatch, run);
}

function answerOf(answer: string) {
  return { answer: workerAnswer({ answer }) };
}

// Sometimes nobody tells the run: it finds what waits for it by itself.
function tell({ world, fleet }: Dispatch, { record }: ExecutionRow): void {
  const { time, random } = world;
  const replica = someReplica(world, fleet);
  if (!replica || random.chance(0.3)) return;
  const key = { tenantId: record.tenantId, id: record.id };
  time.after(random.between(0, 5), replica.process, () => {
    replica.engine.deliver(key, deliverMs).catch(() => undefined);
  });
}

function nameOf({ record }: ExecutionRow, { nodeId }: TaskRow): string {
  return `${record.id.slice(-4)} ${nodeId}`;
}
