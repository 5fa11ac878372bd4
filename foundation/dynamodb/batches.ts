// Reads, puts and removals of many items by key, in batches; what a batch leaves out, since it grew too large or too fast, is sent again.
import { setTimeout as sleep } from 'node:timers/promises';
import {
  BatchGetCommand,
  BatchWriteCommand,
  type BatchWriteCommandInput,
  type DynamoDBDocumentClient,
} from '@aws-sdk/lib-dynamodb';
import { Fault } from '../fault/fault.ts';

const readMax = 100;
const writeMax = 25;
/** Rounds in a row that bring nothing; the waits between them double from the first. */
const barrenRoundsMax = 6;
const waitMsFirst = 20;

/** A key or an item, as the document client takes and gives it. */
export type BatchItem = Readonly<Record<string, unknown>>;

/** What to read. */
export interface BatchRead {
  readonly table: string;
  /** Must differ. */
  readonly keys: readonly BatchItem[];
  /** Names of the attributes to read; absent for all. */
  readonly attributes?: readonly string[];
}

/** The items that exist among the keys, in no order, read consistently. Fault `unavailable` when the store goes on leaving some out. */
export async function batchGet(
  client: DynamoDBDocumentClient,
  read: BatchRead,
): Promise<readonly BatchItem[]> {
  const { table, keys, attributes } = read;
  const names = Object.fromEntries((attributes ?? []).map((name, at) => [`#a${at}`, name]));
  const projection = attributes && {
    ProjectionExpression: Object.keys(names).join(', '),
    ExpressionAttributeNames: names,
  };
  const found: BatchItem[] = [];
  await inBatches(keys, readMax, async (batch) => {
    const request = { Keys: [...batch], ConsistentRead: true, ...projection };
    const answer = await client.send(new BatchGetCommand({ RequestItems: { [table]: request } }));
    found.push(...(answer.Responses?.[table] ?? []));
    return answer.UnprocessedKeys?.[table]?.Keys ?? [];
  });
  return found;
}

/** Puts items whose keys differ, whatever was there. Fault `unavailable` when the store goes on leaving some out. */
export function putAll(
  client: DynamoDBDocumentClient,
  table: string,
  items: readonly BatchItem[],
): Promise<void> {
  return writeAll(
    client,
    table,
    items.map((Item) => ({ PutRequest: { Item } })),
  );
}

/** Removes the items with these keys, which must differ, if they are there. Fault `unavailable` as for `putAll`. */
export function removeAll(
  client: DynamoDBDocumentClient,
  table: string,
  keys: readonly BatchItem[],
): Promise<void> {
  return writeAll(
    client,
    table,
    keys.map((Key) => ({ DeleteRequest: { Key } })),
  );
}

type Requests = NonNullable<BatchWriteCommandInput['RequestItems']>[string];

function writeAll(client: DynamoDBDocumentClient, table: string, requests: Requests): Promise<void> {
  return inBatches(requests, writeMax, async (batch) => {
    const answer = await client.send(new BatchWriteCommand({ RequestItems: { [table]: [...batch] } }));
    return answer.UnprocessedItems?.[table] ?? [];
  });
}

/** Sends everything, a batch at a time; `send` answers what its batch left out. */
async function inBatches<T>(
  all: readonly T[],
  size: number,
  send: (batch: readonly T[]) => Promise<readonly T[]>,
): Promise<void> {
  let open = all;
  for (let barren = 0; open.length > 0; ) {
    const batch = open.slice(0, size);
    const left = await send(batch);
    open = [...left, ...open.slice(size)];
    barren = left.length === batch.length ? barren + 1 : 0;
    if (barren === barrenRoundsMax) {
      throw new Fault('unavailable', 'The document store is too busy', { retryAfterMs: 1_000 });
    }
    if (barren > 0) await sleep(waitMsFirst * 2 ** (barren - 1));
  }
}
