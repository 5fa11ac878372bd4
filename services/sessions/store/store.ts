// The port to the documents: what the rest of the service may ask of its store. Every method is bound to one tenant.
import type { ListPart, ListPosition, ListRange } from '../../../foundation/dynamodb/list-index.ts';
import type { Message, MessagePosition } from '../core/message.ts';
import type { MessagePage } from '../core/message-page.ts';
import type { ListedQueryJob, QueryJob, QueryStatus } from '../core/query-job.ts';
import type { ExecutionLog, QueryResult } from '../core/query-result.ts';
import type { Session } from '../core/session.ts';

/** A session as stored. */
export interface StoredSession extends Session {
  /** Positions of its newest counted messages, some dozens at most. */
  readonly counted: readonly MessagePosition[];
}

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

  /** Stores a new session; a repeated call changes nothing. */
  insertSession(session: Session): Promise<void>;
  /** The session as last written, or undefined. */
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
   * called, and however long after. A session that is gone is left gone. Fault `already_exists` when the id belongs to a message
   * of another session.
   */
  addMessage(tenantId: string, message: Message): Promise<void>;

  /** Puts the job if its id is free and answers the job as it stands, which may be another one with this id. */
  insertQueryJob(job: QueryJob): Promise<QueryJob>;
  /** The job as last written, or undefined. */
  readQueryJob(tenantId: string, queryId: string): Promise<QueryJob | undefined>;
  /** The whole execution log of an ended job; empty while it is processing. */
  readExecutionLog(job: QueryJob): Promise<ExecutionLog>;
  /** Jobs of a user, newest first. */
  listQueryJobs(filter: QueryJobFilter, range: ListRange): Promise<ListPart<ListedQueryJob>>;
  /**
   * Ends the job if it is still processing under the same `jobId`. Answers the job as it stands afterwards, undefined when it is
   * gone, and whether this call ended it.
   */
  applyOutcome(job: QueryJob, outcome: RunOutcome): Promise<{ applied: boolean; job: QueryJob | undefined }>;
  /** Jobs of a tenant that have been processing since before an ISO 8601 time, oldest first. */
  listUnsettled(
    tenantId: string,
    page: { readonly before: string; readonly limit: number },
  ): Promise<readonly UnsettledJob[]>;
}
