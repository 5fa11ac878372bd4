// Judges a history that is over: what every execution left behind.
import { fold } from '../../services/orchestrator/core/evolve.ts';
import { initialState } from '../../services/orchestrator/core/execution-state.ts';
import type { RunView } from './journal-view.ts';
import type { ExecutionRow } from './model-tables.ts';
import { isOpen } from './task-view.ts';
import type { World } from './world.ts';

/** Fails the history for the first thing that is wrong. */
export function judgeEnd(world: World): void {
  for (const row of world.tables.executions.values()) {
    const { id } = row.record;
    const view = world.judge.views.get(id);
    const wrong = view ? wrongWith(world, row, view) : 'it has ended without a journal';
    if (wrong !== undefined) world.history.fail(`${id.slice(-4)}: ${wrong}`);
  }
}

function wrongWith(world: World, row: ExecutionRow, view: RunView): string | undefined {
  return (
    rowAgainst(row, view) ??
    stateAgainst(row, view) ??
    tasksOf(view) ??
    rowsOf(row, view) ??
    documentOf(world, row) ??
    uncertainOf(row, view) ??
    (world.faults.isQuiet ? timesOf(row, view, world.parks) : undefined)
  );
}

function rowAgainst(row: ExecutionRow, { status, outcome }: RunView): string | undefined {
  if (row.status !== status) return `the row says ${row.status}, the journal ${status}`;
  if (row.reason !== outcome?.reason || row.partial !== outcome.partial)
    return 'the row has another outcome than the journal';
  if ([...row.approvals.values()].includes('waiting')) return 'an approval is still waiting';
  return undefined;
}

function stateAgainst({ entries }: ExecutionRow, view: RunView): string | undefined {
  const state = fold(initialState(view.plan), entries);
  if (state.status !== view.status)
    return `the journal folds into ${state.status}, it should be ${view.status}`;
  const entriesOf = (taskId: string) =>
    state.log.filter((entry) => entry.taskId === taskId && entry.cache?.source !== 'run').length;
  for (const { planned, status } of view.tasks.values()) {
    const isSilent = planned.approval !== undefined && status === 'succeeded';
    if (entriesOf(planned.taskId) !== (isSilent ? 0 : 1))
      return `${planned.nodeId} does not end once in the log`;
  }
  return undefined;
}

function tasksOf({ tasks, plan, isCancelled }: RunView): string | undefined {
  const all = [...tasks.values()];
  const open = all.find(({ status }) => isOpen(status));
  if (open) return `${open.planned.nodeId} has not ended`;
  const failed = all.some(({ status }) => status === 'failed' || status === 'cancelled');
  const skipped = all.find(({ status }) => status === 'skipped');
  if (skipped && !failed && !isCancelled && plan.executionTimeoutMs === Number.POSITIVE_INFINITY) {
    return all.length === all.filter(({ status }) => status === 'skipped').length
      ? undefined
      : 'skipped for nothing';
  }
  return undefined;
}

const rowStatuses = {
  succeeded: 'completed',
  failed: 'failed',
  cancelled: 'cancelled',
  skipped: 'skipped',
} as const;

/** The rows of tasks for workers say what the journal does, and what was offered has one. */
function rowsOf({ tasks: rows, entries }: ExecutionRow, { tasks }: RunView): string | undefined {
  for (const { nodeId, status } of rows.values()) {
    const ended = tasks.get(nodeId)?.status;
    const expected =
      ended && ended in rowStatuses ? rowStatuses[ended as keyof typeof rowStatuses] : undefined;
    if (status !== expected) return `the row of ${nodeId} says ${status}, the journal ${ended}`;
  }
  const rowless = entries.find(({ event }) => event.type === 'task_offered' && !rows.has(event.nodeId));
  return rowless ? 'what was offered has no row' : undefined;
}

function documentOf({ judge, documents }: World, { record }: ExecutionRow): string | undefined {
  if (record.kind === 'workflow') return undefined;
  const refusal = documents.refusalOf(record.id) ?? 'nothing';
  if (refusal === 'every outcome') return undefined;
  return judge.written.has(record.id) ? undefined : 'it has ended and its document was not written';
}

// What is recorded as the result of a repeated run says so.
function uncertainOf({ record }: ExecutionRow, { tasks }: RunView): string | undefined {
  for (const { planned, answer, attempt, uncertain } of tasks.values()) {
    const payment = Number(answer?.reasoning);
    const isOwn = answer?.output.answer === `${record.id}/${planned.taskId}/${attempt}/${payment}`;
    if (isOwn && payment > 1 && !uncertain.has(attempt)) {
      return `${planned.nodeId} was paid again and the journal does not say so`;
    }
  }
  return undefined;
}

/** What an append and a timer may take beside what they wait for, in milliseconds. */
const slackMs = 100;

// Where replicas are well, nothing takes longer than it may.
function timesOf({ entries }: ExecutionRow, view: RunView, parks: boolean): string | undefined {
  const begun = new Map<string, number>();
  for (const { atMs, event } of view.isCancelled ? [] : entries) {
    if (event.type === 'task_started') begun.set(event.nodeId, atMs);
    if (!('nodeId' in event) || !('durationMs' in event)) continue;
    const limits = view.tasks.get(event.nodeId)?.planned.limits;
    const tookMs = atMs - (begun.get(event.nodeId) ?? atMs);
    begun.delete(event.nodeId);
    if (limits && tookMs > limits.attemptTimeoutMs + slackMs)
      return `an attempt of ${event.nodeId} took ${tookMs} ms`;
  }
  const runMs = view.tasksEndedMs - view.startedMs;
  const isLate = view.startedMs > 0 && runMs > view.plan.executionTimeoutMs + slackMs;
  return isLate && !parks ? `it took ${runMs} ms` : undefined;
}
