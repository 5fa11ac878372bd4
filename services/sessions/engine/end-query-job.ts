// Ends a query job with everything that goes with it, in an order in which any step may be cut off and all of them repeated.
import { answerMessage, type QueryJob } from '../core/query-job.ts';
import type { RunOutcome, SessionsStore } from '../store/store.ts';

/**
 * Ends a job that is processing under this run, adds the assistant's message and marks the reports that were deleted meanwhile. True
 * when this call ended the job. A job that another try of the run ended gets what that try may have left out; any other job stays as it
 * is.
 */
export async function endQueryJob(
  store: SessionsStore,
  stored: QueryJob,
  { jobId, outcome }: { readonly jobId: string; readonly outcome: RunOutcome },
): Promise<boolean> {
  const isOpen = stored.jobId === jobId && stored.status === 'processing';
  const { applied, job } = isOpen
    ? await store.applyOutcome(stored, outcome)
    : { applied: false, job: stored };
  if (job?.jobId === jobId && job.outcome) {
    await store.addMessage(job.tenantId, answerMessage(job, job.outcome));
    // Last: a deletion that came before this reading is seen here, and one that comes after it sees the answer and the message.
    await store.markDeletedReferences(job);
  }
  return applied;
}
