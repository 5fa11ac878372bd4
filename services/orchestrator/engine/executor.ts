// Runs the executions that this process owns: takes what is observed to `decide`, makes its events durable, and only then performs its
// effects. When it is not known what became durable, the execution is dropped and read again from its journal: recovery is the only repair.
import type { Tracer } from '@opentelemetry/api';
import type { Clock } from '../../../foundation/clock.ts';
import { asFault } from '../../../foundation/fault/fault.ts';
import type { Log } from '../../../foundation/telemetry/log.ts';
import { Attribute, GenAiOperation, spanName } from '../../../foundation/telemetry/names.ts';
import { restoreTrace } from '../../../foundation/telemetry/propagation.ts';
import { openSpan } from '../../../foundation/telemetry/spans.ts';
import { decide, type Observation } from '../core/decide.ts';
import { fold } from '../core/evolve.ts';
import { type ExecutionState, initialState } from '../core/execution-state.ts';
import type { JournalEntry, JournalEvent } from '../core/journal-event.ts';
import { jobIdOf } from '../core/public-id.ts';
import type { RowChange, StoredExecution } from '../store/store.ts';
import type { Journal } from './journal-lane.ts';
import { drop, type LiveExecution } from './live-execution.ts';
import type { PerformEffect } from './perform-effect.ts';
import { openPlan } from './pinned-plan.ts';

/** What the executor needs. */
export interface ExecutorDeps {
  readonly journal: Journal;
  readonly perform: PerformEffect;
  /** Reads an execution again; undefined when it is not owned any more. */
  readonly reload: (execution: StoredExecution) => Promise<[StoredExecution, JournalEntry[]] | undefined>;
  readonly clock: Clock;
  readonly tracer: Tracer;
  readonly log: Log;
}

/** Runs owned executions. */
export interface Executor {
  /** Takes up an execution as recorded and runs it. Resolves when its document is in place; Fault when it was refused. */
  start(execution: StoredExecution): Promise<void>;
  /** Takes up an execution whose owner was lost. */
  resume(execution: StoredExecution, entries: readonly JournalEntry[]): void;
  /** True when the execution is held here. */
  holds(executionId: string): boolean;
  /** Gives up everything, at once. */
  dropAll(): void;
}

const reloadDelayMs = 500;

/** An executor without executions. */
export function createExecutor(deps: ExecutorDeps): Executor {
  const held = new Map<string, LiveExecution>();

  function take(
    execution: StoredExecution,
    entries: readonly JournalEntry[],
    awaited: boolean,
  ): LiveExecution {
    const live = openLive(deps.tracer, execution, entries, awaited);
    held.set(execution.id, live);
    observe(live, { type: 'loaded' });
    return live;
  }

  function observe(live: LiveExecution, observation: Observation): void {
    live.tail = live.tail.then(() => step(live, observation)).catch((error) => giveUp(live, error));
  }

  async function step(live: LiveExecution, observation: Observation): Promise<void> {
    if (live.dropped) return;
    const atMs = deps.clock();
    const { events, effects } = decide(live.state, observation, atMs);
    const next = await record(live, events, atMs);
    if (live.dropped) return;
    live.state = next;
    settlePlaced(live);
    for (const effect of effects) deps.perform(live, effect, (seen) => observe(live, seen));
    if (next.endedMs !== undefined) close(live);
  }

  async function record(
    live: LiveExecution,
    events: readonly JournalEvent[],
    atMs: number,
  ): Promise<ExecutionState> {
    if (events.length === 0) return live.state;
    const entries = events.map((event, at) => ({ seq: live.state.seq + 1 + at, atMs, event }));
    const next = fold(live.state, entries);
    const row = next.status === live.state.status ? {} : { row: rowOf(next) };
    const { tenantId, id: executionId } = live.execution;
    const outcome = await deps.journal.append({ tenantId, executionId, entries, ...row });
    if (outcome === 'fenced') throw new Error('another process owns the execution');
    return next;
  }

  function close(live: LiveExecution): void {
    held.delete(live.execution.id);
    drop(live);
  }

  function giveUp(live: LiveExecution, error: unknown): void {
    if (live.dropped) return;
    deps.log.warn(
      { err: error, job_id: jobIdOf(live.execution.id) },
      'An execution is read again from its journal',
    );
    close(live);
    live.placed.reject(asFault(error));
    setTimeout(() => void readAgain(live.execution), reloadDelayMs).unref();
  }

  async function readAgain(execution: StoredExecution): Promise<void> {
    try {
      const found = await deps.reload(execution);
      if (found && !held.has(execution.id)) take(found[0], found[1], false);
    } catch {
      setTimeout(() => void readAgain(execution), reloadDelayMs).unref();
    }
  }

  return {
    start: (execution) => take(execution, [], true).placed.promise,
    resume(execution, entries) {
      if (!held.has(execution.id)) take(execution, entries, false);
    },
    holds: (executionId) => held.has(executionId),
    dropAll() {
      for (const live of held.values()) drop(live);
      held.clear();
    },
  };
}

function openLive(
  tracer: Tracer,
  execution: StoredExecution,
  entries: readonly JournalEntry[],
  awaited: boolean,
): LiveExecution {
  const { run, agents } = openPlan(execution.plan);
  const attributes = {
    [Attribute.genAiOperation]: GenAiOperation.invokeWorkflow,
    [Attribute.genAiWorkflowName]: execution.domainId,
    [Attribute.executionId]: jobIdOf(execution.id),
    [Attribute.domainId]: execution.domainId,
    [Attribute.domainVersion]: execution.domainVersion,
    [Attribute.playbookType]: execution.kind,
    [Attribute.resumed]: entries.length > 0,
  };
  const name = spanName.invokeWorkflow(`${execution.domainId} ${execution.kind}`);
  const span = openSpan(tracer, name, { attributes, parent: restoreTrace(execution.trace) });
  const placed = Promise.withResolvers<void>();
  placed.promise.catch(() => undefined);
  const state = fold(initialState(run), entries);
  return {
    execution,
    agents,
    span,
    placed,
    awaited,
    refusal: undefined,
    state,
    tail: Promise.resolve(),
    dropped: false,
    timers: new Set(),
    aborts: new Map(),
  };
}

// A caller is told only what is durable.
function settlePlaced({ state, placed, refusal }: LiveExecution): void {
  if (state.status === 'pending') return;
  if (refusal && state.startedMs === undefined) placed.reject(refusal);
  else placed.resolve();
}

function rowOf({ status, startedMs, endedMs, outcome }: ExecutionState): RowChange {
  return {
    status,
    startedAtMs: startedMs ?? null,
    completedAtMs: endedMs ?? null,
    reason: outcome?.reason ?? '',
    error: outcome?.error ?? '',
    partial: outcome?.partial ?? false,
  };
}
