// Invoke: one attempt of one task. It needs the token of a run; whatever the attempt reaches, it reaches under that token.
import type { CallOptions, HandlerContext, ServiceImpl } from '@connectrpc/connect';
import { Fault } from '../../../foundation/fault/fault.ts';
import { callerOf, callWith } from '../../../foundation/rpc/caller.ts';
import type {
  AgentRuntimeService,
  InvokeResponse,
} from '../../../proto/gen/domainflow/agents/v1/agent_runtime_service_pb.js';
import type { ToolCallNotice } from '../core/invocation.ts';
import type { RunInvocation } from '../runtimes/run-invocation.ts';
import { createNotices } from './notices.ts';
import { endWire, invocationOf, toolCallWire } from './wire.ts';

/** Longest time of one call that an attempt makes, in milliseconds. */
const callTimeoutMs = 10_000;

/** Part of the remaining time that is kept for telling how the attempt ended, in milliseconds. */
const answerMarginMs = 20;

/** Invoke. Fault `permission_denied` for a caller that is no run; whatever else goes wrong is the last message. */
export function invoke(run: RunInvocation): ServiceImpl<typeof AgentRuntimeService>['invoke'] {
  return async function* (request, context) {
    const { principal, token } = callerOf(context);
    if (!principal.run) throw new Fault('permission_denied', 'Agents are run for executions only');
    const { tenantId } = principal;
    const { capability } = principal.run;
    const invocation = invocationOf(request);
    const notices = createNotices<InvokeResponse>();
    const callOptions = () => outgoing(context, token);
    const tell = (notice: ToolCallNotice) => notices.add(toolCallWire(notice));
    const running = run(invocation, { tenantId, capability, callOptions, tell }).finally(notices.close);
    // A caller that is gone reads nothing more; then the end of the attempt is nobody's concern.
    running.catch(() => {});
    yield* notices;
    yield endWire(await running);
  };
}

function outgoing(context: HandlerContext, token: string): CallOptions {
  const remainingMs = (context.timeoutMs() ?? callTimeoutMs) - answerMarginMs;
  if (remainingMs <= 0) throw new Fault('deadline_exceeded', 'The time for the attempt is up');
  return callWith({ token, timeoutMs: Math.min(callTimeoutMs, remainingMs), signal: context.signal });
}
