// Directions and distances from places, and what lies between two.

import { describe, expect, it } from '@jest/globals';
import { distanceKm } from './distance.ts';
import { areBetween, halfWay, moved, offsetBefore } from './place-relation.ts';

describe('an offset', () => {
  it.each([
    ['3 N AMES', 'AMES', 4.83, 0],
    ['2 WSW Luther', 'Luther', 3.22, 247.5],
    ['5 km south of Wokha', 'Wokha', 5, 180],
    ['about 10 miles NW of the town of Salem', 'Salem', 16.09, 315],
    ['half a mile to the north-east of Ely', 'Ely', 0.8, 45],
    ['200 yards west of Bend', 'Bend', 0.18, 270],
  ])('in "%s" is understood', (text, name, km, bearing) => {
    const offset = offsetBefore(text, text.indexOf(name));
    expect(offset?.km).toBeCloseTo(km, 1);
    expect(offset?.bearing).toBe(bearing);
  });

  it.each(['12 km from Wokha', 'north of Wokha', '3 n Wokha', 'Unit 3 Wokha', 'at 5 pm in Wokha'])(
    'is not read into "%s"',
    (text) => expect(offsetBefore(text, text.indexOf('Wokha'))).toBeUndefined(),
  );

  it('leads to the point so far away in that direction', () => {
    const ames = [-93.62, 42.03] as const;
    const [longitude, latitude] = moved(ames, { km: 10, bearing: 90 });
    expect(distanceKm(ames, [longitude, latitude])).toBeCloseTo(10, 1);
    expect(latitude).toBeCloseTo(42.03, 2);
    expect(longitude).toBeGreaterThan(-93.62);
  });
});

describe('what lies between', () => {
  const spanOf = (text: string, name: string) => {
    const start = text.indexOf(name);
    return { start, end: start + name.length };
  };

  it.each([
    ['a slide between Leh and Manali', true],
    ['the Leh-Manali highway', true],
    ['Leh and Manali', false],
    ['between Leh, the capital, and Manali', false],
  ])('"%s": %s', (text, between) =>
    expect(areBetween(text, spanOf(text, 'Leh'), spanOf(text, 'Manali'))).toBe(between),
  );

  it('is half way', () => expect(halfWay([10, 50], [12, 51])).toEqual([11, 50.5]));
});
