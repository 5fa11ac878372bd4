// The model survives its way through bytes; bytes that are none are refused.

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decodeModel, encodeModel } from './model-bytes.ts';
import { labelCount } from './name-labels.ts';

const ascending = fc
  .uniqueArray(fc.nat({ max: 0xffffffff }), { maxLength: 50 })
  .map((numbers) => Uint32Array.from(numbers).sort());
const model = fc
  .record({ words: ascending, features: ascending, seed: fc.nat() })
  .map(({ words, features, seed }) => ({
    words: { hashes: words, facts: Uint16Array.from(words, (_, at) => seed + at * 257) },
    sequence: {
      hashes: features,
      weights: Int8Array.from({ length: features.length * labelCount }, (_, at) => seed + at),
      unit: 0.0125,
      transitions: [1.5, -0.25, seed],
    },
  }));

describe('a model as bytes', () => {
  it('is the same model again when it is read', () => {
    fc.assert(
      fc.property(model, (each) => expect(decodeModel(encodeModel(each))).toEqual(each)),
      { seed: 3 },
    );
  });

  it('is refused when it ends too early', () => {
    const bytes = encodeModel({
      words: { hashes: Uint32Array.of(1), facts: Uint16Array.of(2) },
      sequence: { hashes: Uint32Array.of(3), weights: new Int8Array(labelCount), unit: 1, transitions: [] },
    });
    expect(() => decodeModel(bytes.subarray(0, bytes.length - 1))).toThrow(RangeError);
  });

  it('is refused in another layout', () => {
    const header = new TextEncoder().encode(JSON.stringify({ layout: 0 }));
    expect(() => decodeModel(Uint8Array.of(header.length, 0, 0, 0, ...header))).toThrow(/layout 0/);
  });
});
