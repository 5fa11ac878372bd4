// How far a stream of many runs was read survives being packed, and forgets only what the mark makes needless.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { newIdAt } from '../../../foundation/ids/ids.ts';
import {
  endedRunsMax,
  lastIdAt,
  moveMark,
  newVector,
  noteEnd,
  noteEvent,
  openRunsMax,
  packVector,
  type ResumeVector,
  shortName,
  unpackVector,
} from './resume-vector.ts';

const nowMs = Date.UTC(2026, 2, 1);
const time = fc.integer({ min: 0, max: 2 ** 48 - 1 });
const vectors = fc
  .record({
    markMs: time,
    open: fc.array(fc.tuple(time, fc.integer({ min: 0, max: 2 ** 31 - 1 })), { maxLength: 20 }),
    ended: fc.array(time, { maxLength: 20 }),
  })
  .map(
    ({ markMs, open, ended }): ResumeVector => ({
      markMs,
      open: new Map(open.map(([atMs, seq]) => [newIdAt(atMs), seq])),
      ended: new Set(ended.map((atMs) => shortName(newIdAt(atMs)))),
    }),
  );

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
    const vector = newVector(nowMs);
    for (let at = 0; at < openRunsMax; at += 1) vector.open.set(newIdAt(nowMs + at), 2 ** 31 - 1);
    for (let at = 0; at < endedRunsMax; at += 1) vector.ended.add(shortName(newIdAt(nowMs + at)));
    expect(packVector(vector).toString('base64url').length).toBeLessThan(8_000);
  });

  it('is not read from bytes of another version or length', () => {
    const bytes = packVector(newVector(nowMs));
    expect(unpackVector(bytes.subarray(1))).toBeUndefined();
    bytes.writeUInt8(2, 0);
    expect(unpackVector(bytes)).toBeUndefined();
  });

  it('knows where each open run was read, and remembers ended ones that are newer than the mark', () => {
    const vector = newVector(nowMs);
    const [old, fresh] = [newIdAt(nowMs), newIdAt(nowMs + 1)];
    for (const id of [old, fresh]) {
      noteEvent(vector, id, { seq: 1, last: false });
      noteEvent(vector, id, { seq: 2, last: false });
    }
    expect([...vector.open]).toEqual([
      [old, 2],
      [fresh, 2],
    ]);
    noteEvent(vector, old, { seq: 3, last: true });
    noteEnd(vector, fresh);
    expect(vector.open.size).toBe(0);
    expect([...vector.ended]).toEqual([shortName(fresh)]);
  });

  it('forgets ended runs that the mark has passed, and its mark never goes back', () => {
    const vector = newVector(nowMs);
    const [passed, kept] = [newIdAt(nowMs + 10), newIdAt(nowMs + 11)];
    noteEnd(vector, passed);
    noteEnd(vector, kept);
    moveMark(vector, nowMs + 10);
    expect([...vector.ended]).toEqual([shortName(kept)]);
    moveMark(vector, nowMs);
    expect(vector.markMs).toBe(nowMs + 10);
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
