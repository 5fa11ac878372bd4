// DescribeAgent: on what an agent of the caller's tenant would run now. It needs the token of the run. The registry is asked anew with every
// call: whoever asks keeps the answer only until the registry tells of a change, so it must not be older than that news.
import type { ServiceImpl } from '@connectrpc/connect';
import { callWith } from '../../../foundation/rpc/caller.ts';
import type { AgentRuntimeService } from '../../../proto/gen/domainflow/agents/v1/agent_runtime_service_pb.js';
import type { BuiltinRuntime } from '../core/invocation.ts';
import type { DescribeAnew } from '../runtimes/describe-agent.ts';
import { runCallerOf } from './run-caller.ts';
import { describedOf, runtimeWire } from './wire.ts';

/** Time for one question to the registry when the caller gives more, in milliseconds. */
const askMsMax = 10_000;

/** DescribeAgent, agents of the platform in this runtime. Fault `permission_denied` for a caller that is not the run; those of the registry pass through. */
export function describeAgent(
  describe: DescribeAnew,
  builtinRuntime: BuiltinRuntime,
): ServiceImpl<typeof AgentRuntimeService>['describeAgent'] {
  return async ({ jobId, agent }, context) => {
    const { tenantId, token } = runCallerOf(context, jobId);
    const { signal } = context;
    const timeLeftMs = () => Math.max(1, Math.min(askMsMax, context.timeoutMs() ?? askMsMax));
    const callOptions = () => callWith({ token, timeoutMs: timeLeftMs(), signal });
    const asked = describedOf(agent, builtinRuntime);
    const { runtime, fingerprint } = await describe(asked, { tenantId, callOptions });
    return { runtime: runtimeWire[runtime], fingerprint };
  };
}
