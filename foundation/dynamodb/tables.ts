// Makes the tables that a service needs and waits until they can be used. It never changes keys or indexes of a table that is there, and
// drops none.
import { setTimeout as sleep } from 'node:timers/promises';
import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DescribeTableCommand,
  type KeySchemaElement,
  type TableDescription,
} from '@aws-sdk/client-dynamodb';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { applyTableSettings, type TableSetting, type TableSettings } from './table-settings.ts';

const activeMsMax = 120_000;
const pollMsMin = 5;
const pollMsMax = 1_000;

/** Names of the key attributes of a table or an index; absent `sort` means that the partition key alone is the key. */
export interface KeyNames {
  readonly partition: string;
  readonly sort?: string;
}

/** A global secondary index. */
export interface IndexDefinition extends KeyNames {
  readonly name: string;
  /** What an entry holds besides the keys: nothing, everything, or these attributes. */
  readonly project: 'keys' | 'all' | readonly string[];
}

/** A table, paid by request. Key attributes are texts unless `numberKeys` names them. */
export interface TableDefinition extends KeyNames {
  /** At least 3 characters. */
  readonly name: string;
  readonly indexes?: readonly IndexDefinition[];
  readonly numberKeys?: readonly string[];
  /** The attribute by which items expire, in seconds since 1970. Items without it stay. It counts once `expiry` is asked for. */
  readonly ttl?: string;
}

/** What was done to a table. */
export interface EnsuredTable {
  readonly name: string;
  /** False when it was there, or another process was faster. */
  readonly created: boolean;
  /** Settings that were not as asked for, and are now. */
  readonly changed: readonly TableSetting[];
}

/**
 * Makes the tables that are missing, all at once, brings settings to what is asked for, and answers in the order of the definitions when
 * every one is active. Safe to repeat and to race. Throws when a table is there with other keys or without one of the indexes, or is not
 * active within two minutes.
 */
export async function ensureTables(
  client: DynamoDBDocumentClient,
  definitions: readonly TableDefinition[],
  settings: TableSettings = {},
): Promise<readonly EnsuredTable[]> {
  return Promise.all(definitions.map((definition) => ensureTable(client, definition, settings)));
}

async function ensureTable(
  client: DynamoDBDocumentClient,
  definition: TableDefinition,
  settings: TableSettings,
): Promise<EnsuredTable> {
  let table = await describe(client, definition.name);
  const created = table === undefined && (await create(client, definition));
  let pollMs = pollMsMin;
  for (let waitedMs = 0; !table || !isActive(table); waitedMs += pollMs) {
    if (waitedMs > activeMsMax) throw new Error(`The table ${definition.name} does not become active`);
    await sleep(pollMs);
    pollMs = Math.min(pollMs * 2, pollMsMax);
    table = await describe(client, definition.name);
  }
  compare(table, definition);
  const { name, ttl } = definition;
  return { name, created, changed: await applyTableSettings(client, { table, ttl, settings }) };
}

async function describe(client: DynamoDBDocumentClient, name: string): Promise<TableDescription | undefined> {
  try {
    return (await client.send(new DescribeTableCommand({ TableName: name }))).Table;
  } catch (error) {
    if ((error as Error).name === 'ResourceNotFoundException') return undefined;
    throw error;
  }
}

async function create(client: DynamoDBDocumentClient, definition: TableDefinition): Promise<boolean> {
  try {
    await client.send(new CreateTableCommand(creation(definition)));
    return true;
  } catch (error) {
    // Another process was faster; the wait for the active table goes on all the same.
    if ((error as Error).name !== 'ResourceInUseException') throw error;
    return false;
  }
}

function creation({ name, indexes = [], numberKeys = [], ...key }: TableDefinition): CreateTableCommandInput {
  const attributes = new Set(
    [key, ...indexes].flatMap(({ partition, sort }) => (sort ? [partition, sort] : [partition])),
  );
  return {
    TableName: name,
    BillingMode: 'PAY_PER_REQUEST',
    KeySchema: keySchema(key),
    AttributeDefinitions: [...attributes].map((attribute) => ({
      AttributeName: attribute,
      AttributeType: numberKeys.includes(attribute) ? 'N' : 'S',
    })),
    ...(indexes.length > 0 && {
      GlobalSecondaryIndexes: indexes.map((index) => ({
        IndexName: index.name,
        KeySchema: keySchema(index),
        Projection: projection(index.project),
      })),
    }),
  };
}

function keySchema({ partition, sort }: KeyNames): KeySchemaElement[] {
  const schema: KeySchemaElement[] = [{ AttributeName: partition, KeyType: 'HASH' }];
  if (sort) schema.push({ AttributeName: sort, KeyType: 'RANGE' });
  return schema;
}

function projection(project: IndexDefinition['project']) {
  if (project === 'keys') return { ProjectionType: 'KEYS_ONLY' as const };
  if (project === 'all') return { ProjectionType: 'ALL' as const };
  return { ProjectionType: 'INCLUDE' as const, NonKeyAttributes: [...project] };
}

function isActive(table: TableDescription): boolean {
  const statuses = [
    table.TableStatus,
    ...(table.GlobalSecondaryIndexes ?? []).map((index) => index.IndexStatus),
  ];
  return statuses.every((status) => status === 'ACTIVE');
}

function compare(table: TableDescription, definition: TableDefinition): void {
  const indexes = new Map(table.GlobalSecondaryIndexes?.map((index) => [index.IndexName, index.KeySchema]));
  const isSame = (schema: KeySchemaElement[] | undefined, key: KeyNames): boolean =>
    JSON.stringify(schema?.map(({ AttributeName, KeyType }) => [AttributeName, KeyType])) ===
    JSON.stringify(keySchema(key).map(({ AttributeName, KeyType }) => [AttributeName, KeyType]));
  const wrong = (definition.indexes ?? []).filter((index) => !isSame(indexes.get(index.name), index));
  if (!isSame(table.KeySchema, definition))
    throw new Error(`The table ${definition.name} is there with other keys`);
  if (wrong.length > 0) {
    throw new Error(
      `The table ${definition.name} lacks these indexes: ${wrong.map((index) => index.name).join(', ')}`,
    );
  }
}
