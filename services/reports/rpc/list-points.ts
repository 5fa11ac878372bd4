// ListPoints: where reports are, in parts.
import type { ServiceImpl } from '@connectrpc/connect';
import type { PageTokens } from '../../../foundation/paging/page-token.ts';
import { principalOf } from '../../../foundation/rpc/caller.ts';
import type { IndexService } from '../../../proto/gen/domainflow/reports/v1/index_service_pb.js';
import type { ListPosition, PlacedReport } from '../core/index-query.ts';
import type { ReportIndex } from '../store/store.ts';
import { filterOf, limitOf, pointMessage } from './index-wire.ts';

const limitMax = 10_000;

/** What places are read from. */
export interface ListPointsParts {
  readonly index: ReportIndex;
  readonly tokens: PageTokens;
}

/** Newest first; reports without a place are left out. */
export function listPoints({
  index,
  tokens,
}: ListPointsParts): ServiceImpl<typeof IndexService>['listPoints'] {
  return async (request, context) => {
    const { tenantId } = principalOf(context);
    const filter = filterOf(request.filter);
    const limit = limitOf(request.limit, limitMax, limitMax);
    const list = { tenantId, scope: JSON.stringify(['points', filter]) };
    // What a cursor holds was sealed here, for this list.
    const after =
      request.cursor === '' ? undefined : (tokens.open({ ...list, token: request.cursor }) as ListPosition);
    // One more than the part holds tells whether another follows.
    const { points, total = 0 } = await index.points(tenantId, { filter, after, limit: limit + 1 });
    const last = points.length > limit ? points[limit - 1] : undefined;
    return {
      features: points.slice(0, limit).map(featureOf),
      total: BigInt(total),
      nextCursor: last ? tokens.seal({ ...list, position: positionOf(last) }) : '',
    };
  };
}

function positionOf({ createdAt, incidentId }: ListPosition): ListPosition {
  return { createdAt, incidentId };
}

function featureOf({ incidentId, place, status, locationText }: PlacedReport) {
  return { incidentId, point: pointMessage(place), status, locationText };
}
