// Schemas and examples of exports, in each of their formats.
import {
  answerObject,
  linesOf,
  named,
  namedObject,
  orNull,
  publicId,
  text,
  time,
} from '../core/answer-schema.ts';
import type { JsonSchema } from '../core/operation.ts';
import { collectionOf, featureOf } from './data-schema.ts';
import { csvHeader } from './report-csv.ts';
import { reportExample } from './report-example.ts';

const properties = answerObject({
  incident_id: publicId('inc'),
  domain_id: text,
  status: text,
  source: text,
  created_at: time,
  updated_at: time,
  created_by: text,
  raw_text: text,
  confidence: { type: ['number', 'null'], minimum: 0, maximum: 1 },
  ingestion_data: { type: 'object' },
  management_data: { type: 'object' },
});

/** The named schemas of exports. */
export const exportSchemas: readonly JsonSchema[] = [
  namedObject(
    ['ReportFeature', 'A report as a GeoJSON feature'],
    featureOf(orNull(named('Point')), properties),
  ),
  namedObject(
    ['ReportFeatures', 'Reports as a GeoJSON feature collection; those without a place have no geometry'],
    collectionOf(named('ReportFeature')),
  ),
];

/** The lines of an export. */
export const exportLinesSchema: JsonSchema = {
  ...linesOf(named('Report')),
  description: 'A Report on each line; links to its images are left out',
};

/** An export of one report as a line of JSON. */
export const exportLinesExample = `${JSON.stringify(reportExample)}\n`;

const { incident_id, domain_id, status, source, created_at, updated_at, created_by } = reportExample;
const { raw_text, confidence, ingestion_data, management_data } = reportExample;
const cells = { incident_id, domain_id, status, source, created_at, updated_at, created_by, raw_text };

/** The same as GeoJSON. */
export const exportFeaturesExample = {
  type: 'FeatureCollection',
  features: [
    {
      type: 'Feature',
      geometry: ingestion_data.geo_location,
      properties: { ...cells, confidence, ingestion_data, management_data },
    },
  ],
};

const row = [
  ...[incident_id, domain_id, status, source, created_at, updated_at, created_by, quoted(raw_text)],
  ...[...ingestion_data.geo_location.coordinates, confidence],
  ...[quoted(JSON.stringify(ingestion_data)), JSON.stringify(management_data)],
];

/** The same as a table. */
export const csvExample = `${csvHeader()}${row.join(',')}\r\n`;

function quoted(cell: string): string {
  return `"${cell.replaceAll('"', '""')}"`;
}
