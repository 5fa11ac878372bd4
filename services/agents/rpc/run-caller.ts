// Who may touch an attempt: the run that it belongs to, and nobody else.
import type { HandlerContext } from '@connectrpc/connect';
import { Fault } from '../../../foundation/fault/fault.ts';
import type { Principal } from '../../../foundation/identity/principal.ts';
import { callerOf } from '../../../foundation/rpc/caller.ts';

/** A run that calls for itself. */
export interface RunCaller {
  readonly tenantId: string;
  /** Class of the run. */
  readonly capability: string;
  /** Public id of the only object that the run may write; empty for none. */
  readonly writeTarget: string;
  readonly token: string;
  /** The run, with the person it works for. */
  readonly principal: Principal;
}

/** The caller of a request for this job. Fault `permission_denied` when its token is no run's, or another run's. */
export function runCallerOf(context: HandlerContext, jobId: string): RunCaller {
  const { principal, token } = callerOf(context);
  const { tenantId, run } = principal;
  if (!run) throw new Fault('permission_denied', 'Agents are run for executions only');
  if (run.runId !== jobId) throw new Fault('permission_denied', 'The token is not that of the run in job_id');
  return { tenantId, capability: run.capability, writeTarget: run.writeTarget, token, principal };
}
