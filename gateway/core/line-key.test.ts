// Names of the lines of a batch.
import { describe, expect, it } from '@jest/globals';
import { lineKey } from './line-key.ts';

describe('the name of a line', () => {
  it('is always the same for a line, and another for every other line and batch', () => {
    const long = 'k'.repeat(128);
    const names = [lineKey('monday', 1), lineKey('monday', 17), lineKey(long, 17), lineKey(`${long}k`, 17)];
    expect(new Set(names).size).toBe(4);
    expect(lineKey('monday', 17)).toBe(names[1]);
  });

  it('has a form that services take, and says nothing of the key', () => {
    expect(lineKey('monday', 1_000)).toMatch(/^[\x20-\x7e]{1,128}$/);
    expect(lineKey('monday', 1_000)).not.toContain('monday');
  });

  it('is empty where the batch has no key', () => {
    expect(lineKey('', 17)).toBe('');
  });
});
