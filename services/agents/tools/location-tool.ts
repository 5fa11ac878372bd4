// The tool location_service: positions of names, names of positions, and the way between two positions. It knows the tenant's own places, which
// come first, and what a lookup knows: the platform's gazetteer or a service.
import { invalidArgument } from '../../../foundation/fault/fault.ts';
import type { Position } from '../core/gazetteer.ts';
import { distanceKm } from '../core/geo/distance.ts';
import type { JsonObject } from '../core/skill.ts';
import { squashName } from '../core/text/words.ts';
import type { AnswerTool } from './report-tools.ts';
import type { TenantKnowledge } from './tenant-knowledge.ts';

/** A place that a name can mean. */
export interface FoundPlace {
  readonly name: string;
  /** ISO 3166 alpha-2; empty when unknown. */
  readonly country: string;
  /** First-order division; empty when unknown. */
  readonly admin1: string;
  readonly point: Position;
  /** 0 to 1; null where nobody says. */
  readonly confidence: number | null;
}

/** A place near a position. */
export type NearPlace = Omit<FoundPlace, 'confidence'> & { readonly distanceKm: number };

/** The way between two positions. */
export interface FoundRoute {
  readonly distanceKm: number;
  /** How it was measured: straight over the globe, or by car on roads. */
  readonly method: 'great_circle' | 'road';
  /** Time for it; absent where no roads are known. */
  readonly durationMinutes?: number;
}

/** For whom a lookup is made. */
export interface LookupFor {
  /** Ends it; the lookup then throws the signal's reason. */
  readonly signal: AbortSignal;
}

/** Looks places of the world up. */
export interface PlaceLookup {
  /** Marks what it answers. */
  readonly source: 'gazetteer' | 'amazon-location';
  /** What a text can mean, the likeliest first, few; with `near`, places about there are preferred. */
  geocode(
    text: string,
    asked: LookupFor & { readonly near: Position | undefined },
  ): Promise<readonly FoundPlace[]>;
  /** What is near a position, nearest first, few. */
  reverseGeocode(point: Position, asked: LookupFor): Promise<readonly NearPlace[]>;
  route(ends: readonly [from: Position, to: Position], asked: LookupFor): Promise<FoundRoute>;
}

/** What the tool knows. */
export interface LocationSources {
  readonly places: PlaceLookup;
  readonly knowledge: () => Promise<TenantKnowledge>;
}

const candidatesMax = 10;
const nearKm = 15;

/** The tool for one call. Fault `invalid_argument` for what an operation lacks; faults of the lookup pass through. */
export function createLocationTool(sources: LocationSources, signal: AbortSignal): AnswerTool {
  return async ({ operation, address, position, destination }) => {
    if (operation === 'geocode') {
      return geocode(required('address', address as string | undefined), sources, signal);
    }
    const from = required('position', position as unknown as Position | undefined);
    if (operation === 'reverse_geocode') return reverseGeocode(from, sources, signal);
    const to = required('destination', destination as unknown as Position | undefined);
    return describedRoute([from, to], await sources.places.route([from, to], { signal }));
  };
}

async function geocode(
  text: string,
  { places, knowledge }: LocationSources,
  signal: AbortSignal,
): Promise<JsonObject> {
  const { places: own, homeArea } = await knowledge();
  const wanted = squashName(text);
  const listed = own.flatMap(({ name, aliases, point }) => {
    const isNamed = point && [name, ...aliases].some((one) => squashName(one) === wanted);
    return isNamed
      ? [{ name, country: '', admin1: '', position: [...point], confidence: 1, source: 'tenant' }]
      : [];
  });
  const found = await places.geocode(text, { near: homeArea?.point, signal });
  const known = found.map(({ name, country, admin1, point, confidence }) => ({
    ...{ name, country, admin1, position: [...point], confidence, source: places.source },
  }));
  return { places: [...listed, ...known].slice(0, candidatesMax) };
}

async function reverseGeocode(
  from: Position,
  { places, knowledge }: LocationSources,
  signal: AbortSignal,
): Promise<JsonObject> {
  const { places: own } = await knowledge();
  const listed = own.flatMap(({ name, point }) => {
    const away = point ? distanceKm(from, point) : Number.POSITIVE_INFINITY;
    return point && away <= nearKm
      ? [
          {
            name,
            country: '',
            admin1: '',
            position: [...point],
            distance_km: rounded(away),
            source: 'tenant',
          },
        ]
      : [];
  });
  const near = await places.reverseGeocode(from, { signal });
  const known = near.map(({ name, country, admin1, point, distanceKm: away }) => ({
    ...{ name, country, admin1, position: [...point], distance_km: rounded(away), source: places.source },
  }));
  const found = [...listed, ...known].sort((a, b) => a.distance_km - b.distance_km);
  return { places: found.slice(0, candidatesMax) };
}

function describedRoute(
  [from, to]: readonly [Position, Position],
  { distanceKm: away, method, durationMinutes }: FoundRoute,
): JsonObject {
  return {
    distance_km: rounded(away),
    bearing_degrees: bearing(from, to),
    method,
    ...(durationMinutes !== undefined && { duration_minutes: Math.round(durationMinutes) }),
  };
}

/** The direction in which the straight way begins, clockwise from north, in whole degrees. */
function bearing([fromLongitude, fromLatitude]: Position, [toLongitude, toLatitude]: Position): number {
  const radians = Math.PI / 180;
  const across = (toLongitude - fromLongitude) * radians;
  const [a, b] = [fromLatitude * radians, toLatitude * radians];
  const east = Math.sin(across) * Math.cos(b);
  const north = Math.cos(a) * Math.sin(b) - Math.sin(a) * Math.cos(b) * Math.cos(across);
  return (Math.round(Math.atan2(east, north) / radians) + 360) % 360;
}

function rounded(kilometres: number): number {
  return Math.round(kilometres * 10) / 10;
}

function required<T>(field: string, value: T | undefined): T {
  if (value !== undefined) return value;
  throw invalidArgument([{ field, reason: 'is needed for this operation' }]);
}
