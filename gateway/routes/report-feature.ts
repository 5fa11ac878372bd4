// Reports as GeoJSON features (RFC 7946), and where a report is.
import { isJsonObject } from '../../foundation/json/json.ts';
import type { Report } from '../../proto/gen/domainflow/reports/v1/report_pb.js';
import type { PointJson } from './geo-json.ts';
import { timeJson } from './time-json.ts';

/** The place that was found out, or null. What is no point is no place. */
export function placeOf({ ingestionData }: Report): PointJson | null {
  const place = ingestionData?.geo_location;
  if (!isJsonObject(place) || place.type !== 'Point' || !Array.isArray(place.coordinates)) return null;
  const [longitude, latitude] = place.coordinates;
  if (typeof longitude !== 'number' || typeof latitude !== 'number') return null;
  return { type: 'Point', coordinates: [longitude, latitude] };
}

/** The report as a feature; one without a place has a null geometry. */
export function reportFeature(report: Report): object {
  return {
    type: 'Feature',
    geometry: placeOf(report),
    properties: {
      incident_id: report.incidentId,
      domain_id: report.domainId,
      status: report.status,
      source: report.source,
      created_at: timeJson(report.createdAt),
      updated_at: timeJson(report.updatedAt),
      created_by: report.createdBy,
      raw_text: report.rawText,
      confidence: report.confidence ?? null,
      ingestion_data: report.ingestionData ?? {},
      management_data: report.managementData ?? {},
    },
  };
}
