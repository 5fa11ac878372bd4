// The pinned graph that an execution runs, as the engine decides over it. It is made by the registry and never changes during a run.

/** What becomes of other tasks when one fails. */
export type FailurePolicy = 'fail_fast' | 'continue';

/** The graph of one execution with its run settings. */
export interface RunPlan {
  readonly domainId: string;
  readonly domainVersion: number;
  /** In plan order: every parent stands before its dependents. */
  readonly tasks: readonly PlannedTask[];
  readonly failurePolicy: FailurePolicy;
  /** Time for the whole run, in milliseconds. */
  readonly executionTimeoutMs: number;
}

/** One future task. */
export interface PlannedTask {
  /** `task_` and the place in the plan, from 1. */
  readonly taskId: string;
  /** Id of the node in the playbook; unique in the plan. */
  readonly nodeId: string;
  readonly agentId: string;
  readonly agentName: string;
  /** 0 when the agent is gone. */
  readonly agentVersion: number;
  /** True when a dependency pulled it in. */
  readonly implicit: boolean;
  /** nodeIds whose outputs it is given, in plan order. */
  readonly parents: readonly string[];
  /** Keys of the job's input that it is given; empty for all. */
  readonly inputKeys: readonly string[];
  /** Keys that its output may have. */
  readonly outputKeys: readonly string[];
  /** `agent_disabled`, `agent_missing` or another final fault that keeps it from running; absent when it can run. */
  readonly unavailable?: string;
  readonly limits: TaskLimits;
}

/** Limits of one task. */
export interface TaskLimits {
  /** Further attempts after the first. */
  readonly retriesMax: number;
  /** Time for one attempt, in milliseconds. */
  readonly attemptTimeoutMs: number;
  /** Time over all attempts and waits, in milliseconds. */
  readonly totalTimeoutMs: number;
}

/** Limits where neither agent nor playbook names any. */
export const defaultTaskLimits: TaskLimits = {
  retriesMax: 3,
  attemptTimeoutMs: 300_000,
  totalTimeoutMs: 600_000,
};

/** Time for a whole run where the playbook names none, in milliseconds. */
export const defaultExecutionTimeoutMs = 900_000;

/** Tasks of one execution that may run at the same time. */
export const runningTasksMax = 10;
