// Retrieve: the reports of a domain that fit best.
import type { ServiceImpl } from '@connectrpc/connect';
import { principalOf } from '../../../foundation/rpc/caller.ts';
import type { IndexService } from '../../../proto/gen/domainflow/reports/v1/index_service_pb.js';
import type { ReportIndex } from '../store/store.ts';
import { entryMessage, filterOf, limitOf } from './index-wire.ts';

const limitDefault = 20;
const limitMax = 100;

/** By rank where there are words, else newest first. */
export function retrieve(index: ReportIndex): ServiceImpl<typeof IndexService>['retrieve'] {
  return async ({ filter, limit, snippets }, context) => {
    const { tenantId } = principalOf(context);
    const found = await index.retrieve(tenantId, {
      filter: filterOf(filter),
      limit: limitOf(limit, limitDefault, limitMax),
      snippets,
    });
    return {
      entries: found.entries.map(entryMessage),
      total: BigInt(found.total),
      totalAtLeast: found.totalAtLeast,
    };
  };
}
