// The tables of roads against the gazetteer: that their towns are known, and that no road is shorter than the way between its towns.

import { describe, expect, it } from '@jest/globals';
import { loadGazetteer } from '../../store/gazetteer.ts';
import type { Position } from '../gazetteer.ts';
import { distanceKm } from './distance.ts';
import { hasMile, markedRoads, middleOfCourse, namedRoads, pointAtMile, pointOfPost } from './road-course.ts';

const gazetteer = loadGazetteer();
const kmPerMile = 1.609344;
const road = (name: string, state: string) => {
  const course = markedRoads.find((one) => one.names.includes(name) && one.state === state);
  if (course === undefined) throw new Error(`${name} is not in the table`);
  return course;
};

describe('a road that is marked by the mile', () => {
  it.each(markedRoads)(
    '$names.0 ($state, from $posts.0.town) runs through towns that the gazetteer knows',
    (course) => {
      const unknown = course.posts.filter((post) => pointOfPost(post, 'US', gazetteer) === undefined);
      expect(unknown).toEqual([]);
    },
  );

  it.each(markedRoads)(
    '$names.0 ($state, from $posts.0.town) is no shorter than the way between its towns',
    (course) => {
      const known = course.posts.map((post) => ({
        miles: post.mile ?? 0,
        point: pointOfPost(post, 'US', gazetteer) ?? ([0, 0] as Position),
      }));
      const legs = known.slice(1).map((to, at) => ({ from: known[at] ?? to, to }));
      const impossible = legs.filter(({ from, to }) => {
        const straight = distanceKm(from.point, to.point) / kmPerMile;
        return to.miles <= from.miles || straight > 1.3 * (to.miles - from.miles) + 3;
      });
      expect(impossible).toEqual([]);
    },
  );

  it('has a point at each of its miles, in proportion between two towns', () => {
    expect(pointAtMile(road('us 101', 'OR'), 140, gazetteer)).toEqual(
      pointOfPost({ town: 'Newport', state: 'OR' }, 'US', gazetteer),
    );
    const [, between = 0] = pointAtMile(road('us 101', 'OR'), 314.5, gazetteer) ?? [];
    const [, north = 0] = pointOfPost({ town: 'Port Orford', state: 'OR' }, 'US', gazetteer) ?? [];
    const [, south = 0] = pointOfPost({ town: 'Gold Beach', state: 'OR' }, 'US', gazetteer) ?? [];
    expect(between).toBeCloseTo((north + south) / 2, 3);
  });

  it('ends where its last town is', () => {
    const course = road('us 101', 'OR');
    expect(hasMile(course, 360, 0)).toBe(false);
    expect(hasMile(course, 360, 15)).toBe(true);
    expect(hasMile(course, 400, 15)).toBe(false);
    expect(pointAtMile(course, 360, gazetteer)).toEqual(
      pointOfPost({ town: 'Brookings', state: 'OR' }, 'US', gazetteer),
    );
  });
});

describe('a road with a name of its own', () => {
  it.each(namedRoads)('$names.0 runs through two known towns at least, none far from the next', (course) => {
    const points = course.posts
      .map((post) => pointOfPost(post, course.country, gazetteer))
      .filter((point) => point !== undefined);
    const gaps = points.slice(1).map((to, at) => distanceKm(points[at] ?? to, to));
    expect(points.length).toBeGreaterThan(1);
    expect(Math.max(...gaps)).toBeLessThan(300);
  });

  it('has its middle half way along the road, not at a town', () => {
    const course = namedRoads.find(({ names }) => names.includes('sea to sky highway'));
    const [longitude, latitude] = (course && middleOfCourse(course, gazetteer)) ?? [0, 0];
    expect(latitude).toBeCloseTo(49.7, 0);
    expect(longitude).toBeCloseTo(-123.15, 0);
  });
});
