// How fast one process calls another, by the client it uses: 32 unary calls of about 400 bytes in flight, over one connection, for some
// seconds each, in turn and twice. All clients talk to the same server in a process of its own. Prints one line for each.
import { fork } from 'node:child_process';
import { createClient } from '@connectrpc/connect';
import { createGrpcTransport } from '@connectrpc/connect-node';
import { trace } from '@opentelemetry/api';
import { systemClock } from '../foundation/clock.ts';
import { callWith } from '../foundation/rpc/caller.ts';
import { createMeshTransport } from '../foundation/rpc/mesh-transport.ts';
import { TenantService } from '../proto/gen/domainflow/registry/v1/tenant_service_pb.js';
import { createGrpcJsClient } from '../test/mesh/grpc-js-client.ts';
import { payload } from './transport-payload.ts';

const inFlight = 32;
const secondsEach = 4;
const timeoutMs = 5_000;

type Call = () => Promise<unknown>;

async function measure(call: Call): Promise<number> {
  const endMs = performance.now() + secondsEach * 1000;
  let calls = 0;
  const worker = async (): Promise<void> => {
    for (; performance.now() < endMs; calls += 1) await call();
  };
  await Promise.all(Array.from({ length: inFlight }, worker));
  return calls / secondsEach;
}

async function startServer(): Promise<{ address: string; token: string; stop: () => void }> {
  const child = fork(new URL('./transport-server.ts', import.meta.url), { execArgv: process.execArgv });
  const { promise, resolve } = Promise.withResolvers<{ address: string; token: string }>();
  child.once('message', (message) => resolve(message as { address: string; token: string }));
  return { ...(await promise), stop: () => child.disconnect() };
}

const { address, token, stop } = await startServer();
const request = { settings: payload };
const mesh = createMeshTransport({ target: address, tracer: trace.getTracer('bench'), clock: systemClock });
const connect = createClient(TenantService, mesh);
const grpc = createClient(TenantService, createGrpcTransport({ baseUrl: `http://${address}` }));
const grpcJs = createGrpcJsClient(address);
const clients: Readonly<Record<string, Call>> = {
  'our client, Connect protocol': () => connect.updateTenantSettings(request, callWith({ token, timeoutMs })),
  'connect-node, gRPC protocol': () => grpc.updateTenantSettings(request, callWith({ token, timeoutMs })),
  'grpc-js, gRPC protocol': () =>
    grpcJs.unary(TenantService.method.updateTenantSettings, request, { token, timeoutMs }),
};

for (const round of [1, 2]) {
  for (const [client, call] of Object.entries(clients)) {
    const perSecond = Math.round(await measure(call));
    process.stdout.write(`${JSON.stringify({ round, client, perSecond })}\n`);
  }
}
mesh.close();
grpcJs.close();
stop();
process.exit(0);
