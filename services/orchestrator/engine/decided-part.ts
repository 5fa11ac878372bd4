// A decision as the journal takes it: events, the row that they move, and what lists show of approvals.
import type { Decision } from '../core/decision/decision.ts';
import { parkUntilMs } from '../core/decision/due.ts';
import { type ExecutionState, type ExecutionStatus, taskOf } from '../core/execution-state.ts';
import type { JournalEvent } from '../core/journal-event.ts';
import type { ApprovalChange, CachedOutput, Parking, RowChange } from '../store/store.ts';
import type { LiveExecution } from './live-execution.ts';

/** How a run that waits for nothing here leaves memory; undefined when it stays. */
export function parkingOf(state: ExecutionState, nowMs: number): Parking | undefined {
  const untilMs = parkUntilMs(state, nowMs);
  if (untilMs === undefined) return undefined;
  return { wakeAtMs: Number.isFinite(untilMs) ? untilMs : null, queued: false };
}

/** The new values of the row, when the decision moves it. */
export function changeOf(
  state: ExecutionState,
  before: ExecutionStatus,
  parked: Parking | undefined,
): RowChange | undefined {
  const { status, startedMs, endedMs, outcome } = state;
  if (status === before && !parked) return undefined;
  return {
    status,
    startedAtMs: startedMs ?? null,
    completedAtMs: endedMs ?? null,
    reason: outcome?.reason ?? '',
    error: outcome?.error ?? '',
    partial: outcome?.partial ?? false,
    ...(parked ? { parked } : {}),
  };
}

/** What lists of approvals show from now on. */
export function approvalChanges(
  { state, execution }: LiveExecution,
  { events }: Decision,
  nowMs: number,
): ApprovalChange[] {
  const changes: ApprovalChange[] = [];
  for (const event of events) {
    if (!('nodeId' in event)) continue;
    const { approval, taskId, nodeId } = taskOf(state, event.nodeId).planned;
    if (!approval) continue;
    if (event.type === 'approval_requested') {
      const { prompt, roles } = approval;
      const times = { requestedAtMs: nowMs, expiresAtMs: event.expiresMs };
      changes.push({
        type: 'requested',
        nodeId,
        taskId,
        domainId: execution.domainId,
        prompt,
        roles,
        ...times,
      });
    }
    const decided = decidedBy(event);
    if (decided) changes.push({ type: 'decided', nodeId, decidedAtMs: nowMs, ...decided });
  }
  return changes;
}

function decidedBy(event: JournalEvent) {
  if (event.type === 'approval_decided') {
    const refused = event.by === null ? ('expired' as const) : ('rejected' as const);
    const status = event.approved ? ('approved' as const) : refused;
    return { status, decidedBy: event.by, comment: event.comment };
  }
  if (event.type !== 'task_skipped' && event.type !== 'task_cancelled') return undefined;
  return { status: 'cancelled' as const, decidedBy: null, comment: '' };
}

/** Outputs that serve other executions once these events are durable. */
export function cachedOutputs({ cacheKeys, state }: LiveExecution, { events }: Decision): CachedOutput[] {
  if (cacheKeys.size === 0) return [];
  return events.flatMap((event): CachedOutput[] => {
    if (event.type !== 'task_succeeded' || event.cachedFrom !== undefined) return [];
    const key = cacheKeys.get(event.nodeId)?.key;
    const ttlMs = taskOf(state, event.nodeId).planned.cacheTtlMs;
    return key === undefined ? [] : [{ key, answer: event.answer, ttlMs }];
  });
}
