// The one place where an execution changes: what is observed goes in, journal events and effects come out. Pure: the time and chance are
// part of the observation. Effects are performed only once the events are durable.
import type { AgentAnswer, TaskFault } from './agent-answer.ts';
import { checkAnswer } from './agent-answer.ts';
import { evolve, plannedTask } from './evolve.ts';
import { type ExecutionState, taskOf } from './execution-state.ts';
import type { JournalEvent, Outcome } from './journal-event.ts';
import { type PlannedTask, runningTasksMax } from './run-plan.ts';
import { backoffMs, isRetryable } from './task-fault.ts';

/** Something that happened outside. */
export type Observation =
  /** The execution was loaded, for the first time or after its owner was lost. */
  | { readonly type: 'loaded' }
  | { readonly type: 'document_placed' }
  | { readonly type: 'document_refused'; readonly fault: TaskFault }
  | {
      readonly type: 'answered';
      readonly nodeId: string;
      readonly attempt: number;
      readonly answer: AgentAnswer;
      readonly durationMs: number;
    }
  | {
      readonly type: 'faulted';
      readonly nodeId: string;
      readonly attempt: number;
      readonly fault: TaskFault;
      readonly durationMs: number;
      readonly random: number;
    }
  | { readonly type: 'retry_due'; readonly nodeId: string }
  | { readonly type: 'deadline' }
  /** The document's service refused the outcome for good. */
  | { readonly type: 'outcome_refused'; readonly fault: TaskFault }
  | { readonly type: 'applied' };

/** Something to do outside. */
export type Effect =
  | { readonly type: 'place_document' }
  | { readonly type: 'invoke'; readonly nodeId: string; readonly attempt: number }
  | { readonly type: 'abort'; readonly nodeId: string }
  | { readonly type: 'wake_for_retry'; readonly nodeId: string; readonly dueMs: number }
  | { readonly type: 'watch_deadline'; readonly dueMs: number }
  | { readonly type: 'apply' };

/** What follows from an observation. */
export interface Decision {
  readonly events: readonly JournalEvent[];
  readonly effects: readonly Effect[];
}

/** When a retry looks again for a place in a full run, in milliseconds. */
const fullRunMs = 1_000;

const nothing: Decision = { events: [], effects: [] };

/** Decides. Observations that come too late, twice or in a state that they do not fit change nothing. */
export function decide(state: ExecutionState, observation: Observation, nowMs: number): Decision {
  switch (observation.type) {
    case 'loaded':
      return resume(state);
    case 'document_placed':
      return state.status === 'pending' ? begin(state, nowMs) : nothing;
    case 'document_refused':
      return state.status === 'pending' ? finishFailed(observation.fault) : nothing;
    case 'retry_due':
      return state.status === 'running' ? retry(state, observation.nodeId, nowMs) : nothing;
    case 'answered':
    case 'faulted': {
      const task = taskOf(state, observation.nodeId);
      const current =
        state.status === 'running' && task.status === 'running' && task.attempt === observation.attempt;
      return current ? progress(state, [endOfAttempt(state, observation, nowMs)], nowMs) : nothing;
    }
    case 'deadline':
      return state.status === 'running' ? expire(state, nowMs) : nothing;
    case 'outcome_refused':
      return state.status === 'finishing' && state.outcome
        ? failInstead(state.outcome, observation.fault)
        : nothing;
    case 'applied':
      return state.status === 'finishing' && state.outcome ? endWith(state.outcome) : nothing;
  }
}

// Unfinished attempts are repeated under the same key, so that whoever still has their result can hand it over.
function resume(state: ExecutionState): Decision {
  if (state.status === 'pending') return { events: [], effects: [{ type: 'place_document' }] };
  if (state.status === 'finishing') return { events: [], effects: [{ type: 'apply' }] };
  if (state.status !== 'running') return nothing;
  const effects: Effect[] = [deadlineOf(state, state.startedMs ?? 0)];
  for (const [nodeId, { status, attempt, dueMs = 0 }] of state.tasks) {
    if (status === 'running') effects.push({ type: 'invoke', nodeId, attempt });
    if (status === 'retry_wait') effects.push({ type: 'wake_for_retry', nodeId, dueMs });
  }
  return { events: [], effects };
}

