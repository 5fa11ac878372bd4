// A query job: one question or command, from its submission to its result.
import { Fault } from '../../../foundation/fault/fault.ts';
import { prefixedId } from '../../../foundation/ids/ids.ts';
import type { Message } from './message.ts';
import type { QueryResult } from './query-result.ts';

/** What the caller wants: an answer, or a change. */
export type QueryMode = 'query' | 'management';

/** Every status of a query job. */
export const queryStatuses = ['processing', 'completed', 'failed'] as const;

/** Where a query job stands. */
export type QueryStatus = (typeof queryStatuses)[number];

/** What a list shows of a query job. Times are ISO 8601 in UTC with milliseconds. */
export interface ListedQueryJob {
  /** UUIDv7. */
  readonly id: string;
  /** `qry_` and the hex digits of `id`. */
  readonly queryId: string;
  /** The newest execution. */
  readonly jobId: string;
  readonly tenantId: string;
  readonly sessionId: string;
  readonly domainId: string;
  /** The user who asked, and the only one who may read it. */
  readonly createdBy: string;
  /** In lists the first 200 characters. */
  readonly question: string;
  readonly mode: QueryMode;
  readonly status: QueryStatus;
  readonly createdAt: string;
}

/** A whole query job. */
export interface QueryJob extends ListedQueryJob {
  readonly updatedAt: string;
  /** Undefined until the run ends. */
  readonly outcome: AppliedOutcome | undefined;
  /** The log of the run before, as long as it may not have been removed; undefined when there was none. */
  readonly replaced?: ReplacedLog | undefined;
}

/** A log that no answer points at any more. */
export interface ReplacedLog {
  /** `job_` id of its run. */
  readonly jobId: string;
  readonly log: LogPointer;
}

/** How a run ended, as the job keeps it. */
export interface AppliedOutcome {
  readonly result: QueryResult;
  /** Where the execution log lies; undefined for an empty one. */
  readonly log: LogPointer | undefined;
  /** The assistant's message, kept so that whoever finds it missing writes the very same. */
  readonly message: { readonly messageId: string; readonly content: string };
  /** When the run ended. */
  readonly completedAt: string;
}

/** The chunks of an execution log. */
export interface LogPointer {
  /** SHA-256 of the log, in hex. */
  readonly digest: string;
  /** How many chunks there are. */
  readonly chunks: number;
}

/** What a new query job is made of. */
export type QueryJobStart = Omit<ListedQueryJob, 'queryId' | 'status'>;

/** Characters of the question that a list shows. */
export const listedQuestionMax = 200;

/** The public id of a query job. */
export function queryIdOf(id: string): string {
  return prefixedId('qry_', id);
}

/** True for a text that has the form of a query job's public id. */
export function isQueryId(text: string): boolean {
  return /^qry_[0-9a-f]{32}$/.test(text);
}

/** True for a text that has the form of an execution's public id. */
export function isJobId(text: string): boolean {
  return /^job_[0-9a-f]{32}$/.test(text);
}

/** A job whose run has not ended. */
export function startQueryJob(start: QueryJobStart): QueryJob {
  return {
    ...start,
    queryId: queryIdOf(start.id),
    status: 'processing',
    updatedAt: start.createdAt,
    outcome: undefined,
  };
}

/** The beginning of a newer run of a job. */
export interface Reopening {
  /** `job_` id of the run that the job names until now. */
  readonly earlierJobId: string;
  /** `job_` id of the newer run. */
  readonly jobId: string;
  /** ISO 8601. */
  readonly at: string;
}

/**
 * The job as the newer run begins with it, or undefined when it is that run's already. Throws `failed_precondition` when the job names
 * neither of the runs, or the earlier one has not ended.
 */
export function reopenedQueryJob(
  job: QueryJob,
  { earlierJobId, jobId, at }: Reopening,
): QueryJob | undefined {
  if (job.jobId === jobId) return undefined;
  if (job.jobId !== earlierJobId) {
    throw new Fault('failed_precondition', `The query belongs to another run, ${job.jobId}`);
  }
  if (job.status === 'processing') {
    throw new Fault('failed_precondition', `The query waits for the run ${earlierJobId}`);
  }
  const { outcome } = job;
  return {
    ...job,
    jobId,
    status: 'processing',
    updatedAt: at > job.updatedAt ? at : job.updatedAt,
    outcome: undefined,
    replaced: outcome?.log && { jobId: earlierJobId, log: outcome.log },
  };
}

/** True when both are the same submission; a stored job of another submission has taken the id. */
export function isSameSubmission(stored: QueryJob, wanted: QueryJob): boolean {
  return (
    stored.jobId === wanted.jobId &&
    stored.createdBy === wanted.createdBy &&
    stored.sessionId === wanted.sessionId
  );
}

/** The user's message of a job. */
export function questionMessage(job: QueryJob, messageId: string): Message {
  const { sessionId, queryId, question, createdAt } = job;
  return {
    messageId,
    sessionId,
    queryId,
    role: 'user',
    content: question,
    timestamp: createdAt,
    references: [],
  };
}

/** The assistant's message of an ended job. */
export function answerMessage(job: QueryJob, outcome: AppliedOutcome): Message {
  return {
    ...outcome.message,
    sessionId: job.sessionId,
    queryId: job.queryId,
    role: 'assistant',
    timestamp: outcome.completedAt,
    references: outcome.result.referencesUsed,
  };
}
