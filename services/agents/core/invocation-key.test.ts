// Keys of attempts and what is asked under them.
import { describe, expect, it } from '@jest/globals';
import { invocationForTest } from './invocation.for-test.ts';
import { bodyOf, changedFields, keyProblems, keyText, taskIdLengthMax } from './invocation-key.ts';

const key = { tenantId: 't', jobId: 'j', taskId: 'k', attempt: 1 };
const invocation = invocationForTest({ domainId: 'd', input: { a: 1, b: { c: 2, d: 3 } } });

describe('the text of a key', () => {
  it('is the same for the same key and another for every other', () => {
    const keys = [
      key,
      { ...key, tenantId: 'u' },
      { ...key, jobId: 'i' },
      { ...key, taskId: 'l' },
      { ...key, attempt: 2 },
      { ...key, jobId: 'j","k', taskId: '' },
      { ...key, tenantId: 't,j', jobId: '' },
    ];
    expect(new Set(keys.map(keyText)).size).toBe(keys.length);
    expect(keyText({ ...key })).toBe(keyText(key));
  });
});

describe('what is asked', () => {
  it('is the same whatever the order of the keys in the input', () => {
    const reordered = { ...invocation, input: { b: { d: 3, c: 2 }, a: 1 } };
    expect(changedFields(bodyOf(invocation), bodyOf(reordered))).toEqual([]);
  });

  it('differs by agent, version, domain and input, all told at once', () => {
    const other = { ...invocation, agentId: 'agent-2', agentVersion: 2, domainId: 'e', input: { a: 2 } };
    const fields = changedFields(bodyOf(invocation), bodyOf(other)).map(({ field }) => field);
    expect(fields).toEqual(['agent.agent_id', 'agent.version', 'domain_id', 'input']);
  });
});

describe('names in a request', () => {
  it.each([
    ['none', { taskId: 'x'.repeat(taskIdLengthMax), attempt: 1 }, []],
    ['an empty task', { taskId: '', attempt: 1 }, ['task_id']],
    ['a long task', { taskId: 'x'.repeat(taskIdLengthMax + 1), attempt: 1 }, ['task_id']],
    ['an attempt before the first', { taskId: '', attempt: 0 }, ['task_id', 'attempt']],
  ])('have problems: %s', (_name, names, fields) => {
    expect(keyProblems(names).map(({ field }) => field)).toEqual(fields);
  });
});
