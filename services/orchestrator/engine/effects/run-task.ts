// Runs one attempt of one task.

import { endedByRun } from '../../clients/attempt.ts';
import type { AttemptEnd, AttemptNote } from '../../clients/invoke-agent.ts';
import { plannedTask } from '../../core/evolve.ts';
import { taskOf } from '../../core/execution-state.ts';
import { jobOf } from '../../core/job-input.ts';
import { taskInput } from '../../core/task-input.ts';
import { heldBy } from '../../core/tool-calls-left.ts';
import type { LiveExecution } from '../live-execution.ts';
import type { EffectDeps, Tell } from './effect-deps.ts';

/** One attempt. */
export interface TaskAttempt {
  readonly nodeId: string;
  readonly attempt: number;
  /** True when it was begun before and what came of it is not known. */
  readonly repeated: boolean;
  /** True when it is only to be ended, where it still runs. */
  readonly unwanted?: boolean;
}

/** Gives the place back when the attempt has ended, and tells what happens: at last `answered` or `faulted`. */
export async function runTask(
  deps: EffectDeps,
  live: LiveExecution,
  task: TaskAttempt,
  tell: Tell,
): Promise<void> {
  const { clock, slots } = deps;
  const { nodeId, attempt } = task;
  const abort = new AbortController();
  const startedMs = clock();
  live.aborts.set(nodeId, abort);
  if (task.unwanted) abort.abort(endedByRun);
  const note = (told: AttemptNote): void => passOn(deps, live, { ...task, told, tell });
  const end = await invoke(deps, live, { ...task, signal: abort.signal, note });
  slots.release(); // first to those who wait: nobody keeps a place for its next task
  if (live.aborts.get(nodeId) === abort) live.aborts.delete(nodeId);
  const durationMs = Math.max(0, clock() - startedMs);
  if ('answer' in end) keepOnlyAsDescribed(live, nodeId, end);
  if ('answer' in end) tell({ type: 'answered', nodeId, attempt, answer: end.answer, durationMs });
  else tell({ type: 'faulted', nodeId, attempt, durationMs, random: Math.random(), ...whyOf(end, task) });
}

// A setting, a grant or a tool may have changed since the look: what the attempt then rested on is known nowhere, so that nobody keeps it.
function keepOnlyAsDescribed({ cacheKeys }: LiveExecution, nodeId: string, end: AttemptEnd): void {
  const kept = cacheKeys.get(nodeId);
  if (kept?.fingerprint === undefined || !('answer' in end)) return;
  if (end.fingerprint !== kept.fingerprint) cacheKeys.delete(nodeId);
}

// What was begun before is not taken for unbegun because it was refused this time.
function whyOf(end: Extract<AttemptEnd, { fault: unknown }>, { repeated }: TaskAttempt) {
  return repeated ? { fault: end.fault } : end;
}

interface Invoked extends TaskAttempt {
  readonly signal: AbortSignal;
  readonly note: (told: AttemptNote) => void;
}

function invoke(deps: EffectDeps, live: LiveExecution, { nodeId, attempt, repeated, signal, note }: Invoked) {
  const { execution, state, agents } = live;
  const { taskId, limits, callsTools } = plannedTask(state.plan, nodeId);
  const agent = agents.get(nodeId);
  if (!agent) throw new Error(`the plan has no agent for ${nodeId}`);
  const { toolsTold: tools, toolEndsTold: toolEnds, isUncertain: uncertain } = taskOf(state, nodeId);
  const input = taskInput(state, nodeId, jobOf(execution.input).input);
  const settingsRevision = live.settingsRevisions.get(nodeId) ?? '';
  const tellFingerprint = live.cacheKeys.has(nodeId);
  const toolCalls = { left: heldBy(taskOf(state, nodeId)), executionMax: deps.toolCallsMax };
  const task = { execution, taskId, attempt, repeated, agent, input, settingsRevision, tellFingerprint };
  return deps.invoke({
    ...task,
    ...(callsTools ? { toolCalls } : {}),
    timeoutMs: limits.attemptTimeoutMs,
    told: { tools, toolEnds, uncertain },
    mayJoin: deps.isHeld,
    signal,
    note,
  });
}

interface Told extends TaskAttempt {
  readonly told: AttemptNote;
  readonly tell: Tell;
}

function passOn({ feed }: EffectDeps, live: LiveExecution, { nodeId, attempt, told, tell }: Told): void {
  if (live.dropped) return;
  if (told.type === 'text') {
    const { taskId } = plannedTask(live.state.plan, nodeId);
    feed.wrote(live, { taskId, attempt, offset: told.offset, text: told.text });
  } else if (told.type === 'uncertain') {
    tell({ type: 'attempt_uncertain', nodeId, attempt });
  } else {
    tell({ ...told, nodeId, attempt });
  }
}
