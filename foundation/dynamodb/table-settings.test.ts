// Settings of tables are turned on once, wait for what is not ready, and leave alone what nobody asked for. No emulator knows all of the
// operations, so most of this runs against a server that answers as AWS documents it.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DescribeTableCommand, DescribeTimeToLiveCommand } from '@aws-sdk/client-dynamodb';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { describeOnEachDynamodb } from '../../local/databases/each-dynamodb.for-test.ts';
import { createDocumentClient } from './client.ts';
import type { TableSettings } from './table-settings.ts';
import { ensureTables, type TableDefinition } from './tables.ts';

const orders: TableDefinition = { name: 'Orders', partition: 'pk', ttl: 'expires_at' };
const key = 'arn:aws:kms:eu-west-1:123456789012:key/one';
const all: TableSettings = {
  expiry: true,
  pointInTimeRecovery: true,
  encryptionKey: key,
  deletionProtection: true,
  tags: { team: 'a', stage: 'test' },
};
const arn = 'arn:aws:dynamodb:eu-west-1:123456789012:table/Orders';

interface SentCommand {
  readonly KeySchema?: unknown;
  readonly SSESpecification?: { readonly KMSMasterKeyId: string };
  readonly DeletionProtectionEnabled?: boolean;
  readonly TimeToLiveSpecification?: { readonly AttributeName: string };
  readonly Tags?: { readonly Key: string; readonly Value: string }[];
}

/** A table as AWS keeps it; `refusals` are errors that its commands meet first, by operation. */
interface Aws {
  table: Record<string, unknown> | undefined;
  ttl: string | undefined;
  recovery: boolean;
  tags: { Key: string; Value: string }[];
  readonly refusals: Record<string, string[]>;
  readonly changes: string[];
}

let aws: Aws;
let server: Server;
let client: DynamoDBDocumentClient;

const reads: Record<string, () => object> = {
  DescribeTable: () => ({ Table: aws.table }),
  DescribeTimeToLive: () => ({
    TimeToLiveDescription: { TimeToLiveStatus: aws.ttl ? 'ENABLING' : 'DISABLED', AttributeName: aws.ttl },
  }),
  DescribeContinuousBackups: () => ({
    ContinuousBackupsDescription: {
      PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: aws.recovery ? 'ENABLED' : 'DISABLED' },
    },
  }),
  // One tag on the first page, the others on the second.
  ListTagsOfResource: () => ({ Tags: aws.tags.slice(0, 1), NextToken: 'more' }),
};

const writes: Record<string, (sent: SentCommand) => void> = {
  CreateTable: ({ KeySchema }) => {
    aws.table = { TableName: 'Orders', TableArn: arn, TableStatus: 'ACTIVE', KeySchema };
  },
  UpdateTable: ({ SSESpecification, DeletionProtectionEnabled }) => {
    const { KMSMasterKeyId: KMSMasterKeyArn } = SSESpecification ?? {};
    if (KMSMasterKeyArn) Object.assign(aws.table ?? {}, { SSEDescription: { KMSMasterKeyArn } });
    if (DeletionProtectionEnabled) Object.assign(aws.table ?? {}, { DeletionProtectionEnabled });
  },
  UpdateTimeToLive: ({ TimeToLiveSpecification }) => {
    aws.ttl = TimeToLiveSpecification?.AttributeName;
  },
  UpdateContinuousBackups: () => {
    aws.recovery = true;
  },
  TagResource: ({ Tags = [] }) => {
    const others = aws.tags.filter((held) => Tags.every((tag) => tag.Key !== held.Key));
    aws.tags = [...others, ...Tags];
  },
};

function answer(operation: string, sent: SentCommand & { NextToken?: string }): object | string {
  const refusal = aws.refusals[operation]?.shift();
  if (refusal) return refusal;
  if (operation === 'DescribeTable' && !aws.table) return 'ResourceNotFoundException';
  if (operation === 'ListTagsOfResource' && sent.NextToken) return { Tags: aws.tags.slice(1) };
  const read = reads[operation];
  if (read) return read();
  aws.changes.push(operation);
  writes[operation]?.(sent);
  return {};
}

