// /data/geo: where the reports of a domain are, one by one or counted by tile of a map, as GeoJSON (RFC 7946).
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { invalidArgument, type Violation } from '../../foundation/fault/fault.ts';
import type { MeshClients } from '../clients/mesh-clients.ts';
import { named } from '../core/answer-schema.ts';
import { type Area, type AreaQuery, cornersMax, cornersMin, readArea } from '../core/geo-query.ts';
import { type Operation, routeSchema } from '../core/operation.ts';
import { domainIdSchema, objectSchema, textSchema, wholeNumberSchema } from '../http/schema-parts.ts';
import { pointsExample } from './data-schema.ts';
import { pointJson } from './geo-json.ts';
import { meshCall } from './mesh-call.ts';

/** Most features of one answer. */
const featuresMax = 10_000;
const zoomMax = 20;
/** Room for a polygon of a hundred corners, in characters. */
const areaTextSchema = textSchema(1, 8_000);

interface GeoQuery extends AreaQuery {
  readonly domain_id: string;
  readonly limit?: string;
  readonly cursor?: string;
  readonly cluster_zoom?: string;
}

const readConfig = { role: 'viewer', permission: 'data:read' } as const;
const geoSchema = objectSchema(
  {
    domain_id: domainIdSchema,
    bounds: {
      ...areaTextSchema,
      title: '`west,south,east,north` in degrees; west greater than east crosses the antimeridian',
    },
    near: { ...areaTextSchema, title: '`longitude,latitude` in degrees: the middle of a circle' },
    radius_km: textSchema(1, 50, { title: 'Radius of the circle in kilometres; 10 unless given' }),
    polygon: {
      ...areaTextSchema,
      title: `\`longitude,latitude;longitude,latitude;…\`: ${cornersMin} to ${cornersMax} corners, closed by itself`,
    },
    limit: {
      ...wholeNumberSchema,
      title: `Most features of the answer, 1 to ${featuresMax}, which is the default`,
    },
    cursor: textSchema(1, 4_096, { title: '`next_cursor` of the answer before, under the same filters' }),
    cluster_zoom: {
      ...wholeNumberSchema,
      title: `Counts by tile of this zoom level, 0 to ${zoomMax}; not beside \`limit\` and \`cursor\``,
    },
  },
  ['domain_id'],
);

const operation: Operation = {
  ...{ id: 'getReportPlaces', tag: 'Data', summary: 'Where the reports of a domain are' },
  description: `Reports with a point in \`ingestion_data.geo_location\`, one by one or, with \`cluster_zoom\`, counted by tile of a map. At
most one of \`bounds\`, \`near\` and \`polygon\`; without one it is everything. The map follows what changes within a few seconds.`,
  querystring: geoSchema,
  answers: {
    200: {
      description: 'Single reports, or clusters of them',
      schema: { anyOf: [named('ReportPoints'), named('ReportClusters')] },
      example: pointsExample,
    },
  },
  refusals: { 400: 'near: cannot be given beside bounds', 404: 'No such domain' },
};

/** Registers the route of places. */
export function geoRoutes(app: FastifyInstance, clients: MeshClients): void {
  app.get<{ Querystring: GeoQuery }>(
    '/data/geo',
    { config: readConfig, schema: routeSchema(operation) },
    async (request) => {
      const wanted = wantedPlaces(request.query);
      await clients.domains.getDomain({ domainId: request.query.domain_id }, meshCall(request));
      return wanted.zoom === undefined
        ? points(clients, request, wanted)
        : clusters(clients, request, { ...wanted, zoom: wanted.zoom });
    },
  );
}

interface WantedPlaces {
  readonly filter: { readonly domainId: string; readonly area?: Area };
  readonly limit: number;
  readonly cursor: string;
  /** Undefined for single reports. */
  readonly zoom: number | undefined;
}

function wantedPlaces(query: GeoQuery): WantedPlaces {
  const { area, problems } = readArea(query);
  const zoom = query.cluster_zoom === undefined ? undefined : Number(query.cluster_zoom);
  const more: Violation[] = [];
  if (zoom !== undefined && (zoom < 0 || zoom > zoomMax)) {
    more.push({ field: 'cluster_zoom', reason: `must be a whole number from 0 to ${zoomMax}` });
  }
  for (const field of zoom === undefined ? [] : (['cursor', 'limit'] as const)) {
    if (query[field] !== undefined) more.push({ field, reason: 'cannot be given beside cluster_zoom' });
  }
  if (problems.length + more.length > 0) throw invalidArgument([...problems, ...more]);
  const limit = Math.min(Math.max(Number(query.limit ?? featuresMax), 1), featuresMax);
  return {
    filter: { domainId: query.domain_id, ...(area && { area }) },
    limit,
    cursor: query.cursor ?? '',
    zoom,
  };
}

// `total` is counted with the first part alone.
async function points({ index }: MeshClients, request: FastifyRequest, wanted: WantedPlaces) {
  const { filter, limit, cursor } = wanted;
  const found = await index.listPoints({ filter: filterMessage(filter), limit, cursor }, meshCall(request));
  const features = found.features.map(({ incidentId, status, point }) => ({
    type: 'Feature',
    geometry: pointJson(point),
    properties: { incident_id: incidentId, status },
  }));
  return {
    ...collection(features),
    ...(cursor === '' ? { total: Number(found.total) } : {}),
    next_cursor: found.nextCursor || null,
  };
}

async function clusters(
  { index }: MeshClients,
  request: FastifyRequest,
  { filter, zoom }: WantedPlaces & { readonly zoom: number },
) {
  const found = await index.clusterPoints({ filter: filterMessage(filter), zoom }, meshCall(request));
  const features = found.clusters.map(({ point, count }) => ({
    type: 'Feature',
    geometry: pointJson(point),
    properties: { count: Number(count) },
  }));
  return { ...collection(features), total: Number(found.total), next_cursor: null };
}

function collection(features: readonly object[]) {
  return { type: 'FeatureCollection', features };
}

// Messages hold lists of their own.
function filterMessage({ domainId, area }: WantedPlaces['filter']) {
  if (area?.case !== 'polygon') return { domainId, ...(area && { area }) };
  return { domainId, area: { case: area.case, value: { points: [...area.value.points] } } };
}