function deadlineOf(state: ExecutionState, startedMs: number): Effect {
  return { type: 'watch_deadline', dueMs: startedMs + state.plan.executionTimeoutMs };
}

function begin(state: ExecutionState, nowMs: number): Decision {
  const { events, effects } = progress(state, [{ type: 'started' }], nowMs);
  return { events, effects: [deadlineOf(state, nowMs), ...effects] };
}

function finishFailed(fault: TaskFault): Decision {
  const outcome = { succeeded: false, partial: false, reason: fault.code, error: fault.message };
  return { events: [{ type: 'finishing', outcome }], effects: [{ type: 'apply' }] };
}

// A retry that falls due while every place of the run is taken looks again a little later.
function retry(state: ExecutionState, nodeId: string, nowMs: number): Decision {
  const { status, attempt } = taskOf(state, nodeId);
  if (status !== 'retry_wait') return nothing;
  if (runningTasks(state) < runningTasksMax) {
    return progress(state, [{ type: 'task_started', nodeId, attempt: attempt + 1 }], nowMs);
  }
  return { events: [], effects: [{ type: 'wake_for_retry', nodeId, dueMs: nowMs + fullRunMs }] };
}

function runningTasks(state: ExecutionState): number {
  return [...state.tasks.values()].filter(({ status }) => status === 'running').length;
}

type EndedAttempt = Extract<Observation, { type: 'answered' | 'faulted' }>;

function endOfAttempt(state: ExecutionState, ended: EndedAttempt, nowMs: number): JournalEvent {
  const { nodeId, attempt, durationMs } = ended;
  const planned = plannedTask(state.plan, nodeId);
  if (ended.type === 'answered') {
    const fault = checkAnswer(ended.answer, planned.outputKeys);
    if (fault) return { type: 'task_failed', nodeId, attempt, fault, durationMs };
    return { type: 'task_succeeded', nodeId, attempt, answer: ended.answer, durationMs };
  }
  const { retriesMax, totalTimeoutMs } = planned.limits;
  const dueMs = nowMs + backoffMs(attempt, ended.random);
  const expiresMs = (taskOf(state, nodeId).startedMs ?? nowMs) + totalTimeoutMs;
  const again = isRetryable(ended.fault.code) && attempt <= retriesMax && dueMs < expiresMs;
  if (!again) return { type: 'task_failed', nodeId, attempt, fault: ended.fault, durationMs };
  return { type: 'retry_scheduled', nodeId, attempt, fault: ended.fault, durationMs, dueMs };
}

/** A state that runs ahead of the journal while one decision is being made, with the events that led there. */
interface Draft {
  state: ExecutionState;
  readonly events: JournalEvent[];
}

function draft(into: Draft, event: JournalEvent, atMs: number): void {
  into.state = evolve(into.state, { seq: into.state.seq + 1, atMs, event });
  into.events.push(event);
}

// Whatever has just happened: skip what can no longer run, start what is ready, finish when nothing is left.
function progress(state: ExecutionState, first: readonly JournalEvent[], nowMs: number): Decision {
  if (first.length === 0) return nothing;
  const ahead: Draft = { state, events: [] };
  for (const event of first) draft(ahead, event, nowMs);
  failUnavailable(ahead, nowMs);
  skipHopeless(ahead, nowMs);
  startReady(ahead, nowMs);
  finishIfDone(ahead, nowMs);
  return { events: ahead.events, effects: effectsOf(ahead.events) };
}

function isOpen({ status }: { status: string }): boolean {
  return status === 'waiting' || status === 'running' || status === 'retry_wait';
}

function failedTasks(state: ExecutionState): PlannedTask[] {
  return state.plan.tasks.filter(({ nodeId }) => taskOf(state, nodeId).status === 'failed');
}

function mayStart(state: ExecutionState): boolean {
  return state.plan.failurePolicy === 'continue' || failedTasks(state).length === 0;
}

function isReady(state: ExecutionState, task: PlannedTask): boolean {
  if (taskOf(state, task.nodeId).status !== 'waiting') return false;
  return task.parents.every((parent) => taskOf(state, parent).status === 'succeeded');
}

function failUnavailable(ahead: Draft, nowMs: number): void {
  for (const task of ahead.state.plan.tasks) {
    if (task.unavailable === undefined || !isReady(ahead.state, task) || !mayStart(ahead.state)) continue;
    const fault = {
      code: task.unavailable,
      message: `The agent ${task.agentId} cannot be run: ${task.unavailable}`,
    };
    draft(ahead, { type: 'task_failed', nodeId: task.nodeId, attempt: 0, fault, durationMs: 0 }, nowMs);
  }
}

