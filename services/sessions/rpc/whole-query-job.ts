// A whole query job with its log, as it is answered.
import type { MessageInitShape } from '@bufbuild/protobuf';
import type { Principal } from '../../../foundation/identity/principal.ts';
import type { QueryJobSchema } from '../../../proto/gen/domainflow/sessions/v1/query_job_pb.js';
import type { QueryJob } from '../core/query-job.ts';
import type { SessionsStore } from '../store/store.ts';
import { ownQueryJob } from './own-query-job.ts';
import { queryJobMessage } from './query-job-wire.ts';

/** The caller's own job with its log. Throws `not_found` when it was deleted since it was read. */
export async function wholeQueryJob(
  store: SessionsStore,
  principal: Principal,
  job: QueryJob,
): Promise<MessageInitShape<typeof QueryJobSchema>> {
  const log = await store.readExecutionLog(job);
  if (log) return queryJobMessage(job, log);
  const again = await ownQueryJob(store, principal, job.queryId);
  const logOfAgain = await store.readExecutionLog(again);
  if (!logOfAgain) throw new Error(`The log of ${job.queryId} is missing`);
  return queryJobMessage(again, logOfAgain);
}
