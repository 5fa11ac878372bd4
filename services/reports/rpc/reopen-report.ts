// ReopenReport: a report that was ingested is given to a newer run, as a step of a start that may be repeated.
import type { ServiceImpl } from '@connectrpc/connect';
import { invalidArgument, notFound } from '../../../foundation/fault/fault.ts';
import { principalOf } from '../../../foundation/rpc/caller.ts';
import type { ReportService } from '../../../proto/gen/domainflow/reports/v1/report_service_pb.js';
import { requireIngestionOf } from '../core/permission.ts';
import { reopenReport as reopen } from '../core/reopen-report.ts';
import { isIncidentId, jobIdProblems } from '../core/report-problems.ts';
import { changeReport } from '../engine/change-report.ts';
import { type ChangingParts, nowOf } from './change-parts.ts';
import { requiredIso } from './time-wire.ts';

/** Answers the document as it stands afterwards. */
export function reopenReport(parts: ChangingParts): ServiceImpl<typeof ReportService>['reopenReport'] {
  return async (request, context) => {
    const principal = principalOf(context);
    const { incidentId, earlierJobId, jobId } = request;
    requireIngestionOf(principal, incidentId);
    requiredIso(request.at, 'at');
    const problems = jobIdProblems({ earlier_job_id: earlierJobId, job_id: jobId });
    if (problems.length > 0) throw invalidArgument(problems);
    if (!isIncidentId(incidentId)) throw notFound('report');
    const key = { tenantId: principal.tenantId, incidentId };
    const report = await changeReport(parts, key, (held) => {
      // The document changes now, not when the run was asked for.
      const next = reopen(held, { earlierJobId, jobId, at: nowOf(parts) });
      return { next, answer: next ?? held };
    });
    return { report: await parts.show(report) };
  };
}
