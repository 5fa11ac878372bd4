// From a service's tracer over a real socket into the local collector and back out as a tree.

import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from '@jest/globals';
import { inSpan } from '../../foundation/telemetry/spans.ts';
import { createTelemetry, type Telemetry } from '../../foundation/telemetry/telemetry.ts';
import { startTraceServer, type TraceServer, traceBodyBytesMax } from './trace-server.ts';
import type { Trace } from './trace-store.ts';
import { buildTraceTree } from './trace-tree.ts';

const opened: { close(): Promise<void> }[] = [];

async function startServer(): Promise<TraceServer> {
  const server = await startTraceServer();
  opened.push(server);
  return server;
}

function telemetryOf(service: string, otlpEndpoint: string | undefined, lines: string[] = []): Telemetry {
  const logDestination = { write: (line: string) => void lines.push(line) };
  const telemetry = createTelemetry({
    service,
    version: '1',
    otlp: otlpEndpoint,
    logLevel: 'info',
    logDestination,
    processMetrics: false,
  });
  opened.push({ close: () => telemetry.shutdown() });
  return telemetry;
}

const oneSpan = {
  resourceSpans: [
    {
      resource: { attributes: [{ key: 'service.name', value: { stringValue: 'worker' } }] },
      scopeSpans: [
        {
          spans: [
            {
              traceId: 'A'.repeat(32),
              spanId: 'b'.repeat(16),
              name: 'process',
              kind: 2,
              startTimeUnixNano: '1700000000000000000',
              endTimeUnixNano: '1700000000012500000',
              attributes: [{ key: 'count', value: { intValue: '7' } }],
              status: { code: 2 },
            },
          ],
        },
      ],
    },
  ],
};

describe('the local collector', () => {
  afterEach(async () => {
    for (const one of opened.splice(0).reverse()) await one.close();
  });

  it('joins the spans of two services of one process into one trace', async () => {
    const server = await startServer();
    const gateway = telemetryOf('gateway', server.url);
    const registry = telemetryOf('registry', server.url);
    let traceId = '';
    await inSpan(gateway.tracer, 'GET /agents', { kind: 'server' }, async () => {
      await inSpan(registry.tracer, 'ListAgents', { kind: 'server' }, () => registry.log.info('listed'));
    });
    await Promise.all([gateway.flush(), registry.flush()]);
    traceId = server.store.list(1)[0]?.traceId ?? '';
    const response = await fetch(`${server.url}/traces/${traceId}`);
    const { roots, orphans } = buildTraceTree(((await response.json()) as Trace).spans);
    expect(orphans).toEqual([]);
    expect(roots).toHaveLength(1);
    expect(roots[0]?.span).toMatchObject({
      service: 'gateway',
      name: 'GET /agents',
      kind: 'server',
      parentSpanId: null,
    });
    expect(roots[0]?.children[0]?.span).toMatchObject({ service: 'registry', name: 'ListAgents' });
  });

  it('sends spans by itself, without a flush', async () => {
    const server = await startServer();
    const { promise: arrived, resolve } = Promise.withResolvers<void>();
    const receive = server.store.add;
    server.store.add = (spans) => {
      receive(spans);
      resolve();
    };
    await inSpan(telemetryOf('agents', server.url).tracer, 'chat model', {}, () => undefined);
    await arrived;
    expect(server.store.list(1)[0]).toMatchObject({ name: 'chat model', service: 'agents', spanCount: 1 });
  });

  it.each(['identity', 'gzip'])('reads OTLP JSON sent as %s', async (encoding) => {
    const server = await startServer();
    const text = JSON.stringify(oneSpan);
    const response = await fetch(`${server.url}/v1/traces`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'content-encoding': encoding },
      body: encoding === 'gzip' ? gzipSync(text) : text,
    });
    expect(response.status).toBe(200);
    const trace = (await (await fetch(`${server.url}/traces/${'a'.repeat(32)}`)).json()) as Trace;
    expect(trace.spans).toEqual([
      {
        traceId: 'a'.repeat(32),
        spanId: 'b'.repeat(16),
        parentSpanId: null,
        name: 'process',
        kind: 'server',
        service: 'worker',
        startMs: 1_700_000_000_000,
        durationMs: 12.5,
        attributes: { count: 7 },
        status: 'error',
      },
    ]);
  });

  it('lists the newest traces with a limit', async () => {
    const server = await startServer();
    const { tracer, flush } = telemetryOf('reports', server.url);
    for (const name of ['first', 'second', 'third']) await inSpan(tracer, name, {}, () => undefined);
    await flush();
    const response = await fetch(`${server.url}/traces?limit=2`);
    expect(await response.json()).toMatchObject({ traces: [{ name: 'third' }, { name: 'second' }] });
  });

  it('refuses what it cannot read and goes on', async () => {
    const server = await startServer();
    const post = async (body: string, type = 'application/json'): Promise<number> =>
      (await fetch(`${server.url}/v1/traces`, { method: 'POST', headers: { 'content-type': type }, body }))
        .status;
    expect(await post('{')).toBe(400);
    expect(await post('x', 'application/x-protobuf')).toBe(415);
    expect(await post(' '.repeat(traceBodyBytesMax + 1))).toBe(413);
    expect((await fetch(`${server.url}/traces/${'0'.repeat(32)}`)).status).toBe(404);
    expect(
      await post(JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [{ traceId: 'x' }] }] }] })),
    ).toBe(200);
    expect(server.store.list(10)).toEqual([]);
  });
});

describe('telemetry', () => {
  afterEach(async () => {
    for (const one of opened.splice(0).reverse()) await one.close();
  });

  it('passes trace ids on when no collector is configured', async () => {
    const lines: string[] = [];
    const { tracer, log } = telemetryOf('sessions', undefined, lines);
    await inSpan(tracer, 'GetSession', {}, () => log.info('inside'));
    expect(JSON.parse(lines[0] ?? '{}')).toMatchObject({ trace_id: expect.stringMatching(/^[0-9a-f]{32}$/) });
  });

  it('says once that the collector refuses and fails nothing', async () => {
    const server = await startServer();
    const lines: string[] = [];
    const { tracer, flush } = telemetryOf('sessions', `${server.url}/elsewhere`, lines);
    for (const name of ['one', 'two']) {
      await inSpan(tracer, name, {}, () => undefined);
      await flush();
    }
    expect(lines.filter((line) => line.includes('cannot be exported'))).toHaveLength(1);
  });
});
