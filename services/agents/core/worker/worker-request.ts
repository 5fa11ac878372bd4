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
  const { attemptKey, domainId, agentId, agentName, agentVersion, systemPrompt, outputSchema } = invocation;
  const { jobId, taskId, attempt } = attemptKey;
  return {
    task_id: taskId,
    task_type: worker.taskType,
    attempt,
    input_data: invocation.input,
    context: {
      job_id: jobId,
      domain_id: domainId,
      agent_id: agentId,
      agent_name: agentName,
      agent_version: agentVersion,
      system_prompt: systemPrompt,
      output_schema: outputSchema,
      timeout_ms: Math.floor(timeLeftMs),
    },
  };
}

/** Where that is posted to. */
export function processUrl(endpoint: string): string {
  const url = new URL(endpoint);
  url.pathname = `${url.pathname.replace(/\/+$/, '')}/process`;
  return url.href;
}
