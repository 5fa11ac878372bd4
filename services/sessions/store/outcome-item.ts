// The outcome of a run as attributes of its query job, named as the REST API names them. Absent values are null, so that a later
// outcome always overwrites the whole of an earlier one.
import type { JsonObject } from '../../../foundation/json/json.ts';
import type { LogPointer } from '../core/query-job.ts';
import type { QueryResult } from '../core/query-result.ts';
import { type ReferenceItem, referenceItem, referenceOf } from './message-item.ts';
import type { RunOutcome } from './store.ts';

/** The attributes that an outcome sets, `status` and `updated_at` apart. */
export interface OutcomeItem {
  readonly summary: string;
  readonly answers: readonly {
    readonly agent_id: string;
    readonly label: string;
    readonly text: string;
    readonly references: readonly string[];
  }[];
  /** JSON: a number of the document store holds less than one of JSON. */
  readonly map_data: string | null;
  readonly references_used: readonly ReferenceItem[];
  readonly references_rejected: readonly {
    readonly reference_id: string;
    readonly agent_id: string;
    readonly reason: string;
  }[];
  readonly references_total: number;
  readonly patches: readonly string[];
  readonly cache_stats: {
    readonly cached_agents: number;
    readonly executed_agents: number;
    readonly total_agents: number;
  } | null;
  readonly error: string | null;
  readonly completed_at: string;
  /** Where the log lies; null for an empty one. */
  readonly execution_log: LogPointer | null;
  /** The assistant's message, for whoever finds it missing. */
  readonly answer_message: { readonly message_id: string; readonly content: string };
}

/** The attributes of an outcome whose log lies at `log`. */
export function outcomeItem({ result, message, at }: RunOutcome, log: LogPointer | undefined): OutcomeItem {
  const { cacheStats } = result;
  return {
    summary: result.summary,
    answers: result.answers.map(({ agentId, ...answer }) => ({ agent_id: agentId, ...answer })),
    map_data: result.mapData ? JSON.stringify(result.mapData) : null,
    references_used: result.referencesUsed.map(referenceItem),
    references_rejected: result.referencesRejected.map(({ referenceId, agentId, reason }) => ({
      reference_id: referenceId,
      agent_id: agentId,
      reason,
    })),
    references_total: result.referencesTotal,
    patches: result.patches,
    cache_stats: cacheStats
      ? {
          cached_agents: cacheStats.cachedAgents,
          executed_agents: cacheStats.executedAgents,
          total_agents: cacheStats.totalAgents,
        }
      : null,
    error: result.error === '' ? null : result.error,
    completed_at: at,
    execution_log: log ?? null,
    answer_message: { message_id: message.messageId, content: message.content },
  };
}

/** The result in an item. */
export function resultOf(item: OutcomeItem): QueryResult {
  const { cache_stats: stats } = item;
  return {
    summary: item.summary,
    answers: item.answers.map(({ agent_id: agentId, ...answer }) => ({ agentId, ...answer })),
    mapData: item.map_data === null ? undefined : (JSON.parse(item.map_data) as JsonObject),
    referencesUsed: item.references_used.map(referenceOf),
    referencesRejected: item.references_rejected.map((rejected) => ({
      referenceId: rejected.reference_id,
      agentId: rejected.agent_id,
      reason: rejected.reason,
    })),
    referencesTotal: item.references_total,
    patches: item.patches,
    cacheStats: stats
      ? {
          cachedAgents: stats.cached_agents,
          executedAgents: stats.executed_agents,
          totalAgents: stats.total_agents,
        }
      : undefined,
    error: item.error ?? '',
  };
}
