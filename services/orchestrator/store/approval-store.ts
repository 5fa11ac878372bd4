// The ports of what people are asked and what they ask for: approvals, and commands that wait for their run.
import type { WriteRecord } from '../core/audit.ts';
import type { Command } from '../core/decision/decision.ts';
import type { ExecutionKind } from '../core/execution-kind.ts';
import type { ExecutionKey, Freshness } from './execution-key.ts';

/** A command that waits for the owner of its execution. */
export interface StoredCommand {
  readonly id: string;
  readonly command: Command;
}

/** Takes what people ask of runs. */
export interface CommandStore {
  /**
   * Stores a command, with the audit entry of who asked in the same transaction; without one where it follows from another write. `full`,
   * and nothing is stored, when too many wait for the execution.
   */
  add(key: ExecutionKey, command: StoredCommand, entry?: WriteRecord): Promise<'stored' | 'full'>;
}

/** Where a decision of a person stands. */
export type ApprovalStatus = 'waiting' | 'approved' | 'rejected' | 'expired' | 'cancelled';

/** A decision of a person, as lists show it. Times are milliseconds since the Unix epoch. */
export interface StoredApproval {
  readonly executionId: string;
  readonly nodeId: string;
  readonly taskId: string;
  /** Empty for workflows. */
  readonly domainId: string;
  readonly prompt: string;
  /** Any of these may decide. */
  readonly roles: readonly string[];
  readonly status: ApprovalStatus;
  readonly requestedAtMs: number;
  readonly expiresAtMs: number;
  readonly decidedAtMs?: number;
  /** User id; absent when no person decided, and until then. */
  readonly decidedBy?: string;
  readonly comment: string;
  /** Of its run. */
  readonly kind: ExecutionKind;
  /** User id of who started its run. */
  readonly createdBy: string;
}

/** Which approvals a list shows. */
export interface ApprovalFilter {
  readonly status: ApprovalStatus;
  readonly executionId?: string;
  /** Who looks: what others ask is shown only with one of these roles. */
  readonly userId: string;
  readonly roles: readonly string[];
}

/** Where a list of approvals goes on: after this one. */
export interface ApprovalPosition {
  readonly requestedAtMs: number;
  readonly executionId: string;
  readonly nodeId: string;
}

/** A part of a list of approvals. */
export interface ApprovalSlice {
  readonly filter: ApprovalFilter;
  readonly limit: number;
  readonly offset: number;
  readonly after?: ApprovalPosition;
}

/** Reads decisions of people. */
export interface ApprovalStore {
  /** Newest first, then by execution and node. */
  list(tenantId: string, slice: ApprovalSlice): Promise<StoredApproval[]>;
  /** Counted up to `limit`. */
  count(tenantId: string, filter: ApprovalFilter, limit: number): Promise<number>;
  /** The approval of a node or task of an execution; a node goes first. Undefined when it was never asked. */
  read(key: ExecutionKey, nodeOrTaskId: string, options?: Freshness): Promise<StoredApproval | undefined>;
}
