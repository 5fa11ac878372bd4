// What Prometheus sees of runs: told by what became durable on this replica, so that each event is counted once, and by what it holds now.
// Events come by the ten thousand a second, so they are counted in plain numbers and become measurements when somebody asks.
import { Counter, Gauge } from 'prom-client';
import type { Clock } from '../../../foundation/clock.ts';
import { durationBucketsS, type Metrics } from '../../../foundation/telemetry/metrics.ts';
import { MetricName } from '../../../foundation/telemetry/names.ts';
import { createQuickHistogram } from '../../../foundation/telemetry/quick-histogram.ts';
import type { ExecutionState, TaskStatus } from '../core/execution-state.ts';
import type { JournalEvent } from '../core/journal-event.ts';
import type { Feed } from './feed.ts';
import type { LiveExecution } from './live-execution.ts';

/** What is measured. */
export interface EngineMetricsDeps {
  readonly metrics: Metrics;
  readonly clock: Clock;
  /** The executions in memory. */
  readonly held: () => Iterable<Pick<LiveExecution, 'state'>>;
  /** Executions that may be in memory. */
  readonly heldMax: number;
}

/** Tasks of runs in memory that have not ended, by what they wait for. */
const openTasks: readonly TaskStatus[] = [
  'waiting',
  'ready',
  'running',
  'retry_wait',
  'waiting_approval',
  'waiting_worker',
];
const heldStatuses = ['pending', 'running', 'paused', 'cancelling', 'finishing'] as const;
/** Runs take from milliseconds to days, waits too. */
const longBucketsS = [...durationBucketsS, 300, 1_800, 7_200, 86_400];

/** The engine's measures: a feed, and what no event tells. */
export interface EngineMeasures {
  /** Measures what it is told of, which is what became durable, and passes it on. */
  readonly feed: Feed;
  /** A run has waited for a place for an attempt, so many milliseconds. */
  readonly waitedForSlot: (ms: number) => void;
}

/** Measures what the feed is told of. */
export function measureEngine(feed: Feed, deps: EngineMetricsDeps): EngineMeasures {
  const measures = createMeasures(deps.metrics);
  countHeld(deps);
  return {
    feed: {
      ...feed,
      appended(live, part) {
        const { events, atMs } = part;
        measures.journal.observe(Math.max(0, deps.clock() - atMs));
        for (const event of events) {
          measures.counts.set(event.type, (measures.counts.get(event.type) ?? 0) + 1);
          observe(measures, event, part, live);
        }
        feed.appended(live, part);
      },
    },
    waitedForSlot: (ms) => measures.waits.observe(ms, 'slot'),
  };
}

type Measures = ReturnType<typeof createMeasures>;

function createMeasures(metrics: Metrics) {
  const counts = new Map<JournalEvent['type'], number>();
  const registers = [metrics];
  new Counter({
    name: MetricName.engineEvents,
    help: 'Events of executions that became durable, by type',
    labelNames: ['type'],
    registers,
    collect() {
      this.reset();
      for (const [type, count] of counts) this.inc({ type }, count);
    },
  });
  return {
    counts,
    journal: createQuickHistogram(metrics, {
      name: MetricName.engineJournal,
      help: 'Engine lag: from a decision until it is durable and acted upon',
    }),
    runs: createQuickHistogram(metrics, {
      name: MetricName.executionDuration,
      help: 'Executions that ended, from their start',
      labels: ['kind', 'status'],
      buckets: longBucketsS,
    }),
    tasks: createQuickHistogram(metrics, {
      name: MetricName.taskDuration,
      help: 'Attempts of tasks that ended, by how: succeeded, failed, retried or cancelled',
      labels: ['outcome'],
    }),
    retries: new Counter({
      name: MetricName.taskRetries,
      help: 'Attempts that are made again, by the code of the fault',
      labelNames: ['cause'],
      registers,
    }),
    waits: createQuickHistogram(metrics, {
      name: MetricName.wait,
      help: 'Waits of runs: admission (a place among the running ones of the tenant), slot (one for an attempt in this replica), approval, retry or breaker (until a failed or refused attempt is made again)',
      labels: ['cause'],
      buckets: longBucketsS,
    }),
  };
}

interface Measured {
  readonly execution: { readonly kind: string };
  readonly state: ExecutionState;
}

// Its arguments stand by themselves: one object of them for each event would cost more than the rest.
function observe(
  { runs, tasks, retries, waits }: Measures,
  event: JournalEvent,
  { atMs }: { readonly atMs: number },
  live: Measured,
): void {
  switch (event.type) {
    case 'task_succeeded':
      if (event.cachedFrom === undefined) tasks.observe(event.durationMs, 'succeeded');
      break;
    case 'task_failed':
      tasks.observe(event.durationMs, 'failed');
      break;
    case 'task_cancelled':
      tasks.observe(event.durationMs, 'cancelled');
      break;
    case 'retry_scheduled':
      tasks.observe(event.durationMs, 'retried');
      retries.inc({ cause: event.fault.code });
      waits.observe(Math.max(0, event.dueMs - atMs), event.counts ? 'retry' : 'breaker');
      break;
    case 'placed':
      waits.observe(event.waitedMs, 'admission');
      break;
    case 'approval_decided': {
      const { askedMs = atMs } =
        live.state.tasks.find(({ planned }) => planned.nodeId === event.nodeId) ?? {};
      waits.observe(Math.max(0, atMs - askedMs), 'approval');
      break;
    }
    case 'ended': {
      const { startedMs = atMs } = live.state;
      runs.observe(Math.max(0, atMs - startedMs), live.execution.kind, event.status);
      break;
    }
  }
}

function countHeld({ metrics, held, heldMax }: EngineMetricsDeps): void {
  const registers = [metrics];
  new Gauge({
    name: MetricName.engineExecutionsMax,
    help: 'Executions that this replica may hold in memory',
    registers,
  }).set(heldMax);
  new Gauge({
    name: MetricName.engineExecutions,
    help: 'Executions that this replica holds in memory, by status',
    labelNames: ['status'],
    registers,
    collect() {
      const counts = new Map<string, number>(heldStatuses.map((status) => [status, 0]));
      for (const { state } of held())
        if (counts.has(state.status)) counts.set(state.status, (counts.get(state.status) ?? 0) + 1);
      for (const [status, count] of counts) this.set({ status }, count);
    },
  });
  new Gauge({
    name: MetricName.engineTasks,
    help: 'Open tasks of those executions: waiting for parents, ready for a slot, running, or waiting for a retry, an approval or a worker',
    labelNames: ['status'],
    registers,
    collect() {
      for (const status of openTasks) {
        let sum = 0;
        for (const { state } of held()) sum += state.counts[status];
        this.set({ status }, sum);
      }
    },
  });
}
