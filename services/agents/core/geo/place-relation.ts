// How a text places something relative to a place that it names: so far in a direction from it, or between two. It reads English, and the
// terse form of storm spotters ("3 NNE Ames"), whose distances are statute miles.

import type { Position } from '../gazetteer.ts';
import type { Span } from '../skill.ts';

const kmPerMile = 1.609344;
const earthRadiusKm = 6371;

const points = [
  'n',
  'nne',
  'ne',
  'ene',
  'e',
  'ese',
  'se',
  'sse',
  's',
  'ssw',
  'sw',
  'wsw',
  'w',
  'wnw',
  'nw',
  'nnw',
];
const spelledPoints: Readonly<Record<string, string>> = {
  north: 'n',
  northeast: 'ne',
  east: 'e',
  southeast: 'se',
  south: 's',
  southwest: 'sw',
  west: 'w',
  northwest: 'nw',
};
const kmOfUnit: Readonly<Record<string, number>> = {
  km: 1,
  kms: 1,
  kilometer: 1,
  kilometre: 1,
  kilometers: 1,
  kilometres: 1,
  mile: kmPerMile,
  miles: kmPerMile,
  mi: kmPerMile,
  m: 0.001,
  meters: 0.001,
  metres: 0.001,
  yards: 0.0009144,
  feet: 0.0003048,
  ft: 0.0003048,
};
const amounts: Readonly<Record<string, number>> = {
  a: 1,
  one: 1,
  two: 2,
  three: 3,
  four: 4,
  five: 5,
  six: 6,
  seven: 7,
  eight: 8,
  nine: 9,
  ten: 10,
  half: 0.5,
};

const amount = String.raw`(?<amount>\d+(?:[.,]\d+)?|half|a|one|two|three|four|five|six|seven|eight|nine|ten)(?:[ \t]+(?:a|an))?`;
const unit = `(?<unit>${Object.keys(kmOfUnit).join('|')})\\.?`;
const spelledPoint = `(?:north|south)[ -]?(?:east|west)|north|south|east|west`;
const offsetPattern = new RegExp(
  `(?<![\\p{L}\\p{N}.])(?:${amount}[ \\t-]*${unit}(?:[ \\t]+(?:to[ \\t]+the|due))?[ \\t]*(?<point>${spelledPoint}|[ns]?[ns][ew]|[ew][ns][ew]|[nsew])(?:ern|erly)?\\.?(?:[ \\t]+(?:side[ \\t]+)?(?:of|from))?(?:[ \\t]+the)?(?:[ \\t]+(?:town|city|village|community)[ \\t]+of)?|(?<miles>\\d+(?:\\.\\d+)?)[ \\t]+(?<spotter>[NS]?[NS][EW]|[EW][NS][EW]|[NSEW]))[ \\t]+$`,
  'iu',
);
const roadBehind =
  /^[ \t]+(?:national[ \t]+)?(?:road|rd|highway|hwy|route|expressway|motorway|railway|railroad|line|section)\b/i;
const lookBackCodeUnits = 60;

/** A distance in a direction, with where the text says so. */
export interface Offset extends Span {
  readonly km: number;
  /** Degrees clockwise from north. */
  readonly bearing: number;
}

/** The offset that stands directly before a name which begins at `start`; undefined when there is none. */
export function offsetBefore(text: string, start: number): Offset | undefined {
  const from = Math.max(0, start - lookBackCodeUnits);
  const match = offsetPattern.exec(text.slice(from, start));
  if (match === null) return undefined;
  const { amount: far = '', unit: inUnits = '', point = '', miles, spotter } = match.groups ?? {};
  if (spotter !== undefined && spotter !== spotter.toUpperCase()) return undefined;
  const km =
    miles === undefined ? amountOf(far) * (kmOfUnit[inUnits.toLowerCase()] ?? 0) : Number(miles) * kmPerMile;
  const bearing = bearingOf(spotter ?? point);
  return bearing === undefined ? undefined : { start: from + match.index, end: start, km, bearing };
}

function amountOf(text: string): number {
  return amounts[text.toLowerCase()] ?? Number(text.replace(',', '.'));
}

function bearingOf(point: string): number | undefined {
  const plain = point.toLowerCase().replace(/[ -]/g, '');
  const at = points.indexOf(spelledPoints[plain] ?? plain);
  return at < 0 ? undefined : (at * 360) / points.length;
}

/** The point so far away in that direction on the sphere. */
export function moved(
  [longitude, latitude]: Position,
  { km, bearing }: Pick<Offset, 'km' | 'bearing'>,
): Position {
  const radians = Math.PI / 180;
  const [angle, course, lat] = [km / earthRadiusKm, bearing * radians, latitude * radians];
  const newLat = Math.asin(
    Math.sin(lat) * Math.cos(angle) + Math.cos(lat) * Math.sin(angle) * Math.cos(course),
  );
  const turn = Math.atan2(
    Math.sin(course) * Math.sin(angle) * Math.cos(lat),
    Math.cos(angle) - Math.sin(lat) * Math.sin(newLat),
  );
  return [rounded(longitude + turn / radians), rounded(newLat / radians)];
}

/** Whether the text says that something lies between the two names: "between A and B", "the A-B highway". */
export function areBetween(text: string, first: Span, second: Span): boolean {
  if (
    /^[ \t]*[-–][ \t]*$/.test(text.slice(first.end, second.start)) &&
    roadBehind.test(text.slice(second.end))
  )
    return true;
  const before = /\b(?:between|from|connecting)[ \t]+(?:the[ \t]+)?(?:\p{L}+[ \t]+of[ \t]+)?$/iu.test(
    text.slice(Math.max(0, first.start - 40), first.start),
  );
  return before && /^[ \t]+(?:and|to|&)[ \t]+(?:the[ \t]+)?$/i.test(text.slice(first.end, second.start));
}

/** The point half way; good for neighbours, not across the date line. */
export function halfWay(a: Position, b: Position): Position {
  return [rounded((a[0] + b[0]) / 2), rounded((a[1] + b[1]) / 2)];
}

function rounded(degrees: number): number {
  return Math.round(degrees * 1e4) / 1e4;
}
