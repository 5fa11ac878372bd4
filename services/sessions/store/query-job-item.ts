// A query job as an item of its table. Its result is spread over attributes; its execution log lies in chunk items.
import {
  type AppliedOutcome,
  type ListedQueryJob,
  type LogPointer,
  listedQuestionMax,
  type QueryJob,
  type QueryMode,
  type QueryStatus,
  type ReplacedLog,
} from '../core/query-job.ts';
import { KeyAttribute, tenantKey, unsettledKey } from './keys.ts';
import { type OutcomeItem, resultOf } from './outcome-item.ts';

/** What an index entry of a job holds. */
export interface ListedQueryJobItem {
  readonly id: string;
  readonly query_id: string;
  readonly job_id: string;
  readonly tenant_id: string;
  readonly session_id: string;
  readonly domain_id: string;
  readonly created_by: string;
  /** The first 200 characters. */
  readonly question_start: string;
  readonly mode: QueryMode;
  readonly status: QueryStatus;
  readonly created_at: string;
}

/** The attributes of a job; those of its outcome are there once its run has ended. */
export type QueryJobItem = ListedQueryJobItem & {
  readonly question: string;
  readonly updated_at: string;
  readonly replaced_log?: ReplacedLogItem;
} & (OutcomeItem | { readonly completed_at?: undefined });

interface ReplacedLogItem extends LogPointer {
  readonly job_id: string;
}

/** The log of the run before as an attribute; undefined when there is none. */
export function replacedLogItem({ replaced }: Pick<QueryJob, 'replaced'>): ReplacedLogItem | undefined {
  return replaced && { job_id: replaced.jobId, ...replaced.log };
}

/** The log of the run before in an attribute. */
export function replacedLogOf(item: ReplacedLogItem | undefined): ReplacedLog | undefined {
  return item && { jobId: item.job_id, log: { digest: item.digest, chunks: item.chunks } };
}

/** The item of a new job, keys included. While it is processing it lies in the unsettled index, in one of `writeShards` partitions. */
export function queryJobItem(job: QueryJob, writeShards: number): Record<string, unknown> {
  const { tenantId, queryId, sessionId, createdBy } = job;
  return {
    [KeyAttribute.primary]: tenantKey(tenantId, queryId),
    [KeyAttribute.session]: tenantKey(tenantId, sessionId),
    [KeyAttribute.user]: tenantKey(tenantId, createdBy),
    [KeyAttribute.unsettled]: unsettledKey(job, writeShards),
    id: job.id,
    query_id: queryId,
    job_id: job.jobId,
    tenant_id: tenantId,
    session_id: sessionId,
    domain_id: job.domainId,
    created_by: createdBy,
    question: job.question,
    question_start: [...job.question].slice(0, listedQuestionMax).join(''),
    mode: job.mode,
    status: job.status,
    created_at: job.createdAt,
    updated_at: job.updatedAt,
    ...(job.replaced ? { replaced_log: replacedLogItem(job) } : {}),
  };
}

/** The job in an index entry; its question is cut. */
export function listedQueryJobOf(item: ListedQueryJobItem): ListedQueryJob {
  return {
    id: item.id,
    queryId: item.query_id,
    jobId: item.job_id,
    tenantId: item.tenant_id,
    sessionId: item.session_id,
    domainId: item.domain_id,
    createdBy: item.created_by,
    question: item.question_start,
    mode: item.mode,
    status: item.status,
    createdAt: item.created_at,
  };
}

/** The whole job in an item. */
export function queryJobOf(item: QueryJobItem): QueryJob {
  const outcome = item.completed_at === undefined ? undefined : appliedOutcomeOf(item);
  const replaced = replacedLogOf(item.replaced_log);
  const whole = { ...listedQueryJobOf(item), question: item.question, updatedAt: item.updated_at, outcome };
  return replaced ? { ...whole, replaced } : whole;
}

function appliedOutcomeOf(item: OutcomeItem): AppliedOutcome {
  const log: LogPointer | undefined = item.execution_log ?? undefined;
  const { message_id: messageId, content } = item.answer_message;
  return {
    result: resultOf(item),
    log,
    message: { messageId, content },
    completedAt: item.completed_at,
  };
}
