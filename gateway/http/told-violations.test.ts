// What a caller is told of the values that it sent.
import { describe, expect, it } from '@jest/globals';
import { toldValueMax, toldViolations } from './told-violations.ts';

const body = {
  name: 'x',
  tasks: [{ timeout: -1 }, { input_data: { a: 1, password: 'hush' } }],
  token: 'abc',
  note: `Bearer ${'q'.repeat(40)}`,
  long: 'y'.repeat(5_000),
  nothing: null,
};

const toldOf = (field: string) =>
  toldViolations([{ field, reason: 'is wrong' }], {
    body,
    query: { limit: '0' },
    params: { task_id: 'z' },
  })[0]?.invalid_value;

describe('a violation', () => {
  it('is told as a sentence, with its rule and the value', () => {
    const sent = { body, query: {}, params: {} };
    expect(toldViolations([{ field: 'tasks[0].timeout', reason: 'must be above 0' }], sent)).toEqual([
      {
        field: 'tasks[0].timeout',
        reason: 'must be above 0',
        message: 'tasks[0].timeout must be above 0',
        invalid_value: '-1',
        constraint: 'must be above 0',
      },
    ]);
  });

  it.each([
    ['name', 'x'],
    ['limit', '0'],
    ['task_id', 'z'],
    ['tasks[1]', '{"input_data":{"a":1,"password":"[masked]"}}'],
    ['tasks[1].input_data.password', '[masked]'],
    ['token', '[masked]'],
    ['note', 'Bearer [masked]'],
    ['long', 'y'.repeat(toldValueMax)],
    ['nothing', null],
    ['tasks[7].name', null],
    ['constructor', null],
    ['body', null],
  ])('of %s has the value %j', (field, value) => expect(toldOf(field)).toBe(value));
});
