// Copies of DynamoDB tables in files, for the emulator: stands for the point-in-time recovery that AWS offers.
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { BatchWriteCommand, type DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';

/** Items of one write, by DynamoDB's own limit. */
const batchMax = 25;

type Item = Record<string, unknown>;

/** Writes a file for each table; answers how many items they hold in all. Writers are expected to be still. */
export async function saveTables(
  client: DynamoDBDocumentClient,
  tables: readonly string[],
  folder: string,
): Promise<number> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  let count = 0;
  for (const table of tables) {
    const items = await allItems(client, table);
    count += items.length;
    await writeFile(join(folder, table), serialize(items), { mode: 0o600 });
  }
  return count;
}

/** Writes the items of all files into the tables of their names, which are there and empty; answers how many they are. */
export async function loadTables(client: DynamoDBDocumentClient, folder: string): Promise<number> {
  let count = 0;
  for (const table of await readdir(folder)) {
    const items = deserialize(await readFile(join(folder, table))) as readonly Item[];
    count += items.length;
    for (let at = 0; at < items.length; at += batchMax) {
      await writeAll(client, table, items.slice(at, at + batchMax));
    }
  }
  return count;
}

async function allItems(client: DynamoDBDocumentClient, table: string): Promise<readonly Item[]> {
  const items: Item[] = [];
  let from: Item | undefined;
  do {
    const page = await client.send(
      new ScanCommand({ TableName: table, ConsistentRead: true, ...(from && { ExclusiveStartKey: from }) }),
    );
    items.push(...(page.Items ?? []));
    from = page.LastEvaluatedKey;
  } while (from);
  return items;
}

// What the table did not take is written again.
async function writeAll(
  client: DynamoDBDocumentClient,
  table: string,
  items: readonly Item[],
): Promise<void> {
  let left = items.map((item) => ({ PutRequest: { Item: item } }));
  while (left.length > 0) {
    const { UnprocessedItems = {} } = await client.send(
      new BatchWriteCommand({ RequestItems: { [table]: left } }),
    );
    left = (UnprocessedItems[table] ?? []) as typeof left;
  }
}
