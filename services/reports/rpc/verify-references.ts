// VerifyReferences: which of the ids that an agent gave name reports of the domain.
import type { ServiceImpl } from '@connectrpc/connect';
import { invalidArgument, type Violation } from '../../../foundation/fault/fault.ts';
import { principalOf } from '../../../foundation/rpc/caller.ts';
import type { IndexService } from '../../../proto/gen/domainflow/reports/v1/index_service_pb.js';
import { isDomainId, isIncidentId } from '../core/report-problems.ts';
import type { ReportIndex } from '../store/store.ts';
import { entryMessage } from './index-wire.ts';

const idsMax = 1_000;

/** In the order asked for, each once. */
export function verifyReferences(index: ReportIndex): ServiceImpl<typeof IndexService>['verifyReferences'] {
  return async ({ domainId, incidentIds }, context) => {
    const { tenantId } = principalOf(context);
    const broken: Violation[] = [];
    if (!isDomainId(domainId)) broken.push({ field: 'domain_id', reason: 'must be the id of a domain' });
    if (incidentIds.length > idsMax) {
      broken.push({ field: 'incident_ids', reason: `must be at most ${idsMax}` });
    }
    if (broken.length > 0) throw invalidArgument(broken);
    const asked = [...new Set(incidentIds)].filter(isIncidentId);
    if (asked.length === 0) return { entries: [] };
    const found = await index.verify(tenantId, domainId, asked);
    const byId = new Map(found.map((entry) => [entry.incidentId, entry]));
    const entries = asked.flatMap((id) => byId.get(id) ?? []);
    return { entries: entries.map(entryMessage) };
  };
}
