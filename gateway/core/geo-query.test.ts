// Areas in queries: what is read, and every way in which one can be wrong.
import { describe, expect, it } from '@jest/globals';
import { readArea } from './geo-query.ts';

const cornersOf = (count: number) =>
  Array.from({ length: count }, (_, at) => `${at / 10},${at % 3}`).join(';');

describe('an area', () => {
  it.each([
    ['everywhere', {}, undefined],
    [
      'a box across the antimeridian',
      { bounds: '170,-10.5,-170,1e1' },
      { case: 'bounds', value: { west: 170, south: -10.5, east: -170, north: 10 } },
    ],
    [
      'a circle of the default size',
      { near: '-71.06,42.36' },
      { case: 'circle', value: { centre: { longitude: -71.06, latitude: 42.36 }, radiusKm: 0 } },
    ],
    [
      'a circle',
      { near: '180,90', radius_km: '.5' },
      { case: 'circle', value: { centre: { longitude: 180, latitude: 90 }, radiusKm: 0.5 } },
    ],
  ])('is %s', (_what, query, area) => {
    expect(readArea(query)).toEqual({ area, problems: [] });
  });

  it('is a polygon, whether its first corner stands at its end again or not', () => {
    const open = readArea({ polygon: '0,0;1,0;1,1' });
    expect(open.area).toEqual({
      case: 'polygon',
      value: {
        points: [
          { longitude: 0, latitude: 0 },
          { longitude: 1, latitude: 0 },
          { longitude: 1, latitude: 1 },
        ],
      },
    });
    expect(readArea({ polygon: '0,0;1,0;1,1;0,0' })).toEqual(open);
  });

  it.each([
    [{ bounds: '1,2,3' }, 'bounds', 'four numbers'],
    [{ bounds: '1,2,3,4,5' }, 'bounds', 'four numbers'],
    [{ bounds: '1,2,x,4' }, 'bounds', 'four numbers'],
    [{ bounds: '1,,3,4' }, 'bounds', 'four numbers'],
    [{ bounds: '0x1,2,3,4' }, 'bounds', 'four numbers'],
    [{ bounds: '1e999,2,3,4' }, 'bounds', 'four numbers'],
    [{ bounds: '-181,2,3,4' }, 'bounds', 'longitudes'],
    [{ bounds: '1,2,3,91' }, 'bounds', 'latitudes'],
    [{ bounds: '1,4,3,2' }, 'bounds', 'south below its north'],
    [{ near: '1' }, 'near', 'longitude,latitude'],
    [{ near: '1,2,3' }, 'near', 'longitude,latitude'],
    [{ near: '1,91' }, 'near', 'longitude,latitude'],
    [{ near: '1,2', radius_km: '0' }, 'radius_km', 'above 0'],
    [{ near: '1,2', radius_km: '-1' }, 'radius_km', 'above 0'],
    [{ near: '1,2', radius_km: 'NaN' }, 'radius_km', 'above 0'],
    [{ near: '1,2', radius_km: '20017' }, 'radius_km', 'at most 20016'],
    [{ radius_km: '1' }, 'radius_km', 'beside near'],
    [{ polygon: '0,0;1,1' }, 'polygon', '3 to 100'],
    [{ polygon: '0,0;1,1;0,0' }, 'polygon', '3 to 100'],
    [{ polygon: cornersOf(101) }, 'polygon', '3 to 100'],
    [{ polygon: '0,0;1,1;x;2,2;' }, 'polygon', 'number 3, 5'],
  ])('cannot be %j', (query, field, words) => {
    expect(readArea(query).problems).toEqual([{ field, reason: expect.stringContaining(words) }]);
  });

  it('of a hundred corners is taken', () => {
    expect(readArea({ polygon: cornersOf(100) }).problems).toEqual([]);
  });

  it('is one alone, and all problems are told at once', () => {
    const { problems } = readArea({ bounds: 'x', near: '1,2', radius_km: 'y', polygon: '1' });
    expect(problems.map(({ field }) => field)).toEqual(['near', 'polygon', 'bounds', 'radius_km', 'polygon']);
  });
});
