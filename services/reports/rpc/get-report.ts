// GetReport: one whole document.
import type { ServiceImpl } from '@connectrpc/connect';
import { notFound } from '../../../foundation/fault/fault.ts';
import { principalOf } from '../../../foundation/rpc/caller.ts';
import type { ReportService } from '../../../proto/gen/domainflow/reports/v1/report_service_pb.js';
import { isIncidentId } from '../core/report-problems.ts';
import type { ReportStore } from '../store/store.ts';
import { reportMessage } from './report-wire.ts';

/** Answers `not_found` for ids that are absent, foreign or of the wrong form. */
export function getReport(store: ReportStore): ServiceImpl<typeof ReportService>['getReport'] {
  return async ({ incidentId }, context) => {
    const { tenantId } = principalOf(context);
    const report = isIncidentId(incidentId) ? await store.find({ tenantId, incidentId }) : undefined;
    if (!report) throw notFound('report');
    return { report: reportMessage(report) };
  };
}
