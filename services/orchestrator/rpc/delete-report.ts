// DeleteReport: whether a report is there is asked of its service with the caller's own token.
import type { Client, ServiceImpl } from '@connectrpc/connect';
import { notFound } from '../../../foundation/fault/fault.ts';
import { onBehalfOf, principalOf } from '../../../foundation/rpc/caller.ts';
import type { DeletionService } from '../../../proto/gen/domainflow/orchestrator/v1/deletion_service_pb.js';
import type { ReportService } from '../../../proto/gen/domainflow/reports/v1/report_service_pb.js';
import { requireDeleterOf, requireReportDeleter } from '../core/deletion.ts';
import { requirePerson } from '../core/person.ts';
import type { CarryOutDeletion } from './carry-out-deletion.ts';

/** DeleteReport. */
export function deleteReport(
  reports: Client<typeof ReportService>,
  carryOut: CarryOutDeletion,
): ServiceImpl<typeof DeletionService>['deleteReport'] {
  return async ({ incidentId }, context) => {
    const principal = principalOf(context);
    requirePerson(principal);
    requireReportDeleter(principal);
    const { report } = await reports.getReport({ incidentId }, onBehalfOf(context));
    if (!report) throw notFound('report');
    requireDeleterOf(principal, report.createdBy);
    await carryOut({ kind: 'report', subjectId: report.incidentId }, context);
    return {};
  };
}
