// Invocations and their ends as messages of the mesh.
import { create } from '@bufbuild/protobuf';
import { durationFromMs, durationMs } from '@bufbuild/protobuf/wkt';
import { invalidArgument, type Violation } from '../../../foundation/fault/fault.ts';
import {
  type InvokeRequest,
  type InvokeResponse,
  InvokeResponseSchema,
} from '../../../proto/gen/domainflow/agents/v1/agent_runtime_service_pb.js';
import {
  type Agent,
  AgentRuntime,
  AgentSchema,
  UncertainPolicy,
} from '../../../proto/gen/domainflow/registry/v1/agent_pb.js';
import type {
  BuiltinRuntime,
  Invocation,
  InvocationEnd,
  Runtime,
  ToolCallNotice,
} from '../core/invocation.ts';
import { keyProblems } from '../core/invocation-key.ts';
import type { QuotedAgent } from '../core/model/agent-quote.ts';
import type { RecordedJson } from '../core/recorded-json.ts';
import type { JsonObject, SkillAnswer } from '../core/skill.ts';
import type { Message } from '../core/story.ts';
import { type ToolCallAllowance, toolCallsMax, usualAllowance } from '../core/tool-call-allowance.ts';
import type { DescribedAgent } from '../runtimes/describe-agent.ts';
import { workerOf, workerProblems, workProblems } from './worker-wire.ts';

/** What a request asks to be run. */
export interface Asked {
  readonly invocation: Invocation;
  /** Time for the attempt, in milliseconds; undefined for the time of the call. */
  readonly timeoutMs: number | undefined;
}

/** What a request asks, agents of the platform in this runtime; Fault `invalid_argument` with everything that is wrong with it. */
export function askedOf(request: InvokeRequest, builtinRuntime: BuiltinRuntime): Asked {
  const { timeout, work } = request;
  const timeoutMs = timeout && durationMs(timeout);
  const problems = [...keyProblems(request), ...workProblems(request)];
  const agent = request.agent ?? (work && workAgent);
  if (!agent) problems.push({ field: 'agent', reason: 'is required' });
  if (timeoutMs !== undefined && timeoutMs <= 0)
    problems.push({ field: 'timeout', reason: 'must be above 0' });
  const runtime = agent && runtimeOf(agent, builtinRuntime);
  if (runtime) problems.push(...workerProblems(request.worker, runtime));
  problems.push(...allowanceProblems(request.toolCalls));
  if (!agent || !runtime || problems.length > 0) throw invalidArgument(problems);
  return { invocation: { ...invocationOf(agent, request), runtime, ...workerOf(request.worker) }, timeoutMs };
}

/** Stands where an agent would: work is done by workers alone. */
const workAgent = create(AgentSchema, { settings: { runtime: AgentRuntime.WORKER } });

/** What a model is given where the agent's settings leave it open. */
const modelDefaults = { temperature: 0.1, maxOutputTokens: 1_024 };

function invocationOf(agent: Agent, request: InvokeRequest): Omit<Invocation, 'runtime'> {
  const { jobId, taskId, attempt, domainId, input, settingsRevision, tellFingerprint } = request;
  const attemptKey = { jobId, taskId, attempt };
  const toolCalls = allowanceOf(request.toolCalls);
  const asked = { settingsRevision, toolCalls, tellsFingerprint: tellFingerprint };
  const { work } = request;
  const ofWork = work ? { work: { taskType: work.taskType, context: work.context ?? {} } } : {};
  return { ...definitionOf(agent), domainId, input: input ?? {}, attemptKey, ...asked, ...ofWork };
}

/** An agent as quotes see it, agents of the platform in this runtime. */
export function quotedAgentOf(agent: Agent, builtinRuntime: BuiltinRuntime): QuotedAgent {
  return { ...definitionOf(agent), runtime: runtimeOf(agent, builtinRuntime) };
}

function definitionOf(agent: Agent) {
  const { agentId, agentName, version, systemPrompt, settings, tools, outputSchema } = agent;
  return {
    agentId,
    agentName,
    agentVersion: version,
    onUncertain: settings?.onUncertain === UncertainPolicy.FAIL ? ('fail' as const) : ('retry' as const),
    systemPrompt,
    model: settings?.model ?? '',
    temperature: settings?.temperature ?? modelDefaults.temperature,
    maxOutputTokens: settings?.maxOutputTokens ?? modelDefaults.maxOutputTokens,
    images: settings?.images ?? false,
    tools,
    outputSchema: outputSchema ?? {},
  };
}

