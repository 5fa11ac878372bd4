// A deleted query job as an item: it holds no content, only what is needed to remove what belonged to the job.
import type { LogPointer, QueryJob, ReplacedLog } from '../core/query-job.ts';
import type { Item } from './documents.ts';
import { goneAttributes } from './gone.ts';
import { KeyAttribute, type RunName, tenantKey } from './keys.ts';
import { replacedLogItem, replacedLogOf } from './query-job-item.ts';

/** What belonged to a deleted job. */
export interface Belongings {
  readonly run: RunName;
  readonly sessionId: string;
  /** Undefined when its run had not ended, or had no log. */
  readonly log: LogPointer | undefined;
  /** The log of the run before; undefined when there was none. */
  readonly replaced: ReplacedLog | undefined;
  /** Reports that its answer rests on. */
  readonly incidentIds: readonly string[];
}

interface TombstoneItem {
  readonly session_id: string;
  readonly job_id: string;
  readonly execution_log: LogPointer | null;
  readonly replaced_log?: ReturnType<typeof replacedLogItem>;
  readonly cited: readonly string[];
}

/** The item that takes the place of a job deleted at an ISO 8601 time. It lies in no index. */
export function tombstoneItem(job: QueryJob, at: string): Record<string, unknown> {
  const { tenantId, queryId, sessionId, jobId, outcome } = job;
  const left: TombstoneItem = {
    session_id: sessionId,
    job_id: jobId,
    execution_log: outcome?.log ?? null,
    ...(job.replaced ? { replaced_log: replacedLogItem(job) } : {}),
    cited: (outcome?.result.referencesUsed ?? []).map(({ referenceId }) => referenceId),
  };
  return { [KeyAttribute.primary]: tenantKey(tenantId, queryId), ...left, ...goneAttributes(at) };
}

/** What belonged to the job whose tombstone this is. */
export function belongingsOf(tenantId: string, queryId: string, item: Item): Belongings {
  const { session_id, job_id, execution_log, replaced_log, cited } = item as unknown as TombstoneItem;
  return {
    run: { tenantId, queryId, jobId: job_id },
    sessionId: session_id,
    log: execution_log ?? undefined,
    replaced: replacedLogOf(replaced_log),
    incidentIds: cited,
  };
}
