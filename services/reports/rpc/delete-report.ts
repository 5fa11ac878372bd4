// DeleteReport: takes a report's content away at once. A tombstone takes its place, so that nothing brings it back.
import type { ServiceImpl } from '@connectrpc/connect';
import type { Clock } from '../../../foundation/clock.ts';
import { Fault } from '../../../foundation/fault/fault.ts';
import { principalOf } from '../../../foundation/rpc/caller.ts';
import type { ReportService } from '../../../proto/gen/domainflow/reports/v1/report_service_pb.js';
import { requireDeletionOf } from '../core/permission.ts';
import type { ReportKey } from '../core/report.ts';
import { isIncidentId } from '../core/report-problems.ts';
import { type Tombstone, tombstoneOf } from '../core/tombstone.ts';
import type { Removal } from '../engine/removal.ts';
import type { ReportStore } from '../store/store.ts';

/** Tries when others write the same report at the same time. */
const triesMax = 20;

/** What a deletion needs. */
export interface DeleteParts {
  readonly store: ReportStore;
  readonly removal: Removal;
  readonly clock: Clock;
}

/** Answers whether there was a report to delete. Fault `aborted` when others kept writing it. */
export function deleteReport(parts: DeleteParts): ServiceImpl<typeof ReportService>['deleteReport'] {
  return async ({ incidentId }, context) => {
    const principal = principalOf(context);
    requireDeletionOf(principal, incidentId);
    if (!isIncidentId(incidentId)) return { deleted: false };
    return { deleted: await deleteOnce(parts, { tenantId: principal.tenantId, incidentId }) };
  };
}

async function deleteOnce({ store, removal, clock }: DeleteParts, key: ReportKey): Promise<boolean> {
  for (let tries = 0; tries < triesMax; tries += 1) {
    const report = await store.find(key);
    if (!report) return false;
    const tombstone = tombstoneOf(report, new Date(clock()).toISOString());
    const isDone = (await store.remove(tombstone)) || isSame(tombstone, await store.findTombstone(key));
    if (isDone) {
      await removal.afterDelete(tombstone);
      return true;
    }
  }
  throw new Fault('aborted', 'Others keep changing the report', { retryAfterMs: 100 });
}

// The driver repeats a write that it had no answer to: the second one is refused because of the first.
function isSame(own: Tombstone, held: Tombstone | undefined): boolean {
  return held?.version === own.version && held.deletedAt === own.deletedAt;
}
