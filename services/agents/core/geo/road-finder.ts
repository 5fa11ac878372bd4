// Finds roads whose course is known: a mile of a road that is marked by the mile ("US 101, milepost 332", "I-40 near mile marker 7"), and
// roads with names of their own ("the Karakoram Highway"). A road that is only numbered says nothing without its mile.

import type { Gazetteer, Position } from '../gazetteer.ts';
import type { Span } from '../skill.ts';
import { distanceKm } from './distance.ts';
import type { Mention } from './mention.ts';
import {
  hasMile,
  markedRoads,
  middleOfCourse,
  namedRoads,
  pointAtMile,
  type RoadCourse,
  roadKey,
} from './road-course.ts';

const gapMax = 40;
/** A town that is named with a mile lies about the road; a mile farther away is one of another road of that number. */
const aboutTownKm = 60;
const minor = 'sr';
/** How far beyond the last town that is listed for a road a mile may lie. */
const beyondMilesMax = 15;

const milePattern =
  /\b[Mm]ile[ \t-]?(?:[Pp]ost|[Mm]arker|[Pp]oint)s?[ \t]*(?:no\.?|number|#)?[ \t]*(\d{1,3}(?:[.,]\d{1,2})?)(?!\d)|\bMP[ \t]*(\d{1,3}(?:\.\d{1,2})?)(?!\d)/g;
const classes: readonly { readonly written: RegExp; readonly prefixes: readonly string[] }[] = [
  {
    written: /(?<![\p{L}\p{N}])(?:I|Interstate)[ \t-]*(?<number>\d{1,3})(?![\p{L}\p{N}])/gu,
    prefixes: ['i'],
  },
  {
    written:
      /(?<![\p{L}\p{N}])U\.?S\.?(?:[ \t]+(?:Highway|Hwy\.?|Route))?[ \t-]*(?<number>\d{1,3})(?![\p{L}\p{N}])/gu,
    prefixes: ['us'],
  },
  {
    written: /(?<![\p{L}\p{N}])(?<state>(?!US|SR)[A-Z]{2})[ \t-](?<number>\d{1,3})(?![\p{L}\p{N}])/gu,
    prefixes: [minor],
  },
  {
    written:
      /(?<![\p{L}\p{N}])(?:SR|[Ss]tate[ \t]+(?:[Rr]oute|[Hh]ighway|[Rr]oad))[ \t-]*(?<number>\d{1,3})(?![\p{L}\p{N}])/gu,
    prefixes: [minor],
  },
  {
    written:
      /(?<![\p{L}\p{N}.])(?<!\b(?:[Ss]tate|[Cc]ounty)[ \t]+)(?:[Hh]ighway|[Hh]wy\.?|[Rr]oute|[Rr]te?\.?)[ \t-]*(?<number>\d{1,3})(?![\p{L}\p{N}])/gu,
    prefixes: ['us', 'i', minor],
  },
];
const byName: ReadonlyMap<string, RoadCourse> = new Map(
  [...markedRoads, ...namedRoads].flatMap((course) =>
    course.names.filter((name) => !/^(?:i|us|sr) \d/.test(name)).map((name) => [name, course] as const),
  ),
);
const namePattern = new RegExp(
  `(?<![\\p{L}\\p{N}])(?:${[...byName.keys()].map((name) => name.split(' ').join("['’]?[ \\t.-]+")).join('|')})(?![\\p{L}\\p{N}])`,
  'giu',
);

/** A road where the text names it, with the stretches that it can be. */
interface Road extends Span {
  readonly courses: readonly RoadCourse[];
  /** Whether it is written so that hardly another road can be meant, whatever towns are named with it. */
  readonly plain: boolean;
}

/**
 * The mile of a road that the text names, as a street with its point; undefined when it names none, or none that lies in the states and about
 * the towns of `mentions`.
 */
export function findMile(
  text: string,
  mentions: readonly Mention[],
  gazetteer: Gazetteer,
): Mention | undefined {
  const markers = [...text.matchAll(milePattern)];
  if (markers.length === 0) return undefined;
  const towns = mentions.flatMap(({ kind, point }) =>
    kind === 'town' && point !== undefined ? [point] : [],
  );
  const roads = [...numberedRoads(text, mentions, towns.length > 0), ...roadsByName(text)];
  for (const marker of markers) {
    const span = { start: marker.index, end: marker.index + marker[0].length };
    const mile = Number((marker[1] ?? marker[2] ?? '').replace(',', '.'));
    for (const road of roads.filter((one) => gapBetween(one, span) <= gapMax)) {
      const points = pointsOn(road.courses, mile, gazetteer);
      const about = points.filter((point) => towns.some((town) => distanceKm(town, point) <= aboutTownKm));
      const agreeing = about.length > 0 || (towns.length > 0 && !road.plain) ? about : points;
      const [first] = agreeing;
      if (first === undefined) continue;
      const sure = agreeing.length === 1 && (about.length > 0 || towns.length === 0);
      const whole = { start: Math.min(road.start, span.start), end: Math.max(road.end, span.end) };
      return mentionOfRoad(text, whole, { point: first, country: 'US', sure });
    }
  }
  return undefined;
}

/** The first road with a name of its own, with the point half way along it; undefined when the text names none. */
export function findNamedRoad(text: string, gazetteer: Gazetteer): Mention | undefined {
  for (const road of roadsByName(text)) {
    const [course] = road.courses;
    const point = course && middleOfCourse(course, gazetteer);
    if (course !== undefined && point !== undefined) {
      return mentionOfRoad(text, road, { point, country: course.country, sure: true });
    }
  }
  return undefined;
}

/** Where the mile can be, the stretches that it lies on before those that end a little before it. */
function pointsOn(courses: readonly RoadCourse[], mile: number, gazetteer: Gazetteer): Position[] {
  const on = courses.filter((course) => hasMile(course, mile, 0));
  const likely = on.length > 0 ? on : courses.filter((course) => hasMile(course, mile, beyondMilesMax));
  return likely.map((course) => pointAtMile(course, mile, gazetteer)).filter((point) => point !== undefined);
}

/** Numbered roads in the states that the text names, or in all of them. */
function numberedRoads(text: string, mentions: readonly Mention[], besideTown: boolean): Road[] {
  const states = statesOf(mentions);
  return classes.flatMap(({ written, prefixes }) =>
    [...text.matchAll(written)].map((match): Road => {
      const { number = '', state } = match.groups ?? {};
      const within = state === undefined ? states : [state];
      const placed = within.length > 0 || besideTown;
      const names = prefixes
        .filter((prefix) => placed || prefix !== minor)
        .map((prefix) => `${prefix} ${Number(number)}`);
      const courses = markedRoads
        .filter((course) => within.length === 0 || within.includes(course.state))
        .filter((course) => names.some((name) => course.names.includes(name)));
      const plain = prefixes.length === 1;
      return { start: match.index, end: match.index + match[0].length, courses, plain };
    }),
  );
}

function statesOf(mentions: readonly Mention[]): string[] {
  return mentions.flatMap(({ place }) =>
    place?.country === 'US' && (place.kind === 'division' || place.kind === 'county') ? [place.admin1] : [],
  );
}

function roadsByName(text: string): Road[] {
  return [...text.matchAll(namePattern)].flatMap((match) => {
    const course = byName.get(roadKey(match[0]));
    return course === undefined
      ? []
      : [{ start: match.index, end: match.index + match[0].length, courses: [course], plain: true }];
  });
}

function gapBetween(a: Span, b: Span): number {
  return Math.max(a.start - b.end, b.start - a.end);
}

function mentionOfRoad(
  text: string,
  { start, end }: Span,
  known: { readonly point: Position; readonly country: string; readonly sure: boolean },
): Mention {
  const written = text.slice(start, end);
  return { kind: 'street', start, end, text: written, label: written.replace(/\s+/g, ' '), ...known };
}
