// The report index as the query skills see it. It always asks about the domain of the run, whatever the agent wants, under the identity
// of the run.

import { type Timestamp, timestampDate, timestampFromMs } from '@bufbuild/protobuf/wkt';
import type { CallOptions } from '@connectrpc/connect';
import type { GeoPoint } from '../../../proto/gen/domainflow/common/v1/geo_pb.js';
import { type IndexEntry, TimeBucket } from '../../../proto/gen/domainflow/reports/v1/index_entry_pb.js';
import type { ListPointsResponse_Feature } from '../../../proto/gen/domainflow/reports/v1/index_service_pb.js';
import type { MeshClients } from '../clients/mesh-clients.ts';
import { withEmptyBuckets } from '../core/query/local-series.ts';
import type {
  AggregateRequest,
  AggregateResult,
  Bucket,
  FoundReport,
  LocatedReport,
  Point,
  ReportData,
  ReportFilter,
  RetrieveRequest,
  RetrieveResult,
  SeriesRequest,
  SeriesResult,
  SpatialRequest,
  SpatialResult,
} from '../core/report-data.ts';

/** What is asked, and for whom. */
export interface ReportIndexReach {
  readonly index: MeshClients['index'];
  readonly domainId: string;
  /** Identity and time of each call. */
  readonly callOptions: () => CallOptions;
}

const buckets: Readonly<Record<Bucket, TimeBucket>> = {
  hour: TimeBucket.HOUR,
  day: TimeBucket.DAY,
  week: TimeBucket.WEEK,
  month: TimeBucket.MONTH,
};

function time(iso: string): Timestamp {
  return timestampFromMs(Date.parse(iso));
}

function filterWire(domainId: string, filter: ReportFilter) {
  const { text, from, to, status } = filter;
  return {
    domainId,
    ...(text === undefined ? {} : { text }),
    ...(from === undefined ? {} : { from: time(from) }),
    ...(to === undefined ? {} : { to: time(to) }),
    ...(status === undefined ? {} : { status }),
    ...areaWire(filter),
  };
}

function pointOf({ longitude, latitude }: GeoPoint): Point {
  return { type: 'Point', coordinates: [longitude, latitude] };
}

function pointWire([longitude, latitude]: readonly [number, number]) {
  return { longitude, latitude };
}

function reportOf(entry: IndexEntry): FoundReport {
  return {
    incident_id: entry.incidentId,
    status: entry.status,
    created_at: entry.createdAt ? timestampDate(entry.createdAt).toISOString() : '',
    summary: entry.summary,
    ingestion_data: entry.ingestionData ?? {},
    location: entry.location ? pointOf(entry.location) : null,
    rank: entry.rank,
  };
}

function areaWire({ near, radius_km: radiusKm, bounds, polygon }: Partial<SpatialRequest>) {
  if (bounds) return { area: { case: 'bounds' as const, value: { ...bounds } } };
  if (near)
    return { area: { case: 'circle' as const, value: { centre: pointWire(near), radiusKm: radiusKm ?? 0 } } };
  if (polygon) return { area: { case: 'polygon' as const, value: { points: polygon.map(pointWire) } } };
  return {};
}

/** The port of the query skills over the report index; Faults of the reports service pass through. */
export function createReportIndex(reach: ReportIndexReach): ReportData {
  return {
    retrieve: (request) => retrieve(request, reach),
    aggregate: (request) => aggregate(request, reach),
    series: (request) => series(request, reach),
    spatial: (request) => spatial(request, reach),
  };
}

async function retrieve(
  request: RetrieveRequest,
  { index, domainId, callOptions }: ReportIndexReach,
): Promise<RetrieveResult> {
  const filter = filterWire(domainId, request);
  const { entries, total } = await index.retrieve({ filter, limit: request.limit }, callOptions());
  return { total: Number(total), reports: entries.map(reportOf) };
}

async function aggregate(
  request: AggregateRequest,
  { index, domainId, callOptions }: ReportIndexReach,
): Promise<AggregateResult> {
  const wire = { filter: filterWire(domainId, request), groupBy: request.group_by, limit: request.limit };
  const { groups, total } = await index.aggregate(wire, callOptions());
  return { total: Number(total), groups: groups.map(({ key, count }) => ({ key, count: Number(count) })) };
}

async function series(
  request: SeriesRequest,
  { index, domainId, callOptions }: ReportIndexReach,
): Promise<SeriesResult> {
  const wire = {
    filter: filterWire(domainId, request),
    bucket: buckets[request.bucket],
    timeZone: request.time_zone,
    byEventTime: request.event ?? false,
  };
  const answer = await index.countOverTime(wire, callOptions());
  const counted = answer.buckets.map(({ start, count }) => ({
    start: start ? timestampDate(start).toISOString() : '',
    count: Number(count),
  }));
  return { total: Number(answer.total), buckets: withEmptyBuckets(counted, request) };
}

async function spatial(
  request: SpatialRequest,
  { index, domainId, callOptions }: ReportIndexReach,
): Promise<SpatialResult> {
  const filter = filterWire(domainId, request);
  const { features, total } = await index.listPoints({ filter, limit: request.limit }, callOptions());
  return { total: Number(total), points: features.flatMap(locatedOf) };
}

function locatedOf({ incidentId, point, status, locationText }: ListPointsResponse_Feature): LocatedReport[] {
  if (!point) return [];
  return [{ incident_id: incidentId, point: pointOf(point), status, location_text: locationText || null }];
}
