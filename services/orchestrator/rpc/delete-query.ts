// DeleteQuery: whether a query job is there and the caller's own is asked of its service with the caller's own token.
import type { Client, ServiceImpl } from '@connectrpc/connect';
import { notFound } from '../../../foundation/fault/fault.ts';
import { onBehalfOf, principalOf } from '../../../foundation/rpc/caller.ts';
import type { DeletionService } from '../../../proto/gen/domainflow/orchestrator/v1/deletion_service_pb.js';
import type { QueryJobService } from '../../../proto/gen/domainflow/sessions/v1/query_job_service_pb.js';
import { requirePerson } from '../core/person.ts';
import type { CarryOutDeletion } from './carry-out-deletion.ts';

/** DeleteQuery. */
export function deleteQuery(
  queryJobs: Client<typeof QueryJobService>,
  carryOut: CarryOutDeletion,
): ServiceImpl<typeof DeletionService>['deleteQuery'] {
  return async ({ queryId }, context) => {
    requirePerson(principalOf(context));
    const { job } = await queryJobs.getQueryJob({ queryId }, onBehalfOf(context));
    if (!job) throw notFound('query');
    await carryOut({ kind: 'query', subjectId: job.queryId }, context);
    return {};
  };
}
