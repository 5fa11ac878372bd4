// Decisions of people that a run waits for. Each is made once, by a person or by time.
import type { TaskState } from '../execution-state.ts';
import type { Command } from './decision.ts';
import { type Draft, emit, failTask } from './draft.ts';
import { progress } from './progress.ts';

/** A person decides. A decision that has been made stays as it is, and what time has decided is no longer a person's to decide. */
export function decideApproval(draft: Draft, command: Extract<Command, { type: 'decide_approval' }>): void {
  const { state } = draft;
  const { nodeId, approved, by, comment } = command;
  const task = state.tasks[state.plan.places.get(nodeId) ?? -1];
  if (task?.status !== 'waiting_approval' || state.status === 'cancelling') return;
  if (isDue(draft, task)) expireApprovals(draft);
  else record(draft, task, { approved, by, comment });
  progress(draft);
}

/** Decides what nobody has decided in time. */
export function expireApprovals(draft: Draft): void {
  const { state } = draft;
  if (state.status === 'cancelling') return;
  for (const task of [...state.active]) {
    const { approval } = task.planned;
    if (task.status !== 'waiting_approval' || !approval || !isDue(draft, task)) continue;
    const comment = 'Nobody decided in time';
    record(draft, task, { approved: approval.onTimeout === 'approve', by: null, comment });
  }
}

function isDue({ known }: Draft, { dueMs = 0 }: TaskState): boolean {
  return dueMs <= known.nowMs;
}

interface Verdict {
  readonly approved: boolean;
  readonly by: string | null;
  readonly comment: string;
}

function record(draft: Draft, task: TaskState, verdict: Verdict) {
  const { nodeId } = task.planned;
  const { approved, by, comment } = verdict;
  emit(draft, { type: 'approval_decided', nodeId, approved, by, comment });
  if (!approved) return failTask(draft, task, refusalOf(verdict));
  const answer = {
    output: { approved, by, comment },
    reasoning: comment,
    confidence: 1,
    references: [],
    spans: {},
    runtime: 'approval',
  };
  emit(draft, { type: 'task_succeeded', nodeId, attempt: 0, answer, durationMs: 0 });
}

function refusalOf({ by, comment }: Verdict) {
  if (by === null) return { code: 'approval_timeout', message: 'Nobody decided in time' };
  const words = comment === '' ? '' : `: ${comment}`;
  return { code: 'approval_rejected', message: `The approval was rejected${words}` };
}
