// Spans are told by the machine's time, finer than it tells it.
import { describe, expect, it } from '@jest/globals';
import { createSpanClock } from './span-clock.ts';

function start() {
  const time = { wall: 1_700_000_000_000.4, monotonic: 50.25 };
  const clock = createSpanClock({ wall: () => Math.floor(time.wall), monotonic: () => time.monotonic });
  const pass = (ms: number): void => {
    time.wall += ms;
    time.monotonic += ms;
  };
  return { time, clock, pass };
}

describe('the clock of spans', () => {
  it('tells fractions of what the machine tells', () => {
    const { clock, pass } = start();
    const first = clock();
    pass(0.125);
    expect(clock() - first).toBeCloseTo(0.125, 3);
    expect(first).toBeCloseTo(1_700_000_000_000, 3);
  });

  it('does not step while the machine keeps its time, though that tells no fractions', () => {
    const { clock, pass } = start();
    let last = clock();
    for (let i = 0; i < 5_000; i += 1) {
      pass(0.7);
      const now = clock();
      expect(now - last).toBeCloseTo(0.7, 2);
      last = now;
    }
  });

  it.each([-30_000, 30_000])('follows within a second when the machine is set by %s ms', (setMs) => {
    const { time, clock, pass } = start();
    const before = clock();
    time.wall += setMs;
    pass(1_000);
    expect(Math.abs(clock() - before - setMs - 1_000)).toBeLessThan(2);
  });
});
