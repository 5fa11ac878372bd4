// An RPC server: one HTTP/2 cleartext port that answers gRPC, Connect and gRPC-Web, with health and reflection beside the services.
import type { Http2Server, ServerOptions } from 'node:http2';
import type { AddressInfo, ServerOpts as TcpOptions } from 'node:net';
import type { DescService } from '@bufbuild/protobuf';
import type { ConnectRouter, ConnectRouterOptions } from '@connectrpc/connect';
import { Health as HealthService } from '../../proto/gen/grpc/health/v1/health_pb.js';
import { Fault } from '../fault/fault.ts';
import type { TokenVerifier } from '../identity/token-verifier.ts';
import type { Health } from '../process/health.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import { createConnectServer } from './connect-server.ts';
import { serveHealth } from './health-service.ts';
import { closeIdleSessions } from './idle-sessions.ts';
import { serveReflection } from './reflection-service.ts';
import { renderFaults } from './render-faults.ts';
import { createRequestGate } from './request-gate.ts';
import { serveSpan } from './serve-span.ts';
import { type SessionTracker, stopListening, trackSessions } from './server-drain.ts';

/** Largest request, in bytes. No method takes a stream of requests but reflection, so that it bounds messages too. */
export const requestBytesMax = 40 * 1024 * 1024;
/** Longest time that a caller may ask for, in milliseconds. */
export const deadlineMsMax = 20 * 60_000;
/** How long calls under way may go on while the server closes, in milliseconds, unless it is told otherwise. */
export const drainMsDefault = 5_000;
/** How long calls that were cut short have to say so, in milliseconds. */
const lastWordMs = 250;
/** A connection without any traffic is closed after this time, in milliseconds; clients of the mesh close theirs earlier. */
const idleMs = 10 * 60_000;

/** Limits of one connection. */
const connectionLimits: ServerOptions & TcpOptions = {
  settings: { maxConcurrentStreams: 4_096, maxHeaderListSize: 64 * 1024 },
  // Finds out about clients whose machine has gone.
  keepAlive: true,
  keepAliveInitialDelay: 15_000,
};

/** What a server is made of. */
export interface RpcServerOptions {
  /** Address to listen on, such as `127.0.0.1`. */
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  /** Services that `routes` implements. */
  readonly services: readonly DescService[];
  /** Registers the implementations. */
  readonly routes: (router: ConnectRouter) => void;
  readonly verifier: TokenVerifier;
  readonly health: Health;
  readonly telemetry: Telemetry;
  /** Aborted when the server begins to close, so that streams without an end of their own end. Absent: nobody but the server is told. */
  readonly draining?: AbortController;
  /** How long calls under way may go on while the server closes, in milliseconds; absent means 5 s. */
  readonly drainMs?: number;
  /** Largest request, in bytes; absent means that of the mesh. */
  readonly requestBytesMax?: number;
}

/** A listening server. */
export interface RpcServer {
  /** `host:port` as it listens. */
  readonly address: string;
  /** Stops accepting, tells clients to go elsewhere (GOAWAY), lets calls under way end in their time, then cuts what is left. */
  close(): Promise<void>;
}

/** Starts a server; it answers from the moment the promise resolves. Rejects when it cannot listen. */
export async function startRpcServer(options: RpcServerOptions): Promise<RpcServer> {
  const { host, port, routes, services, health, draining = new AbortController() } = options;
  const shutdown = new AbortController();
  const server = await createConnectServer({
    bodyBytesMax: options.requestBytesMax ?? requestBytesMax,
    connections: connectionLimits,
    router: routerOptions(options, shutdown.signal),
    routes: (router) => {
      routes(router);
      const serviceNames = services.map(({ typeName }) => typeName);
      serveHealth(router, { health, serviceNames, draining: draining.signal });
      serveReflection(router, [...services, HealthService]);
    },
  });
  const sessions = trackSessions(server);
  closeIdleSessions(server, idleMs);
  await listen(server, host, port);
  const { port: bound } = server.address() as AddressInfo;
  return {
    address: `${host.includes(':') ? `[${host}]` : host}:${bound}`,
    close: async () => {
      stopListening(server);
      draining.abort();
      await drain(sessions, { shutdown, drainMs: options.drainMs ?? drainMsDefault });
    },
  };
}

function routerOptions(options: RpcServerOptions, shutdownSignal: AbortSignal): ConnectRouterOptions {
  const { verifier, telemetry } = options;
  return {
    requestGate: createRequestGate({ verifier, telemetry }),
    interceptors: [serveSpan(telemetry), renderFaults(telemetry.log)],
    maxTimeoutMs: deadlineMsMax,
    shutdownSignal,
    acceptCompression: [],
  };
}

async function listen(server: Http2Server, host: string, port: number): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject);
  server.listen({ host, port }, resolve);
  await promise;
  server.off('error', reject);
}

interface DrainOptions {
  readonly shutdown: AbortController;
  readonly drainMs: number;
}

async function drain(sessions: SessionTracker, { shutdown, drainMs }: DrainOptions): Promise<void> {
  const left = sessions.takeLeave();
  if (await settlesWithin(left, drainMs)) return;
  shutdown.abort(new Fault('unavailable', 'The service is shutting down'));
  if (await settlesWithin(left, lastWordMs)) return;
  sessions.cut();
  await left;
}

async function settlesWithin(work: Promise<unknown>, timeoutMs: number): Promise<boolean> {
  const { promise: expired, resolve } = Promise.withResolvers<false>();
  const timer = setTimeout(() => resolve(false), timeoutMs);
  const settled = await Promise.race([work.then(() => true as const), expired]);
  clearTimeout(timer);
  return settled;
}
