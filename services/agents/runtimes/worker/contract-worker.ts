// Calls a worker by the contract of the agents service, over Connect or gRPC: the same Invoke as ours, with its stream passed through. An
// attempt there outlives its callers, so that one that is not wanted any more is cancelled. No token is sent.
import { create } from '@bufbuild/protobuf';
import { durationFromMs } from '@bufbuild/protobuf/wkt';
import type { Client } from '@connectrpc/connect';
import type { GuardPolicy } from '../../../../foundation/net/guarded-connect.ts';
import { createMeshClient } from '../../../../foundation/rpc/mesh-client.ts';
import {
  AgentRuntimeService,
  type InvokeRequest,
  InvokeRequestSchema,
  type InvokeResponse,
} from '../../../../proto/gen/domainflow/agents/v1/agent_runtime_service_pb.js';
import { AgentRuntime } from '../../../../proto/gen/domainflow/registry/v1/agent_pb.js';
import type { Invocation } from '../../core/invocation.ts';
import { allowanceUsedUp } from '../../core/tool-call-allowance.ts';
import { contractFailure } from './contract-failure.ts';
import { tellNotice } from './contract-notices.ts';
import {
  answerTooLarge,
  type CallWorker,
  timeIsUp,
  type WorkerCall,
  WorkerFailed,
  workerLost,
} from './worker-call.ts';
import { openWorkerTransport } from './worker-transport.ts';

/** The most messages of one stream that are read. */
export const messagesMax = 100_000;

/** Time to tell a worker that an attempt is not wanted any more, in milliseconds. */
const cancelMs = 1_000;

/** Calls workers of the protocols `connect` and `grpc`. */
export function createContractWorker(policy: GuardPolicy): CallWorker {
  return async (call) => {
    const { signal } = call.circumstances;
    const { transport, close } = openWorkerTransport(call.worker, policy);
    const client = createMeshClient(AgentRuntimeService, transport);
    let isUnwanted = false;
    try {
      return await invoke(client, call);
    } catch (error) {
      isUnwanted = error instanceof WorkerFailed && error.failure.code === 'limit_reached';
      signal.throwIfAborted();
      throw contractFailure(error, call.worker);
    } finally {
      if (isUnwanted || signal.aborted) await cancel(client, call);
      close();
    }
  };
}

type RuntimeClient = Client<typeof AgentRuntimeService>;

async function invoke(client: RuntimeClient, call: WorkerCall): Promise<string> {
  const { signal, timeLeftMs } = call.circumstances;
  const timeoutMs = Math.floor(timeLeftMs());
  if (timeoutMs <= 0) throw timeIsUp();
  const options = { signal, timeoutMs, headers: call.headers };
  let messages = 0;
  let toolCalls = 0;
  let begun = 0;
  for await (const { event } of client.invoke(requestOf(call, timeoutMs), options)) {
    messages += 1;
    if (messages > messagesMax) throw answerTooLarge(call.worker);
    const said = endOf(event);
    if (said !== undefined) return said;
    if (event.case === 'toolCall') {
      toolCalls += 1;
      if (event.value.duration === undefined) begun += 1;
      requireAllowed(call.invocation, begun);
    }
    tellNotice(event, { ...call, toolCalls });
  }
  throw workerLost(call.worker, 'ended without a result');
}

/** What a worker calls is its own, but counts like any other call: the attempt of one that calls more often is over. */
function requireAllowed({ toolCalls }: Invocation, begun: number): void {
  if (begun <= toolCalls.left) return;
  const failure = { code: 'limit_reached', message: allowanceUsedUp(toolCalls) };
  throw new WorkerFailed(failure, { retryable: false });
}

function requestOf({ invocation, retries }: WorkerCall, timeoutMs: number): InvokeRequest {
  const { attemptKey, domainId, input, toolCalls, work } = invocation;
  const asked = work
    ? { work: { ...work, context: mutable(work.context) } }
    : { agent: agentOf(invocation), domainId };
  return create(InvokeRequestSchema, {
    ...attemptKey,
    ...asked,
    input: mutable(input),
    timeout: durationFromMs(timeoutMs),
    repeated: retries > 0,
    toolCalls,
  });
}

/** What the agent is to do; neither whose it is nor who made it. */
function agentOf({ agentId, agentName, agentVersion, systemPrompt, outputSchema }: Invocation) {
  return {
    ...{ agentId, agentName, version: agentVersion, systemPrompt, outputSchema: mutable(outputSchema) },
    settings: { runtime: AgentRuntime.WORKER },
  };
}

/** The end of a stream in the form of an answer by HTTP; undefined for what is not the end. */
function endOf(event: InvokeResponse['event']): string | undefined {
  if (event.case === 'failure') {
    const { errorCode, message } = event.value;
    return JSON.stringify({ error_code: errorCode, error_message: message });
  }
  if (event.case !== 'result') return undefined;
  const { output = {}, reasoning, confidence, references, spans } = event.value;
  const places = Object.entries(spans).map(([key, list]) => [
    key,
    list.spans.map(({ start, end }) => ({ start, end })),
  ]);
  return JSON.stringify({ output, reasoning, confidence, references, spans: Object.fromEntries(places) });
}

async function cancel(client: RuntimeClient, { invocation, headers }: WorkerCall): Promise<void> {
  const options = { timeoutMs: cancelMs, headers };
  await client.cancelInvocation({ ...invocation.attemptKey }, options).catch(() => undefined);
}

type MutableJson = NonNullable<InvokeRequest['input']>;

function mutable(value: Invocation['input']): MutableJson {
  return value as MutableJson;
}
