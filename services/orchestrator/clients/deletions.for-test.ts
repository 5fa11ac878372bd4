// How the neighbours of a test delete: the object is gone with the first call, what belonged to it goes one part with each further one.
import type { HandlerContext, ServiceImpl } from '@connectrpc/connect';
import { Fault } from '../../../foundation/fault/fault.ts';
import { principalOf } from '../../../foundation/rpc/caller.ts';
import type { ReportService } from '../../../proto/gen/domainflow/reports/v1/report_service_pb.js';
import type { QueryJobService } from '../../../proto/gen/domainflow/sessions/v1/query_job_service_pb.js';
import type { SessionService } from '../../../proto/gen/domainflow/sessions/v1/session_service_pb.js';

/** A call of a deletion. */
export interface DeletionCall {
  readonly method: string;
  readonly subjectId: string;
  readonly userId: string;
  readonly roles: readonly string[];
}

/** What lies behind the deletions, in a test's hands. */
export interface DeletionState {
  /** Every call that was carried out, in order. */
  readonly deletionCalls: DeletionCall[];
  /** Objects that have been deleted. */
  readonly gone: Set<string>;
  /** By deleted object: the run that it named. */
  readonly lastJobs: Map<string, string>;
  /** Parts that are left: by subject, and by `references <subject>` those that answers hold. */
  readonly parts: Map<string, number>;
  /** Told before and after each call does its work, and may hold it up or fail it. */
  onDeletion: (when: 'before' | 'after', method: string, subjectId: string) => Promise<void>;
}

/** Nothing deleted yet. */
export function newDeletionState(): DeletionState {
  return {
    deletionCalls: [],
    gone: new Set(),
    lastJobs: new Map(),
    parts: new Map(),
    onDeletion: async () => undefined,
  };
}

type Remove = (subjectId: string) => void;

async function call<T>(
  state: DeletionState,
  context: HandlerContext,
  { method, subjectId, work }: { method: string; subjectId: string; work: () => T },
): Promise<T> {
  const { run, userId, roles } = principalOf(context);
  if (run?.capability !== 'deletion' || run.writeTarget !== subjectId) {
    throw new Fault('permission_denied', 'Only the deletion of this object may do this');
  }
  await state.onDeletion('before', method, subjectId);
  const answer = work();
  state.deletionCalls.push({ method, subjectId, userId, roles });
  await state.onDeletion('after', method, subjectId);
  return answer;
}

function tombstone(state: DeletionState, remove: Remove) {
  return (method: string, subjectId: string, context: HandlerContext) =>
    call(state, context, {
      ...{ method, subjectId },
      work: () => {
        const deleted = !state.gone.has(subjectId);
        state.gone.add(subjectId);
        remove(subjectId);
        return { deleted };
      },
    });
}

function takeOne(state: DeletionState, key: string): { done: boolean } {
  const left = Math.max((state.parts.get(key) ?? 0) - 1, 0);
  if (state.parts.has(key)) state.parts.set(key, left);
  return { done: left === 0 };
}

function purge(state: DeletionState) {
  return (method: string, subjectId: string, context: HandlerContext) =>
    call(state, context, {
      ...{ method, subjectId },
      work: () => {
        if (!state.gone.has(subjectId)) throw new Fault('failed_precondition', 'It is not deleted');
        return { ...takeOne(state, subjectId), jobId: state.lastJobs.get(subjectId) ?? '' };
      },
    });
}

/** The deletions of reports. */
export function reportDeletions(
  state: DeletionState,
  remove: Remove,
): Pick<ServiceImpl<typeof ReportService>, 'deleteReport' | 'purgeReport'> {
  return {
    deleteReport: ({ incidentId }, context) => tombstone(state, remove)('deleteReport', incidentId, context),
    purgeReport: ({ incidentId }, context) => purge(state)('purgeReport', incidentId, context),
  };
}

/** The deletions of query jobs, and the marks of deleted reports. */
export function queryJobDeletions(
  state: DeletionState,
  remove: Remove,
): Pick<ServiceImpl<typeof QueryJobService>, 'deleteQueryJob' | 'purgeQueryJob' | 'markReferenceDeleted'> {
  return {
    deleteQueryJob: ({ queryId }, context) => tombstone(state, remove)('deleteQueryJob', queryId, context),
    purgeQueryJob: ({ queryId }, context) => purge(state)('purgeQueryJob', queryId, context),
    markReferenceDeleted: ({ incidentId: subjectId }, context) => {
      const work = () => takeOne(state, `references ${subjectId}`);
      return call(state, context, { method: 'markReferenceDeleted', subjectId, work });
    },
  };
}

/** The deletions of sessions. */
export function sessionDeletions(
  state: DeletionState,
  remove: Remove,
): Pick<ServiceImpl<typeof SessionService>, 'deleteSession' | 'purgeSession'> {
  return {
    deleteSession: ({ sessionId }, context) => tombstone(state, remove)('deleteSession', sessionId, context),
    purgeSession: ({ sessionId }, context) => purge(state)('purgeSession', sessionId, context),
  };
}
