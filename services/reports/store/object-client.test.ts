// The S3 client: its spans, and what it makes of an identity that cannot be had.
import { HeadObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { context, SpanStatusCode } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { Fault } from '../../../foundation/fault/fault.ts';
import { type LocalObjects, startLocalObjects } from '../../../local/objects/object-server.ts';
import { createObjectClient } from './object-client.ts';
import { asObjectFault } from './object-fault.ts';

const exporter = new InMemorySpanExporter();
const provider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] });
const tracer = provider.getTracer('test');

let server: LocalObjects;

beforeAll(async () => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  server = await startLocalObjects();
});

afterAll(async () => {
  context.disable();
  await server.stop();
});

describe('the client of the object store', () => {
  it('writes one span per command under the active span, without keys or buckets', async () => {
    const { endpoint, bucket: Bucket } = server;
    const options = { endpoint, region: 'us-east-1', credentials: server, requestTimeoutMs: 5_000 };
    const client = createObjectClient({ ...options, tracer });
    const look = () =>
      client.send(new HeadObjectCommand({ Bucket, Key: 'secret-key' })).catch(() => undefined);
    await look();
    expect(exporter.getFinishedSpans()).toEqual([]);
    await tracer.startActiveSpan('parent', async (span) => {
      await look();
      span.end();
    });
    client.destroy();
    const [command, parent, ...more] = exporter.getFinishedSpans();
    expect([command?.name, parent?.name, more.length]).toEqual(['S3/HeadObject', 'parent', 0]);
    expect(command?.parentSpanContext?.spanId).toBe(parent?.spanContext().spanId);
    expect(command?.status).toEqual({ code: SpanStatusCode.ERROR });
    expect(command?.attributes).toEqual({
      'rpc.system.name': 'aws-api',
      'rpc.method': 'S3/HeadObject',
      'error.type': 'NotFound',
    });
  });

  it.each([
    ['CredentialsProviderError', undefined, 'unavailable'],
    ['TimeoutError', {}, 'unavailable'],
    ['SlowDown', { httpStatusCode: 503 }, 'unavailable'],
    ['RequestTimeout', { httpStatusCode: 400 }, 'unavailable'],
    ['AccessDenied', { httpStatusCode: 403 }, 'AccessDenied'],
    ['NotImplemented', { httpStatusCode: 501 }, 'NotImplemented'],
    ['AbortError', {}, 'AbortError'],
    ['TypeError', undefined, 'TypeError'],
  ])('takes %s (%j) for %s', (name, $metadata, expected) => {
    const error = Object.assign(new Error('inside'), { name, ...($metadata && { $metadata }) });
    const told = asObjectFault(error);
    expect(told instanceof Fault ? told.reason : (told as Error).name).toBe(expected);
  });
});
