// The document client against the emulator, and against servers that throttle, fail, keep silent or are not there.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { context, SpanStatusCode } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { type LocalDynamodb, startLocalDynamodb } from '../../local/databases/dynamodb.ts';
import { Fault } from '../fault/fault.ts';
import { createMetrics } from '../telemetry/metrics.ts';
import { createDocumentClient, type DocumentClientOptions } from './client.ts';
import { isConditionFailed } from './dynamodb-fault.ts';
import { ensureTables } from './tables.ts';

const exporter = new InMemorySpanExporter();
const provider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] });
const tracer = provider.getTracer('test');
let dynamodb: LocalDynamodb;
let client: DynamoDBDocumentClient;

function connect(options: Partial<DocumentClientOptions>): DynamoDBDocumentClient {
  return createDocumentClient({
    region: 'local',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    requestTimeoutMs: 2_000,
    tracer,
    ...options,
  });
}

const put = (id: string, more: object = {}) =>
  new PutCommand({
    TableName: 'Items',
    Item: { id, absent: undefined, n: 1 },
    ConditionExpression: 'attribute_not_exists(id)',
    ...more,
  });

const rejection = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  );

/** What a command throws against a server that answers everything in one way. */
async function rejectionBy(answer: Parameters<typeof createServer>[1]): Promise<unknown> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  const other = connect({ endpoint: `http://127.0.0.1:${port}`, requestTimeoutMs: 200, attemptsMax: 1 });
  try {
    return await rejection(other.send(put('x')));
  } finally {
    other.destroy();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

beforeAll(async () => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  dynamodb = await startLocalDynamodb({});
  client = connect({ endpoint: dynamodb.endpoint });
  await ensureTables(client, [{ name: 'Items', partition: 'id' }]);
}, 30_000);

beforeEach(() => exporter.reset());

afterAll(async () => {
  client.destroy();
  await dynamodb.stop();
  await provider.shutdown();
  context.disable();
});

describe('the document client', () => {
  it('stores plain values and leaves undefined ones out', async () => {
    await client.send(put('one'));
    const { Item } = await client.send(new GetCommand({ TableName: 'Items', Key: { id: 'one' } }));
    expect(Item).toEqual({ id: 'one', n: 1 });
  });

  it('tells a failed condition from every other error', async () => {
    await client.send(put('two'));
    expect(isConditionFailed(await rejection(client.send(put('two'))))).toBe(true);
    expect(isConditionFailed(await rejection(client.send(put('two', { TableName: 'Absent' }))))).toBe(false);
    expect(isConditionFailed(undefined)).toBe(false);
  });

  it('writes one span per command under the active span, without keys or items', async () => {
    await client.send(put('outside'));
    expect(exporter.getFinishedSpans()).toEqual([]);
    await tracer.startActiveSpan('parent', async (span) => {
      await client.send(put('three'));
      await rejection(client.send(put('three')));
      span.end();
    });
    const [first, second, parent, ...more] = exporter.getFinishedSpans();
    expect(more).toEqual([]);
    const attributes = {
      'db.system.name': 'aws.dynamodb',
      'db.operation.name': 'PutItem',
      'aws.dynamodb.table_names': ['Items'],
    };
    expect([first?.name, first?.attributes]).toEqual(['PutItem Items', attributes]);
    expect(first?.parentSpanContext?.spanId).toBe(parent?.spanContext().spanId);
    expect(second?.attributes).toEqual({ ...attributes, 'error.type': 'ConditionalCheckFailedException' });
    expect(second?.status).toEqual({ code: SpanStatusCode.ERROR });
  });

  it('answers unavailable when throttled, when the server fails, is silent or is away', async () => {
    const throttled = await rejectionBy((_request, response) => {
      response.writeHead(400, { 'content-type': 'application/x-amz-json-1.0' });
      response.end('{"__type":"com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException"}');
    });
    const failed = await rejectionBy((_request, response) => void response.writeHead(500).end('{}'));
    const silent = await rejectionBy(() => undefined);
    const away = connect({ endpoint: 'http://127.0.0.1:1', attemptsMax: 1 });
    const refused = await rejection(away.send(put('x')));
    away.destroy();
    for (const error of [throttled, failed, silent, refused]) {
      expect(error).toBeInstanceOf(Fault);
      expect(error).toMatchObject({ reason: 'unavailable', retryAfterMs: expect.any(Number) });
    }
  });
});

describe('the identity of a client', () => {
  const accessKeyOf = async (endpoint: string): Promise<string> => {
    const anyone = createDocumentClient({ endpoint, region: 'local', requestTimeoutMs: 2_000 });
    const { accessKeyId } = await anyone.config.credentials();
    anyone.destroy();
    return accessKeyId;
  };

  it('is never the process’s own over plain HTTP, and always elsewhere', async () => {
    const before = { ...process.env };
    Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'own', AWS_SECRET_ACCESS_KEY: 'own' });
    try {
      expect(await accessKeyOf('http://127.0.0.1:1')).toBe('emulator');
      expect(await accessKeyOf('https://dynamodb.example')).toBe('own');
    } finally {
      process.env = before;
    }
  });
});

describe('the measurements of a client', () => {
  it('tell how commands end, and each attempt that was throttled', async () => {
    const metrics = createMetrics({ processMetrics: false });
    const measured = connect({ endpoint: dynamodb.endpoint, metrics });
    await measured.send(put('measured'));
    await rejection(measured.send(put('measured')));
    measured.destroy();
    const throttling = createServer((_request, response) => {
      response.writeHead(400, { 'content-type': 'application/x-amz-json-1.0' });
      response.end(JSON.stringify({ __type: 'com.amazonaws.dynamodb.v20120810#ThrottlingException' }));
    }).listen(0, '127.0.0.1');
    await once(throttling, 'listening');
    const { port } = throttling.address() as AddressInfo;
    const throttled = createMetrics({ processMetrics: false });
    const refused = connect({ endpoint: `http://127.0.0.1:${port}`, attemptsMax: 2, metrics: throttled });
    await rejection(refused.send(put('x')));
    refused.destroy();
    throttling.closeAllConnections();
    throttling.close();
    const name = 'domainflow_dynamodb_command_duration_seconds_count{operation="PutItem",outcome';
    expect(await metrics.metrics()).toContain(`${name}="ok"} 1`);
    expect(await metrics.metrics()).toContain(`${name}="condition_failed"} 1`);
    expect(await throttled.metrics()).toContain(`${name}="throttled"} 1`);
    expect(await throttled.metrics()).toContain(
      'domainflow_dynamodb_throttled_attempts_total{operation="PutItem"} 2',
    );
  });
});
