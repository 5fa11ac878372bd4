// Where roads run: the courses of the two tables of roads, laid through the towns that the gazetteer knows, and the point at a mile or in
// the middle of one. A course is the straight line from town to town.

import type { Gazetteer, Position } from '../gazetteer.ts';
import { distanceKm } from './distance.ts';
import { mileMarkerLines } from './mile-marker-table.ts';
import { namedRoadLines } from './named-road-table.ts';
import { placeKey } from './place-key.ts';

/** A town on a road, as the tables have it. */
export interface RoadPost {
  readonly town: string;
  /** First-order division as GeoNames codes it; empty where the name alone tells the town. */
  readonly state: string;
  /** Absent on roads that are not marked by the mile. */
  readonly mile?: number;
}

/** A stretch of road. */
export interface RoadCourse {
  /** As `roadKey` gives them. */
  readonly names: readonly string[];
  /** ISO 3166 alpha-2. */
  readonly country: string;
  /** The state whose miles are counted; empty on roads that are not marked by the mile. */
  readonly state: string;
  readonly posts: readonly RoadPost[];
}

/** The form in which names of roads are compared. */
export function roadKey(name: string): string {
  return placeKey(name.replaceAll('-', ' '));
}

/** All stretches of roads that are marked by the mile, in the order in which they are preferred. */
export const markedRoads: readonly RoadCourse[] = mileMarkerLines.map((line) => {
  const [names = '', state = '', towns = ''] = line.split(';');
  const posts = towns.split(',').map((entry): RoadPost => {
    const {
      mile,
      town = '',
      other = state,
    } = /^(?<mile>-?\d+) (?<town>[^/]+)(?:\/(?<other>..))?$/.exec(entry)?.groups ?? {};
    return { town, state: other, mile: Number(mile) };
  });
  return { names: names.split('|').map(roadKey), country: 'US', state, posts };
});

/** Roads with names of their own, whose miles are not known. */
export const namedRoads: readonly RoadCourse[] = namedRoadLines.map((line) => {
  const [names = '', country = '', towns = ''] = line.split(';');
  const posts = towns.split(',').map((entry): RoadPost => {
    const [town = '', division = ''] = entry.split('/');
    return { town, state: division };
  });
  return { names: names.split('|').map(roadKey), country, state: '', posts };
});

/** Where a town of a road lies, one of that name before one that is also called so; undefined when the gazetteer does not know it. */
export function pointOfPost(
  { town, state }: RoadPost,
  country: string,
  gazetteer: Gazetteer,
): Position | undefined {
  const found = gazetteer
    .find(placeKey(town))
    .filter(({ place }) => place.kind === 'town' || place.kind === 'locality')
    .filter(({ place }) => place.country === country && (state === '' || place.admin1 === state));
  return (found.find(({ nameKind }) => nameKind === 'main') ?? found[0])?.place.point;
}

/** Whether a mile lies on the course, or at most so many miles beyond its listed towns. */
export function hasMile({ posts }: RoadCourse, mile: number, beyond: number): boolean {
  const [first, last] = [posts[0]?.mile, posts.at(-1)?.mile];
  return first !== undefined && last !== undefined && mile >= first - beyond && mile <= last + beyond;
}

/** The point at a mile of a road, beyond its towns that of the nearest one; undefined when the gazetteer knows none of them. */
export function pointAtMile(course: RoadCourse, mile: number, gazetteer: Gazetteer): Position | undefined {
  const known = course.posts.flatMap((post) => {
    const point = pointOfPost(post, course.country, gazetteer);
    return point === undefined || post.mile === undefined ? [] : [{ mile: post.mile, point }];
  });
  const [first, last] = [known[0], known.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  const next = known.findIndex((post) => post.mile >= mile);
  const [from, to] = next < 0 ? [last, last] : [known[next - 1] ?? first, known[next] ?? last];
  return from === to || to.mile === from.mile
    ? to.point
    : between(from.point, to.point, (mile - from.mile) / (to.mile - from.mile));
}

/** The point half way along a road; undefined when the gazetteer knows none of its towns. */
export function middleOfCourse(course: RoadCourse, gazetteer: Gazetteer): Position | undefined {
  const points = course.posts
    .map((post) => pointOfPost(post, course.country, gazetteer))
    .filter((point) => point !== undefined);
  const legs = points.slice(1).map((to, at) => ({ from: points[at] ?? to, to }));
  let left = legs.reduce((sum, { from, to }) => sum + distanceKm(from, to), 0) / 2;
  for (const { from, to } of legs) {
    const km = distanceKm(from, to);
    if (left <= km) return km === 0 ? from : between(from, to, left / km);
    left -= km;
  }
  return points[0];
}

function between(a: Position, b: Position, share: number): Position {
  return [rounded(a[0] + (b[0] - a[0]) * share), rounded(a[1] + (b[1] - a[1]) * share)];
}

function rounded(degrees: number): number {
  return Math.round(degrees * 1e4) / 1e4;
}
