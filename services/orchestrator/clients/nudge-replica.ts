// Tells other replicas of this service that a command waits for a run that they hold. Nothing depends on it: they also look by themselves.
import type { Tracer } from '@opentelemetry/api';
import type { Clock } from '../../../foundation/clock.ts';
import type { ClosableTransport } from '../../../foundation/rpc/balanced-transport.ts';
import { callWith } from '../../../foundation/rpc/caller.ts';
import { createMeshClient } from '../../../foundation/rpc/mesh-client.ts';
import { createMeshTransport } from '../../../foundation/rpc/mesh-transport.ts';
import { ReplicaService } from '../../../proto/gen/domainflow/orchestrator/v1/replica_service_pb.js';

const callTimeoutMs = 5_000;
/** Replicas that a connection is kept to. */
const replicasMax = 64;

/** What nudging needs. */
export interface NudgeDeps {
  /** A token with which the service speaks for itself. */
  readonly token: () => string;
  readonly tracer: Tracer;
  readonly clock: Clock;
}

/** Nudges replicas. */
export interface Nudges {
  /** Resolves once the replica at the address has looked; Fault when it cannot be reached. */
  nudge(address: string, run: { readonly tenantId: string; readonly id: string }): Promise<void>;
  /** Closes every connection. */
  close(): void;
}

/** Connects to a replica when it is first nudged. */
export function createNudges({ token, tracer, clock }: NudgeDeps): Nudges {
  const transports = new Map<string, ClosableTransport>();

  function transportTo(target: string): ClosableTransport {
    const transport = transports.get(target) ?? createMeshTransport({ target, tracer, clock });
    transports.delete(target);
    transports.set(target, transport); // the one that was used last stands last
    for (const [address, oldest] of transports) {
      if (transports.size <= replicasMax) break;
      transports.delete(address);
      oldest.close();
    }
    return transport;
  }

  return {
    async nudge(address, { tenantId, id: executionId }) {
      const client = createMeshClient(ReplicaService, transportTo(address));
      const options = callWith({ token: token(), timeoutMs: callTimeoutMs });
      await client.nudge({ tenantId, executionId }, options);
    },
    close() {
      for (const transport of transports.values()) transport.close();
      transports.clear();
    },
  };
}
