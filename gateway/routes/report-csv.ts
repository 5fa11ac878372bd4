// Reports as CSV (RFC 4180), for spreadsheets too: a text that one would take for a formula gets an apostrophe in front.
import { type Options, stringify } from 'csv-stringify/sync';
import type { Report } from '../../proto/gen/domainflow/reports/v1/report_pb.js';
import { placeOf } from './report-feature.ts';
import { timeJson } from './time-json.ts';

const columns = [
  'incident_id',
  'domain_id',
  'status',
  'source',
  'created_at',
  'updated_at',
  'created_by',
  'raw_text',
  'longitude',
  'latitude',
  'confidence',
  'ingestion_data',
  'management_data',
] as const;

// Numbers stay numbers, the negative ones too. Any break of a line is quoted, also one that does not end records here.
const options: Options = { record_delimiter: '\r\n', escape_formulas: true, quoted_match: /[\r\n]/ };

/** The line of column names. */
export function csvHeader(): string {
  return stringify([[...columns]], options);
}

/** One line for each report, each with its end. `ingestion_data` and `management_data` are JSON; what is unknown is empty. */
export function csvLines(reports: readonly Report[]): string {
  return stringify(reports.map(cells), options);
}

function cells(report: Report): readonly (string | number | null)[] {
  const row: Readonly<Record<(typeof columns)[number], string | number | null>> = {
    incident_id: report.incidentId,
    domain_id: report.domainId,
    status: report.status,
    source: report.source,
    created_at: timeJson(report.createdAt),
    updated_at: timeJson(report.updatedAt),
    created_by: report.createdBy,
    raw_text: report.rawText,
    longitude: placeOf(report)?.coordinates[0] ?? null,
    latitude: placeOf(report)?.coordinates[1] ?? null,
    confidence: report.confidence ?? null,
    ingestion_data: JSON.stringify(report.ingestionData ?? {}),
    management_data: JSON.stringify(report.managementData ?? {}),
  };
  return columns.map((column) => row[column]);
}
