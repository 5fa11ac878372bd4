// What a re-run takes over from the run that it repeats, and what it runs (SPEC E4.4, E4.5). It starts nothing and does not judge whether the
// old run has ended.
import type { Violation } from '../../../foundation/fault/fault.ts';
import type { AgentAnswer } from './agent-answer.ts';
import { type ExecutionState, taskOf } from './execution-state.ts';
import type { PlannedTask, RunPlan } from './run-plan.ts';

/** How much of a run is repeated: what has no output, one task with all that rests on it, or everything. */
export type RerunMode = 'failed' | 'from' | 'all';

/** What a caller asks for. */
export interface RerunWish {
  readonly mode: RerunMode;
  /** Node id or task_id in the old run; a node id goes first. Empty unless the mode is `from`. */
  readonly from: string;
}

/** The run that is repeated, and with what. */
export interface RerunBasis {
  readonly executionId: string;
  /** As it ended. */
  readonly state: ExecutionState;
  /** What the new run runs: the old run's own plan, or the newest. */
  readonly plan: RunPlan;
  /** Whether the new run is given another job input: then nothing can be reused. */
  readonly inputChanged: boolean;
}

/** An output that is taken over. */
export interface ReusedTask {
  readonly nodeId: string;
  readonly answer: AgentAnswer;
  /** The execution that computed it first, however often it has been taken over since. */
  readonly fromExecutionId: string;
}

/** What becomes of each task of the new run. Both in plan order. */
export interface RerunPlan {
  readonly reused: readonly ReusedTask[];
  /** nodeIds. */
  readonly toRun: readonly string[];
}

/** Everything that is wrong with the wish. */
export function checkRerun(wish: RerunWish, { state, plan }: RerunBasis): Violation[] {
  const { mode, from } = wish;
  if (mode !== 'from') {
    return from === '' ? [] : [violation(`is allowed with mode from only; leave it out with mode ${mode}`)];
  }
  if (from === '') return [violation('is required with mode from: name a node or a task_id of the run')];
  const nodeId = startOf(state.plan, plan, from);
  if (nodeId === undefined) return [violation('names no task of the run')];
  if (plan.places.has(nodeId)) return [];
  return [violation(`names ${nodeId}, which the newest version of the playbook does not have any more`)];
}

function violation(reason: string): Violation {
  return { field: 'task_id', reason };
}

/** The node that is meant; undefined when neither plan has it. */
function startOf(old: RunPlan, plan: RunPlan, from: string): string | undefined {
  if (old.places.has(from) || plan.places.has(from)) return from;
  return old.tasks.find(({ taskId }) => taskId === from)?.nodeId;
}

/** What is reused and what runs. The wish has been checked. */
export function planRerun({ mode, from }: RerunWish, basis: RerunBasis): RerunPlan {
  const { plan, state } = basis;
  if (mode === 'all') return { reused: [], toRun: plan.tasks.map(({ nodeId }) => nodeId) };
  const start = mode === 'from' ? startOf(state.plan, plan, from) : undefined;
  const reused = new Map<string, ReusedTask>();
  for (const task of plan.tasks) {
    const rests = task.parents.every((parent) => reused.has(parent));
    const found = rests && task.nodeId !== start ? reusable(basis, task) : undefined;
    if (found) reused.set(task.nodeId, found);
  }
  const toRun = plan.tasks.flatMap(({ nodeId }) => (reused.has(nodeId) ? [] : [nodeId]));
  return { reused: [...reused.values()], toRun };
}

/** What the old run has for a task; undefined when it has nothing that the new run would compute as well. */
function reusable(basis: RerunBasis, task: PlannedTask): ReusedTask | undefined {
  const { state, executionId, inputChanged } = basis;
  const { nodeId } = task;
  if (inputChanged || !state.plan.places.has(nodeId)) return undefined;
  const { status, answer, computedBy, planned } = taskOf(state, nodeId);
  if (status !== 'succeeded' || !answer || !isSame(planned, task)) return undefined;
  return { nodeId, answer, fromExecutionId: computedBy ?? executionId };
}

// Who answers, and what it is given or asked. Limits and names do not change an output.
function isSame(old: PlannedTask, task: PlannedTask): boolean {
  if (old === task) return true;
  const sameAgent = old.agentId === task.agentId && old.agentVersion === task.agentVersion;
  const sameInput = holdSame(old.parents, task.parents) && holdSame(old.inputKeys, task.inputKeys);
  const sameModel = old.categoryModel === task.categoryModel;
  return sameAgent && sameInput && sameModel && isSameQuestion(old, task) && task.unavailable === undefined;
}

function isSameQuestion({ approval: old }: PlannedTask, { approval }: PlannedTask): boolean {
  if (!old || !approval) return old === approval;
  return old.prompt === approval.prompt && holdSame(old.roles, approval.roles);
}

function holdSame(some: readonly string[], others: readonly string[]): boolean {
  return some.length === others.length && new Set([...some, ...others]).size === new Set(some).size;
}
