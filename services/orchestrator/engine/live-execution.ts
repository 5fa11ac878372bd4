// One execution that this process owns, in memory: its state, what it waits for and what it can be aborted by.

import type { Fault } from '../../../foundation/fault/fault.ts';
import type { OpenSpan } from '../../../foundation/telemetry/spans.ts';
import type { Agent } from '../../../proto/gen/domainflow/registry/v1/agent_pb.js';
import type { ExecutionState } from '../core/execution-state.ts';
import type { StoredExecution } from '../store/store.ts';

/** An owned execution. The executor is the only one who changes it. */
export interface LiveExecution {
  readonly execution: StoredExecution;
  readonly agents: ReadonlyMap<string, Agent>;
  /** Covers the run in this process. */
  readonly span: OpenSpan;
  /** Settles when the document is in place or has been refused. */
  readonly placed: PromiseWithResolvers<void>;
  /** True when a caller waits for the document: then a fault of the store ends the run instead of being waited out. */
  readonly awaited: boolean;
  /** Why the document was refused, once it was. */
  refusal: Fault | undefined;
  state: ExecutionState;
  /** Observations are worked off one after another. */
  tail: Promise<void>;
  /** True once it was given up here: whatever still arrives is ignored. */
  dropped: boolean;
  readonly timers: Set<NodeJS.Timeout>;
  /** By nodeId. */
  readonly aborts: Map<string, AbortController>;
}

/** Gives up an execution in this process: stops its timers and calls. What is recorded stays as it is. */
export function drop(live: LiveExecution): void {
  live.dropped = true;
  for (const timer of live.timers) clearTimeout(timer);
  for (const abort of live.aborts.values()) abort.abort();
  live.span.end();
}

/** Calls back at a time, in milliseconds since the Unix epoch, unless the execution is dropped before. */
export function callAt(live: LiveExecution, delayMs: number, callback: () => void): void {
  const timer = setTimeout(
    () => {
      live.timers.delete(timer);
      callback();
    },
    Math.min(Math.max(delayMs, 0), 2 ** 31 - 1),
  );
  live.timers.add(timer);
}
