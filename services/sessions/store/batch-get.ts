// Consistent reads of many items by key, in batches; what a batch leaves out is asked for again.
import { setTimeout as sleep } from 'node:timers/promises';
import { BatchGetCommand } from '@aws-sdk/lib-dynamodb';
import { Fault } from '../../../foundation/fault/fault.ts';
import { type Documents, type Item, keyOf } from './documents.ts';

const batchMax = 100;
const barrenRoundsMax = 6;
const firstWaitMs = 20;

/** The items that exist among the keys, in no order. Keys must differ. Fault `unavailable` when the store goes on leaving some out. */
export async function batchGet(
  { client }: Documents,
  table: string,
  keys: readonly string[],
): Promise<readonly Item[]> {
  const found: Item[] = [];
  let open: Record<string, unknown>[] = keys.map(keyOf);
  for (let barren = 0; open.length > 0; ) {
    const batch = open.slice(0, batchMax);
    const answer = await client.send(
      new BatchGetCommand({ RequestItems: { [table]: { Keys: batch, ConsistentRead: true } } }),
    );
    const items = answer.Responses?.[table] ?? [];
    const left = answer.UnprocessedKeys?.[table]?.Keys ?? [];
    found.push(...items);
    open = [...left, ...open.slice(batchMax)];
    barren = left.length === batch.length ? barren + 1 : 0;
    if (barren === barrenRoundsMax) throw new Fault('unavailable', 'The document store is not available');
    if (barren > 0) await sleep(firstWaitMs * 2 ** (barren - 1));
  }
  return found;
}
