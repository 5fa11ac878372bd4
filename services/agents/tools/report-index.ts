// The report index as the query skills see it. It always asks about the domain of the run, whatever the agent wants, under the identity
// of the run.

import { fromJson } from '@bufbuild/protobuf';
import { type Timestamp, timestampDate, timestampFromMs, ValueSchema } from '@bufbuild/protobuf/wkt';
import type { CallOptions } from '@connectrpc/connect';
import type { GeoPoint } from '../../../proto/gen/domainflow/common/v1/geo_pb.js';
import { type IndexEntry, TimeBucket } from '../../../proto/gen/domainflow/reports/v1/index_entry_pb.js';
import {
  AggregateRequest_Measure_Function,
  type ListPointsResponse_Feature,
} from '../../../proto/gen/domainflow/reports/v1/index_service_pb.js';
import type { MeshClients } from '../clients/mesh-clients.ts';
import { withEmptyBuckets } from '../core/query/local-series.ts';
import {
  type AggregateRequest,
  type AggregateResult,
  type Bucket,
  type ClusterRequest,
  type ClusterResult,
  type FoundReport,
  type LocatedReport,
  lookupMax,
  type Measure,
  type Point,
  type ReportData,
  type ReportFilter,
  type RetrieveRequest,
  type RetrieveResult,
  type SeriesRequest,
  type SeriesResult,
  type SpatialRequest,
  type SpatialResult,
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

const functions: Readonly<Record<Measure['function'], AggregateRequest_Measure_Function>> = {
  avg: AggregateRequest_Measure_Function.AVG,
  sum: AggregateRequest_Measure_Function.SUM,
  min: AggregateRequest_Measure_Function.MIN,
  max: AggregateRequest_Measure_Function.MAX,
};

function time(iso: string): Timestamp {
  return timestampFromMs(Date.parse(iso));
}

function filterWire(domainId: string, filter: ReportFilter) {
  const { text, from, to, status, where = {} } = filter;
  return {
    domainId,
    ...(text === undefined ? {} : { text }),
    ...(from === undefined ? {} : { from: time(from) }),
    ...(to === undefined ? {} : { to: time(to) }),
    ...(status === undefined ? {} : { status }),
    ...areaWire(filter),
    matches: Object.entries(where).map(([path, value]) => ({ path, value: fromJson(ValueSchema, value) })),
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
    source: entry.source,
    ...(entry.managementData ? { management_data: entry.managementData } : {}),
    ...(entry.snippet ? { snippet: entry.snippet.replace(/[\uE000\uE001]/g, '') } : {}),
  };
}

function areaWire({ near, radius_km: radiusKm, bounds, polygon }: ReportFilter) {
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
    values: async ({ field, limit }) => {
      const { groups } = await aggregate({ group_by: field, limit }, reach);
      return groups.slice(0, limit).map(({ key }) => key);
    },
    clusters: (request) => clusters(request, reach),
    lookup: (request) => lookup(request.ids, reach),
  };
}

async function retrieve(
  request: RetrieveRequest,
  { index, domainId, callOptions }: ReportIndexReach,
): Promise<RetrieveResult> {
  const filter = filterWire(domainId, request);
  const { limit, snippets = false } = request;
  const found = await index.retrieve({ filter, limit, snippets }, callOptions());
  // A search counts up to a limit; an answer must be right beyond it too.
  const { total } = found.totalAtLeast
    ? await index.aggregate({ filter, groupBy: 'status', limit: 1 }, callOptions())
    : found;
  return { total: Number(total), reports: found.entries.map(reportOf) };
}

async function aggregate(
  request: AggregateRequest,
  { index, domainId, callOptions }: ReportIndexReach,
): Promise<AggregateResult> {
  const { group_by: groupBy, limit, measure } = request;
  const figure = measure && { function: functions[measure.function], path: measure.path };
  const wire = { filter: filterWire(domainId, request), groupBy, limit, ...(figure && { measure: figure }) };
  const { groups, total } = await index.aggregate(wire, callOptions());
  const plain = groups.map(({ key, count, value }) => ({
    ...{ key, count: Number(count) },
    ...(value === undefined ? {} : { value }),
  }));
  return { total: Number(total), groups: plain };
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

async function clusters(
  request: ClusterRequest,
  { index, domainId, callOptions }: ReportIndexReach,
): Promise<ClusterResult> {
  const filter = filterWire(domainId, request);
  const answer = await index.clusterPoints({ filter, zoom: request.zoom }, callOptions());
  const found = answer.clusters.flatMap(({ point, count }) =>
    point ? [{ point: pointOf(point), count: Number(count) }] : [],
  );
  return { total: Number(answer.total), clusters: found };
}

async function lookup(
  ids: readonly string[],
  { index, domainId, callOptions }: ReportIndexReach,
): Promise<RetrieveResult> {
  const incidentIds = ids.slice(0, lookupMax);
  const { entries } = await index.verifyReferences({ domainId, incidentIds }, callOptions());
  return { total: entries.length, reports: entries.map(reportOf) };
}

function locatedOf({ incidentId, point, status, locationText }: ListPointsResponse_Feature): LocatedReport[] {
  if (!point) return [];
  return [{ incident_id: incidentId, point: pointOf(point), status, location_text: locationText || null }];
}
