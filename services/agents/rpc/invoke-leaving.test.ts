// The handler of Invoke when its call is over before the attempt is: it does not stay until the end for nobody.
import { create } from '@bufbuild/protobuf';
import { createContextValues, createHandlerContext } from '@connectrpc/connect';
import { describe, expect, it } from '@jest/globals';
import { Fault } from '../../../foundation/fault/fault.ts';
import { callerKey } from '../../../foundation/rpc/caller.ts';
import { createMetrics } from '../../../foundation/telemetry/metrics.ts';
import {
  AgentRuntimeService,
  InvokeRequestSchema,
} from '../../../proto/gen/domainflow/agents/v1/agent_runtime_service_pb.js';
import { createHeldRuntime } from '../runtimes/held-runtime.for-test.ts';
import { createInvocationMetrics } from '../runtimes/invocation-metrics.ts';
import { createInvocations } from '../runtimes/invocations.ts';
import { createRecordedEnds } from '../runtimes/recorded-ends.ts';
import { invoke } from './invoke.ts';

const request = create(InvokeRequestSchema, { jobId: 'job_1', taskId: 'task', attempt: 1, agent: {} });
const run = { runId: 'job_1', capability: 'query', writeTarget: '' };
const principal = { tenantId: 'tenant', userId: 'user', username: 'someone', roles: [], run };

function open() {
  const held = createHeldRuntime();
  const clock = () => 0;
  const invocations = createInvocations({
    ...{ run: held.run, clock, runningMax: 1, draining: new AbortController().signal, drainMs: 0 },
    ends: createRecordedEnds(clock),
    metrics: createInvocationMetrics(createMetrics({ processMetrics: false }), 8),
  });
  const context = createHandlerContext({
    ...{ service: AgentRuntimeService, method: AgentRuntimeService.method.invoke },
    ...{ protocolName: 'connect', requestMethod: 'POST', url: 'http://localhost', timeoutMs: 60_000 },
    contextValues: createContextValues().set(callerKey, {
      service: 'orchestrator',
      principal,
      token: 'token',
    }),
  });
  const messages = invoke(invocations, 'builtin')(request, context)[Symbol.asyncIterator]();
  return { held, context, messages };
}

describe('a call that is over', () => {
  it('ends its reading at once with the reason, and not the attempt', async () => {
    const { held, context, messages } = open();
    const next = messages.next();
    const reason = new Fault('cancelled', 'The caller left');
    context.abort(reason);
    await expect(next).rejects.toBe(reason);
    expect(held.runs[0]?.circumstances.signal.aborted).toBe(false);
    held.runs[0]?.answer('done');
  });

  it('reads nothing when it was over before it began', async () => {
    const { held, context, messages } = open();
    const reason = new Fault('cancelled', 'The caller left');
    context.abort(reason);
    await expect(messages.next()).rejects.toBe(reason);
    held.runs[0]?.answer('done');
  });
});
