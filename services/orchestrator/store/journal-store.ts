// The port that journals are written through: what decisions about many executions change, all or nothing.
import type { AgentAnswer } from '../core/agent-answer.ts';
import type { ExecutionRecord } from '../core/execution-record.ts';
import type { ExecutionStatus } from '../core/execution-state.ts';
import type { JournalEvent } from '../core/journal-event.ts';
import type { TaskChange } from './task-change.ts';

/** What decisions about one execution write. */
export interface JournalAppend {
  readonly tenantId: string;
  readonly executionId: string;
  /** The execution itself, when it is recorded with this append. */
  readonly record?: ExecutionRecord;
  /** In order; each holds the events of one moment. May be empty when only the row changes. */
  readonly rows: readonly JournalRow[];
  /** New values of the execution's row; absent when the events do not move it. */
  readonly change?: RowChange;
  readonly approvals: readonly ApprovalChange[];
  /** Commands that are decided by these events. */
  readonly commandIds: readonly string[];
  /** Outputs that serve other executions from now on. */
  readonly cached: readonly CachedOutput[];
  /** What moves in the rows of tasks for workers; absent for nothing. */
  readonly tasks?: readonly TaskChange[];
}

/** Events that were decided in one moment. */
export interface JournalRow {
  /** Number of the first event. */
  readonly seq: number;
  /** Milliseconds since the Unix epoch. */
  readonly atMs: number;
  readonly events: readonly JournalEvent[];
}

/** New values of an execution's row. */
export interface RowChange {
  readonly status: ExecutionStatus;
  readonly startedAtMs: number | null;
  readonly completedAtMs: number | null;
  readonly reason: string;
  readonly error: string;
  readonly partial: boolean;
  /** Present when the execution leaves memory: nobody owns it from then on. */
  readonly parked?: Parking;
}

/** How an execution waits without an owner. */
export interface Parking {
  /** When it is taken up again; null for not before somebody asks. */
  readonly wakeAtMs: number | null;
  /** True when it waits for a place among the running executions of its tenant. */
  readonly queued: boolean;
}

/** A change of what lists of approvals show. */
export type ApprovalChange =
  | {
      readonly type: 'requested';
      readonly nodeId: string;
      readonly taskId: string;
      readonly domainId: string;
      readonly prompt: string;
      readonly roles: readonly string[];
      readonly requestedAtMs: number;
      readonly expiresAtMs: number;
    }
  | {
      readonly type: 'decided';
      readonly nodeId: string;
      readonly status: 'approved' | 'rejected' | 'expired' | 'cancelled';
      readonly decidedAtMs: number;
      /** User id; null when no person decided. */
      readonly decidedBy: string | null;
      readonly comment: string;
    };

/** An output under the hash of what it was computed from. */
export interface CachedOutput {
  /** 64 hex digits. */
  readonly key: string;
  readonly answer: AgentAnswer;
  readonly ttlMs: number;
}

/** Writes journals. */
export interface JournalStore {
  /**
   * Writes what many executions append, all or nothing, if the owner is still the owner; `fenced` when it is not. No execution is named
   * twice. Throws a Fault when it is not known whether anything was written, and the driver's error when a value was refused.
   */
  append(ownerId: string, batch: readonly JournalAppend[]): Promise<'appended' | 'fenced'>;
}
