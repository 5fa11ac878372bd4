// Single documents in DynamoDB. Every write is of one item, under a condition, and marks the item as pending for the report index.
import { setTimeout as sleep } from 'node:timers/promises';
import { BatchGetCommand, type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { Clock } from '../../../foundation/clock.ts';
import { Fault } from '../../../foundation/fault/fault.ts';
import type { Report, ReportKey } from '../core/report.ts';
import { unlessConditionFails } from './conditional-write.ts';
import { itemKey, keyAttributes, markerAttributes } from './keys.ts';
import { type Item, itemOf, reportOf } from './report-item.ts';
import type { ReportStore } from './store.ts';
import { tombstoneItem, tombstoneOfItem } from './tombstone-item.ts';

/** Requests for one batch; DynamoDB answers at most 16 MB with each. */
const requestsPerBatchMax = 20;
const unprocessedWaitMs = 50;

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
      const items = await readBatch(place, keys.map(itemKey));
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

// Whatever DynamoDB leaves out of an answer, since it grew too large or too fast, is asked for again.
async function readBatch({ client, table }: ReportsTable, pks: readonly string[]): Promise<readonly Item[]> {
  const items: Item[] = [];
  let Keys: Item[] = pks.map((pk) => ({ pk }));
  for (let requests = 0; Keys.length > 0; requests += 1) {
    if (requests === requestsPerBatchMax) throw new Fault('unavailable', 'The document store is too busy');
    const RequestItems = { [table]: { Keys, ConsistentRead: true } };
    const { Responses, UnprocessedKeys } = await client.send(new BatchGetCommand({ RequestItems }));
    const found = Responses?.[table] ?? [];
    items.push(...found);
    Keys = UnprocessedKeys?.[table]?.Keys ?? [];
    if (Keys.length > 0 && found.length === 0) await sleep(unprocessedWaitMs);
  }
  return items;
}
