// The tables of the service with their indexes. Projections hold what lists show and nothing more.
import type { TableDefinition } from '../../../foundation/dynamodb/tables.ts';
import { expiryAttribute, IndexName, KeyAttribute } from './keys.ts';

/** Names of the three tables. */
export interface SessionsTableNames {
  readonly sessions: string;
  readonly messages: string;
  readonly queryJobs: string;
}

const listedSession = [
  'id',
  'session_id',
  'tenant_id',
  'user_id',
  'domain_id',
  'title',
  'message_count',
  'created_at',
  'updated_at',
];

const listedMessage = ['message_id', 'session_id', 'role', 'content', 'timestamp', 'metadata'];

const listedQueryJob = [
  'id',
  'query_id',
  'job_id',
  'tenant_id',
  'session_id',
  'domain_id',
  'created_by',
  'question_start',
  'mode',
  'status',
];

/** Definitions for `ensureTables`. */
export function sessionsTables(names: SessionsTableNames): readonly TableDefinition[] {
  return [sessionsTable(names.sessions), messagesTable(names.messages), queryJobsTable(names.queryJobs)];
}

function sessionsTable(name: string): TableDefinition {
  const { primary, user, lastActivity } = KeyAttribute;
  const userActivity = { name: IndexName.userActivity, partition: user, sort: lastActivity };
  return {
    name,
    partition: primary,
    ttl: expiryAttribute,
    indexes: [{ ...userActivity, project: listedSession }],
  };
}

function messagesTable(name: string): TableDefinition {
  const { primary, session, messageOrder } = KeyAttribute;
  const sessionTimestamp = { name: IndexName.sessionTimestamp, partition: session, sort: messageOrder };
  return { name, partition: primary, indexes: [{ ...sessionTimestamp, project: listedMessage }] };
}

function queryJobsTable(name: string): TableDefinition {
  const { primary, session, user, unsettled, incident, createdAt } = KeyAttribute;
  const sort = createdAt;
  return {
    name,
    partition: primary,
    ttl: expiryAttribute,
    indexes: [
      { name: IndexName.sessionCreated, partition: session, sort, project: listedQueryJob },
      { name: IndexName.userCreated, partition: user, sort, project: listedQueryJob },
      {
        name: IndexName.unsettled,
        partition: unsettled,
        sort,
        project: ['query_id', 'job_id', 'created_by'],
      },
      { name: IndexName.incidentCitation, partition: incident, project: ['query_id', 'message_id'] },
    ],
  };
}
