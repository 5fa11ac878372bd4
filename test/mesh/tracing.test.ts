// One call is one trace: who called whom, attempt by attempt, over unary calls and streams.
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { context as contextApi, createTraceState, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { Fault } from '../../foundation/fault/fault.ts';
import { openSpan } from '../../foundation/telemetry/spans.ts';
import { createTelemetry, type Telemetry } from '../../foundation/telemetry/telemetry.ts';
import type { TraceSpan } from '../../local/traces/trace-span.ts';
import { AgentRuntimeService } from '../../proto/gen/domainflow/agents/v1/agent_runtime_service_pb.js';
import { SessionService } from '../../proto/gen/domainflow/sessions/v1/session_service_pb.js';
import { Health } from '../../proto/gen/grpc/health/v1/health_pb.js';
import { createGrpcJsClient } from './grpc-js-client.ts';
import { deadAddress } from './severable-proxy.ts';
import { createTestMesh, type TestMesh, type TestReplica } from './test-mesh.ts';

const rpc = (service: string, method: string) => `domainflow.${service}/${method}`;
const getSession = rpc('sessions.v1.SessionService', 'GetSession');
const listSessions = rpc('sessions.v1.SessionService', 'ListSessions');
const invoke = rpc('agents.v1.AgentRuntimeService', 'Invoke');

describe('a trace', () => {
  let mesh: TestMesh;
  let server: TestReplica;
  let caller: Telemetry;
  let handle: () => void;

  beforeEach(async () => {
    handle = () => undefined;
    mesh = await createTestMesh();
    caller = createTelemetry({
      service: 'caller',
      version: '0',
      otlp: mesh.traces.url,
      logLevel: 'silent',
      processMetrics: false,
    });
    const work = (name: string) => openSpan(server.telemetry.tracer, name).end();
    server = await mesh.start({
      sessions: {
        getSession: async () => {
          await new Promise(setImmediate);
          work('inside');
          handle();
          return {};
        },
        listSessions: async () => {
          await mesh.client(SessionService, server.address, 'between').getSession({}, mesh.call());
          return {};
        },
      },
      agents: {
        async *invoke() {
          for (const message of ['first', 'second', 'third']) {
            await new Promise(setImmediate);
            work(message);
            handle();
            yield { event: { case: 'progress', value: { message } } };
          }
        },
      },
    });
  });
  afterEach(async () => {
    await caller.shutdown();
    await mesh.close();
  });

  // Runs a call inside a root span and answers the spans of its trace once this many have ended.
  async function traceOf(spans: number, call: () => Promise<unknown>): Promise<readonly TraceSpan[]> {
    const root = openSpan(caller.tracer, 'root');
    await root.run(call).catch(() => undefined);
    root.end();
    await caller.flush();
    for (;;) {
      await mesh.flush();
      await new Promise(setImmediate);
      const [newest] = mesh.traces.store.list(1);
      const found = (newest && mesh.traces.store.get(newest.traceId)?.spans) ?? [];
      if (found.length >= spans) return found;
    }
  }
  // Lines such as `server GetSession` under the line of their parent.
  function outline(spans: readonly TraceSpan[], parent: string | null = null, indent = ''): string[] {
    return spans
      .filter(({ parentSpanId }) => parentSpanId === parent)
      .flatMap(({ spanId, kind, name }) => [
        `${indent}${kind} ${name}`,
        ...outline(spans, spanId, `${indent}  `),
      ]);
  }
  const client = (target = server.address) => mesh.client(SessionService, target, 'calls');
  const agents = () => mesh.client(AgentRuntimeService, server.address, 'calls');

  it('leads from the client to the server and to what the handler does', async () => {
    const spans = await traceOf(4, () => client().getSession({}, mesh.call()));
    expect(outline(spans)).toEqual([
      'internal root',
      `  client ${getSession}`,
      `    server ${getSession}`,
      '      internal inside',
    ]);
    const served = spans.find(({ kind }) => kind === 'server');
    expect(served).toMatchObject({
      service: 'server',
      status: 'unset',
      attributes: { 'rpc.system.name': 'connectrpc', 'rpc.response.status_code': 'ok' },
    });
  });

  it("carries the state of the caller's tracing system to whom a handler calls", async () => {
    let seen: string | undefined;
    handle = () => {
      seen = trace.getSpanContext(contextApi.active())?.traceState?.serialize();
    };
    const ids = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), traceFlags: 1 };
    const outside = trace.setSpanContext(ROOT_CONTEXT, {
      ...ids,
      traceState: createTraceState('vendor=t61rcWkgMzE'),
    });
    await openSpan(caller.tracer, 'root', { parent: outside }).run(() =>
      client().listSessions({}, mesh.call()),
    );
    expect(seen).toBe('vendor=t61rcWkgMzE');
  });

  it('leads through a handler that calls on', async () => {
    const spans = await traceOf(6, () => client().listSessions({}, mesh.call()));
    expect(outline(spans)).toEqual([
      'internal root',
      `  client ${listSessions}`,
      `    server ${listSessions}`,
      `      client ${getSession}`,
      `        server ${getSession}`,
      '          internal inside',
    ]);
  });

  it('keeps each step of a streaming handler inside the span of its call', async () => {
    const spans = await traceOf(6, () => Array.fromAsync(agents().invoke({}, mesh.call())));
    expect(outline(spans)).toEqual([
      'internal root',
      `  client ${invoke}`,
      `    server ${invoke}`,
      '      internal first',
      '      internal second',
      '      internal third',
    ]);
  });

  it('shows attempts as siblings and counts them', async () => {
    let failures = 2;
    handle = () => {
      failures -= 1;
      if (failures >= 0) throw new Fault('unavailable', 'Not now');
    };
    const spans = await traceOf(10, () => client().getSession({}, mesh.call()));
    const attempts = spans.filter(({ kind }) => kind === 'client');
    expect(new Set(attempts.map(({ parentSpanId }) => parentSpanId)).size).toBe(1);
    expect(
      attempts.map(({ status, attributes }) => [
        status,
        attributes['error.type'],
        attributes['domainflow.rpc.retry_count'],
      ]),
    ).toEqual([
      ['error', 'unavailable', undefined],
      ['error', 'unavailable', 1],
      ['unset', undefined, 2],
    ]);
  });

  it('shows an attempt on an address where nobody listens', async () => {
    const spans = await traceOf(5, async () => client(await deadAddress()).getSession({}, mesh.call()));
    expect(outline(spans)).toEqual(['internal root', ...Array(4).fill(`  client ${getSession}`)]);
  });

  it('marks a server only where the server failed, a client always', async () => {
    const statusesOf = async (fault: Fault) => {
      handle = () => {
        throw fault;
      };
      const spans = await traceOf(4, () => client().getSession({}, mesh.call()));
      return ['client', 'server'].map((side) => {
        const span = spans.find(({ kind }) => kind === side);
        return [span?.status, span?.attributes['error.type'], span?.attributes['rpc.response.status_code']];
      });
    };
    expect(await statusesOf(new Fault('not_found', 'No such session'))).toEqual([
      ['error', 'not_found', undefined],
      ['unset', undefined, 'not_found'],
    ]);
    expect(await statusesOf(new Fault('internal', 'Broken'))).toEqual([
      ['error', 'internal', undefined],
      ['error', 'internal', 'internal'],
    ]);
  });

  it('ends and measures each side of a stream once, however the stream ends', async () => {
    const leave = new AbortController();
    const endings: Record<string, () => Promise<unknown>> = {
      read: () => Array.fromAsync(agents().invoke({}, mesh.call())),
      left: async () => {
        for await (const _ of agents().invoke({}, mesh.call())) break;
      },
      aborted: async () => {
        for await (const _ of agents().invoke({}, mesh.call({ signal: leave.signal }))) leave.abort();
      },
      failed: async () => {
        handle = () => {
          throw new Fault('internal', 'Broken');
        };
        await Array.fromAsync(agents().invoke({}, mesh.call()));
      },
    };
    const seen: Record<string, unknown> = {};
    for (const [how, read] of Object.entries(endings)) {
      const spans = await traceOf(4, read);
      expect([how, outline(spans).slice(0, 3)]).toEqual([
        how,
        ['internal root', `  client ${invoke}`, `    server ${invoke}`],
      ]);
      expect(spans.filter(({ name }) => name === invoke)).toHaveLength(2);
      seen[how] = spans.find(({ kind }) => kind === 'client')?.attributes['error.type'];
    }
    const counts = (await server.telemetry.metrics.metrics()).matchAll(
      /_count\{.*method="Invoke".*\} (\d+)/g,
    );
    expect([...counts].reduce((sum, [, count]) => sum + Number(count), 0)).toBe(4);
    expect(seen).toEqual({ read: undefined, left: undefined, aborted: 'cancelled', failed: 'internal' });
  });

  it('joins the trace of a plain gRPC client, and leaves health checks out', async () => {
    const plain = createGrpcJsClient(server.address);
    await plain.unary(Health.method.check, {});
    const spans = await traceOf(1, async () => undefined);
    expect(spans.map(({ name }) => name)).toEqual(['root']);
    await plain.unary(SessionService.method.getSession, {}, { token: mesh.token(), timeoutMs: 5_000 });
    await mesh.flush();
    const served = mesh.traces.store.list(5).map(({ traceId }) => mesh.traces.store.get(traceId)?.spans);
    const systems = served.flat().map((span) => span?.attributes['rpc.system.name']);
    expect(systems).toContain('grpc');
    expect(served.flat().some((span) => span?.name.includes('Health'))).toBe(false);
    plain.close();
  });
});
