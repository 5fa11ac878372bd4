// The document of an ingestion run: its report.
import { fromJson } from '@bufbuild/protobuf';
import { timestampFromMs, ValueSchema } from '@bufbuild/protobuf/wkt';
import { ReportImageSchema } from '../../../proto/gen/domainflow/reports/v1/report_pb.js';
import type { StoredExecution } from '../core/execution-record.ts';
import type { IngestionInput, Repetition } from '../core/job-input.ts';
import { jobOf } from '../core/job-input.ts';
import {
  type GivenValue,
  type IngestionOutcome,
  mergeIngestion,
  type Provenance,
} from '../core/merge-ingestion.ts';
import { jobIdOf, subjectUuidOf } from '../core/public-id.ts';
import type { MeshClients } from './mesh-clients.ts';
import type { RunCalls } from './run-calls.ts';
import { type RunDocument, unlessDeleted } from './run-document.ts';

const callTimeoutMs = 10_000;

function provenanceWire(executionId: string, provenance: Readonly<Record<string, Provenance>>) {
  const entries = Object.entries(provenance).map(([key, from]) => {
    const spans = from.spans.map(({ start, end }) => ({ start, end }));
    return [key, { ...from, executionId, spans }] as const;
  });
  return Object.fromEntries(entries);
}

function valueWire({ agentId, value }: GivenValue) {
  return { agentId, value: fromJson(ValueSchema, value) };
}

function outcomeWire(
  jobId: string,
  { data, provenance, conflicts, confidence, questions }: IngestionOutcome,
) {
  return {
    ingestionData: data,
    provenance: provenanceWire(jobId, provenance),
    conflicts: conflicts.map(({ key, kept, dropped }) => ({
      key,
      kept: valueWire(kept),
      dropped: dropped.map(valueWire),
    })),
    ...(confidence === undefined ? {} : { confidence }),
    clarificationQuestions: [...questions],
  };
}

/** Reports as documents of runs. */
export function createReportDocument(reports: MeshClients['reports'], callsOf: RunCalls): RunDocument {
  async function reopen(execution: StoredExecution, { earlierJobId }: Repetition): Promise<void> {
    const request = {
      incidentId: execution.subjectId,
      earlierJobId,
      jobId: jobIdOf(execution.id),
      at: timestampFromMs(execution.createdAtMs),
    };
    await reports
      .reopenReport(request, callsOf(execution, { timeoutMs: callTimeoutMs }))
      .catch(unlessDeleted);
  }
  return {
    async place(execution) {
      const { input, images = [], repeats } = jobOf(execution.input);
      if (repeats) return reopen(execution, repeats);
      const { text, source, domain_id: domainId } = input as unknown as IngestionInput;
      const request = {
        id: subjectUuidOf(execution.subjectId),
        domainId,
        rawText: text,
        source,
        jobId: jobIdOf(execution.id),
        createdAt: timestampFromMs(execution.createdAtMs),
        images: images.map((image) => fromJson(ReportImageSchema, image)),
      };
      await reports.createReport(request, callsOf(execution, { timeoutMs: callTimeoutMs }));
    },
    async apply({ execution, state, outcome, atMs }) {
      const jobId = jobIdOf(execution.id);
      const { text } = jobOf(execution.input).input as unknown as IngestionInput;
      const written = outcome.succeeded || outcome.partial;
      const request = {
        incidentId: execution.subjectId,
        jobId,
        succeeded: outcome.succeeded,
        error: outcome.error,
        at: timestampFromMs(atMs),
        ...(written ? outcomeWire(jobId, mergeIngestion(state, text.length)) : {}),
      };
      await reports.applyIngestion(request, callsOf(execution, { timeoutMs: callTimeoutMs }));
      return { summary: '' };
    },
  };
}
