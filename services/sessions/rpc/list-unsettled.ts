// ListUnsettled: query jobs of a tenant that have been processing for long, for the platform's reconciler.
import type { ServiceImpl } from '@connectrpc/connect';
import { invalidArgument } from '../../../foundation/fault/fault.ts';
import { principalOf } from '../../../foundation/rpc/caller.ts';
import type { QueryJobService } from '../../../proto/gen/domainflow/sessions/v1/query_job_service_pb.js';
import { requirePlatform } from '../core/run-rights.ts';
import type { SessionsStore } from '../store/store.ts';
import { isoOf } from './instant.ts';

const limitDefault = 100;
const limitMax = 1_000;

/** ListUnsettled. */
export function listUnsettled(store: SessionsStore): ServiceImpl<typeof QueryJobService>['listUnsettled'] {
  return async (request, context) => {
    const { tenantId, run } = principalOf(context);
    requirePlatform(run);
    const before = isoOf(request.before);
    if (before === undefined) throw invalidArgument([{ field: 'before', reason: 'must be given' }]);
    const limit = request.limit <= 0 ? limitDefault : Math.min(request.limit, limitMax);
    return { jobs: [...(await store.listUnsettled(tenantId, { before, limit }))] };
  };
}
