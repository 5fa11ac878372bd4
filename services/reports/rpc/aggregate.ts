// Aggregate: counts by a field.
import type { ServiceImpl } from '@connectrpc/connect';
import { invalidArgument } from '../../../foundation/fault/fault.ts';
import { principalOf } from '../../../foundation/rpc/caller.ts';
import type { IndexService } from '../../../proto/gen/domainflow/reports/v1/index_service_pb.js';
import { groupPath } from '../core/group-by.ts';
import type { ReportIndex } from '../store/store.ts';
import { filterOf, limitOf } from './index-wire.ts';

const groupsDefault = 100;
const groupsMax = 1_000;
const reason = 'must be status, source, created_by or a path under ingestion_data. or management_data.';

/** Count descending, then key. */
export function aggregate(index: ReportIndex): ServiceImpl<typeof IndexService>['aggregate'] {
  return async (request, context) => {
    const { tenantId } = principalOf(context);
    const filter = filterOf(request.filter);
    const path = groupPath(request.groupBy);
    if (!path) throw invalidArgument([{ field: 'group_by', reason }]);
    const limit = limitOf(request.limit, groupsDefault, groupsMax);
    const { groups, total } = await index.aggregate(tenantId, filter, { path, limit });
    return {
      groups: groups.map(({ key, count }) => ({ key, count: BigInt(count) })),
      total: BigInt(total),
    };
  };
}
