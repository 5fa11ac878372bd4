// What a task may say of itself, and what is told of one that breaks rules.
import { describe, expect, it } from '@jest/globals';
import { asFault } from '../../../../foundation/fault/fault.ts';
import type { JsonObject, JsonValue } from '../../../../foundation/json/json.ts';
import { readLoneTask, timesOf } from './task-document.ts';

const least = { type: 'analysis', name: 'Read plates', description: 'Reads them' };

/** The fault of a body that differs from a sound one in this. */
function faultOf(changes: JsonObject) {
  try {
    readLoneTask({ ...least, ...changes });
  } catch (error) {
    const { reason, violations } = asFault(error);
    return { reason, fields: violations.map(({ field }) => field) };
  }
  return undefined;
}

function nested(depth: number): JsonValue {
  return depth === 0 ? 1 : { a: nested(depth - 1) };
}

describe('a task', () => {
  it('takes what it does not say from the usual', () => {
    expect(readLoneTask(least)).toEqual({
      document: {
        ...least,
        ...{ inputData: {}, priority: 2, requiredCapabilities: [], tags: [], maxRetries: 3 },
      },
    });
    expect(timesOf({})).toEqual({ attemptTimeoutMs: 300_000, totalTimeoutMs: 600_000 });
    expect(timesOf({ timeoutS: 0.5 })).toEqual({ attemptTimeoutMs: 500, totalTimeoutMs: 500 });
  });

  it.each<[string, JsonObject]>([
    ['a name of 3', { name: 'abc' }],
    ['a name of 255', { name: 'n'.repeat(255) }],
    ['a description of 5,000', { description: 'd'.repeat(5_000) }],
    ['input ten deep', { input_data: nested(10) as JsonObject }],
    ['input of 10,000 characters', { input_data: { a: 'x'.repeat(10_000 - 8) } }],
    ['priority 1', { priority: 1 }],
    ['priority 5', { priority: 5 }],
    ['50 capabilities', { required_capabilities: Array.from({ length: 50 }, (_, at) => `c${at}`) }],
    ['20 tags of 50', { tags: Array.from({ length: 20 }, (_, at) => `${at}`.padStart(50, 't')) }],
    ['a day', { timeout: 86_400 }],
    ['a moment', { timeout: 0.001 }],
    ['no retry', { max_retries: 0 }],
    ['ten retries', { max_retries: 10 }],
    ['a workflow', { workflow_id: '018f4d6e-0000-7000-8000-000000000001' }],
    [
      'talk of SQL in free text',
      { description: "'; drop table tasks; --", input_data: { q: 'select * from x' } },
    ],
    ['what nobody knows', { colour: 'red' }],
  ])('may have %s', (_, changes) => {
    expect(faultOf(changes)).toBeUndefined();
  });

  it.each<[string, JsonObject, string]>([
    ['an unknown type', { type: 'cooking' }, 'type'],
    ['a name of 2', { name: 'ab' }, 'name'],
    ['a name of 256', { name: 'n'.repeat(256) }, 'name'],
    ['no description', { description: null }, 'description'],
    ['an empty description', { description: '' }, 'description'],
    ['a description of 5,001', { description: 'd'.repeat(5_001) }, 'description'],
    ['input eleven deep', { input_data: nested(11) as JsonObject }, 'input_data'],
    ['input of 10,001 characters', { input_data: { a: 'x'.repeat(10_001 - 8) } }, 'input_data'],
    ['input that is a list', { input_data: [] }, 'input_data'],
    ['priority 0', { priority: 0 }, 'priority'],
    ['priority 6', { priority: 6 }, 'priority'],
    ['half a priority', { priority: 1.5 }, 'priority'],
    ['51 capabilities', { required_capabilities: Array(51).fill('can') }, 'required_capabilities'],
    ['a capability of 1', { required_capabilities: ['a'] }, 'required_capabilities[0]'],
    ['21 tags', { tags: Array(21).fill('tag') }, 'tags'],
    ['a tag of 1', { tags: ['ok', 't'] }, 'tags[1]'],
    ['a tag of 51', { tags: ['t'.repeat(51)] }, 'tags[0]'],
    ['no time at all', { timeout: 0 }, 'timeout'],
    ['more than a day', { timeout: 86_400.5 }, 'timeout'],
    ['fewer than no retries', { max_retries: -1 }, 'max_retries'],
    ['eleven retries', { max_retries: 11 }, 'max_retries'],
  ])('has not %s', (_, changes, field) => {
    expect(faultOf(changes)).toEqual({ reason: 'invalid_argument', fields: [field] });
  });

  it('is told everything that is wrong with it at once', () => {
    const wrong = {
      type: 1,
      name: 'a',
      description: '',
      priority: 9,
      timeout: 0,
      tags: ['x'],
      max_retries: 'many',
    };
    expect(faultOf(wrong)?.fields.sort()).toEqual(
      ['type', 'name', 'description', 'priority', 'timeout', 'tags[0]', 'max_retries'].sort(),
    );
  });

  it.each<[string, JsonObject, string]>([
    ['a script in its name', { name: '<script>alert(1)</script>' }, 'name'],
    ['SQL in a tag', { tags: ["' or 1=1 --"] }, 'tags[0]'],
    ['SQL in a capability', { required_capabilities: ['drop table users'] }, 'required_capabilities[0]'],
    ['a workflow of no form', { workflow_id: '7' }, 'workflow_id'],
  ])('is malformed with %s', (_, changes, field) => {
    expect(faultOf({ ...changes, priority: 9 })).toEqual({
      reason: 'malformed',
      fields: [field, 'priority'],
    });
  });
});
