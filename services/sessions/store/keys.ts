// Keys of the documents: every one begins with the tenant, so that access can be bound to leading keys. Nothing else builds a key.
import { shardOfItem, tenantShard, tenantShards } from '../../../foundation/dynamodb/write-shards.ts';
import type { MessagePosition } from '../core/message.ts';
import type { LogPointer } from '../core/query-job.ts';

/** Names of the attributes that are keys of a table or an index; all of them are texts. */
export const KeyAttribute = {
  /** Partition key of each table. */
  primary: 'pk',
  /** `T#user_id`. */
  user: 'user_key',
  /** `T#session_id`. */
  session: 'session_key',
  /** `T#incident_id`, of a citation. */
  incident: 'incident_key',
  /** `T` or a shard of it, only while a query job is processing. */
  unsettled: 'unsettled_key',
  lastActivity: 'last_activity',
  createdAt: 'created_at',
  /** timestamp and message id, so that no two messages of a session stand at the same place. */
  messageOrder: 'message_order',
} as const;

/** Seconds since the Unix epoch after which an item may vanish; absent on what stays. */
export const expiryAttribute = 'expires_at';

/** Names of the indexes. */
export const IndexName = {
  userActivity: 'user-activity-index',
  sessionTimestamp: 'session-timestamp-index',
  sessionCreated: 'session-created-index',
  userCreated: 'user-created-index',
  unsettled: 'unsettled-index',
  incidentCitation: 'incident-citation-index',
} as const;

/** Key of a session, a message or a query job by its public id; also of a user or a report in an index. */
export function tenantKey(tenantId: string, id: string): string {
  return `${tenantId}#${id}`;
}

/** The public id in a key that `tenantKey` built for this tenant. */
export function idInKey(tenantId: string, key: string): string {
  return key.slice(tenantId.length + 1);
}

/** How lists find the keys of a tenant's items. */
export function listKeys(tenantId: string) {
  return {
    primary: KeyAttribute.primary,
    keyOf: (id: string) => tenantKey(tenantId, id),
    idOf: (key: string) => idInKey(tenantId, key),
  };
}

/** Partition of an unsettled query job, one of as many as the tenant's writes are spread over. */
export function unsettledKey({ tenantId, queryId }: JobName, writeShards: number): string {
  return tenantShard(tenantId, shardOfItem(queryId, writeShards));
}

/** All partitions of the unsettled query jobs of a tenant. */
export function unsettledKeys(tenantId: string, writeShards: number): readonly string[] {
  return tenantShards(tenantId, writeShards);
}

/** Sort key of a message in its session. */
export function messageOrder({ timestamp, messageId }: MessagePosition): string {
  return `${timestamp}#${messageId}`;
}

/** Which query job. */
export interface JobName {
  readonly tenantId: string;
  readonly queryId: string;
}

/** Which run of which query job. */
export interface RunName extends JobName {
  readonly jobId: string;
}

/** Which log of which job: the digest keeps logs of different content apart, so that no chunk is ever overwritten by another text. */
export interface LogName extends LogPointer, RunName {}

/** Keys of all chunks of a log, in order. They lie in the table of the query jobs and in none of its indexes. */
export function logChunkKeys({ tenantId, queryId, jobId, digest, chunks }: LogName): string[] {
  const log = `${tenantKey(tenantId, queryId)}#log#${jobId}#${digest}`;
  return Array.from({ length: chunks }, (_, at) => `${log}#${at}`);
}

/** Key of the mark that a run cites a report. It lies in the table of the query jobs. */
export function citationKey({ tenantId, queryId, jobId }: RunName, incidentId: string): string {
  return `${tenantKey(tenantId, queryId)}#cite#${jobId}#${incidentId}`;
}

/** Key of the mark that a report is deleted. It lies in the table of the query jobs. */
export function deletedIncidentKey(tenantId: string, incidentId: string): string {
  return `${tenantKey(tenantId, incidentId)}#deleted`;
}

/** Key of a request to make a session, by the hash of its name. It lies in the table of the sessions. */
export function sessionRequestKey(tenantId: string, nameHash: string): string {
  return `${tenantKey(tenantId, 'request')}#${nameHash}`;
}
