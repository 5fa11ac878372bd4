// How long a call waits before it is made again.
import { describe, expect, it } from '@jest/globals';
import { askedWaitMs, retryWaitMs } from './retry-wait.ts';

const nowMs = Date.parse('2026-01-20T12:00:00Z');

describe('what a provider asks for', () => {
  it.each([
    [{ 'retry-after': '7' }, 7_000],
    [{ 'retry-after': '0' }, 0],
    [{ 'retry-after': 'Tue, 20 Jan 2026 12:00:30 GMT' }, 30_000],
    [{ 'retry-after': 'Tue, 20 Jan 2026 11:00:00 GMT' }, 0],
    [{ 'retry-after-ms': '250', 'retry-after': '7' }, 250],
    [{ 'retry-after': 'soon' }, undefined],
    [{}, undefined],
  ])('%j is %s ms', (headers, expected) => {
    expect(askedWaitMs({ headers, nowMs })).toBe(expected);
  });

  it('is never shortened', () => {
    expect(retryWaitMs({ retries: 0, headers: { 'retry-after': '120' }, nowMs, chance: 0 })).toBe(120_000);
  });
});

describe('the wait for a provider that asks for nothing', () => {
  it.each([
    [0, 250, 500],
    [1, 500, 1_000],
    [2, 1_000, 2_000],
    [9, 5_000, 10_000],
  ])('after %i repetitions is %i to %i ms', (retries, least, most) => {
    expect(retryWaitMs({ retries, headers: {}, nowMs, chance: 0 })).toBe(least);
    expect(retryWaitMs({ retries, headers: {}, nowMs, chance: 1 })).toBe(most);
  });
});
