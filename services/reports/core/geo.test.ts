// Polygons where degrees of longitude begin anew.
import { describe, expect, it } from '@jest/globals';
import { areaProblems, type GeoPoint, splitPolygon } from './geo.ts';

const corners = (...longitudes: number[]): GeoPoint[] =>
  longitudes.map((longitude, at) => ({ longitude, latitude: at }));

describe('a polygon', () => {
  it('that crosses no antimeridian stays as it is', () => {
    const points = corners(-170, 0, 170, 0);
    expect(splitPolygon(points)).toEqual([points]);
  });

  it('across the antimeridian is seen from both sides', () => {
    expect(splitPolygon(corners(179, -179, -178))).toEqual([
      corners(179, 181, 182),
      corners(-181, -179, -178),
    ]);
    expect(splitPolygon(corners(-179, 179, 178))).toEqual([
      corners(-179, -181, -182),
      corners(181, 179, 178),
    ]);
  });

  it('may not go round a pole', () => {
    expect(areaProblems({ kind: 'polygon', points: corners(0, 120, -120) })).toEqual([
      { field: 'polygon', reason: 'must not go round a pole' },
    ]);
    expect(areaProblems({ kind: 'polygon', points: corners(170, -170, -160) })).toEqual([]);
  });
});
