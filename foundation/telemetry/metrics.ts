// Prometheus registries and the measurements that every server takes: rate, errors and duration. Labels have few values, never ids.
import { collectDefaultMetrics, Histogram, Registry } from 'prom-client';
import { MetricName } from './names.ts';

/** The measurements of one service, rendered by `registry.metrics()`. */
export type Metrics = Registry;

/** Upper bounds in seconds, from half a millisecond to a minute. */
export const durationBucketsS: readonly number[] = [
  0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60,
];

/** An own registry for one service. With `processMetrics` it also measures memory, CPU, event loop and garbage collection of the process. */
export function createMetrics(options: { readonly processMetrics: boolean }): Metrics {
  const registry = new Registry();
  if (options.processMetrics) collectDefaultMetrics({ register: registry });
  return registry;
}

/** One served RPC. `service` and `method` come from the proto; `code` is the RPC code in lower case, `ok` on success. */
export interface RpcMeasurement {
  readonly service: string;
  readonly method: string;
  readonly code: string;
  readonly durationMs: number;
}

/** Records served RPCs in `domainflow_rpc_server_duration_seconds`. May be created more than once on one registry. */
export function createRpcServerMetrics(registry: Metrics): { record(call: RpcMeasurement): void } {
  const duration = durationHistogram(registry, MetricName.rpcServerDuration, 'Duration of served RPCs', [
    'service',
    'method',
    'code',
  ]);
  return {
    record: ({ service, method, code, durationMs }) =>
      duration.observe({ service, method, code }, durationMs / 1000),
  };
}

/** One served HTTP request. `route` is the template, such as `/api/v1/agents/{id}`; requests without a route share one word. */
export interface HttpMeasurement {
  readonly route: string;
  readonly method: string;
  readonly status: number;
  readonly durationMs: number;
}

/** Records served requests in `domainflow_http_server_duration_seconds`. May be created more than once on one registry. */
export function createHttpServerMetrics(registry: Metrics): { record(request: HttpMeasurement): void } {
  const duration = durationHistogram(
    registry,
    MetricName.httpServerDuration,
    'Duration of served HTTP requests',
    ['route', 'method', 'status'],
  );
  return {
    record: ({ route, method, status, durationMs }) =>
      duration.observe({ route, method, status: String(status) }, durationMs / 1000),
  };
}

/** A histogram of durations in seconds; the same name on the same registry gives the same histogram. */
export function durationHistogram<Label extends string>(
  registry: Metrics,
  name: string,
  help: string,
  labelNames: readonly Label[],
): Histogram<Label> {
  const existing = registry.getSingleMetric<Label>(name);
  if (existing instanceof Histogram) return existing;
  return new Histogram({
    name,
    help,
    labelNames: [...labelNames],
    buckets: [...durationBucketsS],
    registers: [registry],
  });
}
