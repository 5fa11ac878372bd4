// The recogniser's model as bytes: a header in JSON behind its length, then the tables one after another. The trainer writes it and
// the store reads it; compressing is theirs.

import { labelCount } from './name-labels.ts';
import type { RecognizerModel } from './name-recognizer.ts';

/** Raised with every change of the layout, so that an old file is refused instead of misread. */
const layout = 1;

interface Header {
  readonly layout: number;
  readonly wordCount: number;
  readonly wordHashBytes: number;
  readonly featureCount: number;
  readonly featureHashBytes: number;
  readonly unit: number;
  readonly transitions: readonly number[];
}

const headerLengthBytes = 4;

/** The model as bytes, in the same order on every machine. */
export function encodeModel({ words, sequence }: RecognizerModel): Uint8Array {
  const wordHashes = encodeAscending(words.hashes);
  const featureHashes = encodeAscending(sequence.hashes);
  const header: Header = {
    layout,
    wordCount: words.hashes.length,
    wordHashBytes: wordHashes.length,
    featureCount: sequence.hashes.length,
    featureHashBytes: featureHashes.length,
    unit: sequence.unit,
    transitions: sequence.transitions,
  };
  const headerBytes = new TextEncoder().encode(JSON.stringify(header));
  const length = new Uint8Array(headerLengthBytes);
  new DataView(length.buffer).setUint32(0, headerBytes.length, true);
  const weights = new Uint8Array(Int8Array.from(sequence.weights).buffer);
  return joined([length, headerBytes, wordHashes, halves(words.facts), featureHashes, weights]);
}

/** The model behind the bytes. Bytes of another layout, or too few of them, throw a RangeError. */
export function decodeModel(bytes: Uint8Array): RecognizerModel {
  let at = 0;
  const take = (length: number): Uint8Array => {
    if (at + length > bytes.length) throw new RangeError('The model of names ends too early');
    at += length;
    return bytes.subarray(at - length, at);
  };
  const lengthBytes = take(headerLengthBytes);
  const headerLength = new DataView(lengthBytes.buffer, lengthBytes.byteOffset).getUint32(0, true);
  const header: Header = JSON.parse(new TextDecoder().decode(take(headerLength)));
  if (header.layout !== layout) {
    throw new RangeError(`The model of names has layout ${header.layout}; this version reads ${layout}`);
  }
  const { wordCount, featureCount, unit, transitions } = header;
  const words = {
    hashes: decodeAscending(take(header.wordHashBytes), wordCount),
    facts: fromHalves(take(wordCount * 2)),
  };
  const hashes = decodeAscending(take(header.featureHashBytes), featureCount);
  const weights = Int8Array.from(take(featureCount * labelCount), (byte) => (byte << 24) >> 24);
  return { words, sequence: { hashes, weights, unit, transitions } };
}

/** Ascending numbers below 2^32 as the steps between them, seven bits a byte, the lowest first. */
function encodeAscending(numbers: Uint32Array): Uint8Array {
  const bytes: number[] = [];
  let before = 0;
  for (const number of numbers) {
    let step = number - before;
    before = number;
    for (; step > 0x7f; step = Math.floor(step / 0x80)) bytes.push((step & 0x7f) | 0x80);
    bytes.push(step);
  }
  return Uint8Array.from(bytes);
}

function decodeAscending(bytes: Uint8Array, count: number): Uint32Array {
  const numbers = new Uint32Array(count);
  let before = 0;
  let step = 0;
  let scale = 1;
  let row = 0;
  for (const byte of bytes) {
    step += (byte & 0x7f) * scale;
    scale *= 0x80;
    if (byte > 0x7f) continue;
    before += step;
    numbers[row] = before;
    row += 1;
    step = 0;
    scale = 1;
  }
  return numbers;
}

/** All lower bytes, then all upper ones, which a packer shortens more than pairs. */
function halves(numbers: Uint16Array): Uint8Array {
  const count = numbers.length;
  const bytes = new Uint8Array(count * 2);
  for (const [at, number] of numbers.entries()) {
    bytes[at] = number & 0xff;
    bytes[count + at] = number >> 8;
  }
  return bytes;
}

function fromHalves(bytes: Uint8Array): Uint16Array {
  const count = bytes.length / 2;
  return Uint16Array.from({ length: count }, (_, at) => (bytes[at] ?? 0) | ((bytes[count + at] ?? 0) << 8));
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
