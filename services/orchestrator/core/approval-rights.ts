// Who may see and who may decide what a run waits for, and whether it can still be decided (SPEC E4.3, P2.2).
import { Fault, type Violation } from '../../../foundation/fault/fault.ts';
import type { Principal } from '../../../foundation/identity/principal.ts';
import { highestRole, roleReaches, roles } from '../../../foundation/identity/role.ts';
import type { ExecutionKind } from './execution-kind.ts';
import { isOfQueryJob } from './execution-kind.ts';
import { requirePerson } from './person.ts';

/** Longest comment of a decision, in characters (code points). */
export const commentLengthMax = 1_000;

/** An approval as far as rights depend on it. */
export interface GuardedApproval {
  readonly roles: readonly string[];
  readonly kind: ExecutionKind;
  /** User id of who started its run. */
  readonly createdBy: string;
}

/** The roles that a caller has: the highest of its own and those below, since a role holds everything that lower ones do. */
export function rolesHeld({ roles: own }: Principal): string[] {
  const highest = highestRole(own);
  return roles.filter((role) => highest !== undefined && roleReaches(highest, role));
}

function isDecider(caller: Principal, { roles: wanted }: GuardedApproval): boolean {
  const held = rolesHeld(caller);
  return wanted.some((role) => held.includes(role));
}

/** Throws `permission_denied` unless the caller has one of the roles that the approval names. */
export function requireDecider(caller: Principal, approval: GuardedApproval): void {
  requirePerson(caller);
  if (isDecider(caller, approval)) return;
  throw new Fault('permission_denied', `Deciding this needs the role ${approval.roles.join(' or ')}`);
}

/** Throws `permission_denied` where the run is another user's alone and the caller may not decide for it. */
export function requireApprovalViewer(caller: Principal, approval: GuardedApproval): void {
  if (!isOfQueryJob(approval.kind) || approval.createdBy === caller.userId || isDecider(caller, approval)) {
    return;
  }
  throw new Fault('permission_denied', `Seeing this needs the role ${approval.roles.join(' or ')}`);
}

/** What is wrong with a comment. */
export function checkComment(comment: string): Violation[] {
  const tooLong = [...comment].length > commentLengthMax;
  return [
    ...(tooLong ? [{ field: 'comment', reason: `must have ${commentLengthMax} characters at most` }] : []),
    ...(comment.includes('\0') ? [{ field: 'comment', reason: 'must not hold the character U+0000' }] : []),
  ];
}

/** How an approval was decided. */
export interface Verdict {
  readonly status: 'waiting' | 'approved' | 'rejected' | 'expired' | 'cancelled';
  /** User id; absent when no person decided. */
  readonly decidedBy?: string;
  readonly comment: string;
}

const endings = {
  waiting: 'has not been decided yet',
  approved: 'has been decided: it was approved',
  rejected: 'has been decided: it was rejected',
  expired: 'has been decided: nobody decided in time',
  cancelled: 'has been decided: the run does not need it any more',
} as const;

/** Throws `failed_precondition` when it has been decided. */
export function requireUndecided({ status }: Verdict): void {
  if (status !== 'waiting') throw new Fault('failed_precondition', `The approval ${endings[status]}`);
}

/** Throws `failed_precondition` unless this very decision is the one that holds: each is made once. */
export function requireVerdict(
  { status, decidedBy, comment }: Verdict,
  wanted: { readonly by: string; readonly approved: boolean; readonly comment: string },
): void {
  const same = status === (wanted.approved ? 'approved' : 'rejected');
  if (same && decidedBy === wanted.by && comment === wanted.comment) return;
  throw new Fault('failed_precondition', `The approval ${endings[status]}`);
}
