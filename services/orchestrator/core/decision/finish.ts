// The end of a run: its outcome, what applying it changes, and what becomes of it when it cannot be applied.
import type { JsonObject } from '../../../../foundation/json/json.ts';
import type { TaskFault } from '../agent-answer.ts';
import { type ExecutionState, openTasks } from '../execution-state.ts';
import type { Outcome } from '../journal-event.ts';
import { type Draft, emit } from './draft.ts';

/** Finishes once every task has ended. A paused run waits for its resume. */
export function finishIfDone(draft: Draft): void {
  const { status, outcome } = draft.state;
  if (outcome || openTasks(draft.state) > 0) return;
  if (status === 'running') finish(draft, outcomeOf(draft.state));
  if (status === 'cancelling') finish(draft, cancelled);
}

const cancelled: Outcome = { succeeded: false, partial: false, reason: 'cancelled', error: 'cancelled' };

/** Finishes a run whose time is up, every task of which has ended. `fault` is absent when a task had failed before: that is what decided. */
export function finishLate(draft: Draft, fault: TaskFault | undefined) {
  const { state } = draft;
  if (!fault) return finish(draft, outcomeOf(state));
  finish(draft, { succeeded: false, partial: isPartial(state), reason: fault.code, error: fault.message });
}

/** Ends the run as failed without looking at its tasks. */
export function finishFailed(draft: Draft, { code, message }: TaskFault): void {
  finish(draft, { succeeded: false, partial: false, reason: code, error: message });
}

function finish(draft: Draft, outcome: Outcome) {
  const { steps } = draft.known;
  emit(draft, { type: 'finishing', outcome });
  if (!steps.document) return end(draft, outcome, '');
  if (steps.prepare && isWritten(outcome)) draft.effects.push({ type: 'prepare' });
  else apply(draft, outcome);
}

function apply(draft: Draft, outcome: Outcome): void {
  if (isWritten(outcome)) emit(draft, { type: 'effects_planned', prepared: {} });
  draft.effects.push({ type: 'apply' });
}

/** True for an outcome with something to write beside that the run has failed. */
export function isWritten({ succeeded, partial }: Outcome): boolean {
  return succeeded || partial;
}

/** What is left to do for a run that was finishing when its owner was lost. */
export function resumeFinishing({ state, effects, known }: Draft): void {
  const toPrepare = known.steps.prepare && state.outcome && isWritten(state.outcome) && !state.prepared;
  effects.push({ type: toPrepare ? 'prepare' : 'apply' });
}

/** What applying changes is known. */
export function afterPreparing(draft: Draft, prepared: JsonObject): void {
  const { state, effects } = draft;
  if (!state.outcome || !isWritten(state.outcome) || !isFinishing(state) || state.prepared) return;
  emit(draft, { type: 'effects_planned', prepared });
  effects.push({ type: 'apply' });
}

function isFinishing({ outcome, endedMs }: ExecutionState): boolean {
  return outcome !== undefined && endedMs === undefined;
}

/** A success that cannot be written is a failure; a failure that cannot be written ends the run all the same. */
export function afterRefusal(draft: Draft, fault: TaskFault): void {
  const { outcome } = draft.state;
  if (!outcome || !isFinishing(draft.state)) return;
  if (isWritten(outcome)) failToWrite(draft, fault);
  else end(draft, outcome, '');
}

function failToWrite(draft: Draft, fault: TaskFault): void {
  const failed = { succeeded: false, partial: false, reason: fault.code, error: fault.message };
  emit(draft, { type: 'finishing', outcome: failed });
  draft.effects.push({ type: 'apply' });
}

/** The outcome has been written. */
export function endApplied(draft: Draft, summary: string): void {
  const { outcome, prepared } = draft.state;
  if (!outcome || !isFinishing(draft.state)) return;
  const wasAsked = prepared !== undefined || !isWritten(outcome);
  if (wasAsked) end(draft, outcome, summary);
}

function end(draft: Draft, { succeeded }: Outcome, summary: string): void {
  const wasCancelled = draft.state.status === 'cancelling';
  const status = wasCancelled ? 'cancelled' : succeeded ? 'completed' : 'failed';
  emit(draft, { type: 'ended', status, summary });
}

// The first failure in order of time is what decided.
function outcomeOf(state: ExecutionState): Outcome {
  const [failed] = state.failures;
  if (!failed) return { succeeded: true, partial: false, reason: '', error: '' };
  const { code = '', message = 'no reason is known' } = failed.fault ?? {};
  return {
    succeeded: false,
    partial: isPartial(state),
    reason: code,
    error: `${failed.planned.agentName} failed: ${message}`,
  };
}

// Without the output of an agent there is nothing to apply.
function isPartial({ plan, tasks }: ExecutionState): boolean {
  if (plan.failurePolicy !== 'continue') return false;
  return tasks.some(({ status, planned }) => status === 'succeeded' && !planned.approval);
}
