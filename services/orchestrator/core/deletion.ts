// A deletion that spans services: what is recorded of it, and what follows from a turn of work on it. The work itself is the engine's.
import { Fault } from '../../../foundation/fault/fault.ts';
import type { Principal } from '../../../foundation/identity/principal.ts';
import type { TraceOrigin } from './execution-record.ts';

/** What can be deleted. */
export type DeletionKind = 'report' | 'session' | 'query';

/** A requested deletion. */
export interface Deletion {
  readonly tenantId: string;
  /** `inc_`, `sess_` or `qry_` id. */
  readonly subjectId: string;
  readonly kind: DeletionKind;
  /** Who asked; of a session or query job the owner. */
  readonly principal: Principal;
  /** Context of the request, so that later work joins its trace. */
  readonly trace?: TraceOrigin;
}

/** A deletion that someone works on. */
export interface ClaimedDeletion extends Deletion {
  /** Shows whose turn it is; what comes under another claim is too late. */
  readonly claim: string;
  /** Passes that have ended. */
  readonly passes: number;
  /** Turns that failed, one after another. */
  readonly attempts: number;
}

/** How a turn ended: all steps are done, there is more to do, or a step failed. */
export type TurnEnd = 'passed' | 'unfinished' | 'failed';

/** What becomes of a deletion after a turn: it is over, or there is another turn after a wait. */
export type DeletionChange =
  | { readonly over: true }
  | { readonly over: false; readonly passes: number; readonly attempts: number; readonly waitMs: number };

/** Indexes may lag behind what was written just before the deletion, so everything is gone through once more. */
const passesNeeded = 2;
const nextPassMs = 60_000;
const retryMsFirst = 1_000;
const retryMsMax = 60_000;

/** What follows from a turn. */
export function afterTurn({ passes, attempts }: ClaimedDeletion, end: TurnEnd): DeletionChange {
  if (end === 'unfinished') return { over: false, passes, attempts: 0, waitMs: 0 };
  if (end === 'failed') {
    const waitMs = Math.min(retryMsFirst * 2 ** Math.min(attempts, 30), retryMsMax);
    return { over: false, passes, attempts: attempts + 1, waitMs };
  }
  if (passes + 1 >= passesNeeded) return { over: true };
  return { over: false, passes: passes + 1, attempts: 0, waitMs: nextPassMs };
}

/** Throws `permission_denied` unless the person may delete reports at all: their own as an editor, any as an admin. */
export function requireReportDeleter({ roles }: Principal): void {
  if (roles.some((role) => role === 'editor' || role === 'admin')) return;
  throw new Fault('permission_denied', 'Deleting reports needs the role editor or admin');
}

/** Throws `permission_denied` unless the person may delete a report that this user submitted. */
export function requireDeleterOf({ roles, userId }: Principal, createdBy: string): void {
  if (roles.includes('admin') || userId === createdBy) return;
  throw new Fault('permission_denied', 'Only its author and admins may delete a report');
}
