// Query jobs that wait for their run, in every partition that a tenant's writes are spread over.
import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { Documents, Item } from './documents.ts';
import { IndexName, KeyAttribute, unsettledKeys } from './keys.ts';
import type { UnsettledJob } from './store.ts';

interface UnsettledPage {
  /** ISO 8601. */
  readonly before: string;
  readonly limit: number;
}

/** Jobs that have been processing for long; see the port. */
export async function listUnsettled(
  documents: Documents,
  tenantId: string,
  page: UnsettledPage,
): Promise<UnsettledJob[]> {
  const partitions = unsettledKeys(tenantId, documents.writeShards);
  const found = await Promise.all(partitions.map((partition) => readPartition(documents, partition, page)));
  return found
    .flat()
    .sort((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1))
    .slice(0, page.limit)
    .map((item) => ({
      queryId: String(item.query_id),
      jobId: String(item.job_id),
      userId: String(item.created_by),
    }));
}

async function readPartition(
  { client, tables }: Documents,
  partition: string,
  { before, limit }: UnsettledPage,
): Promise<Item[]> {
  const items: Item[] = [];
  let start: Item | undefined;
  do {
    const answer = await client.send(
      new QueryCommand({
        TableName: tables.queryJobs,
        IndexName: IndexName.unsettled,
        KeyConditionExpression: '#tenant = :tenant AND #created < :before',
        ExpressionAttributeNames: { '#tenant': KeyAttribute.unsettled, '#created': KeyAttribute.createdAt },
        ExpressionAttributeValues: { ':tenant': partition, ':before': before },
        Limit: limit - items.length,
        ExclusiveStartKey: start,
      }),
    );
    items.push(...(answer.Items ?? []));
    start = answer.LastEvaluatedKey;
  } while (start && items.length < limit);
  return items;
}

function orderOf(item: Item): string {
  return `${item.created_at}#${item.query_id}`;
}
