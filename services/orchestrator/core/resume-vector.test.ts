// How far a stream of many runs was read survives being packed, in the length of a header at most.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { newIdAt } from '../../../foundation/ids/ids.ts';
import {
  lastIdAt,
  newVector,
  notePlace,
  packVector,
  passingMax,
  placesMax,
  type ResumeVector,
  unpackVector,
} from './resume-vector.ts';
import type { StoreView } from './watch-reads.ts';

const nowMs = Date.UTC(2026, 2, 1);
const time = fc.integer({ min: 0, max: 2 ** 48 - 1 });
const seq = fc.integer({ min: 0, max: 2 ** 31 - 1 });
const views = fc
  .tuple(time, time, fc.array(fc.nat({ max: 2 ** 31 }), { maxLength: 5 }))
  .map(([atMs, oldest, later]): StoreView => {
    const pending = later.map((each) => oldest + each);
    return { atMs, oldest, next: Math.max(oldest, ...pending) + 1, pending };
  });
const vectors = fc
  .record({
    seen: views,
    search: fc.option(fc.record({ view: views, untilId: time.map((atMs) => newIdAt(atMs)) }), {
      nil: undefined,
    }),
    runs: fc.array(
      fc.tuple(
        time.map((atMs) => newIdAt(atMs)),
        fc.record({ seq, covered: seq, ended: fc.boolean() }),
      ),
      { maxLength: 20 },
    ),
  })
  .map((parts): ResumeVector => ({ ...parts, runs: new Map(parts.runs) }));

describe('a vector', () => {
  it('is the same after it was packed', () => {
    fc.assert(
      fc.property(vectors, (vector) => {
        expect(unpackVector(packVector(vector))).toEqual(vector);
      }),
      { seed: 7, numRuns: 200 },
    );
  });

  it('fits into a header with the most runs', () => {
    const view = (oldest: number): StoreView => ({
      atMs: nowMs,
      oldest,
      next: oldest + 100_000,
      pending: Array.from({ length: 50 }, (_, at) => oldest + at * 100),
    });
    const vector = newVector(view(2 ** 40));
    vector.search = { view: view(2 ** 40 + 100), untilId: newIdAt(nowMs) };
    for (let at = 0; at < placesMax + passingMax; at += 1) {
      vector.runs.set(newIdAt(nowMs + at), { seq: 2_000, covered: 1_900, ended: true });
    }
    expect(packVector(vector).toString('base64url').length).toBeLessThan(8_150);
  });

  it('is not read from bytes of another version or length', () => {
    const vector = newVector({ atMs: nowMs, oldest: 3, next: 9, pending: [5] });
    vector.runs.set(newIdAt(nowMs), { seq: 1, covered: 2, ended: false });
    const bytes = packVector(vector);
    for (let length = 0; length < bytes.length; length += 1) {
      expect(unpackVector(bytes.subarray(0, length))).toBeUndefined();
    }
    expect(unpackVector(Buffer.concat([bytes, Buffer.of(0)]))).toBeUndefined();
    bytes.writeUInt8(2, 0);
    expect(unpackVector(bytes)).toBeUndefined();
  });

  it('names only runs that were read to another place than it says of all', () => {
    const vector = newVector({ atMs: nowMs, oldest: 3, next: 9, pending: [] });
    const id = newIdAt(nowMs);
    notePlace(vector, id, { seq: 1, covered: 2, ended: false });
    expect([...vector.runs]).toEqual([[id, { seq: 1, covered: 2, ended: false }]]);
    notePlace(vector, id, { seq: 2, covered: 2, ended: false });
    expect(vector.runs.size).toBe(0);
    notePlace(vector, id, { seq: 3, covered: 2, ended: true });
    expect(vector.runs.get(id)).toEqual({ seq: 3, covered: 2, ended: true });
  });
});

describe('the last id of a time', () => {
  it('stands between the ids of that time and all later ones', () => {
    for (let turn = 0; turn < 100; turn += 1) {
      expect(newIdAt(nowMs) < lastIdAt(nowMs)).toBe(true);
      expect(newIdAt(nowMs + 1) > lastIdAt(nowMs)).toBe(true);
    }
  });
});
