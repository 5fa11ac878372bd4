// What counts as too large for an item is never taken by mistake: DynamoDB takes every item that is counted as fitting.
import { type DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { JsonValue } from '../../../foundation/json/json.ts';
import { describeOnEachDynamodb } from '../../../local/databases/each-dynamodb.for-test.ts';
import { openTestTables, testTables } from './documents.for-test.ts';
import { itemBytes, itemBytesMax } from './item-size.ts';

/** Values of which an item is filled up, each in another way. */
const fillings: readonly [string, (n: number) => JsonValue][] = [
  ['texts of three bytes a character', (n) => `${n}\u20ac\u20ac\u20ac`.repeat(9)],
  ['long numbers', (n) => -(n + 0.123456789012)],
  ['objects', (n) => ({ [`key ${n}`]: { inner: [n, 'text', { deep: true }] } })],
];

function filled(pk: string, filling: (n: number) => JsonValue): Record<string, unknown> {
  const values: JsonValue[] = [];
  const item = { pk, values };
  let bytes = itemBytes(item);
  for (let n = 0; ; n += 1) {
    const value = filling(n);
    bytes += itemBytes({ x: value });
    if (bytes > itemBytesMax) return item;
    values.push(value);
  }
}

describeOnEachDynamodb('an item as large as can be', (server) => {
  let client: DynamoDBDocumentClient;

  beforeAll(async () => {
    client = await openTestTables(server().endpoint);
  });

  afterAll(() => client.destroy());

  it.each(fillings)(
    'of %s is taken',
    async (name, filling) => {
      const Item = filled(name, filling);
      expect(itemBytes(Item)).toBeGreaterThan(itemBytesMax - 1_000);
      await client.send(new PutCommand({ TableName: testTables.reports, Item }));
      const doubled = { ...Item, more: 'x'.repeat(itemBytesMax) };
      const refused = client.send(new PutCommand({ TableName: testTables.reports, Item: doubled }));
      await expect(refused).rejects.toThrow();
    },
    30_000,
  );
});
