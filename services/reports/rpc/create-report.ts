// CreateReport: the document of a submission, put once under its chosen id.
import type { ServiceImpl } from '@connectrpc/connect';
import { Fault, invalidArgument } from '../../../foundation/fault/fault.ts';
import { prefixedId } from '../../../foundation/ids/ids.ts';
import { principalOf } from '../../../foundation/rpc/caller.ts';
import type { ReportService } from '../../../proto/gen/domainflow/reports/v1/report_service_pb.js';
import { requireIngestionOf } from '../core/permission.ts';
import { incidentIdPrefix, submittedReport } from '../core/report.ts';
import { submissionProblems } from '../core/report-problems.ts';
import type { ReportStore } from '../store/store.ts';
import { reportMessage, submissionOf } from './report-wire.ts';

/** Answers the document as it stands when the same run has created it before. */
export function createReport(store: ReportStore): ServiceImpl<typeof ReportService>['createReport'] {
  return async (request, context) => {
    const principal = principalOf(context);
    requireIngestionOf(principal, prefixedId(incidentIdPrefix, request.id));
    const submission = submissionOf(request, principal);
    const problems = submissionProblems(submission);
    if (problems.length > 0) throw invalidArgument(problems);
    const report = submittedReport(submission);
    if (await store.create(report)) return { report: reportMessage(report) };
    const held = await store.find(report);
    if (held?.jobId !== report.jobId) throw new Fault('already_exists', 'The id of the report is taken');
    return { report: reportMessage(held) };
  };
}
