// Which JSON can be sent on as it is.
import { describe, expect, it } from '@jest/globals';
import { carriageProblems } from './json-carriage.ts';

describe('JSON', () => {
  it('of every kind passes', () => {
    const text =
      '{"a":[1,-2.5e300,null,true,"\\u0000😀"],"":{"__proto__":{"x":""}},"12345678901234567890":0}';
    expect(carriageProblems(JSON.parse(text))).toEqual([]);
  });

  it('that would change on its way is told of, place by place', () => {
    const text =
      '{"a":{"b":[0,"\\ud800x",1e999]},"\\udc00":{"inside":"\\ud800"},"c":-1e999,"d.e":{"f":1e999}}';
    expect(carriageProblems(JSON.parse(text))).toEqual([
      { field: 'a.b[1]', reason: 'must not contain unpaired surrogates' },
      { field: 'a.b[2]', reason: 'must be a number that fits into 64 bits' },
      { field: '["\\udc00"]', reason: 'must not contain unpaired surrogates' },
      { field: 'c', reason: 'must be a number that fits into 64 bits' },
      { field: '["d.e"].f', reason: 'must be a number that fits into 64 bits' },
    ]);
  });
});
