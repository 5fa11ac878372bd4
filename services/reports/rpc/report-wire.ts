// Reports as messages, and the messages of writes as core values.
import { create, fromJson, toJson } from '@bufbuild/protobuf';
import { ValueSchema } from '@bufbuild/protobuf/wkt';
import * as proto from '../../../proto/gen/domainflow/reports/v1/report_pb.js';
import type {
  ApplyIngestionRequest,
  CreateReportRequest,
} from '../../../proto/gen/domainflow/reports/v1/report_service_pb.js';
import type { IngestionOutcome } from '../core/apply-ingestion.ts';
import type {
  Conflict,
  ConflictValue,
  Findings,
  Provenance,
  Report,
  ReportImage,
  ReportSummary,
  Submission,
} from '../core/report.ts';
import { requiredIso, timestampOf } from './time-wire.ts';

/** The whole document as a message. */
export function reportMessage(report: Report): proto.Report {
  const { findings, managementData } = report;
  return create(proto.ReportSchema, {
    ...listFields(report),
    rawText: report.rawText,
    images: report.images.map(imageInit),
    ...(findings && {
      ingestionData: findings.ingestionData,
      provenance: provenanceInit(findings.provenance),
      conflicts: findings.conflicts.map(conflictMessage),
    }),
    ...(managementData && { managementData }),
    ...(report.confidence !== undefined && { confidence: report.confidence }),
    needsClarification: report.needsClarification,
    clarificationQuestions: [...report.clarificationQuestions],
    jobId: report.jobId,
    error: report.error,
    updatedAt: timestampOf(report.updatedAt),
    version: BigInt(report.version),
  });
}

/** A list entry as a message: `raw_text` is cut, the other parts of the document are empty. */
export function summaryMessage(summary: ReportSummary): proto.Report {
  return create(proto.ReportSchema, { ...listFields(summary), rawText: summary.summary });
}

/** What a request submits for a tenant's user. */
export function submissionOf(
  request: CreateReportRequest,
  { tenantId, userId }: { readonly tenantId: string; readonly userId: string },
): Submission {
  const { id, domainId, rawText, source, jobId } = request;
  const createdAt = requiredIso(request.createdAt, 'created_at');
  return { tenantId, id: id.toLowerCase(), domainId, rawText, source, jobId, createdAt, createdBy: userId };
}

/** The outcome that a request brings. */
export function outcomeOf(request: ApplyIngestionRequest): IngestionOutcome {
  const { jobId, succeeded, confidence, clarificationQuestions, error } = request;
  const at = requiredIso(request.at, 'at');
  return { jobId, succeeded, findings: findingsOf(request), confidence, clarificationQuestions, error, at };
}

function listFields({ id, incidentId, domainId, source, status, createdAt, createdBy }: ReportSummary) {
  return { id, incidentId, domainId, source, status, createdBy, createdAt: timestampOf(createdAt) };
}

function imageInit(image: ReportImage) {
  return create(proto.ReportImageSchema, { ...image, sizeBytes: BigInt(image.sizeBytes) });
}

function findingsOf({ ingestionData, provenance, conflicts }: ApplyIngestionRequest): Findings | undefined {
  if (!ingestionData) return undefined;
  const origins = Object.entries(provenance).map(([key, origin]) => [key, originOf(origin)] as const);
  return {
    ingestionData,
    provenance: Object.fromEntries(origins),
    conflicts: conflicts.map(conflictOf),
  };
}

function originOf(message: proto.Provenance): Provenance {
  const { agentId, agentVersion, executionId, attempt, runtime, confidence } = message;
  const spans = message.spans.map(({ start, end }) => ({ start, end }));
  return { agentId, agentVersion, executionId, attempt, runtime, confidence, spans };
}

function conflictOf({ key, kept, dropped }: proto.Conflict): Conflict {
  return { key, kept: conflictValueOf(kept), dropped: dropped.map(conflictValueOf) };
}

function conflictValueOf(message: proto.ConflictValue | undefined): ConflictValue {
  const value = message?.value?.kind.case ? toJson(ValueSchema, message.value) : null;
  return { agentId: message?.agentId ?? '', value };
}

function conflictMessage({ key, kept, dropped }: Conflict): proto.Conflict {
  return create(proto.ConflictSchema, {
    key,
    kept: conflictValueMessage(kept),
    dropped: dropped.map(conflictValueMessage),
  });
}

function conflictValueMessage({ agentId, value }: ConflictValue): proto.ConflictValue {
  return create(proto.ConflictValueSchema, { agentId, value: fromJson(ValueSchema, value) });
}

function provenanceInit(provenance: Findings['provenance']): Record<string, proto.Provenance> {
  const messages = Object.entries(provenance).map(([key, { spans, ...origin }]) => {
    const spanMessages = spans.map((span) => create(proto.TextSpanSchema, span));
    return [key, create(proto.ProvenanceSchema, { ...origin, spans: spanMessages })] as const;
  });
  return Object.fromEntries(messages);
}
