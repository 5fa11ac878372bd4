// How far a stream of many runs was read survives being packed, and forgets only what the mark makes needless.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { newIdAt } from '../../../foundation/ids/ids.ts';
import {
  endedRunsMax,
  lastIdAt,
  moveMark,
  moveNews,
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
    newsMs: time,
    ended: fc.array(time, { maxLength: 20 }),
  })
  .map(
    ({ markMs, newsMs, open, ended }): ResumeVector => ({
      markMs,
      newsMs,
      open: new Map(open.map(([atMs, seq]) => [newIdAt(atMs), seq])),
      ended: new Map(ended.map((atMs) => [shortName(newIdAt(atMs)), (atMs % 2 ** 32) * 1_000])),
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
    for (let at = 0; at <= endedRunsMax; at += 1) noteEnd(vector, newIdAt(nowMs + 1 + at), nowMs + 1 + at);
    expect(packVector(vector).toString('base64url').length).toBeLessThan(13_000);
  });

  it('is not read from bytes of another version or length', () => {
    const bytes = packVector(newVector(nowMs));
    expect(unpackVector(bytes.subarray(1))).toBeUndefined();
    bytes.writeUInt8(1, 0);
    expect(unpackVector(bytes)).toBeUndefined();
  });

  it('knows where each open run was read, and remembers ended ones that are newer than the mark', () => {
    const vector = newVector(nowMs);
    const [old, fresh] = [newIdAt(nowMs), newIdAt(nowMs + 1)];
    for (const id of [old, fresh]) {
      noteEvent(vector, id, { seq: 1, atMs: nowMs, last: false });
      noteEvent(vector, id, { seq: 2, atMs: nowMs, last: false });
    }
    expect([...vector.open]).toEqual([
      [old, 2],
      [fresh, 2],
    ]);
    noteEvent(vector, old, { seq: 3, atMs: nowMs, last: true });
    noteEnd(vector, fresh, nowMs + 1);
    expect(vector.open.size).toBe(0);
    expect([...vector.ended.keys()]).toEqual([shortName(fresh)]);
  });

  it('forgets ended runs that mark and news have passed, and neither goes back', () => {
    const vector = newVector(nowMs);
    const [passed, kept] = [newIdAt(nowMs - 10), newIdAt(nowMs - 10)];
    noteEnd(vector, passed, nowMs + 1_000);
    noteEnd(vector, kept, nowMs + 1_001);
    moveMark(vector, nowMs + 1_000);
    expect(vector.ended.size).toBe(2);
    moveNews(vector, nowMs + 1_000);
    expect([...vector.ended.keys()]).toEqual([shortName(kept)]);
    moveMark(vector, nowMs);
    moveNews(vector, nowMs);
    expect([vector.markMs, vector.newsMs]).toEqual([nowMs + 1_000, nowMs + 1_000]);
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
