// The documents in DynamoDB. Every write is of one item, under a condition, and marks the item as pending for the report index.
import {
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  type QueryCommandInput,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { isConditionFailed } from '../../../foundation/dynamodb/dynamodb-fault.ts';
import type { Report, ReportKey } from '../core/report.ts';
import { domainPartition, itemKey, pendingPartition, pendingShards, reportKeyOf } from './keys.ts';
import { type Item, itemOf, reportOf, summaryOf } from './report-item.ts';
import type { PendingReports, ReportStore } from './store.ts';
import { domainCreatedIndex, pendingIndex, unsettledIndex } from './tables.ts';

/** Requests for one list; DynamoDB may answer fewer items than were asked for. */
const requestsPerListMax = 20;

/** What the documents are kept in. */
export interface DynamodbStoreOptions {
  readonly client: DynamoDBDocumentClient;
  /** Name of the Reports table. */
  readonly table: string;
}

/** The documents, and the view of them that the sweeper has. */
export function createDynamodbStore({
  client,
  table,
}: DynamodbStoreOptions): ReportStore & { readonly pending: PendingReports } {
  const put = (report: Report, condition: object): Promise<boolean> =>
    unlessConditionFails(
      client.send(new PutCommand({ TableName: table, Item: itemOf(report), ...condition })),
    );

  async function find(key: ReportKey): Promise<Report | undefined> {
    const Key = { pk: itemKey(key) };
    const { Item } = await client.send(new GetCommand({ TableName: table, Key, ConsistentRead: true }));
    return Item && reportOf(Item);
  }

  return {
    // Settles the race of two submissions for one id: the first one stands.
    create: (report) => put(report, { ConditionExpression: 'attribute_not_exists(pk)' }),
    // Settles the race of two writers that read the same version: the later one reads again.
    replace: (report) =>
      put(report, {
        ConditionExpression: '#version = :read',
        ExpressionAttributeNames: { '#version': 'version' },
        ExpressionAttributeValues: { ':read': report.version - 1 },
      }),
    find,
    async listByDomain({ tenantId, domainId, after, limit }) {
      const partition = domainPartition(tenantId, domainId);
      const items = await queryUpTo(client, limit, {
        TableName: table,
        IndexName: domainCreatedIndex,
        KeyConditionExpression: 'domain_partition = :partition',
        ExpressionAttributeValues: { ':partition': partition },
        ScanIndexForward: false,
        ExclusiveStartKey: after && {
          pk: itemKey({ tenantId, incidentId: after.incidentId }),
          domain_partition: partition,
          created_at: after.createdAt,
        },
      });
      return items.map(summaryOf);
    },
    async listUnsettled(tenantId, before, limit) {
      const items = await queryUpTo(client, limit, {
        TableName: table,
        IndexName: unsettledIndex,
        KeyConditionExpression: 'unsettled_partition = :tenant and created_at < :before',
        ExpressionAttributeValues: { ':tenant': tenantId, ':before': before },
      });
      return items.map(({ pk, job_id }) => ({
        incidentId: reportKeyOf(String(pk)).incidentId,
        jobId: String(job_id),
      }));
    },
    ping: async () => {
      await client.send(new GetCommand({ TableName: table, Key: { pk: '#ping' } }));
    },
    pending: { ...pendingReports(client, table), find },
  };
}

function pendingReports(client: DynamoDBDocumentClient, table: string): Omit<PendingReports, 'find'> {
  return {
    shards: pendingShards,
    async list(shard, limit) {
      const items = await queryUpTo(client, limit, {
        TableName: table,
        IndexName: pendingIndex,
        KeyConditionExpression: 'pending_partition = :partition',
        ExpressionAttributeValues: { ':partition': pendingPartition(shard) },
      });
      return items.map(({ pk }) => reportKeyOf(String(pk)));
    },
    async clear(report) {
      // Settles the race with a write after the version that was indexed: that write's marker stays, and it is indexed in its turn.
      const update = new UpdateCommand({
        TableName: table,
        Key: { pk: itemKey(report) },
        UpdateExpression: 'remove pending_partition',
        ConditionExpression: '#version = :indexed',
        ExpressionAttributeNames: { '#version': 'version' },
        ExpressionAttributeValues: { ':indexed': report.version },
      });
      await unlessConditionFails(client.send(update));
    },
  };
}

async function unlessConditionFails(write: Promise<unknown>): Promise<boolean> {
  try {
    await write;
    return true;
  } catch (error) {
    if (isConditionFailed(error)) return false;
    throw error;
  }
}

async function queryUpTo(
  client: DynamoDBDocumentClient,
  limit: number,
  input: QueryCommandInput,
): Promise<readonly Item[]> {
  const items: Item[] = [];
  let start = input.ExclusiveStartKey;
  for (let requests = 0; requests < requestsPerListMax && items.length < limit; requests += 1) {
    const command = new QueryCommand({ ...input, ExclusiveStartKey: start, Limit: limit - items.length });
    const { Items = [], LastEvaluatedKey } = await client.send(command);
    items.push(...Items);
    if (!LastEvaluatedKey) break;
    start = LastEvaluatedKey;
  }
  return items;
}
