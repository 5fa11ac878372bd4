// Paths as answers name them.
import { describe, expect, it } from '@jest/globals';
import { itemPath, keyPath, keysOfPath } from './json-path.ts';

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

describe('the keys of a path', () => {
  it.each([
    ['a', ['a']],
    ['a.b-c_1.$d', ['a', 'b-c_1', '$d']],
    ['["x y"].a["b.c\\""].d', ['x y', 'a', 'b.c"', 'd']],
    ['a[""]', ['a', '']],
  ])('of %s are found again', (path, keys) => {
    expect(keysOfPath(path)).toEqual(keys);
    expect(keys.reduce(keyPath, '')).toBe(path);
  });

  it.each(['a.', '.a', 'a..b', 'a[0]', 'a["b]', 'a b', '["a"]', 'a["\\x"]', 'é'])(
    'are none in %s',
    (path) => {
      expect(keysOfPath(path)).toBeUndefined();
    },
  );
});
