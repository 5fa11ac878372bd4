// What a newer run makes of a report that an earlier run was about. What the document holds stays until the newer run is applied.
import { Fault } from '../../../foundation/fault/fault.ts';
import { notBefore, type Report, statusProcessing } from './report.ts';

/** The beginning of a newer run. */
export interface Reopening {
  /** `job_` id of the run that the document names until now. */
  readonly earlierJobId: string;
  /** `job_` id of the newer run. */
  readonly jobId: string;
  /** ISO 8601, milliseconds, UTC. */
  readonly at: string;
}

/**
 * The next version of the report, or undefined when it is the newer run's already. A case status stays. Throws `failed_precondition` when
 * the document names neither of the runs, or the earlier one has not been applied.
 */
export function reopenReport(report: Report, { earlierJobId, jobId, at }: Reopening): Report | undefined {
  if (report.jobId === jobId) return undefined;
  if (report.jobId !== earlierJobId) {
    throw new Fault('failed_precondition', `The report belongs to another run, ${report.jobId}`);
  }
  if (report.status === statusProcessing) {
    throw new Fault('failed_precondition', `The report waits for the run ${earlierJobId}`);
  }
  const isOwn = report.status === 'completed' || report.status === 'failed';
  return {
    ...report,
    status: isOwn ? statusProcessing : report.status,
    error: '',
    jobId,
    updatedAt: notBefore(at, report.updatedAt),
    version: report.version + 1,
  };
}
