// CancelInvocation: the only way in which a caller ends an attempt. It needs the token of the run.
import type { ServiceImpl } from '@connectrpc/connect';
import { invalidArgument } from '../../../foundation/fault/fault.ts';
import type { AgentRuntimeService } from '../../../proto/gen/domainflow/agents/v1/agent_runtime_service_pb.js';
import { InvocationState } from '../../../proto/gen/domainflow/agents/v1/invocation_pb.js';
import { keyProblems } from '../core/invocation-key.ts';
import type { Invocations } from '../runtimes/invocations.ts';
import { runCallerOf } from './run-caller.ts';

const states = {
  unknown: InvocationState.UNKNOWN,
  running: InvocationState.RUNNING,
  ended: InvocationState.ENDED,
} as const;

/** CancelInvocation. Fault `permission_denied` for a caller that is not the run. */
export function cancelInvocation(
  invocations: Invocations,
): ServiceImpl<typeof AgentRuntimeService>['cancelInvocation'] {
  return ({ jobId, taskId, attempt }, context) => {
    const { tenantId } = runCallerOf(context, jobId);
    const problems = keyProblems({ taskId, attempt });
    if (problems.length > 0) throw invalidArgument(problems);
    return { found: states[invocations.cancel({ tenantId, jobId, taskId, attempt })] };
  };
}
