// `domainflow data`: where the reports of a domain are, and how many have which value or came when.
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { AnswerOf } from '../../api/api-calls.ts';
import type { ReportCluster, ReportPoint } from '../../api/gen/api-types.ts';
import type { Cli, Frame } from '../cli.ts';
import { type ListOptions, withListOptions } from '../list-options.ts';
import type { Column } from '../screen/table.ts';
import { UsageError } from '../usage-error.ts';

interface AreaOptions {
  readonly bounds?: string;
  readonly near?: string;
  readonly radius?: string;
  readonly polygon?: string;
}

interface PlaceOptions extends ListOptions, AreaOptions {
  readonly domain: string;
  readonly clusters?: number;
}

interface CountOptions {
  readonly domain: string;
  readonly by?: string;
  readonly every?: 'hour' | 'day' | 'week' | 'month';
  readonly timeZone?: string;
  readonly time?: 'created' | 'event';
}

/** Places that one request may ask for. */
const placesMax = 10_000;

/** Adds the commands. */
export function addData(program: Command, cli: Cli): void {
  const data = program.command('data').description('where reports are, and how many of which kind');
  withListOptions(data.command('geo').description('where reports are; with --json as GeoJSON'))
    .requiredOption('-d, --domain <domain>', 'the domain of the reports')
    .option('--bounds <box>', 'in a box alone: west,south,east,north in degrees')
    .option('--near <point>', 'in a circle alone: longitude,latitude of its middle in degrees')
    .option('--radius <km>', 'of the circle, in kilometres; else 10')
    .option('--polygon <corners>', 'in a polygon alone: longitude,latitude;longitude,latitude;…')
    .option('--clusters <zoom>', 'count by tile of a map of this zoom level, 0 to 20', zoomLevel)
    .action(cli.action<[], PlaceOptions>((frame, _, options) => showPlaces(frame, options)));
  data
    .command('aggregated')
    .description('how many reports have which value, or came in which span of time')
    .requiredOption('-d, --domain <domain>', 'the domain of the reports')
    .option('--by <path>', 'by value: status, source, created_by, ingestion_data.… or management_data.…')
    .addOption(new Option('--every <span>', 'by span of time').choices(['hour', 'day', 'week', 'month']))
    .option('--time-zone <zone>', 'whose calendar the spans follow, such as Europe/Madrid; else UTC')
    .addOption(
      new Option('--time <which>', 'when it was submitted, or when it happened').choices([
        'created',
        'event',
      ]),
    )
    .action(cli.action<[], CountOptions>((frame, _, options) => showCounts(frame, options)));
}

function zoomLevel(text: string): number {
  if (/^(?:1?\d|20)$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a whole number from 0 to 20.');
}

type Places = AnswerOf<'/api/v1/data/geo', 'get'>;
type Feature = ReportPoint | ReportCluster;

const placeColumns: readonly Column<Feature>[] = [
  { title: 'LATITUDE', of: ({ geometry }) => geometry.coordinates[1]?.toFixed(6) },
  { title: 'LONGITUDE', of: ({ geometry }) => geometry.coordinates[0]?.toFixed(6) },
];
const pointColumns: readonly Column<Feature>[] = [
  { title: 'REPORT', of: ({ properties }) => ('incident_id' in properties ? properties.incident_id : '') },
  { title: 'STATUS', of: ({ properties }) => ('status' in properties ? properties.status : '') },
  ...placeColumns,
];
const clusterColumns: readonly Column<Feature>[] = [
  { title: 'REPORTS', of: ({ properties }) => ('count' in properties ? properties.count : '') },
  ...placeColumns,
];

async function showPlaces({ api, out }: Frame, options: PlaceOptions): Promise<void> {
  const { clusters, all, limit } = options;
  const ask = (more: { readonly limit?: number; readonly cursor?: string }): Promise<Places> =>
    api.get('/api/v1/data/geo', { query: { ...areaQuery(options), ...more } });
  const isWhole = clusters !== undefined || all === true;
  const wantedMax = isWhole ? Number.POSITIVE_INFINITY : limit;
  let part = await ask(clusters === undefined ? { limit: Math.min(wantedMax, placesMax) } : {});
  const { total } = part;
  const features: Feature[] = [...part.features];
  while (part.next_cursor !== null && features.length < wantedMax) {
    const room = Math.min(wantedMax - features.length, placesMax);
    part = await ask({ limit: room, cursor: part.next_cursor });
    features.push(...part.features);
  }
  const shown = clusters !== undefined ? features : features.slice(0, wantedMax);
  if (out.isJson) return out.result({ type: 'FeatureCollection', features: shown, total }, () => []);
  out.table(shown, clusters === undefined ? pointColumns : clusterColumns);
  if (total !== undefined) out.note(`Reports in the area: ${total}`);
}

function areaQuery({ domain, bounds, near, radius, polygon, clusters }: PlaceOptions) {
  if (radius !== undefined && near === undefined) throw new UsageError('--radius belongs to --near');
  const areas = Object.entries({ bounds, near, polygon }).filter(([, value]) => value !== undefined);
  if (areas.length > 1) {
    throw new UsageError(`geo takes one of ${areas.map(([name]) => `--${name}`).join(' and ')}`);
  }
  return {
    domain_id: domain,
    ...(bounds !== undefined && { bounds }),
    ...(near !== undefined && { near }),
    ...(radius !== undefined && { radius_km: radius }),
    ...(polygon !== undefined && { polygon }),
    ...(clusters !== undefined && { cluster_zoom: clusters }),
  };
}

async function showCounts({ api, out }: Frame, options: CountOptions): Promise<void> {
  const { domain, by, every, timeZone, time } = options;
  if ((by === undefined) === (every === undefined)) {
    throw new UsageError('aggregated takes --by with a path, or --every with a span of time');
  }
  if (every === undefined && (timeZone !== undefined || time !== undefined)) {
    throw new UsageError('--time-zone and --time belong to --every');
  }
  const counts = await api.get('/api/v1/data/aggregated', {
    query: {
      domain_id: domain,
      ...(by !== undefined && { group_by: by }),
      ...(every !== undefined && { bucket: every }),
      ...(timeZone !== undefined && { time_zone: timeZone }),
      ...(time !== undefined && { time }),
    },
  });
  if (out.isJson) return out.result(counts, () => []);
  const rows =
    'buckets' in counts
      ? counts.buckets.map(({ start, count }) => ({ key: start, count }))
      : counts.aggregations;
  out.table(rows, [
    { title: every === undefined ? 'VALUE' : 'FROM', of: ({ key }) => key },
    { title: 'REPORTS', of: ({ count }) => count },
  ]);
  out.note(`Reports counted: ${counts.total}`);
}
