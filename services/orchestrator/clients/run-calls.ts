// The call options of a run: its starter's identity, narrowed to the run, with a deadline.
import type { CallOptions } from '@connectrpc/connect';
import type { TokenMint } from '../../../foundation/identity/token-mint.ts';
import { callWith } from '../../../foundation/rpc/caller.ts';
import { isShadow } from '../core/execution-kind.ts';
import type { StoredExecution } from '../core/execution-record.ts';
import { jobIdOf } from '../core/public-id.ts';
import { capabilityOf } from '../core/run-identity.ts';

/** How long one call may take and what ends it early. */
export interface CallLimits {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
  /** Calls of the same route go to the same replica. */
  readonly route?: string;
  /** Public id of the one object that the call may write; absent for the document of the run. A shadow run may write none. */
  readonly writeTarget?: string;
}

/** What of a run its calls are made with. */
export type CallingRun = Pick<StoredExecution, 'id' | 'kind' | 'subjectId' | 'principal'>;

/** Makes call options for a run. */
export type RunCalls = (execution: CallingRun, limits: CallLimits) => CallOptions;

/** Run calls whose tokens this mint signs. */
export function createRunCalls(mint: TokenMint): RunCalls {
  return ({ id, kind, subjectId, principal }, { writeTarget: asked, ...limits }) => {
    const writeTarget = isShadow(kind) ? '' : (asked ?? subjectId);
    const run = { runId: jobIdOf(id), capability: capabilityOf(kind), writeTarget };
    return callWith({ token: mint.mint({ ...principal, run }), ...limits });
  };
}
