// What is fixed about an execution when it is recorded, and what its row shows later.
import type { Principal } from '../../../foundation/identity/principal.ts';
import type { JsonObject } from '../../../foundation/json/json.ts';
import type { ExecutionKind } from './execution-kind.ts';
import type { ExecutionStatus } from './execution-state.ts';

/** The trace that a start belongs to, as W3C Trace Context writes it. */
export interface TraceOrigin {
  readonly traceparent: string;
  /** Null when there was none. */
  readonly tracestate: string | null;
}

/** What is fixed when an execution is recorded. */
export interface ExecutionRecord {
  readonly tenantId: string;
  /** UUIDv7. */
  readonly id: string;
  readonly kind: ExecutionKind;
  readonly domainId: string;
  readonly domainVersion: number;
  /** The pinned plan. */
  readonly plan: PinnedText;
  /** Public id of the report or query job. */
  readonly subjectId: string;
  /** Session of a query. */
  readonly sessionId?: string;
  /** The job's input. */
  readonly input: JsonObject;
  /** Who started it. */
  readonly principal: Principal;
  /** Context of the start, so that later work joins its trace. */
  readonly trace?: TraceOrigin;
  readonly createdAtMs: number;
  /** 1 to 5, higher is sooner; absent means 2. */
  readonly priority?: number;
  /** Execution that this one repeats. */
  readonly rerunOf?: string;
}

/** A text under the hash of its content. */
export interface PinnedText {
  /** SHA-256, 64 hex digits. */
  readonly hash: string;
  readonly text: string;
}

/** An execution as its row shows it. */
export interface StoredExecution extends ExecutionRecord {
  readonly status: ExecutionStatus;
  readonly reason: string;
  readonly error: string;
  readonly partial: boolean;
  /** True while it waits for a place among the running executions of its tenant. */
  readonly isQueued: boolean;
  /** True while it has not ended and no replica holds it. */
  readonly isParked: boolean;
  readonly startedAtMs?: number;
  readonly completedAtMs?: number;
}
