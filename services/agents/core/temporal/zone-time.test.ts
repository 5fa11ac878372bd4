// Wall clocks and instants, also around changes of summer time.

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createZone, fromUtc, plusDays } from './zone-time.ts';

const newYork = createZone('America/New_York');

describe('a zone', () => {
  it('turns every instant into a wall time and back, save the hour that comes twice', () => {
    const zones = ['America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe', 'UTC'].map(createZone);
    const seconds = fc.integer({ min: 0, max: 2_000_000_000 });
    fc.assert(
      fc.property(fc.constantFrom(...zones), seconds, (zone, second) => {
        const wall = zone.wallOf(second * 1000);
        expect(zone.wallOf(zone.instantOf(wall))).toEqual(wall);
      }),
      { seed: 7 },
    );
  });

  it('knows the offset of summer and winter', () => {
    expect(newYork.offsetMinutes(Date.parse('2024-07-01T12:00:00Z'))).toBe(-240);
    expect(newYork.offsetMinutes(Date.parse('2024-12-01T12:00:00Z'))).toBe(-300);
  });

  it('takes the first of two instants when the clocks go back', () => {
    const wall = { year: 2024, month: 11, day: 3, hour: 1, minute: 30, second: 0 };
    expect(new Date(newYork.instantOf(wall)).toISOString()).toBe('2024-11-03T05:30:00.000Z');
  });

  it('refuses a name that is no zone', () => expect(() => createZone('Mars/Olympus')).toThrow(RangeError));
});

describe('plusDays', () => {
  it('carries over months and years', () => {
    const wall = fromUtc(Date.parse('2023-12-31T10:00:00Z'));
    expect(plusDays(wall, 1)).toMatchObject({ year: 2024, month: 1, day: 1, hour: 10 });
  });
});
