// GetDataRevision: what names the present state of a domain's reports in the index.
import type { ServiceImpl } from '@connectrpc/connect';
import { invalidArgument } from '../../../foundation/fault/fault.ts';
import { principalOf } from '../../../foundation/rpc/caller.ts';
import type { IndexService } from '../../../proto/gen/domainflow/reports/v1/index_service_pb.js';
import { isDomainId } from '../core/report-problems.ts';
import type { ReportIndex } from '../store/store.ts';

/** Of the caller's tenant. A domain that nobody has reported to has a state as well. */
export function getDataRevision(
  index: Pick<ReportIndex, 'revision'>,
): ServiceImpl<typeof IndexService>['getDataRevision'] {
  return async ({ domainId }, context) => {
    const { tenantId } = principalOf(context);
    if (!isDomainId(domainId)) {
      throw invalidArgument([{ field: 'domain_id', reason: 'must be the id of a domain' }]);
    }
    return { revision: (await index.revision(tenantId, domainId)) ?? '' };
  };
}
