// What an incident of the platform before this one becomes: decided here alone, so that repeating an import makes the same of it.
import { createHash } from 'node:crypto';
import type { Violation } from '../../foundation/fault/fault.ts';
import { isUuid, prefixedId } from '../../foundation/ids/ids.ts';
import { isJsonObject, type JsonObject } from '../../foundation/json/json.ts';
import {
  type ImportedReport,
  importedReport,
  importProblems,
  importSizeProblems,
} from '../../services/reports/core/imported-report.ts';
import { incidentIdPrefix, type Report, type ReportImage } from '../../services/reports/core/report.ts';
import { readEwkbPoint } from './ewkb-point.ts';
import { type LegacyImage, type LegacyIncident, legacyImagesMax } from './legacy-rows.ts';

const source = 'legacy';

/** An incident that can be stored, with its images still to be looked for; or why it cannot. */
export type LegacyVerdict =
  | { readonly kind: 'report'; readonly report: Report; readonly images: readonly LegacyImage[] }
  | { readonly kind: 'refused'; readonly problems: readonly Violation[] };

/**
 * The UUIDv7 (RFC 9562) of an incident: its time is the incident's, and the 74 bits beside are the first of the SHA-256 of its tenant and
 * its old id. The time is in milliseconds since the Unix epoch, from 0 on.
 */
export function legacyReportId(tenantId: string, incidentId: string, createdAtMs: number): string {
  const hash = createHash('sha256').update(`domainflow legacy incident ${tenantId} ${incidentId}`).digest();
  const bytes = Buffer.alloc(16);
  bytes.writeUIntBE(createdAtMs, 0, 6);
  hash.copy(bytes, 6, 0, 10);
  bytes[6] = 0x70 | ((bytes[6] ?? 0) & 0x0f);
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

/** Judges an incident. `nowMs` in milliseconds since the Unix epoch. */
export function judgeIncident(incident: LegacyIncident, nowMs: number): LegacyVerdict {
  const { tenantId, structuredData, images } = incident;
  const createdAtMs = incident.createdAt.getTime();
  const ingestionData = structuredData === null ? {} : structuredData;
  const imported: ImportedReport = {
    incidentId: '',
    domainId: incident.domainId ?? '',
    rawText: incident.rawText ?? '',
    ...{ source, status: '', createdAtMs },
    ingestionData: isJsonObject(ingestionData) ? ingestionData : undefined,
  };
  const place = placeOf(incident);
  const problems = [
    ...(tenantId === null ? [{ field: 'tenant_id', reason: 'is missing' }] : []),
    ...importProblems(imported, nowMs).map(asLegacyField),
    ...place.problems,
    ...imageProblems(images, tenantId ?? ''),
  ];
  if (tenantId === null || problems.length > 0) return { kind: 'refused', problems };
  const report = reportOf(
    { ...imported, ingestionData: withPlace(imported.ingestionData ?? {}, place.point) },
    incident,
  );
  const tooLarge = importSizeProblems(report).map(asLegacyField);
  return tooLarge.length > 0 ? { kind: 'refused', problems: tooLarge } : { kind: 'report', report, images };
}

/** The report with the images that were looked for. */
export function withImages(report: Report, images: readonly ReportImage[]): Report {
  return { ...report, images };
}

function reportOf(
  imported: ImportedReport,
  { id, tenantId, createdBy, createdAt, updatedAt }: LegacyIncident,
): Report {
  const owner = tenantId ?? '';
  const newId = legacyReportId(owner, id, createdAt.getTime());
  const nowMs = Math.max(updatedAt.getTime(), createdAt.getTime());
  const incidentId = prefixedId(incidentIdPrefix, newId);
  return importedReport(
    { ...imported, incidentId },
    { tenantId: owner, userId: createdBy ?? '', nowMs, newId },
  );
}

// The names that whoever reads the rows knows.
function asLegacyField({ field, reason }: Violation): Violation {
  if (field !== 'ingestion_data') return { field, reason };
  return {
    field: 'structured_data',
    reason: reason.startsWith('is required') ? 'must be an object' : reason,
  };
}

interface PlaceOf {
  readonly point: JsonObject | undefined;
  readonly problems: readonly Violation[];
}

function placeOf({ location }: LegacyIncident): PlaceOf {
  if (location === null) return { point: undefined, problems: [] };
  try {
    const point = readEwkbPoint(location);
    if (!point) return { point: undefined, problems: [] };
    return { point: { type: 'Point', coordinates: [point.longitude, point.latitude] }, problems: [] };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { point: undefined, problems: [{ field: 'location', reason: error.message }] };
  }
}

// What the old platform's agents said of the place goes before where it was put on the map.
function withPlace(data: JsonObject, point: JsonObject | undefined): JsonObject {
  const isKnown = data.geo_location !== undefined && data.geo_location !== null;
  return point === undefined || isKnown ? data : { ...data, geo_location: point };
}

// Links to objects are made by key alone, so a key must not lead to what is another tenant's.
function imageProblems(images: readonly LegacyImage[], tenantId: string): readonly Violation[] {
  const problems = images.flatMap(({ key }, at): Violation[] => {
    const [first = ''] = (key ?? '').split('/');
    const isForeign = first === 'uploads' || (isUuid(first) && first.toLowerCase() !== tenantId);
    if (key === null || key === '') return [{ field: `images[${at}]`, reason: 'has no s3_key' }];
    return isForeign
      ? [{ field: `images[${at}]`, reason: 'has a key of another tenant or of an upload' }]
      : [];
  });
  if (images.length <= legacyImagesMax) return problems;
  return [...problems, { field: 'images', reason: `are more than ${legacyImagesMax}` }];
}
