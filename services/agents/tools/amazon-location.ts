// Looks places and ways up with Amazon Location Service. It knows streets, houses and roads; the tenant's own places are known elsewhere.
// Answers are recorded with the calls of a run, so that they are asked for as ones that are kept: the service's terms demand it.
import type { Address } from '@aws-sdk/client-geo-places';
import { invalidArgument } from '../../../foundation/fault/fault.ts';
import type { Position } from '../core/gazetteer.ts';
import { distanceKm } from '../core/geo/distance.ts';
import { geocodeCandidatesMax } from '../core/geo/geocode.ts';
import { ToolFailed } from './agent-tool.ts';
import { awsUnreadable } from './aws-fault.ts';
import { type AwsServiceDeps, awsClientSettings, createAwsAsking } from './aws-service.ts';
import type { FoundPlace, FoundRoute, NearPlace, PlaceLookup } from './location-tool.ts';

/** The longest text that the service takes for a place, in characters. */
const addressMax = 200;

/** A lookup with connections. */
export interface AmazonLocation extends PlaceLookup {
  /** Ends its connections. */
  close(): Promise<void>;
}

const names = {
  ...{ toolName: 'location_service', service: 'Amazon Location' },
  chosenBy: 'LOCATION_BACKEND=amazon-location',
  ...{ region: 'LOCATION_REGION', endpoint: 'LOCATION_ENDPOINT' },
};
const kept = { MaxResults: geocodeCandidatesMax, IntendedUse: 'Storage' } as const;

/**
 * A lookup that asks the service. Its packages are loaded with the first question. Fault `invalid_argument` for a longer address; ToolFailed
 * when it cannot be asked, answers nothing that can be read, or knows no way.
 */
export function createAmazonLocation(deps: AwsServiceDeps): AmazonLocation {
  const beginAsking = createAwsAsking(names, deps);
  let opened: ReturnType<typeof openClients> | undefined;
  const open = () => {
    opened ??= openClients(deps);
    return opened;
  };
  return {
    source: 'amazon-location',
    geocode: async (text, { near, signal }) => {
      requireShort(text);
      if (text.trim() === '') return [];
      const { places, GeocodeCommand } = await open();
      const command = new GeocodeCommand({
        QueryText: text,
        ...kept,
        ...(near && { BiasPosition: [...near] }),
      });
      const ask = beginAsking(signal);
      const answer = await ask('geo-places:Geocode', (options) => places.send(command, options));
      return itemsOf(answer.ResultItems).flatMap(foundPlace);
    },
    reverseGeocode: async (point, { signal }) => {
      const { places, ReverseGeocodeCommand } = await open();
      const command = new ReverseGeocodeCommand({ QueryPosition: [...point], ...kept });
      const ask = beginAsking(signal);
      const answer = await ask('geo-places:ReverseGeocode', (options) => places.send(command, options));
      return itemsOf(answer.ResultItems).flatMap((item) => nearPlace(item, point));
    },
    route: async ([from, to], { signal }) => {
      const { routes, CalculateRoutesCommand } = await open();
      const [Origin, Destination] = [[...from], [...to]];
      const command = new CalculateRoutesCommand({ Origin, Destination, LegAdditionalFeatures: ['Summary'] });
      const ask = beginAsking(signal);
      const answer = await ask('geo-routes:CalculateRoutes', (options) => routes.send(command, options));
      return firstRoute(answer.Routes);
    },
    close: async () => {
      const clients = await opened;
      clients?.places.destroy();
      clients?.routes.destroy();
    },
  };
}

/** Loaded only here: most deployments look places up in the gazetteer. */
async function openClients({ settings }: AwsServiceDeps) {
  const { GeocodeCommand, GeoPlacesClient, ReverseGeocodeCommand } = await import(
    '@aws-sdk/client-geo-places'
  );
  const { CalculateRoutesCommand, GeoRoutesClient } = await import('@aws-sdk/client-geo-routes');
  return {
    places: new GeoPlacesClient(awsClientSettings(settings)),
    routes: new GeoRoutesClient(awsClientSettings(settings)),
    ...{ GeocodeCommand, ReverseGeocodeCommand, CalculateRoutesCommand },
  };
}

function requireShort(text: string): void {
  if ([...text].length <= addressMax) return;
  throw invalidArgument([{ field: 'address', reason: `must have at most ${addressMax} characters` }]);
}

interface Item {
  readonly Title?: string | undefined;
  readonly Address?: Address | undefined;
  readonly Position?: readonly number[] | undefined;
  readonly Distance?: number | undefined;
  readonly MatchScores?: { readonly Overall?: number | undefined } | undefined;
}

function itemsOf(items: readonly Item[] | undefined): readonly Item[] {
  if (items === undefined) return [];
  if (!Array.isArray(items)) throw awsUnreadable(names);
  return items.filter((item) => typeof item === 'object' && item !== null);
}

/** What has no name or position is passed over. */
function describedPlace({ Title: name, Address: address, Position: position }: Item) {
  const [longitude, latitude] = Array.isArray(position) ? position : [];
  if (typeof name !== 'string' || !isWithin(longitude, 180) || !isWithin(latitude, 90)) return [];
  const point: Position = [longitude, latitude];
  const { Country: country, Region: region } = address ?? {};
  return [{ name, country: textOf(country?.Code2), admin1: textOf(region?.Name), point }];
}

function foundPlace(item: Item): FoundPlace[] {
  const score = item.MatchScores?.Overall;
  const confidence = isWithin(score, 1) ? Math.round(Math.max(0, score) * 100) / 100 : null;
  return describedPlace(item).map((place) => ({ ...place, confidence }));
}

function nearPlace(item: Item, from: Position): NearPlace[] {
  const { Distance: metres } = item;
  return describedPlace(item).map((place) => ({
    ...place,
    distanceKm: isDistance(metres) ? metres / 1_000 : distanceKm(from, place.point),
  }));
}

/** The best way, by car. */
function firstRoute(
  routes:
    | readonly {
        readonly Summary?: { Distance?: number | undefined; Duration?: number | undefined } | undefined;
      }[]
    | undefined,
): FoundRoute {
  if (!Array.isArray(routes)) throw awsUnreadable(names);
  if (routes.length === 0) {
    const message = 'Amazon Location knows no way by road between the two positions';
    throw new ToolFailed(message, { isTransient: false });
  }
  const { Distance: metres, Duration: seconds } = routes[0]?.Summary ?? {};
  if (!isDistance(metres) || !isDistance(seconds)) throw awsUnreadable(names);
  return { distanceKm: metres / 1_000, method: 'road', durationMinutes: seconds / 60 };
}

function isWithin(value: unknown, most: number): value is number {
  return typeof value === 'number' && Math.abs(value) <= most;
}

function isDistance(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
