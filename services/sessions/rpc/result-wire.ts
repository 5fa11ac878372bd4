// Results of query jobs as they cross the wire.
import type { MessageInitShape } from '@bufbuild/protobuf';
import type {
  QueryResultSchema,
  QueryResult as WireResult,
} from '../../../proto/gen/domainflow/sessions/v1/query_job_pb.js';
import type { ExecutionLog, QueryResult } from '../core/query-result.ts';
import { referenceFrom, referenceMessage } from './session-wire.ts';

/** A result with its log, as it is answered. */
export function resultMessage(
  result: QueryResult,
  log: ExecutionLog,
): MessageInitShape<typeof QueryResultSchema> {
  const { mapData, cacheStats, summary, referencesTotal, error } = result;
  return {
    ...{ summary, referencesTotal, error },
    answers: result.answers.map((answer) => ({ ...answer, references: [...answer.references] })),
    ...(mapData && { mapData }),
    referencesUsed: result.referencesUsed.map(referenceMessage),
    referencesRejected: [...result.referencesRejected],
    patches: [...result.patches],
    executionLog: [...log],
    ...(cacheStats && { cacheStats }),
  };
}

/** A result as it was received, without its log; an absent one is empty. */
export function resultFrom(wire: WireResult | undefined): QueryResult {
  return {
    summary: wire?.summary ?? '',
    answers: (wire?.answers ?? []).map(({ agentId, label, text, references }) => ({
      ...{ agentId, label, text, references },
    })),
    mapData: wire?.mapData,
    referencesUsed: (wire?.referencesUsed ?? []).map(referenceFrom),
    referencesRejected: (wire?.referencesRejected ?? []).map(({ referenceId, agentId, reason }) => ({
      ...{ referenceId, agentId, reason },
    })),
    referencesTotal: wire?.referencesTotal ?? 0,
    patches: wire?.patches ?? [],
    cacheStats: cacheStatsFrom(wire?.cacheStats),
    error: wire?.error ?? '',
  };
}

function cacheStatsFrom(stats: WireResult['cacheStats']): QueryResult['cacheStats'] {
  if (!stats) return undefined;
  const { cachedAgents, executedAgents, totalAgents } = stats;
  return { cachedAgents, executedAgents, totalAgents };
}
