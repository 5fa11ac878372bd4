// The ports of workflows: what requests of a tenant ask of them, and what their schedules need.
import type { Principal } from '../../../foundation/identity/principal.ts';
import type { JsonObject } from '../../../foundation/json/json.ts';
import type { WriteRecord } from '../core/audit.ts';
import type { Command } from '../core/decision/decision.ts';
import type { TraceOrigin } from '../core/execution-record.ts';
import type { NotStarted, WorkflowDocument, WorkflowStatus } from '../core/work/workflow.ts';
import type { ExecutionKey, Freshness } from './execution-key.ts';
import type { StoredTask } from './task-store.ts';

/** Names a workflow. */
export interface WorkflowKey {
  readonly tenantId: string;
  readonly id: string;
}

/** A workflow as its row and that of its newest execution show it. */
export interface StoredWorkflow extends WorkflowKey {
  readonly name: string;
  readonly description: string;
  /** For whom it is. */
  readonly userId: string;
  readonly status: WorkflowStatus;
  readonly environment: JsonObject;
  readonly metadata: JsonObject;
  /** Empty for none. */
  readonly schedule: string;
  readonly dependencies: readonly string[];
  /** 1 to 5, the highest of its tasks. */
  readonly priority: number;
  /** Sum of the times along its longest way. */
  readonly estimatedS: number;
  /** Of the newest execution that ended; absent when none has. */
  readonly actualS?: number;
  readonly taskCount: number;
  /** The newest; absent before the first. */
  readonly executionId?: string;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
  /** Of the newest execution. */
  readonly startedAtMs?: number;
  /** Of the newest execution; absent while it is under way. */
  readonly completedAtMs?: number;
  /** Absent without a schedule, and once that was ended. */
  readonly nextFireAtMs?: number;
  /** Why the last firing started nothing, as a sentence; empty when it did. */
  readonly scheduleProblem: string;
}

/** A workflow to record. */
export interface NewWorkflow extends WorkflowKey {
  readonly document: WorkflowDocument;
  /** Who creates it, and in whose name its schedule starts executions. */
  readonly principal: Principal;
  readonly createdAtMs: number;
  /** Absent without a schedule. */
  readonly nextFireAtMs?: number;
  /** Started in the same transaction; absent for not yet. */
  readonly start?: WorkflowStart;
}

/** An execution to start. */
export interface WorkflowStart {
  /** UUIDv7. */
  readonly executionId: string;
  readonly principal: Principal;
  readonly trace?: TraceOrigin;
  /** Milliseconds since the Unix epoch. */
  readonly atMs: number;
  readonly entry: WriteRecord;
}

/** What creating came to. */
export type Created =
  | { readonly type: 'created' }
  /** There is one of this id. */
  | { readonly type: 'exists' }
  /** Places of dependencies of which the tenant has no workflow. */
  | { readonly type: 'unknown_dependencies'; readonly places: readonly number[] }
  | NotStarted;

/** What starting an execution came to. */
export type Executed =
  | { readonly type: 'started' }
  /** The workflow has had this execution already. */
  | { readonly type: 'repeated' }
  | { readonly type: 'no_workflow' }
  | NotStarted;

/** What a person's wish to end a workflow came to. */
export type Cancelled =
  /** `execution` is what is being ended; absent when only the schedule, or what never ran, was. */
  | { readonly type: 'cancelled'; readonly execution?: ExecutionKey }
  | { readonly type: 'no_workflow' }
  /** Neither an execution is under way nor a schedule lives. */
  | { readonly type: 'ended'; readonly status: WorkflowStatus }
  /** Too many commands wait for its run. */
  | { readonly type: 'full' };

/** A part of the list. */
export interface WorkflowSlice {
  readonly status?: WorkflowStatus;
  readonly userId?: string;
  readonly limit: number;
  readonly offset: number;
}

/** What a part of the list holds. */
export interface WorkflowPage {
  readonly items: readonly StoredWorkflow[];
  /** How many the filter finds in all. */
  readonly total: number;
}

/** Serves the requests of one tenant. */
export interface WorkflowStore {
  /** Records a workflow with its tasks and audit entry, and starts it if that is asked for: all or nothing. */
  create(workflow: NewWorkflow, entry: WriteRecord): Promise<Created>;
  /** Newest first. */
  list(tenantId: string, slice: WorkflowSlice): Promise<WorkflowPage>;
  /** The workflow, or undefined when the tenant has none of this id. */
  read(key: WorkflowKey, options?: Freshness): Promise<StoredWorkflow | undefined>;
  /** Tasks of its newest execution, or those that the first will have, as they were described. */
  tasks(workflow: StoredWorkflow, options?: Freshness): Promise<StoredTask[]>;
  /** Starts an execution with its audit entry, all or nothing. Of several at once one wins. */
  execute(key: WorkflowKey, start: WorkflowStart): Promise<Executed>;
  /** Ends what there is of it: the schedule, tasks that wait for a first execution, and with the command the execution that is under way. */
  cancel(key: WorkflowKey, command: Command, entry: WriteRecord): Promise<Cancelled>;
}

/** What is needed of a workflow to fire its schedule. */
export interface DueWorkflow extends WorkflowKey {
  readonly schedule: string;
  /** In whose name it fires. */
  readonly principal: Principal;
  /** When it should have fired first since it last did. */
  readonly dueAtMs: number;
  /** The database's time. */
  readonly nowMs: number;
}

/** A firing. */
export interface Firing {
  /** The last moment up to now at which the schedule fires. */
  readonly fireAtMs: number;
  /** Absent when it never fires again. */
  readonly nextFireAtMs?: number;
  readonly start: WorkflowStart;
}

/** What a firing came to; `fired_before` by whoever saw it first. */
export type Fired = { readonly type: 'started' | 'fired_before' } | NotStarted;

/** Serves the schedules of all tenants. All times are the database's. */
export interface ScheduleQueue {
  /** Up to `limit` workflows whose schedules are due, those that are late longest first, without those that were just tried. */
  due(limit: number, without: readonly string[]): Promise<WorkflowKey[]>;
  /**
   * Fires a schedule if it is still due and nobody else holds the workflow: the execution, its audit entry and the next time, all or nothing. Why
   * nothing was started is kept with the workflow. Undefined when there was nothing to fire.
   */
  fire(key: WorkflowKey, firingOf: (due: DueWorkflow) => Firing): Promise<Fired | undefined>;
  /** Notes how executions ended, before their rows are forgotten, for up to `limit` workflows after this one; answers the last, undefined at the end. */
  noteEnded(after: WorkflowKey | undefined, limit: number): Promise<WorkflowKey | undefined>;
}
