// The port of tasks of API v2: recorded with their executions, listed and read. Who has which of them is dispatch's business.
import type { JsonObject } from '../../../foundation/json/json.ts';
import type { WriteRecord } from '../core/audit.ts';
import type { ExecutionRecord } from '../core/execution-record.ts';
import type { RunPlan } from '../core/run-plan.ts';
import type { TaskDocument } from '../core/work/task-document.ts';
import type { TaskKey } from './dispatch-store.ts';
import type { Freshness } from './execution-key.ts';

/** Where a row of a task stands. */
export type WorkTaskStatus =
  | 'waiting'
  | 'pending'
  | 'running'
  | 'retrying'
  | 'completed'
  | 'failed'
  | 'cancelled'
  | 'skipped';

/** A task as its row shows it. */
export interface StoredTask {
  readonly tenantId: string;
  /** UUIDv7. */
  readonly id: string;
  /** `task` for a lone one, also one that was put to a workflow. */
  readonly scope: 'task' | 'workflow';
  readonly workflowId?: string;
  /** Absent until its workflow is executed. */
  readonly executionId?: string;
  /** Its key within the workflow; of a lone task the only node of its plan. */
  readonly nodeId: string;
  readonly type: string;
  readonly name: string;
  readonly description: string;
  readonly input: JsonObject;
  readonly priority: number;
  readonly requiredCapabilities: readonly string[];
  readonly tags: readonly string[];
  /** Keys. */
  readonly dependsOn: readonly string[];
  /** Ids of the same tasks. */
  readonly dependencies: readonly string[];
  readonly totalTimeoutMs: number;
  readonly maxRetries: number;
  readonly status: WorkTaskStatus;
  readonly isDispatched: boolean;
  /** Attempts that were begun. */
  readonly attempts: number;
  /** Of those, the ones that were taken back from a worker. */
  readonly returned: number;
  /** Who has it, or had it last; absent before. */
  readonly workerId?: string;
  /** When the first attempt began; absent before. */
  readonly startedAtMs?: number;
  /** When all of its time is up; absent before the first attempt. */
  readonly deadlineAtMs?: number;
  readonly completedAtMs?: number;
  /** Only of a completed task. */
  readonly result?: JsonObject;
  /** Of the last fault; empty when there was none. */
  readonly errorCode: string;
  readonly errorMessage: string;
  readonly createdAtMs: number;
}

/** By what lists are sorted. */
export const taskOrders = ['created_at', 'priority', 'status', 'name', 'type'] as const;

/** By what a list is sorted. */
export type TaskOrder = (typeof taskOrders)[number];

/** A part of the list. */
export interface TaskSlice {
  readonly status?: WorkTaskStatus;
  readonly workflowId?: string;
  /** Who has or had it last. */
  readonly workerId?: string;
  readonly sortBy: TaskOrder;
  readonly ascending: boolean;
  readonly limit: number;
  readonly offset: number;
}

/** What a part of the list holds. */
export interface TaskPage {
  readonly items: readonly StoredTask[];
  /** How many the filter finds in all. */
  readonly total: number;
}

/** A lone task to record. */
export interface NewTask {
  readonly key: TaskKey;
  readonly document: TaskDocument;
  /** The workflow that it is put to; absent for none. */
  readonly workflowId?: string;
  /** Whether it is given to a worker without being asked again. */
  readonly isDispatched: boolean;
  /** Its execution, of kind `task`, with the plan of `run`. */
  readonly record: ExecutionRecord;
  readonly run: RunPlan;
}

/** How a task is read. */
export interface TaskReading extends Freshness {
  /** Whether a task of a playbook is found too, as for the worker that answered for it [false]. */
  readonly ofPlaybooks?: boolean;
}

/** Serves the requests of one tenant. Tasks of playbooks are shown to their workers alone. */
export interface TaskStore {
  /**
   * Records a task with its execution and its audit entry, all or nothing. Nothing is written for `exists`, when there is one of this id, also of
   * several at once, and for `no_workflow`, when the one that it names is not there.
   */
  create(task: NewTask, entry: WriteRecord): Promise<'created' | 'exists' | 'no_workflow'>;
  /** In the order that is asked for; among equals the newest first, or the oldest where the smallest come first. */
  list(tenantId: string, slice: TaskSlice): Promise<TaskPage>;
  /** The task, or undefined when the tenant has none of this id. */
  read(key: TaskKey, options?: TaskReading): Promise<StoredTask | undefined>;
}
