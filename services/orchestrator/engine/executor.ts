// Holds the executions that this process owns and works off what they observe, one step after another for each. When it is not known what
// became durable, an execution is dropped and read again from its journal: recovery is the only repair.
import type { Tracer } from '@opentelemetry/api';
import { Fault } from '../../../foundation/fault/fault.ts';
import type { Log } from '../../../foundation/telemetry/log.ts';
import type { Observation } from '../core/decide.ts';
import type { ExecutionKey, OwnedExecution } from '../store/store.ts';
import { type AdvanceDeps, advance } from './advance.ts';
import { drop, type LiveExecution, openLive, type Placed } from './live-execution.ts';

/** What the executor needs. */
export interface ExecutorDeps extends AdvanceDeps {
  /** Reads an execution; undefined when this process does not own it, or nothing any more. */
  readonly reload: (key: ExecutionKey) => Promise<OwnedExecution | undefined>;
  /** Before an execution is read again, in milliseconds. */
  readonly reloadMs: number;
  /** How long the caller of a start waits once its execution has to be read again, in milliseconds. */
  readonly callerWaitMs: number;
  readonly tracer: Tracer;
  readonly log: Log;
}

/** Runs owned executions. */
export interface Executor {
  /**
   * Takes up an execution as recorded and runs it. Resolves when its document is in place; Fault when it was refused or lost. What `isNamed`
   * changes is told at `Placed`.
   */
  start(owned: OwnedExecution, isNamed?: boolean): Promise<void>;
  /** Takes up an owned execution as its journal left it, again and again until it can be read. One that is held already is left alone. */
  takeUp(key: ExecutionKey): Promise<void>;
  /** Gives up everything, at once. */
  dropAll(): void;
}

/** An executor without executions. */
export function createExecutor(deps: ExecutorDeps): Executor {
  const { reload, reloadMs, callerWaitMs, tracer, log } = deps;
  const held = new Map<string, LiveExecution>();

  function take(owned: OwnedExecution, placed?: Placed): void {
    const live = openLive({ ...owned, placed, tracer });
    held.set(owned.execution.id, live);
    observe(live, { type: 'loaded' });
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
    if (!live.dropped) held.delete(live.execution.id);
    drop(live);
  }

  function giveUp(live: LiveExecution, error: unknown): void {
    if (live.dropped) return;
    log.warn({ err: error, execution_id: live.execution.id }, 'An execution is read again from its journal');
    release(live);
    if (live.placed) tellInTime(live.placed, callerWaitMs);
    readLater(live.execution, live.placed);
  }

  function readLater(key: ExecutionKey, placed?: Placed): void {
    setTimeout(() => void read(key, placed), reloadMs).unref();
  }

  async function read(key: ExecutionKey, placed?: Placed): Promise<void> {
    try {
      const found = held.has(key.id) ? undefined : await reload(key);
      if (found && !held.has(key.id)) take(found, placed);
      else placed?.reject(lost());
    } catch (error) {
      log.warn({ err: error, execution_id: key.id }, 'An execution could not be read from its journal');
      readLater(key, placed);
    }
  }

  return {
    start(owned, isNamed = false) {
      const placed = { ...Promise.withResolvers<void>(), isNamed };
      take(owned, placed);
      return placed.promise;
    },
    takeUp: (key) => read(key),
    dropAll: () => dropEach(held),
  };
}

function dropEach(held: Map<string, LiveExecution>): void {
  for (const live of held.values()) {
    drop(live);
    live.placed?.reject(lost());
  }
  held.clear();
}

/** Says nothing when the caller has been told already; the run goes on either way. */
function tellInTime(placed: Placed, waitMs: number): void {
  setTimeout(() => placed.reject(unknown()), waitMs).unref();
}

function unknown(): Fault {
  return new Fault('unavailable', 'Whether the run has started is not known yet', { retryAfterMs: 1_000 });
}

function lost(): Fault {
  return new Fault('unavailable', 'The run was given to another process', { retryAfterMs: 1_000 });
}
