// GetReport: one whole document, as it stands or as it was at a time.
import type { ServiceImpl } from '@connectrpc/connect';
import { notFound } from '../../../foundation/fault/fault.ts';
import { principalOf } from '../../../foundation/rpc/caller.ts';
import type { ReportService } from '../../../proto/gen/domainflow/reports/v1/report_service_pb.js';
import { isIncidentId } from '../core/report-problems.ts';
import { readPast } from '../engine/read-past.ts';
import type { PatchStore, ReportStore } from '../store/store.ts';
import type { ShowReport } from './show-report.ts';
import { optionalIso } from './time-wire.ts';

/** What documents are read from, and how they are shown. */
export interface GetReportParts {
  readonly store: Pick<ReportStore, 'find'>;
  readonly patches: Pick<PatchStore, 'find' | 'allOf'>;
  readonly show: ShowReport;
}

/** Answers `not_found` for ids that are absent, foreign or of the wrong form, and for times before the submission. */
export function getReport({
  store,
  patches,
  show,
}: GetReportParts): ServiceImpl<typeof ReportService>['getReport'] {
  return async ({ incidentId, asOf }, context) => {
    const { tenantId } = principalOf(context);
    const at = optionalIso(asOf, 'as_of');
    const held = isIncidentId(incidentId) ? await store.find({ tenantId, incidentId }) : undefined;
    const report = held && at !== undefined ? await readPast(patches, held, { at }) : held;
    if (!report) throw notFound('report');
    return { report: await show(report) };
  };
}
