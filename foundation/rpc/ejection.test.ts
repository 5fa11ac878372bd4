// When a replica is left out and when it is tried again.
import { describe, expect, it } from '@jest/globals';
import { createEjection, ejectMsMax, ejectMsMin } from './ejection.ts';

describe('a replica', () => {
  const start = () => {
    let now = 1_000_000;
    const ejection = createEjection(() => now);
    return { ...ejection, pass: (ms: number) => (now += ms) };
  };
  const idle = { inFlight: 0, keyed: false };
  const busy = { inFlight: 1, keyed: false };
  const keyed = { inFlight: 1, keyed: true };

  it('is used until it fails', () => {
    const replica = start();
    expect([idle, busy, keyed].map(replica.allows)).toEqual([true, true, true]);
  });

  it('is left out for a while, then tried with one call at a time until one is answered', () => {
    const replica = start();
    replica.failed(false);
    replica.pass(ejectMsMin - 1);
    expect(replica.allows(idle)).toBe(false);
    replica.pass(1);
    expect([idle, busy].map(replica.allows)).toEqual([true, false]);
    replica.succeeded();
    expect(replica.allows(busy)).toBe(true);
  });

  it('is left out longer each time, up to a limit', () => {
    const replica = start();
    const spans: number[] = [];
    for (let i = 0; i < 10; i += 1) {
      replica.failed(false);
      let ms = 0;
      for (; !replica.allows(idle); ms += 100) replica.pass(100);
      spans.push(ms);
    }
    expect(spans.slice(0, 4)).toEqual([200, 400, 800, 1_600]);
    expect(spans.at(-1)).toBe(ejectMsMax);
  });

  it('is left out once for calls that failed together', () => {
    const replica = start();
    for (let i = 0; i < 32; i += 1) replica.failed(false);
    replica.pass(ejectMsMin);
    expect(replica.allows(idle)).toBe(true);
  });

  it('keeps keyed calls while it can be reached, whatever it answers', () => {
    const replica = start();
    replica.failed(true);
    expect([idle, keyed].map(replica.allows)).toEqual([false, true]);
    replica.failed(false);
    expect(replica.allows(keyed)).toBe(false);
  });
});
