// Each DynamoDB that tests run on is there, alone, and gone afterwards.
import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createDocumentClient } from '../../foundation/dynamodb/client.ts';
import { ensureTables } from '../../foundation/dynamodb/tables.ts';
import { describeOnEachDynamodb } from './each-dynamodb.for-test.ts';
import { inspectProcess } from './process-inspection.ts';

const pids: number[] = [];

describeOnEachDynamodb('a server for tests', (server) => {
  const client = () =>
    createDocumentClient({ endpoint: server().endpoint, region: 'local', requestTimeoutMs: 10_000 });

  beforeAll(() => void pids.push(server().pid));

  it('keeps what is put', async () => {
    const documents = client();
    await ensureTables(documents, [{ name: 'Items', partition: 'pk' }]);
    await documents.send(new PutCommand({ TableName: 'Items', Item: { pk: 'a', n: 1 } }));
    const { Item } = await documents.send(new GetCommand({ TableName: 'Items', Key: { pk: 'a' } }));
    documents.destroy();
    expect(Item).toEqual({ pk: 'a', n: 1 });
  });

  afterAll(async () => {
    expect(await inspectProcess(server().pid)).toBeDefined();
  });
});

describe('servers of blocks that have ended', () => {
  it('are gone', async () => {
    expect(pids.length).toBeGreaterThan(0);
    for (const pid of pids) expect(await inspectProcess(pid)).toBeUndefined();
  });
});
