// Who may ask what of workers, tasks and their figures: people and programs that act for them, and no run.
import type { HandlerContext } from '@connectrpc/connect';
import { Fault, notFound } from '../../../foundation/fault/fault.ts';
import { principalOf } from '../../../foundation/rpc/caller.ts';
import { requireAdmin, requireEditor, requirePerson } from '../core/person.ts';

/** The tenant of a caller who reads. Fault `permission_denied` for runs. */
export function readerTenant(context: HandlerContext): string {
  const principal = principalOf(context);
  requirePerson(principal);
  return principal.tenantId;
}

/** The tenant of a caller who writes; `what` begins the sentence for others, such as "Registering workers". Fault `permission_denied`. */
export function editorTenant(context: HandlerContext, what: string): string {
  const principal = principalOf(context);
  requirePerson(principal);
  requireEditor(principal, what);
  return principal.tenantId;
}

/** The tenant of a caller who administers; see {@link editorTenant}. */
export function adminTenant(context: HandlerContext, what: string): string {
  const principal = principalOf(context);
  requirePerson(principal);
  requireAdmin(principal, what);
  return principal.tenantId;
}

/** What a store found of a worker that serves. Faults `not_found` and, for one that was removed, `failed_precondition`. */
export function presentWorker<T>(found: T | 'unknown' | 'removed'): T {
  if (found === 'unknown') throw notFound('worker');
  if (found === 'removed') {
    throw new Fault('failed_precondition', 'The worker was removed: it must register again');
  }
  return found as T;
}
