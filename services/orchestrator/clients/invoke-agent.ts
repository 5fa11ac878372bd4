// Runs one attempt of one task in the agents service and turns whatever comes back into an answer or a fault of the closed list.
import type { Tracer } from '@opentelemetry/api';
import { asFault, type FaultReason } from '../../../foundation/fault/fault.ts';
import type { JsonObject } from '../../../foundation/json/json.ts';
import { Attribute, GenAiOperation, spanName } from '../../../foundation/telemetry/names.ts';
import { inSpan } from '../../../foundation/telemetry/spans.ts';
import type { Result } from '../../../proto/gen/domainflow/agents/v1/invocation_pb.js';
import type { Agent } from '../../../proto/gen/domainflow/registry/v1/agent_pb.js';
import type { AgentAnswer, TaskFault } from '../core/agent-answer.ts';
import type { StoredExecution } from '../core/execution-record.ts';
import { jobIdOf } from '../core/public-id.ts';
import type { MeshClients } from './mesh-clients.ts';
import type { RunCalls } from './run-calls.ts';

/** One attempt. */
export interface Invocation {
  readonly execution: StoredExecution;
  readonly taskId: string;
  readonly attempt: number;
  readonly agent: Agent;
  readonly input: JsonObject;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** How an attempt ended. It is never thrown. */
export type AttemptEnd = { readonly answer: AgentAnswer } | { readonly fault: TaskFault };

/** Runs attempts. */
export type InvokeAgent = (invocation: Invocation) => Promise<AttemptEnd>;

/** What invoking needs. */
export interface InvokeAgentDeps {
  readonly agents: MeshClients['agents'];
  readonly callsOf: RunCalls;
  readonly tracer: Tracer;
}

const codeOfReason: Partial<Record<FaultReason, string>> = {
  deadline_exceeded: 'attempt_timeout',
  permission_denied: 'permission_denied',
  unauthenticated: 'permission_denied',
  invalid_argument: 'output_invalid',
  cancelled: 'cancelled',
};

function answerOf({ output, reasoning, confidence, references, spans, runtime }: Result): AgentAnswer {
  const plainSpans = Object.entries(spans).map(([key, list]) => [
    key,
    list.spans.map(({ start, end }) => ({ start, end })),
  ]);
  return {
    output: output ?? {},
    reasoning,
    confidence: Math.min(1, Math.max(0, confidence)),
    references,
    spans: Object.fromEntries(plainSpans),
    runtime,
  };
}

const ended: AttemptEnd = {
  fault: { code: 'dependency_unavailable', message: 'The agents service ended without a result' },
};

/** Invokes over the mesh; the span of each attempt covers its whole stream. */
export function createInvokeAgent({ agents, callsOf, tracer }: InvokeAgentDeps): InvokeAgent {
  async function callAgent(invocation: Invocation): Promise<AttemptEnd> {
    const { execution, taskId, attempt, agent, input, timeoutMs, signal } = invocation;
    const jobId = jobIdOf(execution.id);
    const options = callsOf(execution, { timeoutMs, signal, route: `${jobId}/${taskId}/${attempt}` });
    const request = { jobId, taskId, attempt, agent, domainId: execution.domainId, input };
    let end: AttemptEnd = ended;
    for await (const { event } of agents.invoke(request, options)) {
      if (event.case === 'result') end = { answer: answerOf(event.value) };
      if (event.case === 'failure')
        end = { fault: { code: event.value.errorCode, message: event.value.message } };
    }
    return end;
  }
  return async (invocation) => {
    const { agent, execution, taskId, attempt } = invocation;
    const attributes = {
      [Attribute.genAiOperation]: GenAiOperation.invokeAgent,
      [Attribute.genAiAgentId]: agent.agentId,
      [Attribute.genAiAgentName]: agent.agentName,
      [Attribute.genAiAgentVersion]: String(agent.version),
      [Attribute.executionId]: jobIdOf(execution.id),
      [Attribute.taskId]: taskId,
      [Attribute.taskAttempt]: attempt,
    };
    try {
      return await inSpan(
        tracer,
        spanName.invokeAgent(agent.agentName),
        { kind: 'client', attributes },
        async (span) => {
          const end = await callAgent(invocation);
          if ('fault' in end) span.setAttributes({ [Attribute.errorType]: end.fault.code });
          return end;
        },
      );
    } catch (error) {
      const { reason, message } = asFault(error);
      return { fault: { code: codeOfReason[reason] ?? 'dependency_unavailable', message } };
    }
  };
}
