// The port to the documents: what the rest of the service may ask of its store. Every method is bound to one tenant.
import type { ListPart, ListPosition, ListRange } from '../../../foundation/dynamodb/list-index.ts';
import type { Message, MessagePosition } from '../core/message.ts';
import type { MessagePage } from '../core/message-page.ts';
import type { ListedQueryJob, QueryJob, QueryStatus } from '../core/query-job.ts';
import type { ExecutionLog, QueryResult } from '../core/query-result.ts';
import type { Session } from '../core/session.ts';
import type { SessionRequest } from '../core/session-request.ts';

/** A session as stored. */
export interface StoredSession extends Session {
  /** Positions of its newest counted messages, some dozens at most. */
  readonly counted: readonly MessagePosition[];
}

/** Parts of lists, as the store reads them and pages tell of them. */
export type { ListPart, ListPosition, ListRange };

/** Which query jobs are listed; undefined filters match all. */
export interface QueryJobFilter {
  readonly tenantId: string;
  readonly userId: string;
  readonly sessionId: string | undefined;
  readonly status: QueryStatus | undefined;
  readonly domainId: string | undefined;
}

/** The outcome of a run that is to be applied. */
export interface RunOutcome {
  readonly succeeded: boolean;
  readonly result: QueryResult;
  readonly log: ExecutionLog;
  readonly message: { readonly messageId: string; readonly content: string };
  /** ISO 8601. */
  readonly at: string;
}

/** A job whose run has not been applied. */
export interface UnsettledJob {
  readonly queryId: string;
  readonly jobId: string;
  readonly userId: string;
}

/** All that the service stores. Faults: `unavailable` when the documents cannot be reached. */
export interface SessionsStore {
  /** Resolves when every table answers. */
  ping(): Promise<void>;

  /**
   * Keeps a named request unless its name was used in the 24 hours before, and answers the request that holds the name: this one, or the
   * earlier one.
   */
  keepSessionRequest(request: SessionRequest): Promise<SessionRequest>;
  /** Stores a new session unless it is there or was deleted. True when this call stored it. */
  insertSession(session: Session): Promise<boolean>;
  /** Changes the title, and the time of change to `at` (ISO 8601) unless that is later. Undefined when the session changed or went meanwhile. */
  renameSession(
    session: Session,
    change: { readonly title: string; readonly at: string },
  ): Promise<Session | undefined>;
  /** Makes a session as if it had never been there, for good, at an ISO 8601 time. False when it is gone already. */
  deleteSession(session: Pick<Session, 'tenantId' | 'sessionId'>, at: string): Promise<boolean>;
  /** Removes up to 200 messages of a session that is gone. True when none was left to remove. */
  purgeSession(tenantId: string, sessionId: string): Promise<boolean>;
  /** The session as last written; undefined when there is none, or it is deleted. */
  readSession(tenantId: string, sessionId: string): Promise<StoredSession | undefined>;
  /** Sessions of a user, newest activity first. */
  listSessions(owner: { tenantId: string; userId: string }, range: ListRange): Promise<ListPart<Session>>;

  /** The newest messages of a session before a position, also those that an index does not show yet. */
  readMessages(
    session: StoredSession,
    page: { readonly limit: number; readonly before: MessagePosition | undefined },
  ): Promise<MessagePage>;
  /**
   * Puts the message if it is absent and counts it in its session exactly once, however often and however concurrently it is
   * called, and however long after. A session that is gone is left gone, and nothing is put in it. Fault `already_exists` when the id belongs to a message
   * of another session.
   */
  addMessage(tenantId: string, message: Message): Promise<void>;

  /**
   * Puts the job if its id is free and answers the job as it stands, which may be another one with this id. Fault `already_exists` when
   * a job with this id was deleted.
   */
  insertQueryJob(job: QueryJob): Promise<QueryJob>;
  /** The job as last written; undefined when there is none, or it is deleted. */
  readQueryJob(tenantId: string, queryId: string): Promise<QueryJob | undefined>;
  /** The whole execution log of an ended job; empty while it is processing, undefined when the job is not as it was read. */
  readExecutionLog(job: QueryJob): Promise<ExecutionLog | undefined>;
  /** Jobs of a user, newest first. */
  listQueryJobs(filter: QueryJobFilter, range: ListRange): Promise<ListPart<ListedQueryJob>>;
  /**
   * Ends the job if it is still processing under the same `jobId`. Answers the job as it stands afterwards, undefined when it is
   * gone, and whether this call ended it. What an outcome brings beside the job is removed again when it does not end the job.
   */
  applyOutcome(job: QueryJob, outcome: RunOutcome): Promise<{ applied: boolean; job: QueryJob | undefined }>;
  /** Removes what a cut-off `applyOutcome` left beside a job that is gone. */
  discardOutcome(
    run: { readonly tenantId: string; readonly queryId: string; readonly jobId: string },
    outcome: RunOutcome,
  ): Promise<void>;
  /**
   * Puts the job as a newer run begins with it in the place of the job that the earlier run has ended. Answers the job as it stands
   * afterwards, undefined when it is gone.
   */
  reopenQueryJob(reopened: QueryJob, earlierJobId: string): Promise<QueryJob | undefined>;
  /** Removes the log of the run before, which no answer points at. */
  removeReplacedLog(job: QueryJob): Promise<void>;
  /** Makes a job as if it had never been there, for good, at an ISO 8601 time. False when it is gone already. */
  deleteQueryJob(job: QueryJob, at: string): Promise<boolean>;
  /** Removes what belonged to a job that is gone; answers its last `jobId`, undefined when the deletion is not remembered any more. */
  purgeQueryJob(tenantId: string, queryId: string): Promise<string | undefined>;
  /**
   * Marks a deleted report in up to 100 answers and the messages with them, and lets `markDeletedReferences` find it from now on. True
   * when none was left to mark.
   */
  markReferenceDeleted(
    incident: { readonly tenantId: string; readonly incidentId: string },
    at: string,
  ): Promise<boolean>;
  /** Marks in an ended job and in its message, once both are there, the reports that are deleted. */
  markDeletedReferences(job: QueryJob): Promise<void>;
  /** Jobs of a tenant that have been processing since before an ISO 8601 time, oldest first. */
  listUnsettled(
    tenantId: string,
    page: { readonly before: string; readonly limit: number },
  ): Promise<readonly UnsettledJob[]>;
}
