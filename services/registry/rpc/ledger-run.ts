// Who may write into the ledger: the run whose calls it holds, by whichever service speaks for it, and nobody else.
import type { HandlerContext } from '@connectrpc/connect';
import { Fault } from '../../../foundation/fault/fault.ts';
import { tenantPrincipal } from './tenant-principal.ts';

/** Tenant and run of a call. Fault `permission_denied` when it is made for no run. */
export function ledgerRunOf(context: HandlerContext): { readonly tenantId: string; readonly jobId: string } {
  const { tenantId, run } = tenantPrincipal(context);
  if (!run) throw new Fault('permission_denied', 'Calls of models are reserved for executions only');
  return { tenantId, jobId: run.runId };
}
