// What the report index holds of a report: a projection that can be made anew at any time.
import { isJsonObject, type JsonObject, type JsonValue } from '../../../foundation/json/json.ts';
import { asGeoPoint, type GeoPoint } from './geo.ts';
import type { Report, ReportSummary } from './report.ts';
import { withoutMarks } from './snippet.ts';

/** A value that has, with its key, more bytes of JSON than this is left out of the index. */
export const indexedValueBytesMax = 16 * 1024;
/** Bytes of JSON that the index holds of all values together; those beyond, in the order of their keys in the document, are left out. */
export const indexedBytesMax = 64 * 1024;
/** Text to be searched, in UTF-16 code units; what is beyond is left out. */
export const searchTextLengthMax = 40_000;

const longRun = /\S{100}(?=\S)/gu;

/** One row of the index. */
export interface IndexRow extends ReportSummary {
  readonly version: number;
  /** Keys of ingestion_data whose values are not too large. */
  readonly ingestionData: JsonObject;
  /** management_data, under the same limits. */
  readonly managementData: JsonObject;
  /** Absent when the place is unknown. */
  readonly place?: GeoPoint | undefined;
  /** `ingestion_data.timestamp` as ISO 8601; absent when it is missing or no time. */
  readonly eventAt?: string | undefined;
  /** The reporter's words and every text among the values of ingestion_data, without the marks of snippets. */
  readonly searchText: string;
}

/** The row of a report. */
export function indexRowOf(report: Report): IndexRow {
  const { tenantId, incidentId, id, domainId, summary, source, status, createdAt, createdBy } = report;
  const ingestionData = indexable(report.findings?.ingestionData ?? {});
  return {
    ...{ tenantId, incidentId, id, domainId, summary, source, status, createdAt, createdBy },
    version: report.version,
    ingestionData,
    managementData: indexable(report.managementData ?? {}),
    place: asGeoPoint(ingestionData.geo_location),
    eventAt: asTime(ingestionData.timestamp),
    searchText: searchTextOf(report.rawText, ingestionData),
  };
}

function indexable(data: JsonObject): JsonObject {
  let left = indexedBytesMax;
  const fits = (entry: [string, JsonValue]): boolean => {
    const bytes = Buffer.byteLength(JSON.stringify(entry));
    if (bytes > Math.min(indexedValueBytesMax, left)) return false;
    left -= bytes;
    return true;
  };
  return Object.fromEntries(Object.entries(data).filter(fits));
}

function searchTextOf(rawText: string, data: JsonObject): string {
  const text = [rawText, ...Object.values(data).flatMap(textsOf)].join(' \n');
  return inPieces(withoutMarks(text)).slice(0, searchTextLengthMax).toWellFormed();
}

// What finds words in a text takes time with the square of what stands between two spaces. No word that anyone looks for is so long.
function inPieces(text: string): string {
  return text.replace(longRun, '$& ');
}

function textsOf(value: JsonValue): readonly string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap(textsOf);
  return isJsonObject(value) ? Object.values(value).flatMap(textsOf) : [];
}

// PostgreSQL and JavaScript both know the years 1 to 9999; others are no time of an event.
function asTime(value: JsonValue | undefined): string | undefined {
  if (typeof value !== 'string') return undefined;
  const time = new Date(value);
  const year = time.getUTCFullYear();
  return year >= 1 && year <= 9999 ? time.toISOString() : undefined;
}
