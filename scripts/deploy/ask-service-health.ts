// Asks a service by grpc.health.v1 whether it can serve.
import { createClient } from '@connectrpc/connect';
import { createGrpcTransport, Http2SessionManager } from '@connectrpc/connect-node';
import {
  Health,
  HealthCheckResponse_ServingStatus as Status,
} from '../../proto/gen/grpc/health/v1/health_pb.js';

const answerMsMax = 5_000;

/** `Active`, or what the service at `host:port` says instead. */
export async function askServiceHealth(address: string): Promise<string> {
  const baseUrl = `http://${address}`;
  const sessionManager = new Http2SessionManager(baseUrl);
  try {
    const client = createClient(Health, createGrpcTransport({ baseUrl, sessionManager }));
    const { status } = await client.check({}, { timeoutMs: answerMsMax });
    return status === Status.SERVING ? 'Active' : (Status[status] ?? String(status));
  } catch {
    return 'No answer';
  } finally {
    sessionManager.abort();
  }
}
