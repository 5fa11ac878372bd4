// Judges what happens while it happens: what is committed, what is done outside, what watchers are told. Everything outside is compared with
// what was committed before it.
import { isDeepStrictEqual } from 'node:util';
import type { Invocation } from '../../services/orchestrator/clients/attempt.ts';
import type { EndOfRun } from '../../services/orchestrator/clients/run-document.ts';
import type { FeedItem } from '../../services/orchestrator/core/feed-item.ts';
import type { JournalEvent } from '../../services/orchestrator/core/journal-event.ts';
import type { RunPlan } from '../../services/orchestrator/core/run-plan.ts';
import { isFolded } from './folded-state.ts';
import type { History } from './history.ts';
import { createRunView, type RunView, type TaskView } from './journal-view.ts';
import type { Appended } from './model-engine-store.ts';
import type { ExecutionRow, ModelTables } from './model-tables.ts';
import { describe, look } from './run-view.ts';
import type { Process } from './virtual-time.ts';

/** Judges. Every verb is told of one thing that has just happened. */
export interface Judge {
  readonly views: ReadonlyMap<string, RunView>;
  /** Outcomes that were written, by execution. */
  readonly written: ReadonlyMap<string, string>;
  appended(row: ExecutionRow, appended: Appended): void;
  /** What an execution has to record is refused from now on. */
  refused(executionId: string): void;
  /** A process does something outside for an execution. */
  acting(process: Process, executionId: string): void;
  invoked(invocation: Invocation): void;
  /** Which run of the attempt this is, from 1. */
  paid(invocation: Invocation): number;
  aborted(invocation: Invocation): void;
  agentsKilled(): void;
  placed(executionId: string): void;
  /** An outcome is on its way to a document. */
  applying(end: EndOfRun): void;
  /** It was written. */
  applied(end: EndOfRun): void;
  fed(item: FeedItem): void;
}

/** What a judge needs. */
export interface JudgeOptions {
  readonly history: History;
  readonly tables: ModelTables;
  readonly planOf: (hash: string) => RunPlan;
  /** Answers of workers that were accepted, by `<execution>/<node>/<attempt>`. */
  readonly accepted: ReadonlyMap<string, string>;
  /** For how long the present owner of a process has not been heard, in milliseconds. */
  readonly silentMs: (process: Process) => number;
  /** How long an owner may be silent, in milliseconds. */
  readonly leaseMs: number;
}

interface Court extends JudgeOptions {
  readonly views: Map<string, RunView>;
  /** How often each attempt was run, by `<execution>/<task>/<attempt>`. */
  readonly payments: Map<string, number>;
  readonly written: Map<string, string>;
}

/** A judge of one history. */
export function createJudge(options: JudgeOptions): Judge {
  const court: Court = { ...options, views: new Map(), payments: new Map(), written: new Map() };
  const { history, silentMs, leaseMs } = options;
  return {
    views: court.views,
    written: court.written,
    appended: (row, appended) => judgeAppend(court, row, appended),
    refused: (id) => {
      viewOf(court, id).isRefused = true;
    },
    acting(process, id) {
      if (silentMs(process) > leaseMs)
        fail(court, id, `${process.name} acts for it although its claim has run out`);
    },
    invoked: (invocation) => judgeInvocation(court, invocation),
    paid: (invocation) => judgePayment(court, invocation),
    aborted: (invocation) => judgeAbort(court, invocation),
    agentsKilled: () => history.note(() => '   agents    killed'),
    placed: (id) => history.note(() => `   document  ${id.slice(-4)} is placed`),
    applying: (end) => judgeApplying(court, end),
    applied: (end) => judgeApplied(court, end),
    fed: (item) => judgeFeed(court, item),
  };
}

function fail({ history }: Court, id: string, sentence: string): void {
  history.fail(`${id.slice(-4)}: ${sentence}`);
}

function viewOf({ views, tables, planOf }: Court, id: string): RunView {
  const view = views.get(id);
  if (view) return view;
  const fresh = createRunView(planOf(tables.executions.get(id)?.record.plan.hash ?? ''));
  views.set(id, fresh);
  return fresh;
}

function taskOf(court: Court, { execution, taskId }: Invocation): TaskView | undefined {
  const { tasks } = viewOf(court, execution.id);
  return [...tasks.values()].find(({ planned }) => planned.taskId === taskId);
}

function nameOf({ execution, taskId, attempt }: Invocation): string {
  return `${execution.id.slice(-4)} ${taskId}#${attempt}`;
}

