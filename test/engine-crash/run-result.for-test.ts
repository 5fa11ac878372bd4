// What a run came to, and what must hold of every run however often its process died.
import type pg from 'pg';
import { fold } from '../../services/orchestrator/core/evolve.ts';
import type { ExecutionRecord } from '../../services/orchestrator/core/execution-record.ts';
import { initialState } from '../../services/orchestrator/core/execution-state.ts';
import type { JournalEntry, JournalEvent } from '../../services/orchestrator/core/journal-event.ts';
import { openPlan } from '../../services/orchestrator/engine/pinned-plan.ts';
import { attemptKey, endTypes, isEqual, type NotedAttempt } from './agents.for-test.ts';
import type { KeptDocument } from './documents.for-test.ts';
import type { SeenExecution } from './journal-follow.for-test.ts';
import type { FromReplica } from './replica-messages.for-test.ts';

/** An execution once it has ended, as far as it is the same each time. */
export async function resultOf(
  { tenantId, id, plan }: ExecutionRecord,
  { row, journal }: SeenExecution,
  admin: pg.Client,
) {
  const { tasks, log, outcome, summary } = fold(initialState(openPlan(plan).run), journal);
  const approvals = await admin.query(
    'select node_id, status, comment from orchestrator.approvals where tenant_id = $1 and execution_id = $2',
    [tenantId, id],
  );
  const commands = await admin.query(
    'select 1 from orchestrator.commands where tenant_id = $1 and execution_id = $2',
    [tenantId, id],
  );
  return {
    row: { status: row?.status, reason: row?.reason, error: row?.error, partial: row?.partial },
    isHeld: row?.completedAtMs === undefined,
    tasks: tasks.map(({ planned, status, attempt, answer, fault }) => {
      return { nodeId: planned.nodeId, status, attempt, output: answer?.output, fault: fault?.code };
    }),
    log: log.map(({ agentId, status }) => `${agentId} ${status}`).toSorted(),
    outcome,
    summary,
    approvals: approvals.rows,
    commandsLeft: commands.rows.length,
  };
}

/** What was known at the death of a process: how many questions agents had been asked, and what was recorded. */
export interface Death {
  readonly asked: number;
  /** Keys of attempts that had begun. */
  readonly begun: ReadonlySet<string>;
  /** Keys of those whose end was recorded. */
  readonly ended: ReadonlySet<string>;
}

type AttemptEvent = Extract<JournalEvent, { readonly attempt: number }>;

function keysOf(
  executionId: string,
  journal: readonly JournalEntry[],
  isMeant: (event: AttemptEvent) => boolean,
): string[] {
  return journal.flatMap(({ event }) =>
    'attempt' in event && event.attempt > 0 && isMeant(event)
      ? [attemptKey({ executionId, nodeId: event.nodeId, attempt: event.attempt })]
      : [],
  );
}

/** Attempts whose beginning is recorded, in order. */
export function begunIn(executionId: string, { journal }: SeenExecution): string[] {
  return keysOf(executionId, journal, ({ type }) => type === 'task_started');
}

/** Attempts whose end is recorded, in order. */
export function endedIn(executionId: string, { journal }: SeenExecution): string[] {
  return keysOf(executionId, journal, ({ type }) => endTypes.includes(type));
}

/** Promises that the questions to the agents break, each as a sentence; none is how it has to be. */
export function brokenByQuestions(noted: readonly NotedAttempt[], deaths: readonly Death[]): string[] {
  const broken: string[] = [];
  for (const [at, { key, repeated, isSame }] of noted.entries()) {
    const before = deaths.filter(({ asked }) => asked <= at);
    const begunBefore = before.some(({ begun }) => begun.has(key));
    if (!isSame) broken.push(`${key} was given another input than before`);
    if (before.some(({ ended }) => ended.has(key)))
      broken.push(`${key} was run again although its end is recorded`);
    if (begunBefore && !repeated) broken.push(`${key} was repeated without saying so`);
    if (!begunBefore && repeated) broken.push(`${key} was run for the first time as if it were repeated`);
  }
  for (const { asked, begun, ended } of deaths) {
    const repeated = new Set(noted.slice(asked).map(({ key }) => key));
    const forgotten = [...begun.difference(ended)].filter((key) => !repeated.has(key));
    for (const key of forgotten) broken.push(`${key} was begun, never ended and not repeated`);
  }
  return broken;
}

/** What a process has told of its appends. */
export interface Reporter {
  readonly pid: number;
  readonly told: readonly FromReplica[];
}

/** Promises that are broken when executions go from one process to another, or are read again by the same. */
export function brokenByHandover(noted: readonly NotedAttempt[], reporters: readonly Reporter[]): string[] {
  const broken: string[] = [];
  const reports = new Map(reporters.map((reporter) => [reporter.pid, reportOf(reporter)]));
  const askers = new Map<string, Set<number>>();
  for (const { key, by, repeated, isSame } of noted.toSorted((one, other) => one.askedMs - other.askedMs)) {
    const earlier = askers.get(key) ?? new Set();
    const isRecorded = [...earlier].some((pid) => pid !== by && reports.get(pid)?.ended.has(key));
    const isBegun = [...reports].some(([pid, { begun }]) => pid !== by && begun.has(key));
    if (isRecorded) broken.push(`${key} was run although another had recorded its end`);
    if ((isBegun || earlier.size > 0) && !repeated) broken.push(`${key} was repeated without saying so`);
    if (!isSame) broken.push(`${key} was given another input than before`);
    askers.set(key, earlier.add(by));
  }
  return broken;
}

function reportOf({ told }: Reporter) {
  const appends = told.filter((said) => said.type === 'appended');
  const begun = new Set(appends.flatMap((append) => append.begun));
  return { begun, ended: new Set(appends.flatMap((append) => append.ended)) };
}

/** Attempts that agents ran more than once, or began to. */
export function ranTwice(noted: readonly NotedAttempt[]): string[] {
  const run = noted.filter(({ found }) => found === 'nothing').map(({ key }) => key);
  return twice(run).map((key) => `${key} was run twice`);
}

function twice(keys: readonly string[]): string[] {
  const seen = new Set<string>();
  return keys.filter((key) => seen.size === seen.add(key).size);
}

/** Promises that a journal breaks. */
export function brokenByJournal(executionId: string, seen: SeenExecution): string[] {
  const { journal } = seen;
  const broken: string[] = [];
  if (journal.some(({ seq }, at) => seq !== at + 1)) broken.push(`the journal of ${executionId} has gaps`);
  if (
    journal.filter(({ event }) => event.type === 'ended').length !== 1 ||
    journal.at(-1)?.event.type !== 'ended'
  )
    broken.push(`${executionId} does not end once and at last`);
  for (const key of twice(begunIn(executionId, seen))) broken.push(`${key} begins twice`);
  for (const key of twice(endedIn(executionId, seen))) broken.push(`${key} ends twice`);
  return broken;
}

/** Promises that what was written into the document breaks. */
export function brokenByDocument({ journal }: SeenExecution, document: KeptDocument | undefined): string[] {
  if (!document?.filled) return ['the document was never filled'];
  const broken: string[] = [];
  if (document.asked.some((asked) => !isEqual(asked, document.filled)))
    broken.push('the document was to be filled with one thing and then with another');
  const planned = journal.flatMap(({ event }) => (event.type === 'effects_planned' ? [event.prepared] : []));
  if (planned.length > 1 || !isEqual(planned[0] ?? null, document.filled.prepared))
    broken.push('the document was filled with something else than what is recorded');
  return broken;
}
