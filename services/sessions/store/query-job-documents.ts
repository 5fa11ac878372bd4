// Query jobs in their table: put once, ended once, listed by session and by user.
import { GetCommand, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { isConditionFailed } from '../../../foundation/dynamodb/dynamodb-fault.ts';
import { type IndexedList, listIndex } from '../../../foundation/dynamodb/list-index.ts';
import { Fault } from '../../../foundation/fault/fault.ts';
import type { ListedQueryJob, QueryJob } from '../core/query-job.ts';
import { type Documents, type Item, keyOf } from './documents.ts';
import { IndexName, KeyAttribute, listKeys, tenantKey, unsettledKey } from './keys.ts';
import {
  type ListedQueryJobItem,
  listedQueryJobOf,
  type QueryJobItem,
  queryJobItem,
  queryJobOf,
} from './query-job-item.ts';
import type { ListPart, ListRange, QueryJobFilter, UnsettledJob } from './store.ts';

/** Puts a job if its id is free; see the port. */
export async function insertQueryJob(documents: Documents, job: QueryJob): Promise<QueryJob> {
  try {
    await documents.client.send(
      new PutCommand({
        TableName: documents.tables.queryJobs,
        Item: queryJobItem(job),
        // Settles the race of tries of one submission, and of a late try with the end of the run: what is there stays.
        ConditionExpression: 'attribute_not_exists(pk)',
      }),
    );
    return job;
  } catch (error) {
    if (!isConditionFailed(error)) throw error;
  }
  const stored = await readQueryJob(documents, job.tenantId, job.queryId);
  if (!stored) throw new Fault('aborted', 'The query was deleted meanwhile');
  return stored;
}

/** A job as last written, or undefined. */
export async function readQueryJob(
  { client, tables }: Documents,
  tenantId: string,
  queryId: string,
): Promise<QueryJob | undefined> {
  const Key = keyOf(tenantKey(tenantId, queryId));
  const { Item } = await client.send(
    new GetCommand({ TableName: tables.queryJobs, Key, ConsistentRead: true }),
  );
  return Item && queryJobOf(Item as QueryJobItem);
}

/** Jobs of a user; see the port. */
export async function listQueryJobs(
  documents: Documents,
  filter: QueryJobFilter,
  range: ListRange,
): Promise<ListPart<ListedQueryJob>> {
  const part = await listIndex(documents.client, listSource(documents, filter), range);
  return {
    ...part,
    items: part.items.map((item) => listedQueryJobOf(item as unknown as ListedQueryJobItem)),
  };
}

function listSource({ tables }: Documents, filter: QueryJobFilter): IndexedList {
  const { tenantId, userId, sessionId, status, domainId } = filter;
  const source = { ...listKeys(tenantId), table: tables.queryJobs, sort: KeyAttribute.createdAt };
  const equal = { status, domain_id: domainId };
  if (sessionId === undefined) {
    const partitions = [tenantKey(tenantId, userId)];
    return { ...source, index: IndexName.userCreated, partition: KeyAttribute.user, partitions, equal };
  }
  // The session may be another user's, whose jobs are left out.
  const partition = KeyAttribute.session;
  const partitions = [tenantKey(tenantId, sessionId)];
  const own = { ...equal, created_by: userId };
  return { ...source, index: IndexName.sessionCreated, partition, partitions, equal: own };
}

/** Jobs that have been processing for long; see the port. */
export async function listUnsettled(
  { client, tables }: Documents,
  tenantId: string,
  { before, limit }: { readonly before: string; readonly limit: number },
): Promise<UnsettledJob[]> {
  const items: Item[] = [];
  let start: Item | undefined;
  do {
    const answer = await client.send(
      new QueryCommand({
        TableName: tables.queryJobs,
        IndexName: IndexName.unsettled,
        KeyConditionExpression: '#tenant = :tenant AND #created < :before',
        ExpressionAttributeNames: { '#tenant': KeyAttribute.unsettled, '#created': KeyAttribute.createdAt },
        ExpressionAttributeValues: { ':tenant': unsettledKey(tenantId), ':before': before },
        Limit: limit - items.length,
        ExclusiveStartKey: start,
      }),
    );
    items.push(...(answer.Items ?? []));
    start = answer.LastEvaluatedKey;
  } while (start && items.length < limit);
  return items.map((item) => ({
    queryId: String(item.query_id),
    jobId: String(item.job_id),
    userId: String(item.created_by),
  }));
}
