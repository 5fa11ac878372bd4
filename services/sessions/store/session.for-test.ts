// Sessions, messages and jobs for tests of the store.
import { randomUUID } from 'node:crypto';
import { paginateScan } from '@aws-sdk/lib-dynamodb';
import { Fault } from '../../../foundation/fault/fault.ts';
import { newId, prefixedId } from '../../../foundation/ids/ids.ts';
import type { Message } from '../core/message.ts';
import { type QueryJob, startQueryJob } from '../core/query-job.ts';
import { type Session, startSession } from '../core/session.ts';
import type { Documents } from './documents.ts';
import type { RunOutcome } from './store.ts';

/** A time so many milliseconds after a fixed moment. */
export function timeAt(offsetMs: number): string {
  return new Date(Date.UTC(2025, 0, 1) + offsetMs).toISOString();
}

/** A session of a new user, in a new tenant unless one is given. */
export function someSession(tenantId: string = randomUUID()): Session {
  const owner = { tenantId, userId: randomUUID(), domainId: 'civic_complaints' };
  return startSession({ ...owner, id: newId(), title: '', at: timeAt(0) });
}

/** A user's message in a session. */
export function someMessage({ sessionId }: Session, offsetMs: number): Message {
  const messageId = prefixedId('msg_', newId());
  const plain = { queryId: 'qry_1', role: 'user', content: `at ${offsetMs}`, references: [] } as const;
  return { ...plain, messageId, sessionId, timestamp: timeAt(offsetMs) };
}

/** The public id of some report. */
export function someIncident(): string {
  return prefixedId('inc_', newId());
}

/** A job in a session. */
export function someJob({ tenantId, userId, sessionId, domainId }: Session): QueryJob {
  const plain = { question: 'How many?', mode: 'query', createdAt: timeAt(1) } as const;
  const jobId = prefixedId('job_', newId());
  return startQueryJob({ ...plain, id: newId(), jobId, tenantId, sessionId, domainId, createdBy: userId });
}

/** An outcome with one answer and this log. */
export function someOutcome(log: RunOutcome['log'] = []): RunOutcome {
  const result = {
    summary: 'What: 12\n\nSummary: 12 potholes.',
    answers: [{ agentId: 'builtin-query-what', label: 'What', text: '12', references: ['inc_1'] }],
    mapData: { map_action: 'ADD_MARKERS', bounds: [77.1, 12.9, 77.2, 13] },
    referencesUsed: [
      {
        referenceId: 'inc_1',
        summary: 'A pothole',
        status: 'completed',
        location: { longitude: 77.15, latitude: 12.95 },
        deleted: false,
      },
      { referenceId: 'inc_2', summary: '', status: 'closed', location: undefined, deleted: true },
    ],
    referencesRejected: [{ referenceId: 'inc_9', agentId: 'a', reason: 'unresolved' }],
    referencesTotal: 2,
    patches: ['patch_1'],
    cacheStats: { cachedAgents: 1, executedAgents: 2, totalAgents: 3 },
    error: '',
  };
  const message = { messageId: prefixedId('msg_', newId()), content: result.summary };
  return { succeeded: true, result, log, message, at: timeAt(5_000) };
}

/** An outcome whose answer rests on these reports, with a log of one entry. */
export function outcomeCiting(incidentIds: readonly string[]): RunOutcome {
  const outcome = someOutcome([{ task_id: 't1' }]);
  const plain = { summary: 'A pothole', status: 'completed', location: undefined, deleted: false };
  const referencesUsed = incidentIds.map((referenceId) => ({ ...plain, referenceId }));
  return { ...outcome, result: { ...outcome.result, referencesUsed } };
}

/** All items of a tenant in a table. */
export async function tenantItems(
  { client }: Documents,
  TableName: string,
  tenantId: string,
): Promise<Record<string, unknown>[]> {
  const items: Record<string, unknown>[] = [];
  for await (const { Items = [] } of paginateScan({ client }, { TableName, ConsistentRead: true }))
    items.push(...Items.filter(({ pk }) => String(pk).startsWith(`${tenantId}#`)));
  return items;
}

/** What a call answers once it is not refused as `unavailable` any more: callers repeat their calls. */
export async function patiently<T>(call: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof Fault) || error.reason !== 'unavailable' || tries === 500) throw error;
    }
  }
}
