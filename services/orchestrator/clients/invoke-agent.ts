// Runs one attempt of one task in the agents service and turns whatever comes back into an answer or a fault of the closed list.
import type { Tracer } from '@opentelemetry/api';
import { asFault, type FaultReason } from '../../../foundation/fault/fault.ts';
import { Attribute, GenAiOperation, genAiPlatform, spanName } from '../../../foundation/telemetry/names.ts';
import { inSpan } from '../../../foundation/telemetry/spans.ts';
import { jobIdOf } from '../core/public-id.ts';
import type { AttemptEnd, InvokeAgent } from './attempt.ts';
import { type FollowDeps, followAttempt, refusedForMs, wasNotSent } from './follow-attempt.ts';

/** Likewise. */
export type { AttemptEnd, AttemptNote, Invocation, InvokeAgent } from './attempt.ts';
/** What crosses between runs and attempts, see there. */
export { endedByRun } from './attempt.ts';

/** What invoking needs. */
export interface InvokeAgentDeps extends FollowDeps {
  readonly tracer: Tracer;
}

/** Until a service that cannot be reached is tried again, in milliseconds. */
const unreachableMs = 5_000;

const codeOfReason: Partial<Record<FaultReason, string>> = {
  deadline_exceeded: 'attempt_timeout',
  permission_denied: 'permission_denied',
  unauthenticated: 'permission_denied',
  invalid_argument: 'output_invalid',
  cancelled: 'cancelled',
};

/** Invokes over the mesh; the span of each attempt covers its whole stream. */
export function createInvokeAgent({ tracer, ...follow }: InvokeAgentDeps): InvokeAgent {
  return async (invocation) => {
    const { agent, execution, taskId, attempt } = invocation;
    const attributes = {
      [Attribute.genAiOperation]: GenAiOperation.invokeAgent,
      [Attribute.genAiProvider]: genAiPlatform,
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
          const end = await followAttempt(follow, invocation);
          if ('fault' in end) span.fail(end.fault.code);
          return end;
        },
      );
    } catch (error) {
      return endOf(error);
    }
  };
}

/** As what an error ends an attempt that was followed. With `notBeforeMs` it has not begun. */
export function endOf(error: unknown): Extract<AttemptEnd, { readonly fault: unknown }> {
  const { reason, message, retryAfterMs } = asFault(error);
  const fault = { code: codeOfReason[reason] ?? 'dependency_unavailable', message };
  // The service says when to come back only where it has begun nothing.
  if (reason === 'resource_exhausted' && retryAfterMs !== undefined)
    return { fault, notBeforeMs: retryAfterMs };
  if (wasNotSent(error)) return { fault, notBeforeMs: refusedForMs(error) ?? unreachableMs };
  return { fault };
}
