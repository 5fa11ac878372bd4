// What Prometheus sees of workers, of the tasks that wait for them and of runs that wait for a place, on all replicas alike: read from the
// database when it is asked for.
import { Gauge } from 'prom-client';
import type { Log } from '../../../../foundation/telemetry/log.ts';
import type { Metrics } from '../../../../foundation/telemetry/metrics.ts';
import { MetricName } from '../../../../foundation/telemetry/names.ts';
import type { WorkFigures, WorkFiguresStore } from '../../store/store.ts';

/** What the metrics need. */
export interface WorkMetricsDeps {
  readonly metrics: Metrics;
  readonly figures: WorkFiguresStore;
  readonly log: Pick<Log, 'warn'>;
  /** Milliseconds of a clock that never goes back. */
  readonly clock: () => number;
}

/** For how long figures are told again before they are read anew, in milliseconds. */
const keptMs = 5_000;
const statuses = ['idle', 'busy', 'offline', 'error'] as const;

/** Registers the metrics. While the database is away they stay as they were. */
export function registerWorkMetrics({ metrics, figures, log, clock }: WorkMetricsDeps): void {
  let known: { readonly atMs: number; readonly figures: Promise<WorkFigures | undefined> } | undefined;
  const read = (): Promise<WorkFigures | undefined> => {
    if (known && clock() - known.atMs < keptMs) return known.figures;
    const reading = figures.read().catch((error: unknown) => {
      log.warn({ err: error }, 'Figures about work could not be read');
      return undefined;
    });
    known = { atMs: clock(), figures: reading };
    return reading;
  };
  const gauge = (name: string, help: string, figureOf: (figures: WorkFigures) => number): void => {
    new Gauge({
      name,
      help,
      registers: [metrics],
      async collect() {
        const now = await read();
        if (now) this.set(figureOf(now));
      },
    });
  };
  gauge(MetricName.workQueuedTasks, 'Tasks that could be given to a worker now', ({ queued }) => queued);
  gauge(
    MetricName.workOldestWait,
    'How long the oldest of those has waited',
    ({ oldestWaitS }) => oldestWaitS,
  );
  gauge(MetricName.workRunningAttempts, 'Attempts that workers have', ({ running }) => running);
  const limit = 'counted up to 10,000';
  gauge(MetricName.queuedExecutions, `Runs that wait for a place, ${limit}`, ({ queuedRuns }) => queuedRuns);
  gauge(MetricName.oldestQueued, 'Age of the oldest of those', ({ oldestQueuedS }) => oldestQueuedS);
  new Gauge({
    name: MetricName.workers,
    help: 'Registered workers by how they stand',
    labelNames: ['status'],
    registers: [metrics],
    async collect() {
      const now = await read();
      if (now) for (const status of statuses) this.set({ status }, now.workers[status]);
    },
  });
}
