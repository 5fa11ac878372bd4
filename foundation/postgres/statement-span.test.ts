// Spans of statements: one each, named, under their parent, without values.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { context, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { type OwnTestDatabases, startOwnTestDatabases } from '../../local/databases/test-databases.ts';
import { newId } from '../ids/ids.ts';
import { createPostgres, type Postgres } from './pool.ts';

const exporter = new InMemorySpanExporter();
const provider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] });
const tracer = provider.getTracer('test');
const secret = 'hunter2';
const echo = { name: 'test.select_echo', text: ' select $1::text as echo', values: [secret] };
let databases: OwnTestDatabases;
let postgres: Postgres;

function inSpan<T>(run: () => Promise<T>): Promise<T> {
  return tracer.startActiveSpan('parent', async (span) => {
    try {
      return await run();
    } finally {
      span.end();
    }
  });
}

beforeAll(async () => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  databases = await startOwnTestDatabases();
  postgres = createPostgres({
    url: databases.adminUrl,
    applicationName: 'test',
    sizeMax: 2,
    acquireTimeoutMs: 5_000,
    tracer,
    onError: () => undefined,
  });
}, 30_000);

beforeEach(() => exporter.reset());

afterAll(async () => {
  await postgres.close();
  await databases.stop();
  await provider.shutdown();
  context.disable();
});

describe('a statement', () => {
  it('writes one client span under the active one, with names and no values', async () => {
    await inSpan(() => postgres.tenantTransaction(newId(), (client) => client.query(echo)));
    const [span, parent, ...more] = exporter.getFinishedSpans();
    expect(more).toEqual([]);
    expect(span?.name).toBe('test.select_echo');
    expect(span?.kind).toBe(SpanKind.CLIENT);
    expect(span?.parentSpanContext?.spanId).toBe(parent?.spanContext().spanId);
    expect(span?.attributes).toEqual({
      'db.system.name': 'postgresql',
      'db.namespace': 'postgres',
      'db.operation.name': 'SELECT',
      'db.query.summary': 'test.select_echo',
      'server.address': '127.0.0.1',
      'server.port': Number(new URL(databases.adminUrl).port),
    });
  });

  it('marks its span as failed by SQLSTATE, without the error text', async () => {
    const wrong = { name: 'test.cast', text: 'select $1::text::int', values: [secret] };
    await expect(inSpan(() => postgres.query(wrong))).rejects.toThrow(secret);
    const [span] = exporter.getFinishedSpans();
    expect(span?.status).toEqual({ code: SpanStatusCode.ERROR });
    expect(span?.attributes).toMatchObject({ 'error.type': '22P02', 'db.response.status_code': '22P02' });
    expect(JSON.stringify([span?.attributes, span?.events, span?.status])).not.toContain(secret);
  });

  it('writes none outside any span', async () => {
    await postgres.query(echo);
    expect(trace.getActiveSpan()).toBeUndefined();
    expect(exporter.getFinishedSpans()).toEqual([]);
  });
});
