// Puts and deletions of many items, in batches without conditions; what a batch leaves out is sent again.
import { setTimeout as sleep } from 'node:timers/promises';
import { BatchWriteCommand, type BatchWriteCommandInput } from '@aws-sdk/lib-dynamodb';
import { Fault } from '../../../foundation/fault/fault.ts';
import { type Documents, type Item, keyOf } from './documents.ts';

const batchMax = 25;
const barrenRoundsMax = 6;
const firstWaitMs = 20;

type Requests = NonNullable<BatchWriteCommandInput['RequestItems']>[string];

/** Puts items whose keys differ, whatever was there. Fault `unavailable` when the store goes on leaving some out. */
export function putAll(documents: Documents, table: string, items: readonly Item[]): Promise<void> {
  return writeAll(
    documents,
    table,
    items.map((Item) => ({ PutRequest: { Item } })),
  );
}

/** Removes the items with these keys, which must differ, if they are there. Fault `unavailable` as for `putAll`. */
export function removeAll(documents: Documents, table: string, keys: readonly string[]): Promise<void> {
  return writeAll(
    documents,
    table,
    keys.map((key) => ({ DeleteRequest: { Key: keyOf(key) } })),
  );
}

async function writeAll({ client }: Documents, table: string, requests: Requests): Promise<void> {
  let open = requests;
  for (let barren = 0; open.length > 0; ) {
    const batch = open.slice(0, batchMax);
    const answer = await client.send(new BatchWriteCommand({ RequestItems: { [table]: batch } }));
    const left = answer.UnprocessedItems?.[table] ?? [];
    open = [...left, ...open.slice(batchMax)];
    barren = left.length === batch.length ? barren + 1 : 0;
    if (barren === barrenRoundsMax) throw new Fault('unavailable', 'The document store is not available');
    if (barren > 0) await sleep(firstWaitMs * 2 ** (barren - 1));
  }
}
