// Single documents in DynamoDB. Every write is of one item, under a condition, and marks the item as pending for the report index.
import { type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { Clock } from '../../../foundation/clock.ts';
import { batchGet } from '../../../foundation/dynamodb/batches.ts';
import type { Report, ReportKey } from '../core/report.ts';
import { unlessConditionFails } from './conditional-write.ts';
import { itemKey, keyAttributes, markerAttributes } from './keys.ts';
import { type Item, itemOf, reportOf } from './report-item.ts';
import type { ReportStore } from './store.ts';
import { tombstoneItem, tombstoneOfItem } from './tombstone-item.ts';

/** Where the documents of reports are. */
export interface ReportsTable {
  readonly client: DynamoDBDocumentClient;
  /** Name of the Reports table. */
  readonly table: string;
  /** Write shards of a tenant, 1 to 64. */
  readonly shards: number;
  /** Says since when a document is pending. */
  readonly clock: Clock;
}

/** The part of the store that is about documents by id. */
export type ReportDocuments = Pick<
  ReportStore,
  'create' | 'replace' | 'remove' | 'find' | 'findTombstone' | 'findMany' | 'ping'
>;

/** Documents by id. */
export function createReportDocuments(place: ReportsTable): ReportDocuments {
  const { client, table, shards, clock } = place;
  const put = (key: ReportKey, item: Item, condition: object): Promise<boolean> => {
    const marker = markerAttributes(key, new Date(clock()).toISOString());
    return unlessConditionFails(
      client.send(new PutCommand({ TableName: table, Item: { ...item, ...marker }, ...condition })),
    );
  };
  const putReport = (report: Report, condition: object): Promise<boolean> =>
    put(report, { ...itemOf(report), ...keyAttributes(report, shards) }, condition);
  const read = async (key: ReportKey): Promise<Item | undefined> => {
    const Key = { pk: itemKey(key) };
    return (await client.send(new GetCommand({ TableName: table, Key, ConsistentRead: true }))).Item;
  };
  return {
    // Settles the race of two submissions for one id: the first one stands. A tombstone holds its id too.
    create: (report) => putReport(report, { ConditionExpression: 'attribute_not_exists(pk)' }),
    // Settles the race of two writers that read the same version: the later one reads again, and finds a tombstone if that came first.
    replace: (report) => putReport(report, versionIs(report.version - 1)),
    // Settles the race of a deletion with a writer that read the same version: whoever is later reads again.
    remove: (tombstone) => put(tombstone, tombstoneItem(tombstone), versionIs(tombstone.version - 1)),
    async find(key) {
      const item = await read(key);
      return item && !tombstoneOfItem(item) ? reportOf(item) : undefined;
    },
    async findTombstone(key) {
      const item = await read(key);
      return item && tombstoneOfItem(item);
    },
    findMany: async (keys) => {
      const items = await batchGet(place.client, {
        table: place.table,
        keys: keys.map((key) => ({ pk: itemKey(key) })),
      });
      return items.flatMap((item) => (tombstoneOfItem(item) ? [] : [reportOf(item)]));
    },
    ping: async () => {
      await client.send(new GetCommand({ TableName: table, Key: { pk: '#ping' } }));
    },
  };
}

function versionIs(version: number): object {
  return {
    ConditionExpression: '#version = :read',
    ExpressionAttributeNames: { '#version': 'version' },
    ExpressionAttributeValues: { ':read': version },
  };
}
