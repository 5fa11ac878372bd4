// Reports in the order of an index: pages of a domain, what is unsettled, and walks over everything. Each is spread over the tenant's
// write shards and put together here. Indexes lag, so an entry may be missing for a moment or name a document that has gone.
import { type DynamoDBDocumentClient, QueryCommand, type QueryCommandInput } from '@aws-sdk/lib-dynamodb';
import { type IndexedList, listIndex } from '../../../foundation/dynamodb/list-index.ts';
import { tenantShards } from '../../../foundation/dynamodb/write-shards.ts';
import { createdOrder, domainPartitions, itemKey, reportKeyOf } from './keys.ts';
import type { ReportsTable } from './report-documents.ts';
import { type Item, summaryOf } from './report-item.ts';
import { type IndexWalk, walkIndex } from './report-walk.ts';
import type { DomainPage, ReportStore, WalkRange } from './store.ts';
import { domainCreatedIndex, tenantDomainIndex, unsettledIndex } from './tables.ts';

/** Requests for one list; DynamoDB may answer fewer items than were asked for. */
const requestsPerListMax = 20;
/** Sorts before every time. */
const startOfTime = '0';
/** Sorts after every time. */
const endOfTime = '~';

/** The part of the store that is about lists. */
export type ReportLists = Pick<ReportStore, 'listByDomain' | 'listUnsettled' | 'walk'>;

/** Lists over all of a tenant's write shards. */
export function createReportLists({ client, table, shards }: ReportsTable): ReportLists {
  return {
    async listByDomain(page) {
      const { after, limit } = page;
      const position = after && {
        sort: createdOrder(after.createdAt, after.incidentId),
        id: after.incidentId,
      };
      const range = { skip: 0, limit, after: position, counted: false };
      const { items } = await listIndex(client, domainList(page, table, shards), range);
      return items.map(summaryOf);
    },
    async listUnsettled(tenantId, before, limit) {
      const lists = tenantShards(tenantId, shards).map((partition) =>
        queryUpTo(client, limit, {
          TableName: table,
          IndexName: unsettledIndex,
          KeyConditionExpression: 'unsettled_partition = :tenant and created_order < :before',
          ExpressionAttributeValues: { ':tenant': partition, ':before': before },
        }),
      );
      const oldestFirst = (await Promise.all(lists)).flat().sort(byOrder('created_order'));
      return oldestFirst.slice(0, limit).map(({ pk, job_id }) => ({
        incidentId: reportKeyOf(String(pk)).incidentId,
        jobId: String(job_id),
      }));
    },
    walk: (range) => walkIndex(client, walkOf(range, table, shards)),
  };
}

function domainList({ tenantId, domainId }: DomainPage, table: string, shards: number): IndexedList {
  return {
    table,
    index: domainCreatedIndex,
    partition: 'domain_partition',
    partitions: domainPartitions(tenantId, domainId, shards),
    sort: 'created_order',
    equal: {},
    primary: 'pk',
    keyOf: (incidentId) => itemKey({ tenantId, incidentId }),
    idOf: (key) => reportKeyOf(key).incidentId,
  };
}

// Within one domain the index by time finds a span of it at once; all domains are walked by id, which is by time within each.
function walkOf(
  { tenantId, domainId, from = startOfTime, to = endOfTime }: WalkRange,
  table: string,
  shards: number,
) {
  if (domainId === undefined) {
    return {
      ...{ table, index: tenantDomainIndex, partition: 'tenant_partition', sort: 'domain_order' },
      partitions: tenantShards(tenantId, shards),
    } satisfies IndexWalk;
  }
  return {
    ...{ table, index: domainCreatedIndex, partition: 'domain_partition', sort: 'created_order' },
    partitions: domainPartitions(tenantId, domainId, shards),
    between: [from, to],
  } satisfies IndexWalk;
}

function byOrder(sort: string): (a: Item, b: Item) => number {
  return (a, b) => (String(a[sort]) < String(b[sort]) ? -1 : 1);
}

/** The first `limit` items of a query. */
export async function queryUpTo(
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
