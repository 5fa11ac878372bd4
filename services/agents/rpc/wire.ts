// Invocations and their ends as messages of the mesh.
import { create } from '@bufbuild/protobuf';
import { durationFromMs } from '@bufbuild/protobuf/wkt';
import { invalidArgument } from '../../../foundation/fault/fault.ts';
import {
  type InvokeRequest,
  type InvokeResponse,
  InvokeResponseSchema,
} from '../../../proto/gen/domainflow/agents/v1/agent_runtime_service_pb.js';
import { type Agent, AgentRuntime } from '../../../proto/gen/domainflow/registry/v1/agent_pb.js';
import type { Invocation, InvocationEnd, Runtime, ToolCallNotice } from '../core/invocation.ts';
import type { JsonObject, SkillAnswer } from '../core/skill.ts';

/** The invocation of a request; Fault `invalid_argument` when it names no agent. */
export function invocationOf({ agent, domainId, input }: InvokeRequest): Invocation {
  if (!agent) throw invalidArgument([{ field: 'agent', reason: 'is required' }]);
  const { agentId, agentName, tools, outputSchema } = agent;
  const definition = {
    agentId,
    agentName,
    runtime: runtimeOf(agent),
    tools,
    outputSchema: outputSchema ?? {},
  };
  return { ...definition, domainId, input: input ?? {} };
}

const runtimes: Readonly<Record<AgentRuntime, Runtime | undefined>> = {
  [AgentRuntime.UNSPECIFIED]: undefined,
  [AgentRuntime.BUILTIN]: 'builtin',
  [AgentRuntime.MODEL]: 'model',
  [AgentRuntime.WORKER]: 'worker',
};

function runtimeOf({ settings, isInbuilt }: Agent): Runtime {
  const chosen = settings && runtimes[settings.runtime];
  return chosen ?? (isInbuilt ? 'builtin' : 'model');
}

/** The last message of a stream. */
export function endWire(end: InvocationEnd): InvokeResponse {
  if ('failure' in end) {
    const { code: errorCode, message, retryAfterMs } = end.failure;
    const retryAfter = retryAfterMs === undefined ? {} : { retryAfter: durationFromMs(retryAfterMs) };
    const value = { errorCode, message, ...retryAfter };
    return create(InvokeResponseSchema, { event: { case: 'failure', value } });
  }
  const value = { ...answerWire(end.answer), runtime: end.runtime };
  return create(InvokeResponseSchema, { event: { case: 'result', value } });
}

/** A call of a tool on the stream. */
export function toolCallWire({
  toolName,
  arguments: given,
  durationMs,
  errorCode,
}: ToolCallNotice): InvokeResponse {
  const duration = durationMs === undefined ? {} : { duration: durationFromMs(Math.round(durationMs)) };
  const value = { toolName, arguments: mutable(given), errorCode, ...duration };
  return create(InvokeResponseSchema, { event: { case: 'toolCall', value } });
}

function answerWire({ output, reasoning, confidence, references, spans }: SkillAnswer) {
  const spanLists = Object.entries(spans).map(([key, list]) => [
    key,
    { spans: list.map(({ start, end }) => ({ start, end })) },
  ]);
  return {
    output: mutable(output),
    reasoning,
    confidence,
    references: [...references],
    spans: Object.fromEntries(spanLists),
  };
}

type MutableJson = NonNullable<InvokeRequest['input']>;

function mutable(value: JsonObject): MutableJson {
  return value as MutableJson;
}
