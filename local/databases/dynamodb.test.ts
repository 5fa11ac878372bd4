// The emulator keeps its data, mends its indexes after a kill and ends when told.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DynamoDBDocumentClient, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { create, type LevelStore } from 'dynalite/db/index.js';
import { createDocumentClient } from '../../foundation/dynamodb/client.ts';
import { ensureTables } from '../../foundation/dynamodb/tables.ts';
import { type LocalDynamodb, startLocalDynamodb } from './dynamodb.ts';
import { repairIndexes } from './dynamodb-repair.ts';
import { inspectProcess } from './process-inspection.ts';

let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dynamodb-test-'));
  path = join(folder, 'dynamodb');
});

afterEach(() => rm(folder, { recursive: true, force: true }));

async function withClient<T>(
  dynamodb: LocalDynamodb,
  use: (client: DynamoDBDocumentClient) => Promise<T>,
): Promise<T> {
  const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
  const client = createDocumentClient({
    endpoint: dynamodb.endpoint,
    region: 'local',
    credentials,
    requestTimeoutMs: 5_000,
  });
  try {
    return await use(client);
  } finally {
    client.destroy();
  }
}

async function fill(dynamodb: LocalDynamodb, ids: readonly string[]): Promise<void> {
  await withClient(dynamodb, async (client) => {
    const indexes = [{ name: 'user-index', partition: 'user', sort: 'id', project: 'keys' as const }];
    await ensureTables(client, [{ name: 'Items', partition: 'id', indexes }]);
    for (const id of ids)
      await client.send(new PutCommand({ TableName: 'Items', Item: { id, user: 'u', text: 't' } }));
  });
}

async function indexedIds(dynamodb: LocalDynamodb): Promise<string[]> {
  return withClient(dynamodb, async (client) => {
    const { Items = [] } = await client.send(
      new QueryCommand({
        TableName: 'Items',
        IndexName: 'user-index',
        KeyConditionExpression: '#u = :u',
        ExpressionAttributeNames: { '#u': 'user' },
        ExpressionAttributeValues: { ':u': 'u' },
      }),
    );
    return Items.map((item) => String(item.id));
  });
}

async function withStore<T>(use: (store: LevelStore) => Promise<T>): Promise<T> {
  const { db: store } = create({ path });
  await store.open();
  try {
    return await use(store);
  } finally {
    await store.close();
  }
}

/** Leaves what a kill between an item and its index entries leaves: an entry without its item and an item without its entry. */
async function tearApart(): Promise<void> {
  await withStore(async (store) => {
    for await (const [key, value] of store.iterator({ gte: 'i', lt: 'j' })) {
      const { id } = value as { id: { S: string } };
      const isItem = key.startsWith('item-');
      if (isItem ? id.S === 'phantom' : id.S === 'missing') await store.batch([{ type: 'del', key }]);
    }
  });
}

describe('local DynamoDB', () => {
  it('keeps its data from start to start', async () => {
    const first = await startLocalDynamodb({ path });
    await fill(first, ['a', 'b']);
    await first.stop();
    const second = await startLocalDynamodb({ path });
    const ids = await indexedIds(second);
    await second.stop();
    expect(ids).toEqual(['a', 'b']);
  });

  it('repairs its indexes when it was killed', async () => {
    const killed = await startLocalDynamodb({ path });
    await fill(killed, ['kept', 'phantom', 'missing']);
    process.kill(killed.pid, 'SIGKILL');
    await killed.stop();
    await tearApart();
    const repaired = await startLocalDynamodb({ path });
    const ids = await indexedIds(repaired);
    await repaired.stop();
    expect(ids).toEqual(['kept', 'missing']);
  });

  it('changes nothing where indexes and items agree', async () => {
    const dynamodb = await startLocalDynamodb({ path });
    await fill(dynamodb, ['kept', 'phantom', 'missing']);
    await dynamodb.stop();
    expect(await withStore(repairIndexes)).toEqual({ removed: 0, added: 0 });
    await tearApart();
    expect(await withStore(repairIndexes)).toEqual({ removed: 1, added: 1 });
    expect(await withStore(repairIndexes)).toEqual({ removed: 0, added: 0 });
  });

  it('waits for a predecessor that is still ending', async () => {
    const first = await startLocalDynamodb({ path });
    await fill(first, ['a']);
    const second = startLocalDynamodb({ path });
    await first.stop();
    const ids = await indexedIds(await second);
    await (await second).stop();
    expect(ids).toEqual(['a']);
  });

  it('is gone once it has stopped', async () => {
    const dynamodb = await startLocalDynamodb({});
    expect(await inspectProcess(dynamodb.pid)).toBeDefined();
    await dynamodb.stop();
    expect(await inspectProcess(dynamodb.pid)).toBeUndefined();
  });

  it('ends when its parent is gone before it serves', async () => {
    const emulator = fork(new URL('dynamodb-process.ts', import.meta.url), [path], {
      execArgv: ['--no-warnings'],
    });
    emulator.disconnect();
    expect(await once(emulator, 'exit')).toEqual([0, null]);
  });
});
