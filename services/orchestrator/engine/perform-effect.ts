// Does what core decided, outside: calls agents, puts and fills documents, waits. Each effect ends in an observation; none of them throws.
import { setTimeout as delay } from 'node:timers/promises';
import { context as contextApi } from '@opentelemetry/api';
import type { Clock } from '../../../foundation/clock.ts';
import { asFault, type Fault } from '../../../foundation/fault/fault.ts';
import type { Log } from '../../../foundation/telemetry/log.ts';
import type { InvokeAgent } from '../clients/invoke-agent.ts';
import type { RunDocument } from '../clients/run-document.ts';
import type { TaskFault } from '../core/agent-answer.ts';
import type { Effect, Observation } from '../core/decide.ts';
import { plannedTask } from '../core/evolve.ts';
import type { ExecutionKind } from '../core/execution-kind.ts';
import { jobOf } from '../core/job-input.ts';
import { jobIdOf } from '../core/public-id.ts';
import { taskInput } from '../core/task-input.ts';
import { callAt, type LiveExecution } from './live-execution.ts';
import type { Slots } from './slots.ts';

/** Performs one effect of an execution and tells what came of it. */
export type PerformEffect = (live: LiveExecution, effect: Effect, tell: (seen: Observation) => void) => void;

/** What performing needs. */
export interface PerformEffectDeps {
  readonly documents: Readonly<Record<ExecutionKind, RunDocument>>;
  readonly invoke: InvokeAgent;
  readonly slots: Slots;
  readonly clock: Clock;
  readonly log: Log;
}

type Tell = (seen: Observation) => void;

const repeatMsFirst = 500;
const repeatMsMax = 30_000;

/** Performs effects inside the span of their execution. */
export function createPerformEffect(deps: PerformEffectDeps): PerformEffect {
  const { documents, invoke, slots, clock, log } = deps;

  async function place(live: LiveExecution, tell: Tell): Promise<void> {
    for (let wait = repeatMsFirst; !live.dropped; wait = Math.min(wait * 2, repeatMsMax)) {
      try {
        await documents[live.execution.kind].place(live.execution);
        return tell({ type: 'document_placed' });
      } catch (error) {
        const fault = asFault(error);
        if (live.awaited || !isPassing(fault)) return refuse(live, fault, tell);
        await delay(wait);
      }
    }
  }

  function refuse(live: LiveExecution, fault: Fault, tell: Tell): void {
    live.refusal = fault;
    const code = isPassing(fault) ? 'dependency_unavailable' : fault.reason;
    tell({ type: 'document_refused', fault: { code, message: `The run could not start: ${fault.message}` } });
  }

  async function runTask(live: LiveExecution, nodeId: string, attempt: number, tell: Tell): Promise<void> {
    const task = plannedTask(live.state.plan, nodeId);
    const agent = live.agents.get(nodeId);
    if (!agent) throw new Error(`the plan has no agent for ${nodeId}`);
    const abort = new AbortController();
    live.aborts.set(nodeId, abort);
    const input = taskInput(live.state, nodeId, jobOf(live.execution.input).input);
    const { execution } = live;
    const { taskId, limits } = task;
    const { signal } = abort;
    await slots.run(async () => {
      if (live.dropped) return;
      const startedMs = clock();
      const timeoutMs = limits.attemptTimeoutMs;
      const end = await invoke({ execution, taskId, attempt, agent, input, timeoutMs, signal });
      live.aborts.delete(nodeId);
      const durationMs = clock() - startedMs;
      if ('answer' in end) tell({ type: 'answered', nodeId, attempt, answer: end.answer, durationMs });
      else tell({ type: 'faulted', nodeId, attempt, fault: end.fault, durationMs, random: Math.random() });
    });
  }

  // The outcome is written until it is written or refused for good.
  async function apply(live: LiveExecution, tell: Tell): Promise<void> {
    const { execution, state } = live;
    const { outcome, finishingMs } = state;
    if (!outcome || finishingMs === undefined) throw new Error('a run is applied before it has an outcome');
    for (let wait = repeatMsFirst; !live.dropped; wait = Math.min(wait * 2, repeatMsMax)) {
      try {
        await documents[execution.kind].apply({ execution, state, outcome, atMs: finishingMs });
        return tell({ type: 'applied' });
      } catch (error) {
        const fault = asFault(error);
        log.warn({ err: error, job_id: jobIdOf(execution.id) }, 'The outcome of a run could not be written');
        if (!isPassing(fault)) return tell({ type: 'outcome_refused', fault: refusedOutcome(fault) });
        await delay(wait);
      }
    }
  }

  function perform(live: LiveExecution, effect: Effect, tell: Tell): void {
    switch (effect.type) {
      case 'place_document':
        void place(live, tell);
        break;
      case 'invoke':
        void runTask(live, effect.nodeId, effect.attempt, tell);
        break;
      case 'abort':
        live.aborts.get(effect.nodeId)?.abort();
        break;
      case 'wake_for_retry':
        callAt(live, effect.dueMs - clock(), () => tell({ type: 'retry_due', nodeId: effect.nodeId }));
        break;
      case 'watch_deadline':
        callAt(live, effect.dueMs - clock(), () => tell({ type: 'deadline' }));
        break;
      case 'apply':
        void apply(live, tell);
        break;
    }
  }

  return (live, effect, tell) => contextApi.with(live.span.context, () => perform(live, effect, tell));
}

/** True for faults that pass by themselves. */
function isPassing({ reason }: Fault): boolean {
  return (
    reason === 'unavailable' ||
    reason === 'deadline_exceeded' ||
    reason === 'resource_exhausted' ||
    reason === 'internal'
  );
}

function refusedOutcome({ message, reason }: Fault): TaskFault {
  const code = reason === 'invalid_argument' ? 'output_too_large' : reason;
  return { code, message: `The outcome of the run could not be written: ${message}` };
}
