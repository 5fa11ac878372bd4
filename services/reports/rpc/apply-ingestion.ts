// ApplyIngestion: the outcome of a run, written into its report once.
import type { ServiceImpl } from '@connectrpc/connect';
import { Fault, invalidArgument } from '../../../foundation/fault/fault.ts';
import { principalOf } from '../../../foundation/rpc/caller.ts';
import type { ReportService } from '../../../proto/gen/domainflow/reports/v1/report_service_pb.js';
import { applyIngestion as applyOutcome, type IngestionOutcome } from '../core/apply-ingestion.ts';
import { requireIngestionOf } from '../core/permission.ts';
import type { ReportKey } from '../core/report.ts';
import { isIncidentId, outcomeProblems, sizeProblems } from '../core/report-problems.ts';
import type { ReportStore } from '../store/store.ts';
import { outcomeOf } from './report-wire.ts';

/** Tries when others write the same report at the same time. */
const triesMax = 10;

/** Answers whether anything was changed. */
export function applyIngestion(store: ReportStore): ServiceImpl<typeof ReportService>['applyIngestion'] {
  return async (request, context) => {
    const principal = principalOf(context);
    const { incidentId } = request;
    requireIngestionOf(principal, incidentId);
    const outcome = outcomeOf(request);
    const problems = outcomeProblems(outcome);
    if (problems.length > 0) throw invalidArgument(problems);
    if (!isIncidentId(incidentId)) return { applied: false };
    return { applied: await applyOnce(store, { tenantId: principal.tenantId, incidentId }, outcome) };
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
