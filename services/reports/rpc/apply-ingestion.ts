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
import type { ReportStore } from '../store/store.ts';
import { outcomeOf } from './report-wire.ts';

/** Tries when others write the same report at the same time. */
const triesMax = 10;

/** What outcomes are applied with. */
export interface ApplyIngestionParts {
  readonly store: ReportStore;
  readonly clock: Clock;
}

/** Answers whether anything was changed. */
export function applyIngestion({
  store,
  clock,
}: ApplyIngestionParts): ServiceImpl<typeof ReportService>['applyIngestion'] {
  return async (request, context) => {
    const principal = principalOf(context);
    const { incidentId } = request;
    requireIngestionOf(principal, incidentId);
    const outcome = outcomeOf(request);
    const problems = outcomeProblems(outcome);
    if (problems.length > 0) throw invalidArgument(problems);
    if (!isIncidentId(incidentId)) return { applied: false };
    // The document changes now, not when the run ended: whoever asks for its past finds it as it was shown then.
    const at = notBefore(new Date(clock()).toISOString(), outcome.at);
    const key = { tenantId: principal.tenantId, incidentId };
    return { applied: await applyOnce(store, key, { ...outcome, at }) };
  };
}

async function applyOnce(store: ReportStore, key: ReportKey, outcome: IngestionOutcome): Promise<boolean> {
  for (let tries = 0; tries < triesMax; tries += 1) {
    const report = await store.find(key);
    const applied = report && applyOutcome(report, outcome);
    if (!applied) return false;
    const problems = sizeProblems(applied, 'ingestion_data');
    if (problems.length > 0) throw invalidArgument(problems);
    if (await store.replace(applied)) return true;
  }
  throw new Fault('aborted', 'Others keep changing the report', { retryAfterMs: 100 });
}
