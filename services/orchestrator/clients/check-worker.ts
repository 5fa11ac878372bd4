// Asks after a worker through the agents service, which alone calls where tenants say.
import { durationMs } from '@bufbuild/protobuf/wkt';
import { callWith } from '../../../foundation/rpc/caller.ts';
import { untraced } from '../../../foundation/telemetry/untraced.ts';
import { WorkerProtocol } from '../../../proto/gen/domainflow/agents/v1/worker_pb.js';
import type { MeshClients } from './mesh-clients.ts';

/** Time for one question, in milliseconds: longer than the agents service gives the worker. */
const timeoutMs = 6_000;

/** A worker that is called. */
export interface CalledPlace {
  readonly tenantId: string;
  readonly id: string;
  readonly protocol: 'http' | 'connect' | 'grpc';
  readonly endpoint: string;
}

/** What was found. */
export interface FoundWorker {
  /** It said that it is well. */
  readonly answered: boolean;
  /** Of a trial: it may be called again. */
  readonly callable: boolean;
  /** Of a trial that left it not callable: until it is worth asking again, in milliseconds. */
  readonly retryAfterMs: number;
}

/** Asks once. Rejects when the agents service cannot be asked, which says nothing of the worker. */
export type CheckWorker = (worker: CalledPlace & { readonly trial: boolean }) => Promise<FoundWorker>;

/** The protocols of workers that are called, as they cross the mesh. */
export const workerProtocols = {
  http: WorkerProtocol.HTTP,
  connect: WorkerProtocol.CONNECT,
  grpc: WorkerProtocol.GRPC,
} as const;

/** All calls of a worker go to one replica of the agents service, so that one circuit breaker knows of them. */
export function workerRoute({ tenantId, id }: Pick<CalledPlace, 'tenantId' | 'id'>): string {
  return `worker/${tenantId}/${id}`;
}

/** Asks as the orchestrator itself. */
export function createCheckWorker(checks: MeshClients['workerChecks'], token: () => string): CheckWorker {
  return async (worker) => {
    const { tenantId, id: workerId, protocol, endpoint, trial } = worker;
    const place = { workerId, endpoint, protocol: workerProtocols[protocol] };
    const call = callWith({ token: token(), timeoutMs, route: workerRoute(worker) });
    const question = { tenantId, worker: place, trial };
    const { answered, callable, retryAfter } = await untraced(() => checks.checkWorker(question, call));
    return { answered, callable, retryAfterMs: retryAfter ? durationMs(retryAfter) : 0 };
  };
}
