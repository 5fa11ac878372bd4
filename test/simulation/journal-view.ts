// What is known of one execution and its tasks from the committed journal alone.
import type { AgentAnswer } from '../../services/orchestrator/core/agent-answer.ts';
import type { Outcome } from '../../services/orchestrator/core/journal-event.ts';
import type { PlannedTask, RunPlan } from '../../services/orchestrator/core/run-plan.ts';

/** A task as the journal has it. */
export interface TaskView {
  readonly planned: PlannedTask;
  status:
    | 'open'
    | 'running'
    | 'retry_wait'
    | 'waiting_approval'
    | 'offered'
    | 'succeeded'
    | 'failed'
    | 'skipped'
    | 'cancelled';
  /** Attempts that are used up or under way. */
  attempt: number;
  /** The highest attempt that was begun. */
  begun: number;
  /** True once no worker is given it any more. */
  isWithdrawn?: boolean;
  /** Attempts of workers that are recorded. */
  byWorkers: number;
  answer: AgentAnswer | undefined;
  /** The verdict of an approval, before its end is told. */
  verdict: boolean | undefined;
  /** Attempts that are told to be uncertain. */
  readonly uncertain: Set<number>;
  /** Attempts that have ended. */
  readonly ended: Set<number>;
}

/** An execution as its journal has it. */
export interface RunView {
  readonly plan: RunPlan;
  readonly tasks: ReadonlyMap<string, TaskView>;
  status:
    | 'pending'
    | 'running'
    | 'paused'
    | 'cancelling'
    | 'finishing'
    | 'completed'
    | 'failed'
    | 'cancelled';
  seq: number;
  atMs: number;
  startedMs: number;
  isCancelled: boolean;
  /** Some task has failed. */
  hasFailed: boolean;
  outcome: Outcome | undefined;
  /** When all tasks had ended, and when the outcome was decided that is applied: later, when the first one was refused. */
  tasksEndedMs: number;
  finishingMs: number;
  prepared: unknown;
  /** What it has to record is refused for ever, so that it is given up whatever it is at. */
  isRefused: boolean;
  /** Who did what, each once: type, node and user. */
  readonly deeds: Set<string>;
}

/** The view of an empty journal. */
export function createRunView(plan: RunPlan): RunView {
  const tasks = plan.tasks.map((planned): [string, TaskView] => {
    const nothing = {
      answer: undefined,
      verdict: undefined,
      uncertain: new Set<number>(),
      ended: new Set<number>(),
    };
    return [planned.nodeId, { planned, status: 'open', attempt: 0, begun: 0, byWorkers: 0, ...nothing }];
  });
  return {
    ...{ plan, tasks: new Map(tasks), status: 'pending', seq: 0, atMs: 0, startedMs: 0 },
    ...{
      isCancelled: false,
      hasFailed: false,
      outcome: undefined,
      tasksEndedMs: 0,
      finishingMs: 0,
      prepared: undefined,
      isRefused: false,
    },
    deeds: new Set(),
  };
}
