// Starts in the audit list: which executions a filter and a place let through. An execution is told by the time in its id, so that the order of
// ids is the order of the list, and one index serves both.
import type { JsonObject } from '../../../foundation/json/json.ts';
import type { SortPlace } from '../../../foundation/paging/list-place.ts';
import type { AuditFilter } from './audit-filter.ts';
import type { ExecutionKind } from './execution-kind.ts';
import { executionIdOf, jobIdOf } from './public-id.ts';

const noSuffix = '0000-0000-000000000000';
const timeMsMax = 2 ** 48 - 1;

/** Which executions are told; all that is absent lets everything through. */
export interface StartsFilter {
  /** True for re-runs alone, false for all others alone. */
  readonly isRerun?: boolean;
  readonly executionId?: string;
  readonly userId?: string;
  /** Least id. */
  readonly from?: string;
  /** Greater than every id. */
  readonly to?: string;
}

/** Executions that a filter lets through; undefined where it is about something else. */
export function startsOf(filter: AuditFilter): StartsFilter | undefined {
  const { operationType, entityType, entityId, status, userId, from, to } = filter;
  const isOfStarts = operationType === undefined || /^execution_(start|rerun)$/.test(operationType);
  const isOfExecutions = entityType === undefined || entityType === 'execution';
  const executionId = entityId === undefined ? undefined : executionIdOf(entityId);
  if (!isOfStarts || !isOfExecutions || (status ?? 'success') !== 'success') return undefined;
  if (entityId !== undefined && executionId === undefined) return undefined;
  return {
    ...(operationType === undefined ? {} : { isRerun: operationType === 'execution_rerun' }),
    ...(executionId === undefined ? {} : { executionId }),
    ...(userId === undefined ? {} : { userId }),
    ...(from === undefined ? {} : { from: leastIdAt(from.getTime()) }),
    ...(to === undefined ? {} : { to: leastIdAt(to.getTime()) }),
  };
}

/** The least id that can be made at a time in milliseconds since the Unix epoch. */
export function leastIdAt(timeMs: number): string {
  const within = Math.min(Math.max(timeMs, 0), timeMsMax);
  const hex = within.toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-${noSuffix}`;
}

/** The id below which executions lie after a place in the list. */
export function startsAfter({ at, id }: SortPlace): string {
  const timeMs = Date.parse(`${at.slice(0, -4)}Z`);
  const isWholeMs = at.endsWith('000Z');
  const least = leastIdAt(timeMs);
  const next = leastIdAt(timeMs + 1);
  if (!isWholeMs) return next; // the millisecond itself is older
  if (id < least) return least;
  return id < next ? id : next;
}

/** What the row of an execution tells of its start. */
export interface StartTold {
  readonly kind: ExecutionKind;
  /** Empty for workflows. */
  readonly domainId: string;
  /** Public id of the report or query job. */
  readonly subjectId: string;
  /** Execution that it repeats. */
  readonly rerunOf: string | null;
}

/** The details of a start. */
export function startDetails({ kind, domainId, subjectId, rerunOf }: StartTold): JsonObject {
  return {
    ...{ kind, domain_id: domainId, subject_id: subjectId },
    ...(rerunOf === null ? {} : { rerun_of: jobIdOf(rerunOf) }),
  };
}