function skipHopeless(ahead: Draft, nowMs: number): void {
  for (const task of ahead.state.plan.tasks) {
    if (taskOf(ahead.state, task.nodeId).status !== 'waiting') continue;
    const culprit = culpritOf(ahead.state, task);
    if (culprit === undefined) continue;
    draft(
      ahead,
      { type: 'task_skipped', nodeId: task.nodeId, because: `Skipped because ${culprit} failed` },
      nowMs,
    );
  }
}

// Under fail_fast the first failure ends the hope of all; under continue only of its dependents.
function culpritOf(state: ExecutionState, task: PlannedTask): string | undefined {
  if (state.plan.failurePolicy === 'fail_fast') return failedTasks(state)[0]?.agentName;
  for (const parent of task.parents) {
    const { status } = taskOf(state, parent);
    if (status === 'failed') return plannedTask(state.plan, parent).agentName;
    if (status === 'skipped') return culpritOf(state, plannedTask(state.plan, parent));
  }
  return undefined;
}

function startReady(ahead: Draft, nowMs: number): void {
  if (!mayStart(ahead.state)) return;
  let free = runningTasksMax - runningTasks(ahead.state);
  for (const task of ahead.state.plan.tasks) {
    if (free <= 0) return;
    if (!isReady(ahead.state, task)) continue;
    draft(ahead, { type: 'task_started', nodeId: task.nodeId, attempt: 1 }, nowMs);
    free -= 1;
  }
}

function finishIfDone(ahead: Draft, nowMs: number): void {
  if ([...ahead.state.tasks.values()].some(isOpen)) return;
  draft(ahead, { type: 'finishing', outcome: outcomeOf(ahead.state) }, nowMs);
}

function outcomeOf(state: ExecutionState): Outcome {
  const [failed] = failedTasks(state);
  if (!failed) return { succeeded: true, partial: false, reason: '', error: '' };
  const fault = taskOf(state, failed.nodeId).fault;
  const someSucceeded = [...state.tasks.values()].some(({ status }) => status === 'succeeded');
  return {
    succeeded: false,
    partial: state.plan.failurePolicy === 'continue' && someSucceeded,
    reason: fault?.code ?? '',
    error: `${failed.agentName} failed: ${fault?.message ?? 'no reason is known'}`,
  };
}

// The time for the run is up: what runs is aborted and fails, what never started is skipped.
function expire(state: ExecutionState, nowMs: number): Decision {
  const ahead: Draft = { state, events: [] };
  const fault = { code: 'deadline', message: 'The time for the run is up' };
  const running: Effect[] = [];
  for (const { nodeId } of state.plan.tasks) {
    const { status, attempt } = taskOf(state, nodeId);
    if (status === 'waiting') draft(ahead, { type: 'task_skipped', nodeId, because: fault.message }, nowMs);
    if (status !== 'running' && status !== 'retry_wait') continue;
    draft(ahead, { type: 'task_failed', nodeId, attempt, fault, durationMs: 0 }, nowMs);
    running.push({ type: 'abort', nodeId });
  }
  finishIfDone(ahead, nowMs);
  return { events: ahead.events, effects: [...running, ...effectsOf(ahead.events)] };
}

function effectsOf(events: readonly JournalEvent[]): Effect[] {
  return events.flatMap((event): Effect[] => {
    if (event.type === 'task_started')
      return [{ type: 'invoke', nodeId: event.nodeId, attempt: event.attempt }];
    if (event.type === 'retry_scheduled')
      return [{ type: 'wake_for_retry', nodeId: event.nodeId, dueMs: event.dueMs }];
    return event.type === 'finishing' ? [{ type: 'apply' }] : [];
  });
}

// A success that cannot be written is a failure; a failure that cannot be written ends the run all the same.
function failInstead(refused: Outcome, fault: TaskFault): Decision {
  if (!refused.succeeded && !refused.partial) return endWith(refused);
  return finishFailed(fault);
}

function endWith({ succeeded }: Outcome): Decision {
  return { events: [{ type: 'ended', status: succeeded ? 'completed' : 'failed' }], effects: [] };
}