beforeEach(async () => {
  aws = { table: undefined, ttl: undefined, recovery: false, tags: [], refusals: {}, changes: [] };
  server = createServer(async (request, response) => {
    const body = JSON.parse((await request.toArray()).join(''));
    const made = answer(String(request.headers['x-amz-target']).replace(/^.*\./, ''), body);
    const isError = typeof made === 'string';
    response.writeHead(isError ? 400 : 200, { 'content-type': 'application/x-amz-json-1.0' });
    response.end(JSON.stringify(isError ? { __type: `com.amazonaws.dynamodb.v20120810#${made}` } : made));
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  client = createDocumentClient({ endpoint, region: 'local', requestTimeoutMs: 2_000, attemptsMax: 1 });
});

afterEach(async () => {
  client.destroy();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

describe('settings of a table', () => {
  it('are all made with the table, and change nothing when repeated', async () => {
    const [made] = await ensureTables(client, [orders], all);
    expect(made).toEqual({
      name: 'Orders',
      created: true,
      changed: ['encryptionKey', 'deletionProtection', 'pointInTimeRecovery', 'expiry', 'tags'],
    });
    expect(aws).toMatchObject({ ttl: 'expires_at', recovery: true });
    expect(aws.table).toMatchObject({
      SSEDescription: { KMSMasterKeyArn: key },
      DeletionProtectionEnabled: true,
    });
    aws.changes.length = 0;
    expect(await ensureTables(client, [orders], all)).toEqual([
      { name: 'Orders', created: false, changed: [] },
    ]);
    expect(aws.changes).toEqual([]);
  });

  it('that nobody asks for stay as they are', async () => {
    await ensureTables(client, [orders]);
    await ensureTables(client, [{ name: 'Orders', partition: 'pk' }], { expiry: true });
    expect(aws.changes).toEqual(['CreateTable']);
    await ensureTables(client, [orders], all);
    await ensureTables(client, [orders], {});
    expect(aws).toMatchObject({ ttl: 'expires_at', recovery: true });
  });

  it('add to tags that others set', async () => {
    aws.tags = [
      { Key: 'stage', Value: 'other' },
      { Key: 'cost', Value: '7' },
    ];
    const [first] = await ensureTables(client, [orders], { tags: { stage: 'test', team: 'a' } });
    expect(first?.changed).toEqual(['tags']);
    expect(Object.fromEntries(aws.tags.map(({ Key, Value }) => [Key, Value]))).toEqual({
      cost: '7',
      stage: 'test',
      team: 'a',
    });
    const [again] = await ensureTables(client, [orders], { tags: { stage: 'test', team: 'a' } });
    expect(again?.changed).toEqual([]);
  });

  it('wait while the table is changed or has no backups yet', async () => {
    Object.assign(aws.refusals, {
      UpdateTable: ['ResourceInUseException', 'LimitExceededException'],
      UpdateContinuousBackups: ['ContinuousBackupsUnavailableException'],
    });
    const [made] = await ensureTables(client, [orders], all);
    expect(made?.changed).toHaveLength(5);
    expect(aws.refusals).toEqual({ UpdateTable: [], UpdateContinuousBackups: [] });
  });

  it('throw what is wrong: an operation that is not there, another attribute of expiry', async () => {
    aws.refusals.DescribeContinuousBackups = ['UnknownOperationException'];
    await expect(ensureTables(client, [orders], { pointInTimeRecovery: true })).rejects.toMatchObject({
      name: 'UnknownOperationException',
    });
    aws.ttl = 'gone_at';
    await expect(ensureTables(client, [orders], { expiry: true })).rejects.toThrow(
      'Items of the table Orders expire by gone_at and not by expires_at',
    );
  });
});

describeOnEachDynamodb('settings that an emulator has', (dynamodb) => {
  it('are set', async () => {
    const { endpoint } = dynamodb();
    const documents = createDocumentClient({ endpoint, region: 'local', requestTimeoutMs: 10_000 });
    await ensureTables(documents, [orders]);
    const { Table } = await documents.send(new DescribeTableCommand({ TableName: 'Orders' }));
    // Each emulator has what the other lacks.
    const hasProtection = Table?.DeletionProtectionEnabled !== undefined;
    const settings = hasProtection ? { expiry: true, deletionProtection: true } : { tags: { team: 'a' } };
    const [made] = await ensureTables(documents, [orders], settings);
    const [again] = await ensureTables(documents, [orders], settings);
    const ttl = await documents.send(new DescribeTimeToLiveCommand({ TableName: 'Orders' }));
    documents.destroy();
    expect([made?.changed, again?.changed]).toEqual([Object.keys(settings).reverse(), []]);
    expect(ttl.TimeToLiveDescription?.AttributeName).toBe(hasProtection ? 'expires_at' : undefined);
  });
});
