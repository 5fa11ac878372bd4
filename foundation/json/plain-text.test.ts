// What is found in JSON that not every store can hold, and how its place is told.
import { describe, expect, it } from '@jest/globals';
import type { JsonValue } from './json.ts';
import { plainTextProblem } from './plain-text.ts';

const text = 'must not contain NUL characters or unpaired surrogates';
const key = 'must not have a key with NUL characters or unpaired surrogates';

describe('JSON that every store can hold', () => {
  it.each<JsonValue>([null, 0, true, '', 'C:\\u0000 in a path', { a: ['\u0001', { '😀': '😀' }] }])(
    'is %j',
    (value) => expect(plainTextProblem(value, 'input')).toBeUndefined(),
  );

  it.each<[JsonValue, string, string]>([
    ['a\0', 'input', text],
    [{ a: 'b', c: ['d', { 'e f': 'g\0' }] }, 'input.c[1]["e f"]', text],
    [['\ud800'], 'input[0]', text],
    [{ a: { 'b\0': 1 } }, 'input.a', key],
    [{ '\udc00': 1 }, 'input', key],
    [{ a: { ['x'.repeat(300)]: { b: '\0' } } }, 'input.a', text],
  ])('is not %j', (value, field, reason) => {
    expect(plainTextProblem(value, 'input')).toEqual({ field, reason });
  });

  it('has places of its own where it is the whole document', () => {
    expect(plainTextProblem({ a: { b: '\0' } }, '')).toEqual({ field: 'a.b', reason: text });
  });
});
