// A mesh for tests: real servers on real sockets with hand-written services, the tokens to call them and what they log and trace.
import type { DescService } from '@bufbuild/protobuf';
import type { CallOptions, Client, ConnectRouter, ServiceImpl } from '@connectrpc/connect';
import { systemClock } from '../../foundation/clock.ts';
import {
  createMeshVerifier,
  createRequestTokenMint,
  createRunTokenMint,
} from '../../foundation/identity/mesh-issuers.ts';
import { generateSigningKey, type SigningKeyPair } from '../../foundation/identity/signing-key.ts';
import { createHealth, type Health } from '../../foundation/process/health.ts';
import type { Addresses } from '../../foundation/rpc/addresses.ts';
import { callWith } from '../../foundation/rpc/caller.ts';
import { createMeshClient } from '../../foundation/rpc/mesh-client.ts';
import { createMeshTransport } from '../../foundation/rpc/mesh-transport.ts';
import { type RpcServer, startRpcServer } from '../../foundation/rpc/server.ts';
import { createTelemetry, type Telemetry } from '../../foundation/telemetry/telemetry.ts';
import { startTraceServer, type TraceServer } from '../../local/traces/trace-server.ts';
import { AgentRuntimeService } from '../../proto/gen/domainflow/agents/v1/agent_runtime_service_pb.js';
import { SessionService } from '../../proto/gen/domainflow/sessions/v1/session_service_pb.js';

/** The person that test calls are made for. */
export const alice = {
  tenantId: '0199aaaa-0000-7000-8000-000000000001',
  userId: '0199aaaa-0000-7000-8000-000000000002',
  username: 'alice',
  roles: ['editor'],
};

/** What a test replica does; methods left out are not implemented. */
export interface TestServices {
  readonly sessions?: Partial<ServiceImpl<typeof SessionService>>;
  readonly agents?: Partial<ServiceImpl<typeof AgentRuntimeService>>;
}

/** A running replica. */
export interface TestReplica extends RpcServer {
  readonly health: Health;
  readonly telemetry: Telemetry;
  /** Lines that it logged, parsed. */
  readonly log: readonly Record<string, unknown>[];
}

/** A mesh with its own keys. */
export interface TestMesh {
  readonly gatewayKeys: SigningKeyPair;
  readonly orchestratorKeys: SigningKeyPair;
  readonly traces: TraceServer;
  /** A valid token of the gateway for alice. */
  token(): string;
  /** A valid token of the orchestrator for a run of alice's. */
  runToken(): string;
  /** Options of a valid call. */
  call(options?: { timeoutMs?: number; signal?: AbortSignal; route?: string }): CallOptions;
  /** `drainMs` is how long calls may go on while it closes; absent means as in production. */
  start(services: TestServices, options?: { drainMs?: number }): Promise<TestReplica>;
  /** A client as services have it; `name` is its service's name in traces. */
  client<S extends DescService>(service: S, target: string | Addresses, name?: string): Client<S>;
  /** Sends the spans that have ended to `traces`. */
  flush(): Promise<unknown>;
  /** Closes everything that was started. */
  close(): Promise<void>;
}

/** A mesh without servers. */
export async function createTestMesh(): Promise<TestMesh> {
  const [gatewayKeys, orchestratorKeys] = [await generateSigningKey(), await generateSigningKey()];
  const keys = { gateway: [gatewayKeys.publicJwk], orchestrator: [orchestratorKeys.publicJwk] };
  const verifier = createMeshVerifier(keys, systemClock);
  const gateway = createRequestTokenMint(gatewayKeys.privateJwk, systemClock);
  const orchestrator = createRunTokenMint(orchestratorKeys.privateJwk, systemClock);
  const run = { runId: 'job_1', capability: 'query', writeTarget: '' };
  const traces = await startTraceServer();
  const closing: (() => unknown)[] = [() => traces.close()];
  const telemetries: Telemetry[] = [];

  const startTelemetry = (service: string, log: Record<string, unknown>[]): Telemetry => {
    const telemetry = createTelemetry({
      service,
      version: '0',
      otlp: traces.url,
      logLevel: 'debug',
      logDestination: { write: (line) => void log.push(JSON.parse(line)) },
      processMetrics: false,
    });
    telemetries.push(telemetry);
    closing.push(() => telemetry.shutdown());
    return telemetry;
  };
  const call: TestMesh['call'] = (options) =>
    callWith({ token: gateway.mint(alice), timeoutMs: 5_000, ...options });

  return {
    gatewayKeys,
    orchestratorKeys,
    traces,
    token: () => gateway.mint(alice),
    runToken: () => orchestrator.mint({ ...alice, run }),
    call,
    async start(services, options) {
      const log: Record<string, unknown>[] = [];
      const [telemetry, health] = [startTelemetry('server', log), createHealth()];
      health.set('server', 'serving');
      const parts = { host: '127.0.0.1', port: 0, verifier, health, telemetry };
      const server = await startRpcServer({ ...parts, ...routesOf(services), ...options });
      closing.push(() => server.close());
      return { ...server, health, telemetry, log };
    },
    client(service, target, name = 'client') {
      const { tracer } = startTelemetry(name, []);
      const transport = createMeshTransport({ target, tracer, clock: systemClock });
      closing.push(() => transport.close());
      return createMeshClient(service, transport);
    },
    flush: () => Promise.all(telemetries.map((telemetry) => telemetry.flush())),
    async close() {
      for (const end of closing.reverse()) await end();
    },
  };
}

function routesOf({ sessions, agents }: TestServices) {
  return {
    services: [SessionService, AgentRuntimeService],
    routes: (router: ConnectRouter) => {
      router.service(SessionService, sessions ?? {});
      router.service(AgentRuntimeService, agents ?? {});
    },
  };
}

/** Addresses that a test changes. */
export interface MovingAddresses extends Addresses {
  set(addresses: readonly string[]): void;
}

/** Addresses that a test changes, known at once. */
export function movingAddresses(first: readonly string[]): MovingAddresses {
  let present = first;
  return {
    current: () => present,
    ready: () => Promise.resolve(),
    close: () => undefined,
    set: (addresses) => {
      present = addresses;
    },
  };
}
