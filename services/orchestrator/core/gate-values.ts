// How the answer of a run is held against an expected value. Texts count as equal without regard to case, to blanks around them and to how many
// stand between words; numbers by value; points by distance; lists by the items that both have; other objects as a whole.
import { canonicalJson } from '../../../foundation/json/canonical-json.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../../foundation/json/json.ts';
import type { JsonStep } from '../../../foundation/json/json-steps.ts';

/** What one expected value counts: of a list its items, of everything else one. */
export interface ValueCounts {
  readonly expected: number;
  readonly answered: number;
  readonly correct: number;
}

/** The value at a path; undefined when there is none. A step to every item gives a list of what is found in them. */
export function valueAt(answer: JsonValue, steps: readonly JsonStep[]): JsonValue | undefined {
  const [step, ...rest] = steps;
  if (step === undefined) return answer;
  if (step === null) {
    if (!Array.isArray(answer)) return undefined;
    const found = answer.map((item) => valueAt(item, rest));
    return found.flatMap((value) => (value === undefined ? [] : value));
  }
  if (typeof step === 'number') {
    const item = Array.isArray(answer) ? answer[step] : undefined;
    return item === undefined ? undefined : valueAt(item, rest);
  }
  if (!isJsonObject(answer) || !Object.hasOwn(answer, step)) return undefined;
  const part = answer[step];
  return part === undefined ? undefined : valueAt(part, rest);
}

/** Counts an answer, undefined or null for none. An expected null counts nothing, and makes every answer a wrong one. */
export function countValue(
  expected: JsonValue,
  answered: JsonValue | undefined,
  distanceKmMax: number,
): ValueCounts {
  if (Array.isArray(expected)) return countItems(expected, answered);
  const isAnswered = answered !== undefined && answered !== null;
  if (expected === null) return { expected: 0, answered: isAnswered ? 1 : 0, correct: 0 };
  const isCorrect = isAnswered && isSame(expected, answered, distanceKmMax);
  return { expected: 1, answered: isAnswered ? 1 : 0, correct: isCorrect ? 1 : 0 };
}

function countItems(expected: readonly JsonValue[], answered: JsonValue | undefined): ValueCounts {
  const wanted = new Set(expected.map(comparable));
  const given = answered === undefined || answered === null ? [] : [answered].flat();
  const found = new Set(given.map(comparable));
  return { expected: wanted.size, answered: found.size, correct: wanted.intersection(found).size };
}

function isSame(expected: JsonValue, answered: JsonValue, distanceKmMax: number): boolean {
  const point = pointOf(expected);
  if (!point) return comparable(expected) === comparable(answered);
  const other = pointOf(answered);
  return other !== undefined && distanceKm(point, other) <= distanceKmMax;
}

function comparable(value: JsonValue): string {
  return canonicalJson(plain(value));
}

function plain(value: JsonValue): JsonValue {
  if (typeof value === 'string') return value.normalize('NFC').trim().replaceAll(/\s+/g, ' ').toLowerCase();
  if (value === 0) return 0; // minus zero
  if (Array.isArray(value)) return value.map(plain);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, plain(part)]));
}

interface Position {
  readonly longitude: number;
  readonly latitude: number;
}

/** A GeoJSON Point, or an object with longitude and latitude; undefined for everything else. */
function pointOf(value: JsonValue): Position | undefined {
  if (!isJsonObject(value)) return undefined;
  const isGeoJson = value.type === 'Point' && Array.isArray(value.coordinates);
  const [longitude, latitude] = isGeoJson ? coordinatesOf(value) : [value.longitude, value.latitude];
  if (typeof longitude !== 'number' || typeof latitude !== 'number') return undefined;
  return { longitude, latitude };
}

function coordinatesOf({ coordinates }: JsonObject): readonly (JsonValue | undefined)[] {
  return Array.isArray(coordinates) ? coordinates : [];
}

const earthRadiusKm = 6_371.0088;

/** By the haversine formula on a sphere of the mean radius of the earth. */
function distanceKm(one: Position, other: Position): number {
  const radians = (degrees: number): number => (degrees * Math.PI) / 180;
  const byLatitude = Math.sin(radians(other.latitude - one.latitude) / 2) ** 2;
  const byLongitude = Math.sin(radians(other.longitude - one.longitude) / 2) ** 2;
  const chord =
    byLatitude + Math.cos(radians(one.latitude)) * Math.cos(radians(other.latitude)) * byLongitude;
  return 2 * earthRadiusKm * Math.asin(Math.min(1, Math.sqrt(chord)));
}
