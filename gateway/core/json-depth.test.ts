// Depth of JSON text, told without parsing it.
import { describe, expect, it } from '@jest/globals';
import { isDeeperThan } from './json-depth.ts';

describe('JSON text', () => {
  it.each([
    ['7', 0],
    ['{}', 1],
    ['[[{"a":[]}]]', 4],
    ['[{},{},{}]', 2],
    ['"[[[["', 0],
    ['"\\"[[["', 0],
    ['["\\\\",[]]', 2],
  ])('%s is %i deep', (text, depth) => {
    expect(isDeeperThan(text, depth)).toBe(false);
    if (depth > 0) expect(isDeeperThan(text, depth - 1)).toBe(true);
  });
});
