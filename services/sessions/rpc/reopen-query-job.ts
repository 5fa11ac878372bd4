// ReopenQueryJob: an ended query job is given to a newer run, as a step of a start that may be repeated.
import type { ServiceImpl } from '@connectrpc/connect';
import { Fault, invalidArgument, notFound } from '../../../foundation/fault/fault.ts';
import { principalOf } from '../../../foundation/rpc/caller.ts';
import type {
  QueryJobService,
  ReopenQueryJobRequest,
} from '../../../proto/gen/domainflow/sessions/v1/query_job_service_pb.js';
import { checkForm } from '../core/input-rules.ts';
import { isJobId, type QueryJob, type Reopening, reopenedQueryJob } from '../core/query-job.ts';
import { requireWriter } from '../core/run-rights.ts';
import type { SessionsStore } from '../store/store.ts';
import { isoOf } from './instant.ts';
import { ownQueryJob } from './own-query-job.ts';
import { wholeQueryJob } from './whole-query-job.ts';

/** ReopenQueryJob. */
export function reopenQueryJob(store: SessionsStore): ServiceImpl<typeof QueryJobService>['reopenQueryJob'] {
  return async (request, context) => {
    const principal = principalOf(context);
    requireWriter(principal.run, request.queryId);
    const reopening = reopeningIn(request);
    const job = await ownQueryJob(store, principal, request.queryId);
    const reopened = await reopen(store, job, reopening);
    await store.removeReplacedLog(reopened);
    return { job: await wholeQueryJob(store, principal, reopened) };
  };
}

async function reopen(store: SessionsStore, job: QueryJob, reopening: Reopening): Promise<QueryJob> {
  const { earlierJobId, jobId } = reopening;
  const wanted = reopenedQueryJob(job, reopening);
  const stored = wanted ? await store.reopenQueryJob(wanted, earlierJobId) : job;
  if (!stored) throw notFound('query');
  if (stored.jobId === jobId) return stored;
  throw new Fault('failed_precondition', `The query belongs to another run, ${stored.jobId}`);
}

/** What is asked. Throws `invalid_argument` with everything that is wrong. */
function reopeningIn({ earlierJobId, jobId, at: askedAt }: ReopenQueryJobRequest): Reopening {
  const at = isoOf(askedAt);
  const violations = [
    ...checkForm('earlier_job_id', isJobId(earlierJobId), 'must be job_ and 32 hex digits'),
    ...checkForm('job_id', isJobId(jobId), 'must be job_ and 32 hex digits'),
    ...checkForm('at', at !== undefined, 'must be given'),
  ];
  if (at === undefined || violations.length > 0) throw invalidArgument(violations);
  return { earlierJobId, jobId, at };
}
