// What the audit log says of a write: who did what to which object. Ids and states alone; texts of people stay out.
import type { JsonObject } from '../../../foundation/json/json.ts';

/** What can be done. Starts and re-runs are told from the executions themselves, everything else from entries. */
export const operationTypes = [
  'execution_start',
  'execution_rerun',
  'execution_cancel',
  'execution_pause',
  'execution_resume',
  'approval_approve',
  'approval_reject',
  'delete',
  'gate_start',
  'gate_cancel',
  'agent_registration',
  'agent_update',
  'agent_removal',
  'bulk_agent_operation',
  'task_creation',
  'task_assignment',
  'task_execution',
  'task_cancellation',
  'workflow_creation',
  'workflow_execution',
  'workflow_cancellation',
] as const;

/** What was done. */
export type OperationType = (typeof operationTypes)[number];

/** What it can be done to. */
export const entityTypes = [
  'execution',
  'approval',
  'report',
  'query',
  'session',
  'gate',
  'worker',
  'task',
  'workflow',
] as const;

/** What it was done to. */
export type EntityType = (typeof entityTypes)[number];

/** How a write can end. */
export const auditStatuses = ['success', 'failure', 'partial'] as const;

/** One write that leaves an entry. */
export interface WriteRecord {
  readonly operation: Exclude<OperationType, 'execution_start' | 'execution_rerun'>;
  readonly entityType: EntityType;
  /** Public id. */
  readonly entityId: string;
  /** What happened, as a sentence without contents. */
  readonly message: string;
  /** Ids and states. */
  readonly details: JsonObject;
  /** How it ended [success]. */
  readonly status?: (typeof auditStatuses)[number];
  /** User id. */
  readonly userId: string;
  /** Trace of the request, 32 hex digits; absent when it is not traced. */
  readonly traceId?: string;
  /** When the request began, on the process's monotonic clock, in milliseconds. */
  readonly startedMs: number;
}

/** One entry of the log. */
export interface AuditEntry {
  /** UUIDv7. */
  readonly id: string;
  readonly operationType: string;
  readonly entityType: string;
  readonly entityId: string;
  readonly status: (typeof auditStatuses)[number];
  readonly message: string;
  readonly details: JsonObject;
  /** UUID. */
  readonly userId: string;
  readonly traceId?: string;
  /** Absent for starts. */
  readonly durationMs?: number;
  /** Microseconds since the Unix epoch. */
  readonly timestampUs: bigint;
}
