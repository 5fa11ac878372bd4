// Query jobs as the API shows them.
import type { Principal } from '../../foundation/identity/principal.ts';
import { type QueryJob, QueryMode } from '../../proto/gen/domainflow/sessions/v1/query_job_pb.js';
import { enumWord } from './enum-words.ts';
import { referenceJson } from './reference-json.ts';
import { timeJson } from './time-json.ts';

const listQuestionLengthMax = 200;

/** The fields of a job in a list. */
export function queryRow(job: QueryJob, { userId }: Principal): object {
  return {
    query_id: job.queryId,
    session_id: job.sessionId,
    domain_id: job.domainId,
    question: job.question.slice(0, listQuestionLengthMax).toWellFormed(),
    mode: enumWord(QueryMode, job.mode),
    status: job.status,
    created_at: timeJson(job.createdAt),
    created_by_me: job.createdBy === userId,
  };
}

/** The whole job: until it ends, summary, map_data, cache_stats and completed_at are null and lists are empty. */
export function queryJson(job: QueryJob, { tenantId, userId }: Principal): object {
  return {
    query_id: job.queryId,
    job_id: job.jobId,
    session_id: job.sessionId,
    tenant_id: tenantId,
    domain_id: job.domainId,
    question: job.question,
    mode: enumWord(QueryMode, job.mode),
    status: job.status,
    ...resultJson(job.result),
    id: job.id,
    created_at: timeJson(job.createdAt),
    updated_at: timeJson(job.updatedAt),
    completed_at: timeJson(job.completedAt),
    created_by: job.createdBy,
    created_by_me: job.createdBy === userId,
  };
}

function resultJson(result: QueryJob['result']): object {
  return {
    summary: result?.summary || null,
    answers:
      result?.answers.map(({ agentId, label, text, references }) => ({
        agent_id: agentId,
        label,
        text,
        references,
      })) ?? [],
    map_data: result?.mapData ?? null,
    references_used: result?.referencesUsed.map(referenceJson) ?? [],
    references_rejected:
      result?.referencesRejected.map(({ referenceId, agentId, reason }) => ({
        reference_id: referenceId,
        agent_id: agentId,
        reason,
      })) ?? [],
    references_total: result?.referencesTotal ?? 0,
    patches: result?.patches ?? [],
    execution_log: result?.executionLog ?? [],
    cache_stats: cacheStatsJson(result?.cacheStats),
    error: result?.error || null,
  };
}

/** Counts of computed and reused outputs, as jobs and executions hold them. */
export interface CacheCounts {
  readonly cachedAgents: number;
  readonly executedAgents: number;
  readonly totalAgents: number;
}

/** `cache_stats` of S6.5; null while there is none. */
export function cacheStatsJson(counts: CacheCounts | undefined): object | null {
  if (!counts) return null;
  const { cachedAgents, executedAgents, totalAgents } = counts;
  return { cached_agents: cachedAgents, executed_agents: executedAgents, total_agents: totalAgents };
}
