// Tables are made once, usable at once, and never mistaken for others.
import { DescribeTableCommand } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type LocalDynamodb, startLocalDynamodb } from '../../local/databases/dynamodb.ts';
import { createDocumentClient } from './client.ts';
import { ensureTables, type TableDefinition } from './tables.ts';

let dynamodb: LocalDynamodb;
let client: DynamoDBDocumentClient;

const orders: TableDefinition = {
  name: 'Orders',
  partition: 'pk',
  sort: 'version',
  numberKeys: ['version'],
  indexes: [
    { name: 'user-index', partition: 'user', sort: 'created_at', project: ['title'] },
    { name: 'pending-index', partition: 'pending', project: 'keys' },
  ],
};

beforeAll(async () => {
  dynamodb = await startLocalDynamodb({});
  client = createDocumentClient({
    endpoint: dynamodb.endpoint,
    region: 'local',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    requestTimeoutMs: 5_000,
  });
}, 30_000);

afterAll(async () => {
  client.destroy();
  await dynamodb.stop();
});

describe('ensureTables', () => {
  it('makes tables that can be used at once, also when many race, and repeats without effect', async () => {
    const others = [1, 2, 3].map((number): TableDefinition => ({ name: `Other${number}`, partition: 'id' }));
    await Promise.all(Array.from({ length: 5 }, () => ensureTables(client, [orders, ...others])));
    const item = { pk: 'a', version: 1, user: 'u', created_at: '2025', pending: 'p', title: 't', body: 'b' };
    await client.send(new PutCommand({ TableName: 'Orders', Item: item }));
    await ensureTables(client, [orders, ...others]);
    const query = (index: string, name: string, value: string) =>
      client.send(
        new QueryCommand({
          TableName: 'Orders',
          IndexName: index,
          KeyConditionExpression: '#k = :v',
          ExpressionAttributeNames: { '#k': name },
          ExpressionAttributeValues: { ':v': value },
        }),
      );
    const { body: _body, pending, ...listed } = item;
    expect((await query('user-index', 'user', 'u')).Items).toEqual([listed]);
    expect((await query('pending-index', 'pending', 'p')).Items).toEqual([{ pk: 'a', version: 1, pending }]);
  });

  it('has tables paid by request', async () => {
    await ensureTables(client, [orders]);
    const { Table } = await client.send(new DescribeTableCommand({ TableName: 'Orders' }));
    expect(Table?.BillingModeSummary?.BillingMode).toBe('PAY_PER_REQUEST');
  });

  it('refuses a table that is there with other keys or without an index', async () => {
    await ensureTables(client, [{ name: 'Plain', partition: 'id' }]);
    await expect(ensureTables(client, [{ name: 'Plain', partition: 'other' }])).rejects.toThrow('other keys');
    const more = {
      name: 'Plain',
      partition: 'id',
      indexes: [{ name: 'new-index', partition: 'x', project: 'keys' as const }],
    };
    await expect(ensureTables(client, [more])).rejects.toThrow('new-index');
  });
});
