// The port for workers that speak gRPC, with health and reflection beside the gate. It is cleartext HTTP/2, as the REST port is cleartext HTTP:
// TLS ends before both.
import type { Closing } from '../../foundation/process/closing.ts';
import type { Health } from '../../foundation/process/health.ts';
import { startRpcServer } from '../../foundation/rpc/server.ts';
import type { Telemetry } from '../../foundation/telemetry/telemetry.ts';
import { WorkerGateService } from '../../proto/gen/domainflow/workers/v1/worker_gate_service_pb.js';
import { createGateVerifier, type GateVerifierDeps } from '../auth/gate-verifier.ts';
import { claimPartS } from '../clients/claim-parts.ts';
import { workBodyBytesMax } from './work-api.ts';
import { type WorkerGateDeps, workerGate } from './worker-gate.ts';

/** What the port is made of. */
export interface WorkerGateServer extends GateVerifierDeps, Omit<WorkerGateDeps, 'health'> {
  readonly host: string;
  /** 0 lets the system choose; undefined opens none. */
  readonly grpcPort: number | undefined;
  readonly health: Health;
  readonly telemetry: Telemetry;
  readonly closing: Closing;
}

/** Opens the port, which closes with the gateway: waits that are under way may end. Answers `host:port`, or undefined for none. */
export async function openWorkerGate(options: WorkerGateServer): Promise<string | undefined> {
  const { host, grpcPort: port, health, telemetry, closing } = options;
  if (port === undefined) return undefined;
  const server = await startRpcServer({
    ...{ host, port, health, telemetry, services: [WorkerGateService] },
    routes: (router) => void router.service(WorkerGateService, workerGate(options)),
    verifier: createGateVerifier(options),
    drainMs: (claimPartS + 5) * 1000,
    requestBytesMax: workBodyBytesMax,
  });
  closing.add('workers by gRPC', () => server.close(), { timeoutMs: 20_000 });
  telemetry.log.info({ address: server.address }, 'gateway serves workers by gRPC');
  return server.address;
}
