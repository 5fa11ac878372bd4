// A query job: one question or command, from its submission to its result.
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
