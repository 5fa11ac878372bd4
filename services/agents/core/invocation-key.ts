// What tells one attempt from another, and whether two requests ask the same of it. It keeps nothing.
import { hash } from 'node:crypto';
import type { Violation } from '../../../foundation/fault/fault.ts';
import { canonicalJson } from '../../../foundation/json/canonical-json.ts';
import type { AttemptKey, Invocation } from './invocation.ts';

/** Longest name of a task, in characters. */
export const taskIdLengthMax = 500;

/** Names one attempt. The tenant comes from the caller's token, so that nobody meets the attempts of others. */
export interface InvocationKey extends AttemptKey {
  readonly tenantId: string;
}

/** What is asked of an attempt, small enough to be kept. */
export interface InvocationBody {
  readonly agentId: string;
  readonly agentVersion: number;
  readonly domainId: string;
  /** SHA-256 of the input, the same for any order of its keys. */
  readonly inputHash: string;
}

/** Everything that is wrong with the names in a request; empty when nothing is. The job is compared with the token's run elsewhere. */
export function keyProblems({ taskId, attempt }: Pick<InvocationKey, 'taskId' | 'attempt'>): Violation[] {
  const problems: Violation[] = [];
  if (taskId === '' || taskId.length > taskIdLengthMax) {
    problems.push({ field: 'task_id', reason: `must have 1 to ${taskIdLengthMax} characters` });
  }
  if (attempt < 1) problems.push({ field: 'attempt', reason: 'must be 1 or more' });
  return problems;
}

/** The key as a text that no other key has. */
export function keyText({ tenantId, jobId, taskId, attempt }: InvocationKey): string {
  return JSON.stringify([tenantId, jobId, taskId, attempt]);
}

/** What an invocation asks. */
export function bodyOf({ agentId, agentVersion, domainId, input }: Invocation): InvocationBody {
  return { agentId, agentVersion, domainId, inputHash: hash('sha256', canonicalJson(input), 'base64') };
}

const fields = {
  agentId: 'agent.agent_id',
  agentVersion: 'agent.version',
  domainId: 'domain_id',
  inputHash: 'input',
} as const satisfies Record<keyof InvocationBody, string>;

/** The fields in which a later request differs from the first one of its key; empty when it asks the same. */
export function changedFields(first: InvocationBody, later: InvocationBody): Violation[] {
  const names = Object.keys(fields) as (keyof InvocationBody)[];
  return names
    .filter((name) => first[name] !== later[name])
    .map((name) => ({
      field: fields[name],
      reason: 'differs from what this attempt was invoked with; invoke another attempt instead',
    }));
}
