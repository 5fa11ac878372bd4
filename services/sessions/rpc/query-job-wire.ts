// Query jobs as they cross the wire.
import type { MessageInitShape } from '@bufbuild/protobuf';
import {
  type QueryJobSchema,
  QueryMode as WireMode,
} from '../../../proto/gen/domainflow/sessions/v1/query_job_pb.js';
import type { ListedQueryJob, QueryJob, QueryMode } from '../core/query-job.ts';
import type { ExecutionLog } from '../core/query-result.ts';
import { resultMessage } from './result-wire.ts';
import { timestampOf } from './session-wire.ts';

/** A mode as it was received; undefined when it was not given. */
export function modeFrom(mode: WireMode): QueryMode | undefined {
  if (mode === WireMode.QUERY) return 'query';
  return mode === WireMode.MANAGEMENT ? 'management' : undefined;
}

/** A job in a list. */
export function listedQueryJobMessage(job: ListedQueryJob): MessageInitShape<typeof QueryJobSchema> {
  return listedFields(job);
}

/** A whole job with its log. */
export function queryJobMessage(job: QueryJob, log: ExecutionLog): MessageInitShape<typeof QueryJobSchema> {
  const { outcome } = job;
  return {
    ...listedFields(job),
    updatedAt: timestampOf(job.updatedAt),
    ...(outcome && {
      completedAt: timestampOf(outcome.completedAt),
      result: resultMessage(outcome.result, log),
    }),
  };
}

function listedFields(job: ListedQueryJob) {
  const { id, queryId, jobId, sessionId, domainId, createdBy, question, status } = job;
  return {
    ...{ id, queryId, jobId, sessionId, domainId, createdBy, question, status },
    mode: job.mode === 'query' ? WireMode.QUERY : WireMode.MANAGEMENT,
    createdAt: timestampOf(job.createdAt),
  };
}
