// An RPC server: one HTTP/2 cleartext port that answers gRPC, Connect and gRPC-Web, with health and reflection beside the services.
import type { ServerHttp2Session } from 'node:http2';
import type { AddressInfo } from 'node:net';
import type { DescService } from '@bufbuild/protobuf';
import type { ConnectRouter } from '@connectrpc/connect';
import { fastifyConnectPlugin } from '@connectrpc/connect-fastify';
import { fastify } from 'fastify';
import { Health as HealthService } from '../../proto/gen/grpc/health/v1/health_pb.js';
import type { TokenVerifier } from '../identity/token-verifier.ts';
import type { Health } from '../process/health.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import { serveHealth } from './health-service.ts';
import { serveReflection } from './reflection-service.ts';
import { renderFaults } from './render-faults.ts';
import { requireIdentity } from './require-identity.ts';
import { serveSpan } from './serve-span.ts';

/** Largest request message, in bytes. */
const requestBytesMax = 40 * 1024 * 1024;
/** Longest time that a caller may ask for, in milliseconds. */
const deadlineMsMax = 20 * 60_000;
/** How long calls under way may go on while the server closes, in milliseconds. */
const drainMs = 5_000;

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
}

/** A listening server. */
export interface RpcServer {
  /** `host:port` as it listens. */
  readonly address: string;
  /** Stops accepting, tells clients to go elsewhere (GOAWAY), lets calls under way end within 5 s, then cuts what is left. */
  close(): Promise<void>;
}

/** Starts a server; it answers from the moment the promise resolves. */
export async function startRpcServer(options: RpcServerOptions): Promise<RpcServer> {
  const { host, port, services, routes, verifier, health, telemetry } = options;
  const sessions = new Set<ServerHttp2Session>();
  const app = fastify({ http2: true, forceCloseConnections: true, bodyLimit: requestBytesMax });
  app.server.on('session', (session: ServerHttp2Session) => {
    sessions.add(session);
    session.once('close', () => sessions.delete(session));
  });
  await app.register(fastifyConnectPlugin, {
    interceptors: [serveSpan(telemetry), renderFaults(telemetry.log), requireIdentity(verifier)],
    readMaxBytes: requestBytesMax,
    maxTimeoutMs: deadlineMsMax,
    acceptCompression: [],
    routes: (router) => {
      routes(router);
      const names = services.map(({ typeName }) => typeName);
      serveHealth(router, health, names);
      serveReflection(router, [...services, HealthService]);
    },
  });
  await app.listen({ host, port });
  const { port: bound } = app.server.address() as AddressInfo;
  return { address: `${host}:${bound}`, close: () => drain(sessions).then(() => app.close()) };
}

// session.close() sends GOAWAY and ends the session when its last stream has ended.
async function drain(sessions: ReadonlySet<ServerHttp2Session>): Promise<void> {
  const open = [...sessions].filter((session) => !session.closed);
  if (open.length === 0) return;
  const ended = Promise.all(open.map((session) => new Promise<void>((resolve) => session.close(resolve))));
  const { promise: expired, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, drainMs);
  await Promise.race([ended, expired]);
  clearTimeout(timer);
}
