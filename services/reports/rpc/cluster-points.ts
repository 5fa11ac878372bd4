// ClusterPoints: how many reports lie in each cell of a map.
import type { ServiceImpl } from '@connectrpc/connect';
import type { Violation } from '../../../foundation/fault/fault.ts';
import { principalOf } from '../../../foundation/rpc/caller.ts';
import type { IndexService } from '../../../proto/gen/domainflow/reports/v1/index_service_pb.js';
import { zoomMax } from '../core/index-query.ts';
import type { ReportIndex } from '../store/store.ts';
import { filterOf, pointMessage } from './index-wire.ts';

/** Largest first. */
export function clusterPoints(index: ReportIndex): ServiceImpl<typeof IndexService>['clusterPoints'] {
  return async ({ filter: message, zoom }, context) => {
    const { tenantId } = principalOf(context);
    const isZoom = zoom >= 0 && zoom <= zoomMax;
    const broken: Violation[] = isZoom ? [] : [{ field: 'zoom', reason: `must be 0 to ${zoomMax}` }];
    const { clusters, total } = await index.clusters(tenantId, filterOf(message, broken), zoom);
    return {
      clusters: clusters.map(({ point, count }) => ({ point: pointMessage(point), count: BigInt(count) })),
      total: BigInt(total),
    };
  };
}
