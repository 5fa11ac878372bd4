// What a worker is told of an attempt by plain HTTP: the task, what it is to do, and what its answer must be. No identity: neither the
// tenant nor the user, and no token.
import type { Invocation } from '../invocation.ts';
import type { JsonObject } from '../skill.ts';
import type { Worker } from './worker.ts';

/** The same text for every call that is made for one attempt, and for no other. */
export function idempotencyKey({ attemptKey }: Pick<Invocation, 'attemptKey'>): string {
  const { jobId, taskId, attempt } = attemptKey;
  return [jobId, encodeURIComponent(taskId), attempt].join('/');
}

/** The body of `POST {endpoint}/process`. */
export function processBody(invocation: Invocation, worker: Worker, timeLeftMs: number): JsonObject {
  const { attemptKey, work, input } = invocation;
  const { jobId, taskId, attempt } = attemptKey;
  const told = work ? work.context : agentContext(invocation);
  return {
    task_id: taskId,
    task_type: work?.taskType ?? worker.taskType,
    attempt,
    input_data: input,
    context: { ...told, job_id: jobId, timeout_ms: Math.floor(timeLeftMs) },
  };
}

function agentContext(invocation: Invocation): JsonObject {
  const { domainId, agentId, agentName, agentVersion, systemPrompt, outputSchema } = invocation;
  return {
    domain_id: domainId,
    agent_id: agentId,
    agent_name: agentName,
    agent_version: agentVersion,
    system_prompt: systemPrompt,
    output_schema: outputSchema,
  };
}

/** Where that is posted to. */
export function processUrl(endpoint: string): string {
  return urlBelow(endpoint, 'process');
}

/** Where a worker is asked whether it is well. */
export function healthUrl(endpoint: string): string {
  return urlBelow(endpoint, 'health');
}

function urlBelow(endpoint: string, name: string): string {
  const url = new URL(endpoint);
  url.pathname = `${url.pathname.replace(/\/+$/, '')}/${name}`;
  return url.href;
}
