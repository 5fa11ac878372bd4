// ListUnsettled: reports whose run has not been applied.
import type { ServiceImpl } from '@connectrpc/connect';
import { principalOf } from '../../../foundation/rpc/caller.ts';
import type { ReportService } from '../../../proto/gen/domainflow/reports/v1/report_service_pb.js';
import type { ReportStore } from '../store/store.ts';
import { limitOf } from './index-wire.ts';
import { requiredIso } from './time-wire.ts';

const limitDefault = 100;
const limitMax = 1_000;

/** Oldest first. */
export function listUnsettled(store: ReportStore): ServiceImpl<typeof ReportService>['listUnsettled'] {
  return async (request, context) => {
    const { tenantId } = principalOf(context);
    const before = requiredIso(request.before, 'before');
    const limit = limitOf(request.limit, limitDefault, limitMax);
    return { reports: [...(await store.listUnsettled(tenantId, before, limit))] };
  };
}
