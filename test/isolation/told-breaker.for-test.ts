// A circuit breaker of the tenant's tool, told of again and again as the agents service does once the tool was called.
import { trace } from '@opentelemetry/api';
import { createBreakerBoard } from '../../foundation/breaker/breaker-board.ts';
import { exchangeBreakers, thisProcess } from '../../foundation/breaker/breaker-exchange.ts';
import { monotonicMs, systemClock } from '../../foundation/clock.ts';
import { createServiceTokenMint } from '../../foundation/identity/mesh-issuers.ts';
import { createMeshTransport } from '../../foundation/rpc/mesh-transport.ts';
import { tellBreakers } from '../../foundation/rpc/tell-breakers.ts';
import { createMetrics } from '../../foundation/telemetry/metrics.ts';
import type { TestMesh } from '../e2e/test-mesh.ts';
import type { Seed } from './seed.for-test.ts';

/** Tells of it from now on. The result ends that. */
export function tellOfBreaker({ addresses, signingKeys }: TestMesh, seed: Seed): () => Promise<void> {
  const log = { info: () => undefined, warn: () => undefined };
  const metrics = createMetrics({ processMetrics: false });
  const board = createBreakerBoard({ metrics, log, nowMs: monotonicMs });
  board.of({ key: `tool:${seed.tenantId}/${seed.names.tool_name}`, refusal: 'It is left alone' });
  const tracer = trace.getTracer('test');
  const transport = createMeshTransport({ target: addresses.registry, tracer, clock: systemClock });
  const token = createServiceTokenMint('agents', signingKeys.agents.privateJwk, systemClock);
  const exchange = tellBreakers({ transport, token });
  const stop = exchangeBreakers({ process: thisProcess('agents'), board, exchange, log });
  return async () => {
    await stop();
    transport.close();
  };
}
