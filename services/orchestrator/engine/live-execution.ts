// One execution that this process owns, in memory: its state, what it waits for and what it can be aborted by.
import type { Tracer } from '@opentelemetry/api';
import type { Fault } from '../../../foundation/fault/fault.ts';
import { Attribute, GenAiOperation, spanName } from '../../../foundation/telemetry/names.ts';
import { restoreTrace } from '../../../foundation/telemetry/propagation.ts';
import { type OpenSpan, openSpan } from '../../../foundation/telemetry/spans.ts';
import type { Agent } from '../../../proto/gen/domainflow/registry/v1/agent_pb.js';
import { fold } from '../core/evolve.ts';
import type { StoredExecution } from '../core/execution-record.ts';
import { type ExecutionState, initialState } from '../core/execution-state.ts';
import { jobIdOf } from '../core/public-id.ts';
import type { OwnedExecution } from '../store/store.ts';
import { openPlan } from './pinned-plan.ts';

/** An owned execution. The executor is the only one who changes it. */
export interface LiveExecution {
  /** Under which owner it was taken up: only that one may write its journal. */
  readonly ownerId: string;
  readonly execution: StoredExecution;
  /** By nodeId. */
  readonly agents: ReadonlyMap<string, Agent>;
  /** Covers the run in this process. */
  readonly span: OpenSpan;
  /** For a caller who waits for the document: settles when it is in place or has been refused. Absent when nobody waits. */
  readonly placed: Placed | undefined;
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

/** A caller who waits for the document of a run. */
export interface Placed extends PromiseWithResolvers<void> {
  /**
   * True when the start has a name. Its caller is told of a fault of the document's store and finds the run again by the name, so the
   * fault is waited out. Without a name it ends the run, since the caller will start another.
   */
  readonly isNamed: boolean;
}

/** What an execution is opened from. */
export interface LiveExecutionOptions extends OwnedExecution {
  readonly placed: Placed | undefined;
  readonly tracer: Tracer;
}

/** An execution as its journal left it. Its span joins the trace of the start. */
export function openLive({
  ownerId,
  execution,
  entries,
  placed,
  tracer,
}: LiveExecutionOptions): LiveExecution {
  const { run, agents } = openPlan(execution.plan);
  return {
    ownerId,
    execution,
    agents,
    span: openRunSpan(tracer, execution, entries.length > 0),
    placed,
    refusal: undefined,
    state: fold(initialState(run), entries),
    tail: Promise.resolve(),
    dropped: false,
    timers: new Set(),
    aborts: new Map(),
  };
}

/** Gives up an execution in this process: stops its timers and calls. What is recorded stays as it is. */
export function drop(live: LiveExecution): void {
  live.dropped = true;
  for (const timer of live.timers) clearTimeout(timer);
  for (const abort of live.aborts.values()) abort.abort();
  live.span.end();
}

/** Calls back after so many milliseconds, unless the execution is dropped before. */
export function callAt(live: LiveExecution, delayMs: number, callback: () => void): void {
  if (live.dropped) return;
  const timer = setTimeout(
    () => {
      live.timers.delete(timer);
      callback();
    },
    Math.min(Math.max(delayMs, 0), 2 ** 31 - 1),
  );
  live.timers.add(timer);
}

/** Resolves after so many milliseconds; never when the execution is dropped before. */
export function pause(live: LiveExecution, delayMs: number): Promise<void> {
  return new Promise((resolve) => callAt(live, delayMs, resolve));
}

function openRunSpan(tracer: Tracer, execution: StoredExecution, resumed: boolean): OpenSpan {
  const { id, kind, domainId, domainVersion, trace } = execution;
  const attributes = {
    [Attribute.genAiOperation]: GenAiOperation.invokeWorkflow,
    [Attribute.genAiWorkflowName]: domainId,
    [Attribute.executionId]: jobIdOf(id),
    [Attribute.domainId]: domainId,
    [Attribute.domainVersion]: domainVersion,
    [Attribute.playbookType]: kind,
    [Attribute.resumed]: resumed,
  };
  return openSpan(tracer, spanName.invokeWorkflow(`${domainId} ${kind}`), {
    attributes,
    parent: restoreTrace(trace),
  });
}
