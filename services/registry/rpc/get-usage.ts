// GetUsage: what models were called for in the caller's tenant, and what that cost.
import type { ServiceImpl } from '@connectrpc/connect';
import { refuseProblems } from '../../../foundation/json/document.ts';
import type { UsageService } from '../../../proto/gen/domainflow/registry/v1/usage_service_pb.js';
import { usageRange } from '../core/usage-period.ts';
import { usageGroupings, usageTotals } from '../core/usage-sum.ts';
import { tenantPrincipal } from './tenant-principal.ts';
import type { UsageDeps } from './usage-deps.ts';
import { groupingOf, rangeMessage, rangeSent, usageGroupMessage } from './usage-wire.ts';

const unknownGrouping = { field: 'group_by', reason: `must be one of ${usageGroupings.join(', ')}` };

/** GetUsage. `invalid_argument` for a time or grouping that is wrong, everything at once. */
export function getUsage({ store, clock }: UsageDeps): ServiceImpl<typeof UsageService>['getUsage'] {
  return async (request, context) => {
    const { tenantId } = tenantPrincipal(context);
    const sent = rangeSent(request);
    const timeZone = sent.fromMs === undefined ? await store.findTimeZone(tenantId) : '';
    const nowMs = clock();
    const { range, problems } = usageRange(sent, { nowMs, timeZone });
    const groupBy = groupingOf(request.groupBy);
    refuseProblems(groupBy ? problems : [...problems, unknownGrouping]);
    const sums = await store.sumUsage(tenantId, { groupBy: groupBy ?? 'agent', range, nowMs });
    return {
      groups: sums.map(usageGroupMessage),
      totals: usageTotals(sums).map(usageGroupMessage),
      ...rangeMessage(range),
    };
  };
}
