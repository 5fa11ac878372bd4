// ListPoints: where reports are.
import type { ServiceImpl } from '@connectrpc/connect';
import { principalOf } from '../../../foundation/rpc/caller.ts';
import type { IndexService } from '../../../proto/gen/domainflow/reports/v1/index_service_pb.js';
import type { ReportIndex } from '../store/store.ts';
import { filterOf, limitOf, pointMessage } from './index-wire.ts';

const limitMax = 10_000;

/** Newest first; reports without a place are left out. */
export function listPoints(index: ReportIndex): ServiceImpl<typeof IndexService>['listPoints'] {
  return async (request, context) => {
    const { tenantId } = principalOf(context);
    const limit = limitOf(request.limit, limitMax, limitMax);
    const { points, total } = await index.points(tenantId, filterOf(request.filter), limit);
    const features = points.map(({ place, ...feature }) => ({ ...feature, point: pointMessage(place) }));
    return { features, total: BigInt(total) };
  };
}
