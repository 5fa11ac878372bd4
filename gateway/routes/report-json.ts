// Reports as the API shows them.
import { toJson } from '@bufbuild/protobuf';
import { ValueSchema } from '@bufbuild/protobuf/wkt';
import type { Principal } from '../../foundation/identity/principal.ts';
import type {
  Conflict,
  ConflictValue,
  Provenance,
  Report,
  ReportImage,
} from '../../proto/gen/domainflow/reports/v1/report_pb.js';
import { timeJson } from './time-json.ts';

const listTextLengthMax = 200;

/** The fields of a report in a list. */
export function reportRow(report: Report, { userId }: Principal): object {
  return {
    incident_id: report.incidentId,
    domain_id: report.domainId,
    raw_text: report.rawText.slice(0, listTextLengthMax).toWellFormed(),
    status: report.status,
    created_at: timeJson(report.createdAt),
    created_by_me: report.createdBy === userId,
  };
}

/** The whole document. `ingestion_data` is empty and `confidence` null until the agents have ended. */
export function reportJson(report: Report, { tenantId, userId }: Principal): object {
  const provenance = Object.entries(report.provenance).map(([key, value]) => [key, provenanceJson(value)]);
  return {
    incident_id: report.incidentId,
    tenant_id: tenantId,
    domain_id: report.domainId,
    raw_text: report.rawText,
    images: report.images.map(imageJson),
    source: report.source,
    status: report.status,
    ingestion_data: report.ingestionData ?? {},
    management_data: report.managementData ?? {},
    provenance: Object.fromEntries(provenance),
    conflicts: report.conflicts.map(conflictJson),
    confidence: report.confidence ?? null,
    needs_clarification: report.needsClarification,
    clarification_questions: report.clarificationQuestions,
    job_id: report.jobId || null,
    error: report.error || null,
    id: report.id,
    created_at: timeJson(report.createdAt),
    updated_at: timeJson(report.updatedAt),
    created_by: report.createdBy,
    created_by_me: report.createdBy === userId,
  };
}

function imageJson(image: ReportImage): object {
  return {
    url: image.url || null,
    object_key: image.objectKey || null,
    content_type: image.contentType,
    size_bytes: Number(image.sizeBytes),
    checksum: image.checksum || null,
    verified: image.verified,
  };
}

function provenanceJson(origin: Provenance): object {
  return {
    agent_id: origin.agentId,
    agent_version: origin.agentVersion,
    execution_id: origin.executionId,
    attempt: origin.attempt,
    runtime: origin.runtime,
    confidence: origin.confidence,
    spans: origin.spans.map(({ start, end }) => ({ start, end })),
  };
}

function conflictJson({ key, kept, dropped }: Conflict): object {
  return { key, kept: kept ? conflictValueJson(kept) : null, dropped: dropped.map(conflictValueJson) };
}

function conflictValueJson({ agentId, value }: ConflictValue): object {
  return { agent_id: agentId, value: value ? toJson(ValueSchema, value) : null };
}
