// The parts of the map that belong to places.

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Position } from '../gazetteer.ts';
import { distanceKm } from '../geo/distance.ts';
import { cellOf } from './cells.ts';

const centre: Position = [-71.1, 42.3];
const near = fc.tuple(
  fc.double({ min: -71.16, max: -71.04, noNaN: true }),
  fc.double({ min: 42.26, max: 42.34, noNaN: true }),
);

describe('the cell of a place', () => {
  it('holds what is nearer to it than to any other place, and not too far', () => {
    const property = (others: [number, number][], point: [number, number]) => {
      const places = [centre, ...others].map((at, nth) => ({ name: `p${nth}`, aliases: [], point: at }));
      const corners = cellOf(centre, places, 2.5);
      const own = distanceKm(centre, point);
      const rest = Math.min(...others.map((other) => distanceKm(other, point)));
      // On the border itself either answer is right.
      fc.pre(Math.abs(own - rest) > 0.02 && Math.abs(own - 2.5) > 0.02);
      expect(isInside(point, corners)).toBe(own < rest && own < 2.5);
    };
    fc.assert(fc.property(fc.array(near, { minLength: 1, maxLength: 6 }), near, property), {
      seed: 7,
      numRuns: 300,
    });
  });

  it('is a circle where there is no other place', () => {
    const corners = cellOf(centre, [], 2);
    for (const corner of corners) expect(distanceKm(centre, corner)).toBeCloseTo(2, 1);
  });

  it('never has more corners than the index takes', () => {
    const places = Array.from({ length: 200 }, (_, nth) => ({
      ...{ name: `p${nth}`, aliases: [] },
      point: [-71.1 + Math.cos(nth) / 50, 42.3 + Math.sin(nth) / 50] as const,
    }));
    const corners = cellOf(centre, places, 2.5);
    expect(corners.length).toBeGreaterThanOrEqual(3);
    expect(corners.length).toBeLessThanOrEqual(100);
  });
});

function isInside([x, y]: Position, corners: readonly Position[]): boolean {
  return corners.every((a, at) => {
    const b = corners[(at + 1) % corners.length] ?? a;
    return (b[0] - a[0]) * (y - a[1]) - (b[1] - a[1]) * (x - a[0]) >= 0;
  });
}
