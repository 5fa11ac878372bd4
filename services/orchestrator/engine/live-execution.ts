// One execution that this process owns, in memory: its state, what it waits for and what it can be aborted by.
import type { Tracer } from '@opentelemetry/api';
import type { Fault } from '../../../foundation/fault/fault.ts';
import { Attribute, GenAiOperation, genAiPlatform, spanName } from '../../../foundation/telemetry/names.ts';
import { restoreTrace } from '../../../foundation/telemetry/propagation.ts';
import { type OpenSpan, openSpan } from '../../../foundation/telemetry/spans.ts';
import type { Agent } from '../../../proto/gen/domainflow/registry/v1/agent_pb.js';
import type { RunSteps } from '../core/decision/decision.ts';
import { fold } from '../core/evolve.ts';
import type { StoredExecution } from '../core/execution-record.ts';
import { type ExecutionState, initialState } from '../core/execution-state.ts';
import { jobIdOf } from '../core/public-id.ts';
import type { OwnedExecution } from '../store/store.ts';
import type { JournalPart, JournalWriter } from './journal-lane.ts';
import { type Computing, endAll } from './output-cache-ends.ts';
import type { OpenedPlan } from './pinned-plan.ts';
import type { Waiter } from './slots.ts';

/** An owned execution. The executor is the only one who changes it. */
export interface LiveExecution extends JournalWriter, Computing {
  readonly execution: StoredExecution;
  /** By nodeId. */
  readonly agents: ReadonlyMap<string, Agent>;
  readonly steps: RunSteps;
  /** Covers the run in this process. */
  readonly span: OpenSpan;
  /** For a caller who waits for the start to be durable and the document to be in place. Absent when nobody waits. */
  readonly placed: Placed | undefined;
  /** Why the document was refused, once it was. */
  refusal: Fault | undefined;
  /** What it will be once everything that was decided is durable. */
  readonly state: ExecutionState;
  /** What was decided last and is not durable yet. */
  last: DecidedPart | undefined;
  /** True once it was given up here: whatever still arrives is ignored. */
  dropped: boolean;
  /** True once a part of its journal was lost, so that it is read again. */
  isLost: boolean;
  /** True once it holds one of its tenant's places. */
  admitted: boolean;
  /** Places that it has taken for attempts which have not begun yet. */
  places: number;
  /** How often what it wanted to record was refused in this process. */
  readonly refusals: number;
  /** What it waits with for a place for an attempt; absent while it does not wait. */
  waiter: Waiter | undefined;
  /** Looks at the run again when a time is reached. */
  timer: NodeJS.Timeout | undefined;
  /** When the timer fires, in milliseconds since the Unix epoch; `Infinity` without one. */
  timerAtMs: number;
  readonly timers: Set<NodeJS.Timeout>;
  /** By id: the commands that were given to it here, and whether what was decided became durable. */
  readonly commands: Map<string, Promise<boolean>>;
  /** Ids of those that are not decided durably yet. */
  readonly undecided: Set<string>;
  /** By nodeId: the attempts under way here. */
  readonly aborts: Map<string, AbortController>;
  /** By nodeId: under which key an output is kept for other executions, and on what its agent has to run for that. */
  readonly cacheKeys: Map<string, { readonly key: string; readonly fingerprint: string | undefined }>;
  /** Which settings of its tenant the keys stand for, by nodeId; absent for tasks that read none. */
  readonly settingsRevisions: Map<string, string>;
}

/** A decision on its way into the journal. */
export interface DecidedPart extends JournalPart {
  /** Performed once it is durable. */
  readonly afterwards: (() => void)[];
}

/** A caller who waits for the start of a run. */
export interface Placed extends PromiseWithResolvers<void> {
  /**
   * True when the start has a name. Its caller is told of a fault of the document's store and finds the run again by the name, so the
   * fault is waited out. Without a name it ends the run, since the caller will start another.
   */
  readonly isNamed: boolean;
}

/** What an execution is opened from. */
export interface LiveExecutionOptions extends OwnedExecution {
  readonly plan: OpenedPlan;
  readonly steps: RunSteps;
  readonly placed: Placed | undefined;
  readonly refusals: number;
  readonly tracer: Tracer;
}

/** An execution as its journal left it. Its span joins the trace of the start. */
export function openLive(options: LiveExecutionOptions): LiveExecution {
  const { ownerId, execution, entries, plan, steps, placed, refusals, tracer } = options;
  return {
    ownerId,
    tenantId: execution.tenantId,
    executionId: execution.id,
    broken: false,
    execution,
    agents: plan.agents,
    steps,
    span: openRunSpan(tracer, execution, entries.length > 0),
    placed,
    refusal: undefined,
    state: fold(initialState(plan.run), entries),
    last: undefined,
    dropped: false,
    isLost: false,
    admitted: false,
    places: 0,
    refusals,
    waiter: undefined,
    timer: undefined,
    timerAtMs: Number.POSITIVE_INFINITY,
    timers: new Set(),
    commands: new Map(),
    undecided: new Set(),
    aborts: new Map(),
    cacheKeys: new Map(),
    settingsRevisions: new Map(),
    computing: new Map(),
  };
}

/** What the row of a new execution shows. */
export const unmoved = {
  ...({ status: 'pending', reason: '', error: '', partial: false } as const),
  ...{ isQueued: false, isParked: false },
} as const;

/** Gives up an execution in this process: stops its timers and calls. What is recorded stays as it is. */
export function drop(live: LiveExecution): void {
  live.dropped = true;
  live.broken = true;
  clearTimeout(live.timer);
  for (const timer of live.timers) clearTimeout(timer);
  for (const abort of live.aborts.values()) abort.abort();
  endAll(live);
  endSpan(live);
}

// A run that failed is a failed operation. One that was cancelled is not, and of one that was lost nobody knows yet.
function endSpan({ span, state, isLost }: LiveExecution): void {
  if (!isLost && state.status === 'failed') span.fail(state.outcome?.reason || 'failed');
  span.end();
}

/** Longest time of a timer in milliseconds; what is due later is looked at in between. */
export const timerMsMax = 2 ** 31 - 1;

/** Resolves after so many milliseconds; never when the execution is dropped before. */
export function pause(live: LiveExecution, delayMs: number): Promise<void> {
  return new Promise((resolve) => {
    if (live.dropped) return;
    const timer = setTimeout(
      () => {
        live.timers.delete(timer);
        resolve();
      },
      Math.min(Math.max(delayMs, 0), timerMsMax),
    );
    live.timers.add(timer);
  });
}

function openRunSpan(tracer: Tracer, execution: StoredExecution, resumed: boolean): OpenSpan {
  const { id, kind, domainId, domainVersion, sessionId, trace } = execution;
  const name = domainId === '' ? kind : `${domainId} ${kind}`;
  const attributes = {
    [Attribute.genAiOperation]: GenAiOperation.invokeWorkflow,
    [Attribute.genAiProvider]: genAiPlatform,
    // The conventions have named it in both ways.
    [Attribute.genAiWorkflowName]: name,
    [Attribute.genAiAgentName]: name,
    ...(sessionId ? { [Attribute.genAiConversationId]: sessionId } : {}),
    [Attribute.executionId]: jobIdOf(id),
    [Attribute.domainId]: domainId,
    [Attribute.domainVersion]: domainVersion,
    [Attribute.playbookType]: kind,
    [Attribute.resumed]: resumed,
  };
  return openSpan(tracer, spanName.invokeWorkflow(name), {
    attributes,
    parent: restoreTrace(trace),
  });
}
