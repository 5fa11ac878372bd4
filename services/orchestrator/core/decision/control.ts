// What people ask of a run under way: cancel, pause, resume (SPEC S6.3).
import type { Command } from './decision.ts';
import { cancelTask, type Draft, emit, skipTask } from './draft.ts';
import { finishIfDone } from './finish.ts';
import { progress } from './progress.ts';

/** How long aborted calls have to end by themselves, in milliseconds. */
export const cancelGraceMs = 30_000;

/** Ends the run: what runs is aborted, nothing else starts. A run that is being applied or has ended is left alone. */
export function cancel(draft: Draft, { by, because }: Extract<Command, { type: 'cancel' }>): void {
  const { state, effects } = draft;
  const { status } = state;
  if (status !== 'pending' && status !== 'running' && status !== 'paused') return;
  emit(draft, { type: 'cancel_requested', by, because });
  for (const task of state.tasks) {
    const { nodeId } = task.planned;
    if (task.status === 'waiting' || task.status === 'ready')
      skipTask(draft, task, 'Skipped because of a cancel');
    else if (task.status !== 'running' && state.active.has(task)) cancelTask(draft, task);
    else if (task.status === 'running') effects.push({ type: 'abort', nodeId, attempt: task.attempt });
  }
  finishIfDone(draft);
}

/** Gives up the calls that have not ended after an abort. */
export function abandon(draft: Draft): void {
  const { state, known } = draft;
  if (state.cancelRequestedMs === undefined || known.nowMs < state.cancelRequestedMs + cancelGraceMs) return;
  for (const task of [...state.active]) cancelTask(draft, task);
  finishIfDone(draft);
}

/** Starts nothing new from now on; what runs ends and is recorded. */
export function pause(draft: Draft, by: string): void {
  if (draft.state.status === 'running') emit(draft, { type: 'paused', by });
}

/** Goes on. */
export function resume(draft: Draft, by: string): void {
  if (draft.state.status !== 'paused') return;
  emit(draft, { type: 'resumed', by });
  progress(draft);
}
