// PurgeReport: removes what belongs to a deleted report, a bounded part with each call.
import type { ServiceImpl } from '@connectrpc/connect';
import { Fault } from '../../../foundation/fault/fault.ts';
import { principalOf } from '../../../foundation/rpc/caller.ts';
import type { ReportService } from '../../../proto/gen/domainflow/reports/v1/report_service_pb.js';
import { requireDeletionOf } from '../core/permission.ts';
import { isIncidentId } from '../core/report-problems.ts';
import type { ObjectStore, PatchRemoval, ReportStore } from '../store/store.ts';

/** What is purged. */
export interface PurgeParts {
  readonly store: ReportStore;
  readonly patches: PatchRemoval;
  readonly images: Pick<ObjectStore, 'removeReportImages'>;
}

/**
 * Answers true when the call found nothing to remove. Fault `failed_precondition` while the report is there. A report that is
 * gone altogether, tombstone and all, has nothing left whose place would be known.
 */
export function purgeReport(parts: PurgeParts): ServiceImpl<typeof ReportService>['purgeReport'] {
  return async ({ incidentId }, context) => {
    const principal = principalOf(context);
    requireDeletionOf(principal, incidentId);
    if (!isIncidentId(incidentId)) return { done: true };
    const key = { tenantId: principal.tenantId, incidentId };
    const tombstone = await parts.store.findTombstone(key);
    if (!tombstone && (await parts.store.find(key))) {
      throw new Fault('failed_precondition', 'The report is not deleted');
    }
    const isRid = await Promise.all([
      parts.patches.removeOf(key),
      tombstone ? parts.images.removeReportImages({ ...key, domainId: tombstone.domainId }) : true,
    ]);
    return { done: isRid.every(Boolean), jobId: tombstone?.jobId ?? '' };
  };
}
