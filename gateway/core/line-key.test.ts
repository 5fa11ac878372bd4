// Idempotency keys of lines: of their own, and never longer than a service takes.
import { describe, expect, it } from '@jest/globals';
import { lineKey } from './line-key.ts';

describe('the key of a line', () => {
  it('is that of the batch with the number of the line', () => {
    expect(lineKey('monday', 17)).toBe('monday/17');
    expect(lineKey('', 17)).toBe('');
  });

  it('stays within the length of a key, and differs with batch and line', () => {
    const long = 'k'.repeat(127);
    const keys = [lineKey(long, 1), lineKey(long, 1_000), lineKey(`${long}l`, 1)];
    expect(Math.max(...keys.map((key) => key.length))).toBeLessThanOrEqual(128);
    expect(new Set(keys).size).toBe(3);
    expect(lineKey(long, 1)).toBe(keys[0]);
  });
});
