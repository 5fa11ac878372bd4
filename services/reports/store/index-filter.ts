// Filters and rows of the report index as the SQL functions take them: JSON with the fields of their types, geometry as text.
import type { JsonObject, JsonValue } from '../../../foundation/json/json.ts';
import {
  type Area,
  circleBox,
  type GeoBox,
  type GeoPoint,
  roundDegrees,
  splitBox,
  splitPolygon,
} from '../core/geo.ts';
import type { FieldMatch, IndexFilter, ListPosition } from '../core/index-query.ts';
import type { IndexRow } from '../core/index-row.ts';

/** What narrows beside a filter. */
export interface FilterExtras {
  /** Only what comes after this in a list. */
  readonly after?: ListPosition | undefined;
  /** Only reports with a place. */
  readonly placed?: boolean;
}

/** The filter as text of `reports.index_filter`. Empty texts count as absent. */
export function filterJson(filter: IndexFilter, { after, placed }: FilterExtras = {}): string {
  return JSON.stringify({
    domain_id: filter.domainId || undefined,
    words: filter.text || undefined,
    from_at: filter.from,
    to_at: filter.to,
    status: filter.status || undefined,
    ...(filter.area && areaFields(filter.area)),
    matches: filter.matches?.length ? filter.matches.map(matchFields) : undefined,
    placed,
    before_at: after?.createdAt,
    before_id: after?.incidentId,
  });
}

/** The row as text of `reports.report_index`, without tenant and words. */
export function rowJson(row: IndexRow): string {
  return JSON.stringify({
    incident_id: row.incidentId,
    report_id: row.id,
    domain_id: row.domainId,
    status: row.status,
    source: row.source,
    created_by: row.createdBy,
    created_at: row.createdAt,
    event_at: row.eventAt,
    summary: row.summary,
    ingestion_data: row.ingestionData,
    management_data: row.managementData,
    place: row.place && pointText(row.place),
    search_text: row.searchText,
    version: row.version,
  });
}

// A document holds a value when it contains the value at the path, or a list with it: both are one look at an index.
function matchFields({ path, value }: FieldMatch): JsonObject {
  const [part = '', ...keys] = path.split('.');
  if (keys.length === 0) return { part, value };
  const at = (inner: JsonValue): JsonValue =>
    keys.reduceRight<JsonValue>((held, key) => ({ [key]: held }), inner);
  return { part, whole: at(value), element: at([value]) };
}

function areaFields(area: Area): JsonObject {
  if (area.kind === 'polygon') {
    const [corners, beyond] = splitPolygon(area.points).map(
      (points) => `(${points.map(pointText).join(',')})`,
    );
    return { corners: corners ?? null, ...(beyond && { corners_b: beyond }) };
  }
  if (area.kind === 'bounds') return boxFields(area.box);
  const { centre, radiusKm } = area;
  return { ...boxFields(circleBox(centre, radiusKm)), centre: pointText(centre), radius_km: radiusKm };
}

function boxFields(box: GeoBox): JsonObject {
  const [first, second] = splitBox(box);
  return second ? { box_a: boxText(first), box_b: boxText(second) } : { box_a: boxText(first) };
}

function boxText({ west, south, east, north }: GeoBox): string {
  const corners = [
    { longitude: west, latitude: south },
    { longitude: east, latitude: north },
  ];
  return `(${corners.map(pointText).join(',')})`;
}

function pointText({ longitude, latitude }: GeoPoint): string {
  return `(${roundDegrees(longitude)},${roundDegrees(latitude)})`;
}
