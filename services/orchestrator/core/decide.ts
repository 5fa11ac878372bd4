// The one place where an execution changes: what is observed goes in, journal events and effects come out, and the state is moved ahead to
// what it will be once the events are durable. No I/O, no clock, no chance: the time and chance are part of what goes in. Effects may be
// performed only once the events are durable; whoever loses them forgets the state too and reads the journal again.
import type { TaskFault } from './agent-answer.ts';
import { decideApproval } from './decision/approval.ts';
import { endAttempt, foundInCache, noteOfAttempt } from './decision/attempt.ts';
import { cancel, pause, resume } from './decision/control.ts';
import type { Circumstances, Decision, Observation } from './decision/decision.ts';
import { type Draft, emit, skipTask } from './decision/draft.ts';
import { couldGoOnMs, failRun, passTime } from './decision/due.ts';
import {
  afterPreparing,
  afterRefusal,
  endApplied,
  finishFailed,
  resumeFinishing,
} from './decision/finish.ts';
import { progress } from './decision/progress.ts';
import { endWorkerAttempt } from './decision/worker-attempt.ts';
import type { ExecutionState } from './execution-state.ts';

/** Decides and moves the state. Observations that come too late, twice or in a state that they do not fit change nothing. */
export function decide(state: ExecutionState, observation: Observation, known: Circumstances): Decision {
  const draft: Draft = { state, known, events: [], effects: [] };
  observe(draft, observation);
  return draft;
}

function observe(draft: Draft, observation: Observation) {
  switch (observation.type) {
    case 'loaded':
      return load(draft, observation.placed ?? false);
    case 'document_placed':
      if (draft.state.status === 'pending') begin(draft);
      return;
    case 'document_refused':
      if (draft.state.status === 'pending') refuse(draft, observation.fault);
      return;
    case 'looked_up':
      return foundInCache(draft, observation);
    case 'answered':
    case 'faulted':
      return endAttempt(draft, observation);
    case 'tool_called':
    case 'tool_ended':
    case 'attempt_uncertain':
      return noteOfAttempt(draft, observation);
    case 'time':
      return passTime(draft);
    case 'cancel':
      return cancel(draft, observation);
    case 'pause':
      return pause(draft, observation.by);
    case 'resume':
      return resume(draft, observation.by);
    case 'decide_approval':
      return decideApproval(draft, observation);
    case 'worker_ended':
      // Nobody need have held the run before.
      if (draft.state.status === 'pending' && !draft.known.steps.document) begin(draft);
      return endWorkerAttempt(draft, observation);
    case 'prepared':
      return afterPreparing(draft, observation.prepared);
    case 'outcome_refused':
      return afterRefusal(draft, observation.fault);
    case 'applied':
      return endApplied(draft, observation.summary);
    case 'unstorable':
      return failRun(draft, observation.fault);
  }
}

function begin(draft: Draft): void {
  emit(draft, { type: 'started' });
  progress(draft);
}

function refuse(draft: Draft, fault: TaskFault): void {
  for (const task of draft.state.tasks) {
    const isOpen = task.status === 'waiting' || task.status === 'ready';
    if (isOpen) skipTask(draft, task, `Skipped because the run could not start: ${fault.message}`);
  }
  finishFailed(draft, fault);
}

// What became due while nobody had the run is done first. Other unfinished attempts are repeated under the same key, so that whoever still
// has their result can hand it over.
function load(draft: Draft, isPlaced: boolean) {
  const { state, effects, known } = draft;
  if (state.endedMs !== undefined) return;
  if (state.outcome) return resumeFinishing(draft);
  if (state.status === 'pending') {
    if (known.steps.document) effects.push({ type: 'place_document' });
    else begin(draft);
    return;
  }
  const unfinished = [...state.active].filter(({ status }) => status === 'running');
  if (isPlaced) leaveLine(draft);
  passTime(draft);
  for (const { status, attempt, planned } of unfinished) {
    const { nodeId } = planned;
    if (status !== 'running') continue;
    const unwanted = state.status === 'cancelling' ? { unwanted: true } : {};
    effects.push({ type: 'invoke', nodeId, attempt, repeated: true, ...unwanted });
  }
}

// What waits for a place waits for others of its tenant: that is no time of its own.
function leaveLine(draft: Draft): void {
  const { state, known } = draft;
  const waitedMs = known.nowMs - couldGoOnMs(state);
  if (state.status === 'running' && waitedMs > 0) emit(draft, { type: 'placed', waitedMs });
}