function judgeAppend(court: Court, row: ExecutionRow, { ownerId, holderBefore, append }: Appended): void {
  const { history } = court;
  const { id } = row.record;
  if (holderBefore !== undefined && holderBefore !== ownerId) {
    const holder = holderBefore === null ? 'nobody does' : 'another does';
    fail(court, id, `written by an owner that does not hold it (${holder})`);
  }
  for (const commandId of append.commandIds) {
    history.note(() => `   journal   ${id.slice(-4)} command ${commandId} is decided`);
  }
  const view = viewOf(court, id);
  const count = append.rows.reduce((sum, { events }) => sum + events.length, 0);
  for (const entry of count === 0 ? [] : row.entries.slice(-count)) {
    const by = history.nameOf(ownerId);
    history.note(() => `   journal   ${id.slice(-4)} ${entry.seq} ${describe(entry.event)} by ${by}`);
    const wrong = look(view, entry);
    if (wrong !== undefined) fail(court, id, wrong);
    judgeWork(court, view, { id, event: entry.event });
  }
  if (append.change?.parked) history.note(() => `   journal   ${id.slice(-4)} is parked`);
  if (row.status !== view.status) fail(court, id, `the row says ${row.status}, the journal ${view.status}`);
}

interface Recorded {
  readonly id: string;
  readonly event: JournalEvent;
}

// What a worker said in time counts, and nothing else does.
function judgeWork(court: Court, { tasks }: RunView, { id, event }: Recorded): void {
  if (event.type !== 'task_succeeded' || !tasks.get(event.nodeId)?.planned.work) return;
  const { nodeId, attempt, answer } = event;
  if (answer.output.answer !== court.accepted.get(`${id}/${nodeId}/${attempt}`))
    fail(court, id, `${nodeId}#${attempt} has a result that was not accepted of its worker`);
}

function judgeInvocation(court: Court, invocation: Invocation): void {
  const { execution, taskId, attempt, input, repeated } = invocation;
  court.history.note(() => `   invoke    ${nameOf(invocation)}${repeated ? ' again' : ''}`);
  const task = taskOf(court, invocation);
  if (!task || task.begun < attempt) {
    fail(court, execution.id, `${taskId}#${attempt} is invoked before its start is recorded`);
    return;
  }
  for (const parent of task.planned.parents) {
    const recorded = viewOf(court, execution.id).tasks.get(parent)?.answer?.output;
    if (isDeepStrictEqual(input[`${parent}_output`], recorded)) continue;
    fail(court, execution.id, `${taskId} is given an output of ${parent} that is not recorded`);
  }
}

function judgePayment(court: Court, invocation: Invocation): number {
  const { execution, taskId, attempt, repeated } = invocation;
  const key = `${execution.id}/${taskId}/${attempt}`;
  const times = (court.payments.get(key) ?? 0) + 1;
  court.payments.set(key, times);
  court.history.note(() => `   agents    ${nameOf(invocation)} runs, time ${times}`);
  if (times > 1 && !repeated) fail(court, execution.id, `${taskId}#${attempt} runs again and nobody is told`);
  const task = taskOf(court, invocation);
  if (task?.answer && task.attempt === attempt) {
    fail(court, execution.id, `${taskId}#${attempt} runs again although its result is recorded`);
  }
  return times;
}

function judgeAbort(court: Court, invocation: Invocation): void {
  const { execution, taskId, attempt } = invocation;
  const task = taskOf(court, invocation);
  const hasEnded = task?.ended.has(attempt) || task?.status !== 'running';
  if (hasEnded || viewOf(court, execution.id).isCancelled) return;
  fail(court, execution.id, `${taskId}#${attempt} is ended before that is recorded`);
}

function judgeApplying(court: Court, { execution, state, outcome, prepared, atMs }: EndOfRun): void {
  const { id } = execution;
  const view = viewOf(court, id);
  const recorded = { outcome: view.outcome, atMs: view.finishingMs };
  if (!isDeepStrictEqual({ outcome, atMs }, recorded)) {
    fail(court, id, 'an outcome is applied that is not recorded');
  }
  const isWritten = outcome.succeeded || outcome.partial;
  if (isWritten && !isDeepStrictEqual(prepared, view.prepared)) {
    fail(court, id, 'a change is applied that is not recorded');
  }
  const row = court.tables.executions.get(id);
  if (row && state.endedMs === undefined && !isFolded(state, row.entries)) {
    fail(court, id, 'the journal folds into another state than that of its owner');
  }
}

function judgeApplied(court: Court, { execution, state, outcome, prepared, atMs }: EndOfRun): void {
  const { id } = execution;
  const answers = state.tasks.map(({ status, answer }) => [status, answer?.output]);
  const text = JSON.stringify([outcome, prepared, atMs, answers]);
  court.history.note(() => `   document  ${id.slice(-4)} is written: ${JSON.stringify(outcome)}`);
  const before = court.written.get(id) ?? text;
  if (before !== text) fail(court, id, 'its document is written twice, and differently');
  court.written.set(id, text);
}

function judgeFeed(court: Court, item: FeedItem): void {
  if (item.type !== 'entries') return;
  const { executionId, seq, atMs, events } = item;
  const stored = court.tables.executions.get(executionId)?.entries ?? [];
  for (const [at, event] of events.entries()) {
    const entry = stored.find((each) => each.seq === seq + at);
    const isSame = entry?.atMs === atMs && isDeepStrictEqual(entry.event, JSON.parse(JSON.stringify(event)));
    if (!isSame) fail(court, executionId, `watchers are told event ${seq + at}, which is not recorded so`);
  }
}
