// Patches in their table: each item holds the newest state of one patch that the report's outbox has brought. The report decides on
// states; nothing is decided here. Lists are read from indexes, which lag, and leave out patches of reports that are gone.
import { type DynamoDBDocumentClient, GetCommand, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { batchGet } from '../../../foundation/dynamodb/batches.ts';
import { type IndexedList, listIndex } from '../../../foundation/dynamodb/list-index.ts';
import { tenantShards } from '../../../foundation/dynamodb/write-shards.ts';
import { type Patch, patchStatuses } from '../core/patch.ts';
import type { ReportKey } from '../core/report.ts';
import { unlessConditionFails } from './conditional-write.ts';
import { itemKey } from './keys.ts';
import {
  patchIdOfKey,
  patchItem,
  patchItemKey,
  patchOf,
  reportPartition,
  statusPartition,
} from './patch-item.ts';
import type { Item } from './report-item.ts';
import type { PatchFilter, PatchLimits, PatchStore } from './store.ts';
import { reportCreatedIndex, statusCreatedIndex } from './tables.ts';
import { tombstoneOfItem } from './tombstone-item.ts';

/** Where patches are. */
export interface PatchesTable {
  readonly client: DynamoDBDocumentClient;
  /** Name of the Patches table. */
  readonly table: string;
  /** Name of the Reports table. */
  readonly reportsTable: string;
  /** Write shards of a tenant, 1 to 64. */
  readonly shards: number;
}

/** The patches. */
export function createPatchDocuments(place: PatchesTable): PatchStore {
  const { client, table, shards } = place;
  return {
    async put(patch) {
      const put = new PutCommand({
        TableName: table,
        Item: patchItem(patch, shards),
        // Settles the race of two flushes, of which one may be late: a state never takes the place of a later one.
        ConditionExpression: 'attribute_not_exists(pk) or revision < :revision',
        ExpressionAttributeValues: { ':revision': patch.revision },
      });
      await unlessConditionFails(client.send(put));
    },
    async find(key) {
      const Key = { pk: patchItemKey(key) };
      const { Item } = await client.send(new GetCommand({ TableName: table, Key, ConsistentRead: true }));
      return Item && patchOf(Item);
    },
    async list(filter, range) {
      const { items, next, total } = await listIndex(client, listOf(filter, place), range);
      // While a patch changes its status, it may stand in the index twice.
      const unique = [...new Map(items.map((item) => [String(item.pk), item])).values()];
      return { items: (await withReports(place, unique)).map(patchOf), next, total };
    },
    allOf: (key, limits) => readAll(place, key, limits),
  };
}

function listOf(filter: PatchFilter, { table, shards }: PatchesTable): IndexedList {
  const { tenantId, incidentId, status, domainId } = filter;
  const keys = {
    ...{ table, sort: 'created_order', primary: 'pk' },
    keyOf: (patchId: string) => patchItemKey({ tenantId, patchId }),
    idOf: patchIdOfKey,
  };
  if (incidentId !== undefined) {
    const partitions = [reportPartition({ tenantId, incidentId })];
    const equal = { status, domain_id: domainId };
    return { ...keys, index: reportCreatedIndex, partition: 'report_partition', partitions, equal };
  }
  const statuses = status ? [status] : patchStatuses;
  const tenants = tenantShards(tenantId, shards);
  const partitions = statuses.flatMap((each) => tenants.map((tenant) => statusPartition(tenant, each)));
  const equal = { domain_id: domainId };
  return { ...keys, index: statusCreatedIndex, partition: 'status_partition', partitions, equal };
}

/** The items whose reports are there. */
async function withReports(
  { client, reportsTable }: PatchesTable,
  items: readonly Item[],
): Promise<readonly Item[]> {
  const keyOf = (item: Item): string =>
    itemKey({ tenantId: String(item.tenant_id), incidentId: String(item.incident_id) });
  const keys = [...new Set(items.map(keyOf))].map((pk) => ({ pk }));
  const reports = await batchGet(client, { table: reportsTable, keys, attributes: ['pk', 'deleted_at'] });
  const there = new Set(reports.flatMap((report) => (tombstoneOfItem(report) ? [] : report.pk)));
  return items.filter((item) => there.has(keyOf(item)));
}

async function readAll(
  { client, table }: PatchesTable,
  key: ReportKey,
  { patchesMax, bytesMax }: PatchLimits,
): Promise<readonly Patch[] | undefined> {
  const patches: Patch[] = [];
  let bytes = 0;
  let start: Item | undefined;
  do {
    const { Items = [], LastEvaluatedKey } = await client.send(queryOf(table, key, start));
    for (const item of Items) {
      const patch = patchOf(item);
      bytes += JSON.stringify(patch.changes).length;
      patches.push(patch);
      if (patches.length > patchesMax || bytes > bytesMax) return undefined;
    }
    start = LastEvaluatedKey;
  } while (start);
  return patches;
}

function queryOf(table: string, key: ReportKey, start: Item | undefined): QueryCommand {
  return new QueryCommand({
    TableName: table,
    IndexName: reportCreatedIndex,
    KeyConditionExpression: 'report_partition = :report',
    ExpressionAttributeValues: { ':report': reportPartition(key) },
    ExclusiveStartKey: start,
  });
}
