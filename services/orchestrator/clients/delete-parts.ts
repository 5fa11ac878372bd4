// The steps of a deletion: what is asked of which neighbour, in order. Each may be repeated and then changes nothing more.
import type { CallOptions } from '@connectrpc/connect';
import { Fault } from '../../../foundation/fault/fault.ts';
import type { Principal } from '../../../foundation/identity/principal.ts';
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

type Call = (deletion: Deletion, options: CallOptions) => Promise<boolean>;

/** Which run, in whose name and why. */
export interface RunToCancel {
  /** `job_` id. */
  readonly jobId: string;
  readonly principal: Principal;
  readonly because: string;
}

/** Asks for a cancel. A run that has ended, is being cancelled or is not known is left as it is, so that this may be repeated. */
export type CancelRun = (run: RunToCancel) => Promise<void>;

/** What deletions are carried out by. */
export interface DeletionStepDeps extends Pick<MeshClients, 'reports' | 'sessions' | 'queryJobs'> {
  readonly mint: TokenMint;
  readonly cancel: CancelRun;
}

/** Steps over the neighbours, with tokens that may delete the one object and nothing else. */
export function createDeletionSteps(deps: DeletionStepDeps): DeletionSteps {
  const { reports, sessions, queryJobs, mint, cancel } = deps;
  const step = (call: Call): DeletionStep => {
    return async (deletion, limits) => {
      const { subjectId, principal } = deletion;
      const run = { runId: 'deletion', capability: 'deletion', writeTarget: subjectId };
      const options = callWith({ token: mint.mint({ ...principal, run }), ...limits });
      return call(deletion, options).catch(doneWhenGone);
    };
  };
  const once = (call: (subjectId: string, options: CallOptions) => Promise<unknown>): DeletionStep =>
    step(({ subjectId }, options) => call(subjectId, options).then(() => true));
  return {
    report: [
      once((incidentId, options) => reports.deleteReport({ incidentId }, options)),
      step(async ({ subjectId: incidentId, principal }, options) => {
        const { done, jobId } = await reports.purgeReport({ incidentId }, options);
        await cancel({ jobId, principal, because: 'The report was deleted' });
        return done;
      }),
      step(
        async ({ subjectId: incidentId }, options) =>
          (await queryJobs.markReferenceDeleted({ incidentId }, options)).done,
      ),
    ],
    session: [
      once((sessionId, options) => sessions.deleteSession({ sessionId }, options)),
      step(
        async ({ subjectId: sessionId }, options) =>
          (await sessions.purgeSession({ sessionId }, options)).done,
      ),
      step((deletion, options) => cancelQueries(deps, deletion, options)),
    ],
    query: [
      once((queryId, options) => queryJobs.deleteQueryJob({ queryId }, options)),
      step(async ({ subjectId: queryId, principal }, options) => {
        const { done, jobId } = await queryJobs.purgeQueryJob({ queryId }, options);
        await cancel({ jobId, principal, because: 'The query was deleted' });
        return done;
      }),
    ],
  };
}

/** Query jobs that are cancelled by one call. */
const queriesMax = 100;

// The jobs stay, but nobody waits for their answers any more. The owner of the session has asked them all.
async function cancelQueries(
  { queryJobs, cancel }: DeletionStepDeps,
  { subjectId: sessionId, principal }: Deletion,
  options: CallOptions,
): Promise<boolean> {
  const wanted = { sessionId, status: 'processing', page: { limit: queriesMax } };
  const { jobs } = await queryJobs.listQueryJobs(wanted, options);
  for (const { jobId } of jobs) await cancel({ jobId, principal, because: 'The session was deleted' });
  return jobs.length < queriesMax;
}

function doneWhenGone(error: unknown): true {
  if (error instanceof Fault && error.reason === 'not_found') return true;
  throw error;
}
