// The pinned graph that an execution runs, as the engine decides over it. It is made by the registry, or came with a request, and never changes
// during a run.
import type { PlannedWork } from './work/planned-work.ts';

/** What becomes of other tasks when one fails. */
export type FailurePolicy = 'fail_fast' | 'continue';

/** The graph of one execution with its run settings. */
export interface RunPlan {
  /** Empty for workflows and lone tasks, with version 0. */
  readonly domainId: string;
  readonly domainVersion: number;
  /** In plan order: every parent stands before its dependents. */
  readonly tasks: readonly PlannedTask[];
  readonly failurePolicy: FailurePolicy;
  /** Time for the whole run in milliseconds, pauses and waits for approvals apart; `Infinity` for none. */
  readonly executionTimeoutMs: number;
  /** For each task, by its place in `tasks`: the places of those that are given its output. */
  readonly dependents: readonly (readonly number[])[];
  /** Place of each node in `tasks`, by nodeId. */
  readonly places: ReadonlyMap<string, number>;
  /** Whether a task of it is offered to workers. */
  readonly hasWork: boolean;
}

/** One future task. */
export interface PlannedTask {
  /** `task_` and the place in the plan, from 1. */
  readonly taskId: string;
  /** Id of the node in the playbook; unique in the plan. */
  readonly nodeId: string;
  /** The node's own id for an approval. */
  readonly agentId: string;
  readonly agentName: string;
  /** 0 when the agent is gone, and for approvals. */
  readonly agentVersion: number;
  /** True when a dependency pulled it in. */
  readonly implicit: boolean;
  /** nodeIds whose outputs it is given, in plan order. */
  readonly parents: readonly string[];
  /** Keys of the job's input that it is given; empty for all. */
  readonly inputKeys: readonly string[];
  /** Model by which it names the category of a report; absent when it names none, or the playbook no model. */
  readonly categoryModel?: string;
  /** Keys that its output may have. */
  readonly outputKeys: readonly string[];
  /** Whether its agent may call tools, so that calls are set aside for it; absent means that it calls none. */
  readonly callsTools?: boolean;
  /** `agent_disabled`, `agent_missing` or another final fault that keeps it from running; absent when it can run. */
  readonly unavailable?: string;
  /** Sentence that says why; absent for agents that are missing or disabled. */
  readonly unavailableBecause?: string;
  /** Present on a node where a person decides: no agent runs there. */
  readonly approval?: PlannedApproval;
  /** Present on a task that is offered to workers: this service calls nobody for it. */
  readonly work?: PlannedWork;
  /** True when its output may be any JSON object, whatever `outputKeys` says; absent means that it may not. */
  readonly anyOutput?: true;
  /** How long its output may serve other runs, in milliseconds; 0 for not at all. */
  readonly cacheTtlMs: number;
  readonly limits: TaskLimits;
}

/** A decision of a person. */
export interface PlannedApproval {
  /** What is asked. */
  readonly prompt: string;
  /** Who may decide: any of these roles. */
  readonly roles: readonly string[];
  readonly timeoutMs: number;
  readonly onTimeout: 'approve' | 'reject';
}

/** Limits of one task. */
export interface TaskLimits {
  /** Further attempts after the first. */
  readonly retriesMax: number;
  /** Time for one attempt, in milliseconds. */
  readonly attemptTimeoutMs: number;
  /** Time over all attempts and waits, in milliseconds; pauses of the run apart. */
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

/** Time that a person has where the approval names none, in milliseconds. */
export const defaultApprovalTimeoutMs = 86_400_000;

/** Tasks of one execution that may run at the same time. */
export const runningTasksMax = 10;

/** What must be left of the run's and of the task's time for an agent to start, in milliseconds. */
export const startTimeLeftMs = 10_000;

/** The plan with what is derived from its tasks. Throws when a parent does not stand before its dependent. */
export function createRunPlan(plan: Omit<RunPlan, 'dependents' | 'places' | 'hasWork'>): RunPlan {
  const places = new Map(plan.tasks.map(({ nodeId }, at) => [nodeId, at]));
  const dependents: number[][] = plan.tasks.map(() => []);
  for (const [at, { nodeId, parents }] of plan.tasks.entries()) {
    for (const parent of parents) {
      const place = places.get(parent);
      if (place === undefined || place >= at) {
        throw new Error(`the plan lists ${nodeId} before ${parent}, whose output it is given`);
      }
      dependents[place]?.push(at);
    }
  }
  return { ...plan, dependents, places, hasWork: plan.tasks.some(({ work }) => work !== undefined) };
}

/** How many agents the plan has. Approvals are none, and an agent in two places is one. */
export function agentsIn({ tasks }: Pick<RunPlan, 'tasks'>): number {
  return new Set(tasks.flatMap(({ agentId, approval }) => (approval ? [] : [agentId]))).size;
}
