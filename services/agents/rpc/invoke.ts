// Invoke: reads one attempt of one task, which is started when it is not there yet. It needs the token of the run; whatever the attempt
// reaches, it reaches under that token. A caller that leaves ends its own reading and nothing else.
import type { HandlerContext, ServiceImpl } from '@connectrpc/connect';
import { Fault } from '../../../foundation/fault/fault.ts';
import type {
  AgentRuntimeService,
  InvokeRequest,
} from '../../../proto/gen/domainflow/agents/v1/agent_runtime_service_pb.js';
import type { BuiltinRuntime } from '../core/invocation.ts';
import type { Invocations } from '../runtimes/invocations.ts';
import type { InvocationAsk } from '../runtimes/running-invocation.ts';
import { runCallerOf } from './run-caller.ts';
import { askedOf, messageWire } from './wire.ts';

/** Part of a call's time that is kept for telling how the attempt ended when the call alone bounds it, in milliseconds. */
const answerMarginMs = 20;

/**
 * Invoke. Fault `permission_denied` for a caller that is not the run, `aborted` for one whose place newer callers of the same attempt took,
 * and those of `Invocations.invoke`; whatever else goes wrong is the last message.
 */
export function invoke(
  invocations: Invocations,
  builtinRuntime: BuiltinRuntime,
): ServiceImpl<typeof AgentRuntimeService>['invoke'] {
  return async function* (request, context) {
    const { signal } = context;
    const reading = invocations.invoke(askOf(request, context, builtinRuntime));
    signal.addEventListener('abort', reading.leave);
    if (signal.aborted) reading.leave();
    try {
      for await (const message of reading) {
        yield messageWire(message);
        if (message.kind === 'end') return;
      }
    } finally {
      signal.removeEventListener('abort', reading.leave);
      reading.leave();
    }
    signal.throwIfAborted();
    throw new Fault('aborted', 'Newer callers of this attempt took the place of this one');
  };
}

function askOf(
  request: InvokeRequest,
  context: HandlerContext,
  builtinRuntime: BuiltinRuntime,
): InvocationAsk {
  const { jobId, taskId, attempt, repeated } = request;
  const { tenantId, capability, writeTarget, token, principal } = runCallerOf(context, jobId);
  const { invocation, timeoutMs = (context.timeoutMs() ?? 0) - answerMarginMs } = askedOf(
    request,
    builtinRuntime,
  );
  const key = { tenantId, jobId, taskId, attempt };
  return { key, invocation, capability, writeTarget, token, principal, timeoutMs, repeated };
}
