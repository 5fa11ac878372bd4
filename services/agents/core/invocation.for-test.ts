// An invocation for tests that care for a few of its parts.
import type { Invocation } from './invocation.ts';
import { usualAllowance } from './tool-call-allowance.ts';

/** An attempt of a tenant's model agent without tools, schema or input; what is given replaces that. */
export function invocationForTest(given: Partial<Invocation> = {}): Invocation {
  return {
    ...{ agentId: 'agent-1', agentName: 'Triage', agentVersion: 1, runtime: 'model', onUncertain: 'retry' },
    ...{ systemPrompt: '', model: '', temperature: 0.1, maxOutputTokens: 1_024, images: false },
    ...{ tools: [], outputSchema: {}, domainId: '', input: {}, settingsRevision: '' },
    toolCalls: usualAllowance,
    tellsFingerprint: false,
    attemptKey: { jobId: 'job_1', taskId: 'task_1', attempt: 1 },
    ...given,
  };
}
