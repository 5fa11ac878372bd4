// Paths as answers name them.
import { describe, expect, it } from '@jest/globals';
import { itemPath, keyPath } from './json-path.ts';

describe('a path', () => {
  it('names plain keys by dots, other keys in quotes, and items by their number', () => {
    expect(keyPath('', 'a')).toBe('a');
    expect(keyPath('a', '$ref')).toBe('a.$ref');
    expect(keyPath('a', 'b-c_1')).toBe('a.b-c_1');
    expect(keyPath('a', 'b.c"')).toBe('a["b.c\\""]');
    expect(keyPath('', '')).toBe('[""]');
    expect(itemPath('a', 0)).toBe('a[0]');
  });
});
