// The frame around every RPC service: telemetry, health, server and an orderly end. What the service does comes from its `app.ts`.
import type { DescService } from '@bufbuild/protobuf';
import type { ConnectRouter } from '@connectrpc/connect';
import { type BreakerBoard, createBreakerBoard } from '../breaker/breaker-board.ts';
import { type Clock, monotonicMs, systemClock } from '../clock.ts';
import type { ServiceConfig } from '../config/service-config.ts';
import { createMeshVerifier } from '../identity/mesh-issuers.ts';
import { type Closing, createClosing } from '../process/closing.ts';
import { createHealth, type Health } from '../process/health.ts';
import { watchComponent } from '../process/watch-component.ts';
import { configuredTelemetry } from '../telemetry/configured-telemetry.ts';
import { serveMetrics } from '../telemetry/serve-metrics.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import { startRpcServer } from './server.ts';

/** What a service builds its parts from. Whatever it opens it registers with `closing`. */
export interface ServiceFrame {
  readonly telemetry: Telemetry;
  readonly closing: Closing;
  readonly health: Health;
  readonly clock: Clock;
  /** The circuit breakers of the process. */
  readonly breakers: BreakerBoard;
  /** Aborted when the server begins to close: streams without an end of their own end then, so that nobody waits for them. */
  readonly draining: AbortSignal;
}

/** The parts of a service. */
export interface ServiceParts {
  readonly services: readonly DescService[];
  readonly routes: (router: ConnectRouter) => void;
  /** Stores without which the service is not ready, by name. */
  readonly stores: Readonly<Record<string, () => Promise<unknown>>>;
  /** Work that needs the service's own address; started last and therefore ended first. */
  readonly begin?: (address: string) => Promise<void>;
}

/** A service to start. */
export interface RpcServiceOptions {
  /** Short name, such as `registry`. */
  readonly name: string;
  readonly config: ServiceConfig;
  readonly build: (frame: ServiceFrame) => Promise<ServiceParts> | ServiceParts;
}

/** A running service. */
export interface RunningService {
  /** `host:port`. */
  readonly address: string;
  /** Where `/metrics` lies below; undefined without `METRICS_PORT`. */
  readonly metricsUrl: string | undefined;
  readonly health: Health;
  readonly telemetry: Telemetry;
  /** Not ready first, then everything in reverse order of its start, telemetry last. */
  close(): Promise<void>;
}

/** Starts a service. When the start fails, what was opened is closed again before the error is thrown. */
export async function startRpcService({ name, config, build }: RpcServiceOptions): Promise<RunningService> {
  const telemetry = configuredTelemetry(name, config.telemetry);
  const closing = createClosing(telemetry.log);
  closing.add('telemetry', () => telemetry.shutdown());
  const health = createHealth();
  const clock = systemClock;
  const draining = new AbortController();
  const { metrics, log } = telemetry;
  const breakers = createBreakerBoard({ metrics, log, nowMs: monotonicMs, figures: config.breakers });
  const frame = { telemetry, closing, health, clock, breakers, draining: draining.signal };
  try {
    const { host, port, meshKeys } = config;
    const metricsUrl = await serveMetrics({ host, config: config.telemetry, telemetry, closing });
    const { services, routes, stores, begin } = await build(frame);
    health.set('server', 'not_serving', 'starting');
    for (const [store, ping] of Object.entries(stores)) {
      closing.add(`watch ${store}`, await watchComponent(health, { name: store, ping }));
    }
    const verifier = createMeshVerifier(meshKeys, clock);
    const parts = { host, port, services, routes, verifier, health, telemetry, draining };
    const server = await startRpcServer(parts);
    closing.add('server', () => server.close());
    await begin?.(server.address);
    health.set('server', 'serving');
    telemetry.log.info({ address: server.address }, `${name} serves`);
    const { address } = server;
    return { address, metricsUrl, health, telemetry, close: () => closeInOrder(health, closing) };
  } catch (error) {
    await closing.close();
    throw error;
  }
}

async function closeInOrder(health: Health, closing: Closing): Promise<void> {
  health.drain();
  await closing.close();
}
