// Each unkindness does what it says, and nothing else: tests of stores stand on it.
import {
  BatchGetCommand,
  BatchWriteCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
} from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type LocalDynamodb, startLocalDynamodb } from '../../local/databases/dynamodb.ts';
import { createDocumentClient } from './client.ts';
import { isConditionFailed } from './dynamodb-fault.ts';
import { ensureTables } from './tables.ts';
import { createYoungWrites, makeUnkind, type Unkindness } from './unkind-client.for-test.ts';

const table = 'Items';
let dynamodb: LocalDynamodb;
let kind: DynamoDBDocumentClient;
const opened: DynamoDBDocumentClient[] = [];
let owners = 0;
let owner = '';

function open(unkindness: Unkindness = {}): DynamoDBDocumentClient {
  const client = createDocumentClient({
    endpoint: dynamodb.endpoint,
    region: 'local',
    requestTimeoutMs: 5_000,
  });
  makeUnkind(client, unkindness);
  opened.push(client);
  return client;
}

const itemOf = (id: string) => ({ pk: `${owner}${id}`, owner, n: 1 });
const putNew = (id: string) =>
  new PutCommand({ TableName: table, Item: itemOf(id), ConditionExpression: 'attribute_not_exists(pk)' });

async function isStored(id: string): Promise<boolean> {
  const Key = { pk: `${owner}${id}` };
  return (await kind.send(new GetCommand({ TableName: table, Key }))).Item !== undefined;
}

/** Ids that the index shows, and whether it says that there is more. */
async function indexed(client: DynamoDBDocumentClient): Promise<{ ids: string[]; more: boolean }> {
  const answer = await client.send(
    new QueryCommand({
      TableName: table,
      IndexName: 'owner-index',
      KeyConditionExpression: '#o = :o',
      ExpressionAttributeNames: { '#o': 'owner' },
      ExpressionAttributeValues: { ':o': owner },
    }),
  );
  const ids = (answer.Items ?? []).map(({ pk }) => String(pk).slice(owner.length));
  return { ids: ids.sort(), more: answer.LastEvaluatedKey !== undefined };
}

beforeAll(async () => {
  dynamodb = await startLocalDynamodb({});
  kind = open();
  const indexes = [{ name: 'owner-index', partition: 'owner', project: 'keys' as const }];
  await ensureTables(kind, [{ name: table, partition: 'pk', indexes }]);
}, 30_000);

beforeEach(() => {
  owners += 1;
  owner = `owner${owners}-`;
});

afterAll(async () => {
  for (const client of opened) client.destroy();
  await dynamodb.stop();
});

describe('an unkind client', () => {
  it('hides keys from indexes alone', async () => {
    const hiddenKeys = new Set([`${owner}a`]);
    const client = open({ hiddenKeys });
    await client.send(putNew('a'));
    await client.send(putNew('b'));
    expect((await indexed(client)).ids).toEqual(['b']);
    expect(await isStored('a')).toBe(true);
    hiddenKeys.clear();
    expect((await indexed(client)).ids).toEqual(['a', 'b']);
  });

  it('hides young writes of all its clients from indexes until they are old, one by one and in batches', async () => {
    let nowMs = 0;
    const youngWrites = createYoungWrites({ clock: () => nowMs, hiddenMs: 100 });
    const [writer, reader] = [open({ youngWrites }), open({ youngWrites })];
    await writer.send(putNew('a'));
    nowMs = 50;
    const batch = [{ PutRequest: { Item: itemOf('b') } }];
    await writer.send(new BatchWriteCommand({ RequestItems: { [table]: batch } }));
    expect((await indexed(reader)).ids).toEqual([]);
    nowMs = 100;
    expect((await indexed(reader)).ids).toEqual(['a']);
    nowMs = 150;
    expect((await indexed(reader)).ids).toEqual(['a', 'b']);
  });

  it('throttles before the command is done and loses answers after it', async () => {
    const throttling = open({ throttles: (command) => command === 'PutItemCommand' });
    await expect(throttling.send(putNew('a'))).rejects.toMatchObject({ reason: 'unavailable' });
    expect(await isStored('a')).toBe(false);
    const losing = open({ losesAnswer: (command, name) => command === 'PutItemCommand' && name === table });
    await expect(losing.send(putNew('a'))).rejects.toMatchObject({ reason: 'unavailable' });
    expect(await isStored('a')).toBe(true);
  });

  it('sends twice, so that a condition meets its own write', async () => {
    const client = open({ sendsTwice: () => true });
    const error = await client.send(putNew('a')).catch((reason: unknown) => reason);
    expect(isConditionFailed(error)).toBe(true);
    expect(await isStored('a')).toBe(true);
  });

  it('calls what is to come before each command, and waits for it', async () => {
    const seen: string[] = [];
    const client = open({
      before: async (command, name) => {
        seen.push(`${command} ${name} ${await isStored('a')}`);
      },
    });
    await client.send(putNew('a'));
    await indexed(client);
    expect(seen).toEqual(['PutItemCommand Items false', 'QueryCommand Items true']);
  });

  it('does a part of a batch and answers the rest as unprocessed', async () => {
    const client = open({ batchMax: 2 });
    const puts = ['a', 'b', 'c'].map((id) => ({ PutRequest: { Item: itemOf(id) } }));
    const command = new BatchWriteCommand({ RequestItems: { [table]: puts } });
    const written = await client.send(command);
    expect(written.UnprocessedItems).toEqual({ [table]: puts.slice(2) });
    expect(command.input.RequestItems).toEqual({ [table]: puts });
    expect((await indexed(kind)).ids).toEqual(['a', 'b']);
    const Keys = ['a', 'b', 'c'].map((id) => ({ pk: `${owner}${id}` }));
    const read = await client.send(
      new BatchGetCommand({ RequestItems: { [table]: { Keys, ConsistentRead: true } } }),
    );
    expect(read.Responses?.[table]).toHaveLength(2);
    expect(read.UnprocessedKeys).toEqual({ [table]: { Keys: Keys.slice(2), ConsistentRead: true } });
  });

  it('answers short pages that say where to go on', async () => {
    const client = open({ pageMax: 1 });
    await client.send(putNew('a'));
    await client.send(putNew('b'));
    const page = await indexed(client);
    expect([page.ids.length, page.more]).toEqual([1, true]);
  });
});
