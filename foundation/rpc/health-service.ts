// grpc.health.v1 over a process's readiness, for Kubernetes' native probes, grpcurl and other meshes.
import { Code, ConnectError, type ConnectRouter } from '@connectrpc/connect';
import {
  Health as HealthService,
  HealthCheckResponse_ServingStatus as Status,
} from '../../proto/gen/grpc/health/v1/health_pb.js';
import type { Health } from '../process/health.ts';

/** What is served. */
export interface HealthServiceOptions {
  readonly health: Health;
  /** Full names of the services that may be asked about. */
  readonly serviceNames: readonly string[];
  /** Ends watches, which have no end of their own. */
  readonly draining: AbortSignal;
}

/** A name that is always healthy: whoever answers for it is alive, whatever its stores do. Restarting would not bring them back. */
export const livenessName = 'liveness';

/** Serves the health of the whole server (empty name) and of each service by full name, which is the same, and `livenessName`. */
export function serveHealth(router: ConnectRouter, options: HealthServiceOptions): void {
  const { health, serviceNames, draining } = options;
  const known = new Set(['', livenessName, ...serviceNames]);
  const statusOf = (service: string): Status =>
    service === livenessName || health.overall() === 'serving' ? Status.SERVING : Status.NOT_SERVING;
  router.service(HealthService, {
    check({ service }) {
      if (!known.has(service)) throw new ConnectError('unknown service', Code.NotFound);
      return { status: statusOf(service) };
    },
    // The protocol asks that a watch on an unknown service stays open.
    async *watch({ service }, { signal }) {
      let last: Status | undefined;
      for await (const _ of changes(health, AbortSignal.any([signal, draining]))) {
        const next = known.has(service) ? statusOf(service) : Status.SERVICE_UNKNOWN;
        if (next !== last) yield { status: next };
        last = next;
      }
    },
  });
}

// Yields once at the start and after each change, until the signal is aborted, and once more then: the last change may be why.
async function* changes(health: Health, signal: AbortSignal): AsyncGenerator<void> {
  let wake = Promise.withResolvers<void>();
  const ring = () => wake.resolve();
  const stopListening = health.onChange(ring);
  signal.addEventListener('abort', ring, { once: true });
  try {
    yield;
    while (!signal.aborted) {
      await wake.promise;
      wake = Promise.withResolvers<void>();
      yield;
    }
  } finally {
    stopListening();
    signal.removeEventListener('abort', ring);
  }
}
