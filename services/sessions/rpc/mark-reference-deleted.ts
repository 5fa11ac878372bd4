// MarkReferenceDeleted: a step of the deletion of a report, repeated until nothing is left that rests on it unmarked.
import type { ServiceImpl } from '@connectrpc/connect';
import type { Clock } from '../../../foundation/clock.ts';
import { invalidArgument } from '../../../foundation/fault/fault.ts';
import { principalOf } from '../../../foundation/rpc/caller.ts';
import type { QueryJobService } from '../../../proto/gen/domainflow/sessions/v1/query_job_service_pb.js';
import { checkForm } from '../core/input-rules.ts';
import { isIncidentId } from '../core/reference-rules.ts';
import { requireDeletion } from '../core/run-rights.ts';
import type { SessionsStore } from '../store/store.ts';

/** MarkReferenceDeleted. Whose answers rest on the report does not matter: it is gone for all of the tenant. */
export function markReferenceDeleted(
  store: SessionsStore,
  clock: Clock,
): ServiceImpl<typeof QueryJobService>['markReferenceDeleted'] {
  return async ({ incidentId }, context) => {
    const { tenantId, run } = principalOf(context);
    requireDeletion(run, incidentId);
    const violations = checkForm('incident_id', isIncidentId(incidentId), 'must be inc_ and 32 hex digits');
    if (violations.length > 0) throw invalidArgument(violations);
    const at = new Date(clock()).toISOString();
    return { done: await store.markReferenceDeleted({ tenantId, incidentId }, at) };
  };
}
