// Values on record: what is whole, what is cut, and what is told of the rest.
import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { recordedBytesMax, recordedJson } from './recorded-json.ts';

describe('a value on record', () => {
  it.each([
    [{ place: 'Boston' }, '{"place":"Boston"}'],
    [[1, null, 'ä'], '[1,null,"ä"]'],
    [undefined, 'null'],
  ])('%j is whole while it is small', (value, text) => {
    expect(recordedJson(value)).toEqual({ text, bytes: Buffer.byteLength(text), sha256: '' });
  });

  it('is whole up to the last byte that is allowed', () => {
    const fits = 'x'.repeat(recordedBytesMax - 2);
    expect(recordedJson(fits)).toEqual({ text: `"${fits}"`, bytes: recordedBytesMax, sha256: '' });
    expect(recordedJson(`${fits}x`).sha256).not.toBe('');
  });

  it('is cut beyond that, with the size and the hash of the whole', () => {
    const value = { text: 'y'.repeat(recordedBytesMax) };
    const whole = JSON.stringify(value);
    const { text, bytes, sha256 } = recordedJson(value);
    expect(text).toBe(whole.slice(0, recordedBytesMax));
    expect(bytes).toBe(whole.length);
    expect(sha256).toBe(createHash('sha256').update(whole).digest('hex'));
  });

  it.each(['é', '漢', '😀'])('is never cut within a character such as %s', (character) => {
    for (const before of ['', 'a', 'ab', 'abc']) {
      const { text } = recordedJson(before + character.repeat(recordedBytesMax));
      const bytes = Buffer.byteLength(text);
      expect(text).not.toContain('\uFFFD');
      expect(text.isWellFormed()).toBe(true);
      expect(bytes).toBeLessThanOrEqual(recordedBytesMax);
      expect(bytes).toBeGreaterThan(recordedBytesMax - 4);
    }
  });
});
