// A report as an item of the Reports table and back. Attribute names are those of the public document, plus keys and markers.
import { invalidArgument } from '../../../foundation/fault/fault.ts';
import { isJsonObject, type JsonObject } from '../../../foundation/json/json.ts';
import type { Patch } from '../core/patch.ts';
import type { Conflict, Findings, Provenance, Report, ReportImage, ReportSummary } from '../core/report.ts';
import { freeItem, freeObjectOf, freeOf } from './free-json.ts';
import { itemBytes, itemBytesMax } from './item-size.ts';
import { packJson, unpackJson } from './packed-json.ts';

/** Room in an item for its keys and markers, in bytes. */
const keyBytesMax = 2 * 1024;

/** An item as the document client gives and takes it. */
export type Item = Record<string, unknown>;

/**
 * The item of a report, without its keys. Undefined attributes are not stored. Throws Fault `invalid_argument` when the document and its
 * outbox are more than an item can hold.
 */
export function itemOf(report: Report): Item {
  const item = attributesOf(report);
  const bytes = itemBytes(item);
  const bytesMax = itemBytesMax - keyBytesMax;
  if (bytes <= bytesMax) return item;
  const field = report.outbox.length > 0 ? 'management_data' : 'ingestion_data';
  const reason = `makes the stored document ${bytes} bytes large; ${bytesMax} are possible: make it smaller`;
  throw invalidArgument([{ field, reason }]);
}

function attributesOf(report: Report): Item {
  return {
    id: report.id,
    incident_id: report.incidentId,
    tenant_id: report.tenantId,
    domain_id: report.domainId,
    raw_text: report.rawText,
    summary: report.summary,
    images: report.images.map(imageItem),
    source: report.source,
    status: report.status,
    ingestion_data: report.findings && freeItem(report.findings.ingestionData),
    provenance:
      report.findings && freeItem(mapValues(report.findings.provenance, provenanceItem) as JsonObject),
    conflicts: report.findings?.conflicts.map(conflictItem),
    management_data: report.managementData && freeItem(report.managementData),
    confidence: report.confidence,
    needs_clarification: report.needsClarification,
    clarification_questions: report.clarificationQuestions,
    job_id: report.jobId,
    applied_job_id: report.appliedJobId,
    findings_at: report.findingsAt,
    findings_version: report.findingsVersion,
    error: report.error,
    created_at: report.createdAt,
    updated_at: report.updatedAt,
    created_by: report.createdBy,
    version: report.version,
    outbox: report.outbox.length > 0 ? packJson(report.outbox) : undefined,
  };
}

/** The report of an item that `itemOf` made. */
export function reportOf(item: Item): Report {
  return {
    ...summaryOf(item),
    rawText: text(item.raw_text),
    images: list(item.images).map(imageOf),
    findings: findingsOf(item),
    managementData: object(item.management_data),
    confidence: number(item.confidence),
    needsClarification: item.needs_clarification === true,
    clarificationQuestions: list(item.clarification_questions).map(text),
    jobId: text(item.job_id),
    appliedJobId: typeof item.applied_job_id === 'string' ? item.applied_job_id : undefined,
    findingsAt: typeof item.findings_at === 'string' ? item.findings_at : undefined,
    findingsVersion: number(item.findings_version),
    error: text(item.error),
    updatedAt: text(item.updated_at),
    version: number(item.version) ?? 0,
    outbox: outboxOf(item.outbox),
  };
}

/** The list fields of an item or of an entry of the domain-created-index. */
export function summaryOf(item: Item): ReportSummary {
  return {
    id: text(item.id),
    tenantId: text(item.tenant_id),
    incidentId: text(item.incident_id),
    domainId: text(item.domain_id),
    summary: text(item.summary),
    source: text(item.source),
    status: text(item.status),
    createdAt: text(item.created_at),
    createdBy: text(item.created_by),
  };
}

function findingsOf(item: Item): Findings | undefined {
  const ingestionData = object(item.ingestion_data);
  if (!ingestionData) return undefined;
  const provenance = mapValues((object(item.provenance) ?? {}) as Record<string, Item>, provenanceOf);
  return { ingestionData, provenance, conflicts: list(item.conflicts).map(conflictOf) };
}

// It was packed here, as the states of patches that it is.
function outboxOf(packed: unknown): readonly Patch[] {
  return packed instanceof Uint8Array ? (unpackJson(packed) as unknown as readonly Patch[]) : [];
}

function imageItem(image: ReportImage): Item {
  const { url, objectKey, contentType, sizeBytes, checksum, verified } = image;
  return { url, object_key: objectKey, content_type: contentType, size_bytes: sizeBytes, checksum, verified };
}

function imageOf(item: Item): ReportImage {
  return {
    url: text(item.url),
    objectKey: text(item.object_key),
    contentType: text(item.content_type),
    sizeBytes: number(item.size_bytes) ?? 0,
    checksum: text(item.checksum),
    verified: item.verified === true,
  };
}

function provenanceItem(origin: Provenance): Item {
  const { agentId, agentVersion, executionId, attempt, runtime, confidence, spans } = origin;
  return {
    ...{ agent_id: agentId, agent_version: agentVersion, execution_id: executionId },
    ...{ attempt, runtime, confidence, spans },
  };
}

function provenanceOf(item: Item): Provenance {
  return {
    agentId: text(item.agent_id),
    agentVersion: number(item.agent_version) ?? 0,
    executionId: text(item.execution_id),
    attempt: number(item.attempt) ?? 0,
    runtime: text(item.runtime),
    confidence: number(item.confidence) ?? 0,
    spans: list(item.spans).map((span) => ({ start: number(span.start) ?? 0, end: number(span.end) ?? 0 })),
  };
}

function conflictItem({ key, kept, dropped }: Conflict): Item {
  const answer = ({ agentId, value }: Conflict['kept']): Item => ({
    agent_id: agentId,
    value: freeItem(value),
  });
  return { key, kept: answer(kept), dropped: dropped.map(answer) };
}

function conflictOf(item: Item): Conflict {
  const answer = (part: Item): Conflict['kept'] => ({
    agentId: text(part.agent_id),
    value: freeOf((part.value ?? null) as Conflict['kept']['value']),
  });
  return { key: text(item.key), kept: answer(item.kept as Item), dropped: list(item.dropped).map(answer) };
}

function mapValues<From, To>(
  values: Readonly<Record<string, From>>,
  make: (value: From) => To,
): Record<string, To> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, make(value)]));
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function number(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

function object(value: unknown): JsonObject | undefined {
  return isJsonObject(value) ? freeObjectOf(value) : undefined;
}

function list(value: unknown): readonly Item[] {
  return Array.isArray(value) ? value : [];
}
