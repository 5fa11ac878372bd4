// Invoke: one attempt of one task. It needs the token of a run; whatever the attempt reaches, it reaches under that token.
import type { CallOptions, HandlerContext, ServiceImpl } from '@connectrpc/connect';
import { Fault } from '../../../foundation/fault/fault.ts';
import { callerOf, callWith } from '../../../foundation/rpc/caller.ts';
import type {
  AgentRuntimeService,
  InvokeRequest,
  InvokeResponse,
} from '../../../proto/gen/domainflow/agents/v1/agent_runtime_service_pb.js';
import { AgentRuntime } from '../../../proto/gen/domainflow/registry/v1/agent_pb.js';
import type { InvocationEnd } from '../core/invocation.ts';
import { failureOf } from '../core/invocation-failure.ts';
import type { RunInvocation } from '../runtimes/run-invocation.ts';
import { createNotices } from './notices.ts';
import { endWire, invocationOf, toolCallWire } from './wire.ts';

/** Longest time of one call that an attempt makes, in milliseconds. */
const callTimeoutMs = 10_000;

const noModel: InvocationEnd = {
  failure: {
    code: 'model_unavailable',
    message: 'This version runs builtin agents only; no model provider and no worker can be configured',
  },
};

/** Invoke. */
export function invoke(run: RunInvocation): ServiceImpl<typeof AgentRuntimeService>['invoke'] {
  return async function* (request, context) {
    const { principal, token } = callerOf(context);
    if (!principal.run) throw new Fault('permission_denied', 'Agents are run for executions only');
    const { capability } = principal.run;
    const notices = createNotices<InvokeResponse>();
    const callOptions = () => outgoing(context, token);
    const tell = (notice: Parameters<typeof toolCallWire>[0]) => notices.add(toolCallWire(notice));
    const running = end(request, () => run(invocationOf(request), { capability, callOptions, tell }));
    void running.finally(notices.close);
    yield* notices;
    yield endWire(await running);
  };
}

async function end(request: InvokeRequest, run: () => Promise<InvocationEnd>): Promise<InvocationEnd> {
  const runtime = request.agent?.settings?.runtime ?? AgentRuntime.UNSPECIFIED;
  const builtin =
    runtime === AgentRuntime.BUILTIN || (runtime === AgentRuntime.UNSPECIFIED && request.agent?.isInbuilt);
  if (!builtin) return noModel;
  try {
    return await run();
  } catch (error) {
    return { failure: failureOf(error) };
  }
}

function outgoing(context: HandlerContext, token: string): CallOptions {
  const timeoutMs = Math.min(callTimeoutMs, context.timeoutMs() ?? callTimeoutMs);
  return callWith({ token, timeoutMs, signal: context.signal });
}
