// The steps of a deletion: what is asked of which neighbour, in order. Each may be repeated and then changes nothing more.
import type { CallOptions } from '@connectrpc/connect';
import { Fault } from '../../../foundation/fault/fault.ts';
import type { TokenMint } from '../../../foundation/identity/token-mint.ts';
import { callWith } from '../../../foundation/rpc/caller.ts';
import type { Deletion, DeletionKind } from '../core/deletion.ts';
import type { MeshClients } from './mesh-clients.ts';

/** How long one call may take and what ends it early. */
export interface StepLimits {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

/** One step. True when nothing of it is left to do; what is gone altogether counts as done. Throws Faults. */
export type DeletionStep = (deletion: Deletion, limits: StepLimits) => Promise<boolean>;

/** The steps of every kind. The first one makes the object NOT_FOUND and is done by one call. */
export type DeletionSteps = Readonly<Record<DeletionKind, readonly [DeletionStep, ...DeletionStep[]]>>;

type Call = (subjectId: string, options: CallOptions) => Promise<boolean>;

/** Steps over the neighbours, with tokens that may delete the one object and nothing else. */
export function createDeletionSteps(
  { reports, sessions, queryJobs }: Pick<MeshClients, 'reports' | 'sessions' | 'queryJobs'>,
  mint: TokenMint,
): DeletionSteps {
  const step = (call: Call): DeletionStep => {
    return async ({ subjectId, principal }, limits) => {
      const run = { runId: 'deletion', capability: 'deletion', writeTarget: subjectId };
      const options = callWith({ token: mint.mint({ ...principal, run }), ...limits });
      return call(subjectId, options).catch(doneWhenGone);
    };
  };
  const once = (call: (subjectId: string, options: CallOptions) => Promise<unknown>): DeletionStep =>
    step((subjectId, options) => call(subjectId, options).then(() => true));
  return {
    report: [
      once((incidentId, options) => reports.deleteReport({ incidentId }, options)),
      step(async (incidentId, options) => (await reports.purgeReport({ incidentId }, options)).done),
      step(
        async (incidentId, options) => (await queryJobs.markReferenceDeleted({ incidentId }, options)).done,
      ),
    ],
    session: [
      once((sessionId, options) => sessions.deleteSession({ sessionId }, options)),
      step(async (sessionId, options) => (await sessions.purgeSession({ sessionId }, options)).done),
    ],
    query: [
      once((queryId, options) => queryJobs.deleteQueryJob({ queryId }, options)),
      step(async (queryId, options) => (await queryJobs.purgeQueryJob({ queryId }, options)).done),
    ],
  };
}

function doneWhenGone(error: unknown): true {
  if (error instanceof Fault && error.reason === 'not_found') return true;
  throw error;
}
