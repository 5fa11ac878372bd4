// How deep values are nested, and of how many others they consist.
import { describe, expect, it } from '@jest/globals';
import type { JsonValue } from './json.ts';
import { jsonDepth, jsonValues } from './json-depth.ts';

describe('jsonDepth', () => {
  const cases: readonly (readonly [JsonValue, number])[] = [
    ['text', 0],
    [null, 0],
    [{}, 1],
    [[1, 'a'], 1],
    [{ a: [], b: { c: 1 } }, 2],
    [[[[]]], 3],
  ];
  it.each(cases)('of %j is %i', (value, depth) => {
    expect(jsonDepth(value)).toBe(depth);
  });

  it('is told of what is nested too deep for recursion', () => {
    let value: JsonValue = [];
    for (let depth = 1; depth < 100_000; depth += 1) value = [value];
    expect(jsonDepth(value)).toBe(100_000);
  });
});

describe('jsonValues', () => {
  const cases: readonly (readonly [JsonValue, number])[] = [
    ['text', 1],
    [[], 1],
    [[1, 'a', null], 4],
    [{ a: [], b: { c: 1 } }, 4],
  ];
  it.each(cases)('of %j are %i', (value, count) => {
    expect(jsonValues(value)).toBe(count);
  });
});
