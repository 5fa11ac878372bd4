// Holds the executions that this process owns and works off what they observe, one step after another for each. When it is not known what
// became durable, an execution is dropped and read again from its journal: recovery is the only repair.
import type { Tracer } from '@opentelemetry/api';
import { asFault } from '../../../foundation/fault/fault.ts';
import type { Log } from '../../../foundation/telemetry/log.ts';
import type { Observation } from '../core/decide.ts';
import type { StoredExecution } from '../core/execution-record.ts';
import type { JournalEntry } from '../core/journal-event.ts';
import { type AdvanceDeps, advance } from './advance.ts';
import { drop, type LiveExecution, openLive } from './live-execution.ts';

/** What the executor needs. */
export interface ExecutorDeps extends AdvanceDeps {
  /** Reads an execution again; undefined when it is not owned any more. */
  readonly reload: (execution: StoredExecution) => Promise<[StoredExecution, JournalEntry[]] | undefined>;
  readonly tracer: Tracer;
  readonly log: Log;
}

/** Runs owned executions. */
export interface Executor {
  /** Takes up an execution as recorded and runs it. Resolves when its document is in place; Fault when it was refused. */
  start(execution: StoredExecution): Promise<void>;
  /** Takes up an execution whose owner was lost. One that is held already is left alone. */
  resume(execution: StoredExecution, entries: readonly JournalEntry[]): void;
  /** Gives up everything, at once. */
  dropAll(): void;
}

const reloadDelayMs = 500;

/** An executor without executions. */
export function createExecutor(deps: ExecutorDeps): Executor {
  const { reload, tracer, log } = deps;
  const held = new Map<string, LiveExecution>();

  function take(
    execution: StoredExecution,
    entries: readonly JournalEntry[],
    awaited: boolean,
  ): LiveExecution {
    const live = openLive({ execution, entries, awaited, tracer });
    held.set(execution.id, live);
    observe(live, { type: 'loaded' });
    return live;
  }

  function observe(live: LiveExecution, observation: Observation): void {
    live.tail = live.tail
      .then(() => advance(deps, live, observation, (seen) => observe(live, seen)))
      .then(() => {
        if (live.state.endedMs !== undefined) release(live);
      })
      .catch((error: unknown) => giveUp(live, error));
  }

  function release(live: LiveExecution): void {
    held.delete(live.execution.id);
    drop(live);
  }

  function giveUp(live: LiveExecution, error: unknown): void {
    if (live.dropped) return;
    log.warn({ err: error, execution_id: live.execution.id }, 'An execution is read again from its journal');
    release(live);
    live.placed.reject(asFault(error));
    readAgainLater(live.execution);
  }

  function readAgainLater(execution: StoredExecution): void {
    setTimeout(() => void readAgain(execution).catch(() => readAgainLater(execution)), reloadDelayMs).unref();
  }

  async function readAgain(execution: StoredExecution): Promise<void> {
    const found = await reload(execution);
    if (found && !held.has(execution.id)) take(found[0], found[1], false);
  }

  return {
    start: (execution) => take(execution, [], true).placed.promise,
    resume(execution, entries) {
      if (!held.has(execution.id)) take(execution, entries, false);
    },
    dropAll() {
      for (const live of held.values()) drop(live);
      held.clear();
    },
  };
}
