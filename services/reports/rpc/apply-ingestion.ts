// ApplyIngestion: the outcome of a run, written into its report once.
import type { ServiceImpl } from '@connectrpc/connect';
import type { Clock } from '../../../foundation/clock.ts';
import { Fault, invalidArgument } from '../../../foundation/fault/fault.ts';
import { principalOf } from '../../../foundation/rpc/caller.ts';
import type { ReportService } from '../../../proto/gen/domainflow/reports/v1/report_service_pb.js';
import { applyIngestion as applyOutcome, type IngestionOutcome } from '../core/apply-ingestion.ts';
import { requireIngestionOf } from '../core/permission.ts';
import { notBefore, type ReportKey } from '../core/report.ts';
import { isIncidentId, outcomeProblems, sizeProblems } from '../core/report-problems.ts';
import { type ChangeParts, changeReport } from '../engine/change-report.ts';
import { outcomeOf } from './report-wire.ts';

/** What outcomes are applied with. */
export interface ApplyIngestionParts extends ChangeParts {
  readonly clock: Clock;
}

/** Answers whether anything was changed. */
export function applyIngestion(
  parts: ApplyIngestionParts,
): ServiceImpl<typeof ReportService>['applyIngestion'] {
  return async (request, context) => {
    const principal = principalOf(context);
    const { incidentId } = request;
    requireIngestionOf(principal, incidentId);
    const outcome = outcomeOf(request);
    const problems = outcomeProblems(outcome);
    if (problems.length > 0) throw invalidArgument(problems);
    if (!isIncidentId(incidentId)) return { applied: false };
    // The document changes now, not when the run ended: whoever asks for its past finds it as it was shown then.
    const at = notBefore(new Date(parts.clock()).toISOString(), outcome.at);
    const key = { tenantId: principal.tenantId, incidentId };
    return { applied: await applyOnce(parts, key, { ...outcome, at }) };
  };
}

async function applyOnce(parts: ChangeParts, key: ReportKey, outcome: IngestionOutcome): Promise<boolean> {
  try {
    return await changeReport(parts, key, (report) => {
      const next = applyOutcome(report, outcome);
      const problems = next ? sizeProblems(next, 'ingestion_data') : [];
      if (problems.length > 0) throw invalidArgument(problems);
      return { next, answer: next !== undefined };
    });
  } catch (error) {
    if (error instanceof Fault && error.reason === 'not_found') return false;
    throw error;
  }
}
