// Query jobs in their table: put once, ended once, listed by session and by user.
import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { isConditionFailed } from '../../../foundation/dynamodb/dynamodb-fault.ts';
import { type IndexedList, listIndex } from '../../../foundation/dynamodb/list-index.ts';
import { Fault } from '../../../foundation/fault/fault.ts';
import type { ListedQueryJob, QueryJob } from '../core/query-job.ts';
import { type Documents, type Item, keyOf } from './documents.ts';
import { isGone } from './gone.ts';
import { IndexName, KeyAttribute, listKeys, tenantKey } from './keys.ts';
import {
  type ListedQueryJobItem,
  listedQueryJobOf,
  type QueryJobItem,
  queryJobItem,
  queryJobOf,
} from './query-job-item.ts';
import { type Belongings, belongingsOf } from './query-job-tombstone.ts';
import type { ListPart, ListRange, QueryJobFilter } from './store.ts';

/** Puts a job if its id is free; see the port. */
export async function insertQueryJob(documents: Documents, job: QueryJob): Promise<QueryJob> {
  try {
    await documents.client.send(
      new PutCommand({
        TableName: documents.tables.queryJobs,
        Item: queryJobItem(job, documents.writeShards),
        // Settles the race of tries of one submission, and of a late try with the end of the run or with a deletion: what is
        // there stays.
        ConditionExpression: 'attribute_not_exists(pk)',
      }),
    );
    return job;
  } catch (error) {
    if (!isConditionFailed(error)) throw error;
  }
  const stored = await readQueryJob(documents, job.tenantId, job.queryId);
  if (!stored) throw new Fault('already_exists', 'The query was deleted');
  return stored;
}

/** A job as last written, or undefined, also when it is deleted. */
export async function readQueryJob(
  documents: Documents,
  tenantId: string,
  queryId: string,
): Promise<QueryJob | undefined> {
  const item = await readAny(documents, tenantId, queryId);
  return item && !isGone(item) ? queryJobOf(item as unknown as QueryJobItem) : undefined;
}

/** What belonged to a deleted job; undefined when no such deletion is remembered. */
export async function readGoneQueryJob(
  documents: Documents,
  tenantId: string,
  queryId: string,
): Promise<Belongings | undefined> {
  const item = await readAny(documents, tenantId, queryId);
  return item && isGone(item) ? belongingsOf(tenantId, queryId, item) : undefined;
}

async function readAny(
  { client, tables }: Documents,
  tenantId: string,
  queryId: string,
): Promise<Item | undefined> {
  const Key = keyOf(tenantKey(tenantId, queryId));
  const { Item } = await client.send(
    new GetCommand({ TableName: tables.queryJobs, Key, ConsistentRead: true }),
  );
  return Item;
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
