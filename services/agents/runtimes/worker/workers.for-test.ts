// Workers for tests: real servers on this machine that answer as a test wants, and a runtime that calls them.

import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type RequestListener, type Server } from 'node:http';
import { createServer as createHttp2Server, type Http2Server } from 'node:http2';
import type { AddressInfo, Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import type { ServiceImpl } from '@connectrpc/connect';
import { connectNodeAdapter } from '@connectrpc/connect-node';
import { ProxyTracerProvider } from '@opentelemetry/api';
import { createBreakerBoard } from '../../../../foundation/breaker/breaker-board.ts';
import { createOutputCheck } from '../../../../foundation/json/output-check.ts';
import { type Network, networkOf } from '../../../../foundation/net/address.ts';
import type { GuardPolicy } from '../../../../foundation/net/guarded-connect.ts';
import { createOutbound } from '../../../../foundation/net/outbound-fetch.ts';
import { createMetrics, type Metrics } from '../../../../foundation/telemetry/metrics.ts';
import { AgentRuntimeService } from '../../../../proto/gen/domainflow/agents/v1/agent_runtime_service_pb.js';
import { invocationForTest } from '../../core/invocation.for-test.ts';
import type { Invocation, RuntimeNotice } from '../../core/invocation.ts';
import type { Worker } from '../../core/worker/worker.ts';
import type { InvocationCircumstances, RunAgent } from '../run-agent.ts';
import { type CheckWorker, createCheckWorker } from './check-worker.ts';
import { createContractWorker } from './contract-worker.ts';
import { createHttpWorker } from './http-worker.ts';
import { createWorkerBreakers } from './worker-breakers.ts';
import { createWorkerRuntime } from './worker-runtime.ts';

/** A request that a worker was sent. */
export interface SeenRequest {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A listening worker. */
export interface ListeningWorker {
  readonly port: number;
  /** Breaks every connection. */
  breakOff(): void;
  close(): Promise<void>;
}

/** Listens on 127.0.0.1 at a free port. */
export async function listen(server: Server | Http2Server): Promise<ListeningWorker> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const breakOff = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: (server.address() as AddressInfo).port,
    breakOff,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      breakOff();
      await closed;
    },
  };
}

/** A worker that answers requests one after the other with what it is given, the last one for ever. */
export async function httpWorker(
  ...answers: RequestListener[]
): Promise<ListeningWorker & { readonly seen: readonly SeenRequest[] }> {
  const seen: SeenRequest[] = [];
  const server = createServer(async (request, response) => {
    const { method, url, headers } = request;
    seen.push({ method, url, headers, body: await text(request) });
    answers[Math.min(seen.length, answers.length) - 1]?.(request, response);
  });
  return { ...(await listen(server)), seen };
}

/** Answers with a status and JSON, or a text as it stands. */
export function saying(answer: unknown, status = 200, headers: Record<string, string> = {}): RequestListener {
  const body = typeof answer === 'string' ? answer : JSON.stringify(answer);
  return (_request, response) => response.writeHead(status, headers).end(body);
}

/** A worker that speaks the contract: Connect by HTTP/1.1, or gRPC by HTTP/2 in cleartext. */
export function contractWorker(
  protocol: 'connect' | 'grpc',
  answers: Partial<ServiceImpl<typeof AgentRuntimeService>>,
): Promise<ListeningWorker> {
  const handler = connectNodeAdapter({
    routes: (router) => void router.service(AgentRuntimeService, answers),
  });
  return listen(protocol === 'grpc' ? createHttp2Server(handler) : createServer(handler));
}

/** This machine, where workers of tests may be. */
export const thisMachine: readonly Network[] = [networkOf('127.0.0.1')].filter(
  (network) => network !== undefined,
);

/** A runtime and what it noted. */
export interface WorkerRuntimeUnderTest {
  readonly run: RunAgent;
  readonly check: CheckWorker;
  readonly metrics: Metrics;
  /** How long it waited before each call that it made again, in milliseconds. */
  readonly waits: readonly number[];
  /** Moves the clock of the breakers. */
  pass(timeMs: number): void;
  close(): Promise<void>;
}

const noLog = { info: () => undefined, warn: () => undefined };

/** A runtime that may call this machine, and waits for nothing. */
export function openRuntime(
  policy: Partial<GuardPolicy> & { readonly breakersMax?: number } = {},
): WorkerRuntimeUnderTest {
  const { breakersMax: countMax = 100, ...guard } = policy;
  const reach = { allowed: thisMachine, ...guard };
  const outbound = createOutbound(reach);
  const ofContract = createContractWorker(reach);
  const metrics = createMetrics({ processMetrics: false });
  const waits: number[] = [];
  let nowMs = 0;
  const board = createBreakerBoard({ metrics, nowMs: () => nowMs, log: noLog });
  const breakerOf = createWorkerBreakers({ board, attemptMsMax: 300_000, countMax });
  const check = createCheckWorker({ outbound, policy: reach, breakerOf, nowMs: () => nowMs });
  const run = createWorkerRuntime({
    calls: { http: createHttpWorker(outbound), connect: ofContract, grpc: ofContract },
    networks: reach.allowed,
    breakerOf,
    outputs: createOutputCheck(),
    tracer: new ProxyTracerProvider().getTracer('test'),
    clock: () => nowMs,
    chance: () => 0,
    wait: async (waitMs) => void waits.push(waitMs),
  });
  const pass = (timeMs: number) => {
    nowMs += timeMs;
  };
  return { run, check, metrics, waits, pass, close: () => outbound.close() };
}

/** An attempt of a task of a worker on this machine. */
export function workerTask(
  port: number,
  given: Partial<Worker> = {},
  more: Partial<Invocation> = {},
): Invocation {
  const place = { endpoint: `http://127.0.0.1:${port}`, protocol: 'http' as const };
  const worker = { workerId: 'worker-1', taskType: 'analysis', ...place, ...given };
  return invocationForTest({
    ...{ runtime: 'worker', worker, systemPrompt: 'Say how urgent it is', domainId: 'civic_complaints' },
    ...{ input: { text: 'Smoke on Main Street' }, outputSchema: { urgency: { type: 'string' } } },
    ...more,
  });
}

/** Circumstances with a minute left, and everything that is told. */
export function circumstancesOf(
  signal: AbortSignal = new AbortController().signal,
): InvocationCircumstances & { readonly told: readonly RuntimeNotice[] } {
  const told: RuntimeNotice[] = [];
  return {
    ...{ tenantId: 'tenant-1', capability: 'ingestion', writeTarget: 'rep_1', signal, told },
    principal: { tenantId: 'tenant-1', userId: 'user-1', username: 'someone', roles: [] },
    callOptions: () => ({ headers: { authorization: 'Bearer token-of-the-run' } }),
    timeLeftMs: () => 60_000,
    tell: (notice) => void told.push(notice),
  };
}
