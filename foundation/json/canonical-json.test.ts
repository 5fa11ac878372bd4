// Canonical JSON: what counts as the same value.
import { describe, expect, it } from '@jest/globals';
import { canonicalJson } from './canonical-json.ts';

describe('canonicalJson', () => {
  it('gives one text for values that differ in order of keys or undefined fields only', () => {
    const one = canonicalJson({ b: [{ y: 1, x: null }], a: 'ä', c: undefined });
    expect(one).toBe('{"a":"ä","b":[{"x":null,"y":1}]}');
    expect(canonicalJson({ a: 'ä', b: [{ x: null, y: 1 }] })).toBe(one);
    expect(canonicalJson({ a: 'ä', b: [{ x: 1, y: null }] })).not.toBe(one);
  });
});
