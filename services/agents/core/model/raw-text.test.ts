// What is kept of a text that a model wrote.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { keptRawText, rawTextBytesMax } from './raw-text.ts';

describe('the raw text of an answer', () => {
  it('is kept as it is up to 64 KB, but for what no store can hold', () => {
    expect(keptRawText('')).toBe('');
    expect(keptRawText('{"a": "ü😀"}')).toBe('{"a": "ü😀"}');
    expect(keptRawText('a\0b\ud800c')).toBe('a\ufffdb\ufffdc');
    expect(keptRawText('x'.repeat(rawTextBytesMax + 1))).toBe('x'.repeat(rawTextBytesMax));
  });

  it('is cut between characters', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 3 }), fc.constantFrom('ü', '€', '😀'), (before, character) => {
        const text = 'x'.repeat(before) + character.repeat(rawTextBytesMax / 2);
        const kept = keptRawText(text);
        expect(text.startsWith(kept)).toBe(true);
        expect(Buffer.byteLength(kept)).toBeLessThanOrEqual(rawTextBytesMax);
        expect(Buffer.byteLength(kept)).toBeGreaterThan(rawTextBytesMax - 4);
      }),
      { numRuns: 30, seed: 1 },
    );
  });
});
