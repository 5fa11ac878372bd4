// Asks a process whether it can serve: a service by grpc.health.v1, the gateway by its route of readiness. It asks once and waits for a bounded time.
import { createClient } from '@connectrpc/connect';
import { createGrpcTransport, Http2SessionManager } from '@connectrpc/connect-node';
import {
  Health,
  HealthCheckResponse_ServingStatus as Status,
} from '../../proto/gen/grpc/health/v1/health_pb.js';
import type { HealthTarget } from './health-target.ts';

/** What a process said of itself. */
export interface HealthAnswer {
  readonly serving: boolean;
  /** `SERVING`, `NOT_SERVING` and the like, or `HTTP <status>`. */
  readonly said: string;
}

/** Resolves with the answer. Rejects when nobody answers in the protocol before the signal is aborted. */
export async function askHealth(target: HealthTarget, signal: AbortSignal): Promise<HealthAnswer> {
  if (target.protocol === 'http') return askGateway(target.address, signal);
  if (target.protocol === 'grpc') return askService(target.address, signal);
  // A service cuts a connection that does not begin with HTTP/2, so that asking for the other kind first costs it next to nothing.
  return askGateway(target.address, signal).catch(() => askService(target.address, signal));
}

async function askGateway(address: string, signal: AbortSignal): Promise<HealthAnswer> {
  const response = await fetch(`http://${address}/health/ready`, { signal, redirect: 'error' });
  await response.arrayBuffer();
  return { serving: response.status === 200, said: `HTTP ${response.status}` };
}

async function askService(address: string, signal: AbortSignal): Promise<HealthAnswer> {
  const baseUrl = `http://${address}`;
  const sessionManager = new Http2SessionManager(baseUrl);
  try {
    const client = createClient(Health, createGrpcTransport({ baseUrl, sessionManager }));
    const { status } = await client.check({}, { signal });
    return { serving: status === Status.SERVING, said: Status[status] ?? String(status) };
  } finally {
    sessionManager.abort();
  }
}
