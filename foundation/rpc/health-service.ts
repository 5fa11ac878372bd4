// grpc.health.v1 over a process's readiness, for Kubernetes' native probes, grpcurl and other meshes.
import { Code, ConnectError, type ConnectRouter, type HandlerContext } from '@connectrpc/connect';
import {
  Health as HealthService,
  HealthCheckResponse_ServingStatus as Status,
} from '../../proto/gen/grpc/health/v1/health_pb.js';
import type { Health } from '../process/health.ts';

/** Serves the health of the whole server (empty name) and of each service by full name, which is the same. */
export function serveHealth(router: ConnectRouter, health: Health, serviceNames: readonly string[]): void {
  const known = new Set(['', ...serviceNames]);
  const status = () => (health.overall() === 'serving' ? Status.SERVING : Status.NOT_SERVING);
  router.service(HealthService, {
    check({ service }) {
      if (!known.has(service)) throw new ConnectError('unknown service', Code.NotFound);
      return { status: status() };
    },
    async *watch({ service }, context) {
      if (!known.has(service)) {
        yield { status: Status.SERVICE_UNKNOWN };
        return;
      }
      for await (const _ of changes(health, context)) yield { status: status() };
    },
  });
}

// Yields once at the start and after each change, until the caller goes.
async function* changes(health: Health, { signal }: HandlerContext): AsyncGenerator<void> {
  let wake = Promise.withResolvers<void>();
  const ring = () => wake.resolve();
  const stopListening = health.onChange(ring);
  signal.addEventListener('abort', ring, { once: true });
  try {
    while (!signal.aborted) {
      yield;
      await wake.promise;
      wake = Promise.withResolvers<void>();
    }
  } finally {
    stopListening();
    signal.removeEventListener('abort', ring);
  }
}
