// What Prometheus sees of the pools of a process. Every measurement carries the label `pool`, since one process may have several.
import { Counter, Gauge } from 'prom-client';
import { durationHistogram, type Metrics } from '../telemetry/metrics.ts';
import { MetricName } from '../telemetry/names.ts';
import type { PoolObserver } from './pool-observer.ts';

/** Records what happens in one pool. Several pools share one registry. */
export function createPoolMetrics(registry: Metrics, pool: string, connectionsMax: number): PoolObserver {
  const transactions = durationHistogram(
    registry,
    MetricName.dbTransactionDuration,
    'Duration of transactions with all their attempts',
    ['pool', 'operation_type'],
  );
  const statements = durationHistogram(registry, MetricName.dbQueryDuration, 'Duration of statements', [
    'pool',
  ]);
  const active = gauge(registry, MetricName.dbConnectionsActive, 'Connections that are checked out');
  const opened = counter(registry, MetricName.dbConnectionsCreated, 'Connections opened');
  const closed = counter(registry, MetricName.dbConnectionsClosed, 'Connections closed');
  const errors = counter(registry, MetricName.dbConnectionErrors, 'Connections that failed', ['error_type']);
  const leaks = counter(registry, MetricName.dbLeaks, 'Connections that were held for too long');
  for (const none of [opened, closed, leaks]) none.inc({ pool }, 0);
  active.set({ pool }, 0);
  gauge(registry, MetricName.dbConnectionsMax, 'Connections that may be open').set({ pool }, connectionsMax);
  return {
    connectionOpened: () => opened.inc({ pool }),
    connectionClosed: () => closed.inc({ pool }),
    connectionsActive: (count) => active.set({ pool }, count),
    connectionFailed: (type) => errors.inc({ pool, error_type: type }),
    transactionEnded: (operation, durationMs) =>
      transactions.observe({ pool, operation_type: operation }, durationMs / 1_000),
    statementEnded: (durationMs) => statements.observe({ pool }, durationMs / 1_000),
    connectionHeld: ({ closed: again }) => {
      if (!again) leaks.inc({ pool });
    },
  };
}

/** Counts reads that the primary answered in the place of its replica. */
export function createFallbackMetric(registry: Metrics, pool: string): () => void {
  const fallbacks = counter(registry, MetricName.dbReadFallbacks, 'Reads that went to the primary instead');
  fallbacks.inc({ pool }, 0);
  return () => fallbacks.inc({ pool });
}

function counter(registry: Metrics, name: string, help: string, more: readonly string[] = []): Counter {
  const existing = registry.getSingleMetric(name);
  if (existing instanceof Counter) return existing;
  return new Counter({ name, help, labelNames: ['pool', ...more], registers: [registry] });
}

function gauge(registry: Metrics, name: string, help: string): Gauge {
  const existing = registry.getSingleMetric(name);
  if (existing instanceof Gauge) return existing;
  return new Gauge({ name, help, labelNames: ['pool'], registers: [registry] });
}