function allowanceProblems(given: InvokeRequest['toolCalls']): Violation[] {
  if (!given) return [];
  const { left, executionMax } = given;
  return [
    ...(left < 0 ? [{ field: 'tool_calls.left', reason: 'must be 0 or more' }] : []),
    ...(executionMax < 1 ? [{ field: 'tool_calls.execution_max', reason: 'must be 1 or more' }] : []),
  ];
}

function allowanceOf(given: InvokeRequest['toolCalls']): ToolCallAllowance {
  if (!given) return usualAllowance;
  return { left: Math.min(given.left, toolCallsMax), executionMax: given.executionMax };
}

const runtimes: Readonly<Record<AgentRuntime, Runtime | undefined>> = {
  [AgentRuntime.UNSPECIFIED]: undefined,
  [AgentRuntime.BUILTIN]: 'builtin',
  [AgentRuntime.MODEL]: 'model',
  [AgentRuntime.WORKER]: 'worker',
};

function runtimeOf({ settings, isInbuilt }: Agent, builtinRuntime: BuiltinRuntime): Runtime {
  const chosen = (settings && runtimes[settings.runtime]) ?? (isInbuilt ? 'builtin' : 'model');
  return isInbuilt && chosen === 'builtin' ? builtinRuntime : chosen;
}

/** The agent, as far as it matters on what it runs; Fault `invalid_argument` without one. */
export function describedOf(agent: Agent | undefined, builtinRuntime: BuiltinRuntime): DescribedAgent {
  if (!agent) throw invalidArgument([{ field: 'agent', reason: 'is required' }]);
  const { agentId, tools, settings } = agent;
  return { agentId, tools, model: settings?.model ?? '', runtime: runtimeOf(agent, builtinRuntime) };
}

/** As what a runtime crosses the mesh. */
export const runtimeWire: Readonly<Record<Runtime, AgentRuntime>> = {
  builtin: AgentRuntime.BUILTIN,
  model: AgentRuntime.MODEL,
  worker: AgentRuntime.WORKER,
};

/** A message of the stream. */
export function messageWire(message: Message): InvokeResponse {
  switch (message.kind) {
    case 'end':
      return endWire(message.end);
    case 'tool_call':
      return toolCallWire(message.call);
    case 'uncertain':
      return create(InvokeResponseSchema, { event: { case: 'uncertain', value: {} } });
    case 'progress':
      return create(InvokeResponseSchema, {
        event: { case: 'progress', value: { message: message.message } },
      });
    case 'text': {
      const value = { offset: BigInt(message.offset), text: message.text };
      return create(InvokeResponseSchema, { event: { case: 'token', value } });
    }
  }
}

function endWire(end: InvocationEnd): InvokeResponse {
  if ('failure' in end) {
    const { code: errorCode, message, retryAfterMs, rawText = '' } = end.failure;
    const retryAfter =
      retryAfterMs === undefined ? {} : { retryAfter: durationFromMs(Math.ceil(retryAfterMs)) };
    const value = { errorCode, message, rawText, ...retryAfter };
    return create(InvokeResponseSchema, { event: { case: 'failure', value } });
  }
  const { runtime, fingerprint = '' } = end;
  const value = { ...answerWire(end.answer), runtime, fingerprint };
  return create(InvokeResponseSchema, { event: { case: 'result', value } });
}

function toolCallWire(call: ToolCallNotice): InvokeResponse {
  const { toolName, number, durationMs, errorCode, given, answered } = call;
  const told =
    durationMs === undefined
      ? { arguments: mutable(call.arguments) }
      : { duration: durationFromMs(Math.round(durationMs)), ...recordWire({ given, answered }) };
  const value = { toolName, number, errorCode, ...told };
  return create(InvokeResponseSchema, { event: { case: 'toolCall', value } });
}

function recordWire(record: Pick<ToolCallNotice, 'given' | 'answered'>) {
  const wire = ({ text, bytes, sha256 }: RecordedJson) => ({ text, bytes: BigInt(bytes), sha256 });
  const { given, answered } = record;
  return { ...(given ? { given: wire(given) } : {}), ...(answered ? { answered: wire(answered) } : {}) };
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
