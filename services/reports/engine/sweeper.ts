// The net under indexing: again and again it brings the documents that are still pending into the index, or takes deleted ones out of it,
// and then keeps the index tidy. It works for all tenants.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../../../foundation/clock.ts';
import { Fault } from '../../../foundation/fault/fault.ts';
import type { Log } from '../../../foundation/telemetry/log.ts';
import type { Metrics } from '../../../foundation/telemetry/metrics.ts';
import type { ReportKey } from '../core/report.ts';
import type { PendingReport, PendingReports } from '../store/store.ts';
import { createFailing, type Failing } from './failing.ts';
import { createLagMetrics, type LagMetrics } from './lag-metrics.ts';

const sweepIntervalMs = 1_000;
/** Documents of one partition in one sweep. */
const batchMax = 200;
const concurrencyMax = 8;
/** So many documents that a store does not take, and none that it does: it is away. */
const failuresMax = 3 * concurrencyMax;

/** What a sweeper is made of. */
export interface SweeperOptions {
  readonly pending: Pick<PendingReports, 'shards' | 'list'>;
  /** Reads a pending document and brings the index to its state. Throws when either store does not answer. */
  readonly catchUp: (key: ReportKey) => Promise<void>;
  /** What the index needs now and then, called after each sweep. Never rejects. */
  readonly tidy: () => Promise<void>;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly clock: Clock;
}

/** A running sweep. */
export interface Sweeper {
  /** Begins no further sweep and resolves when the running one has ended. */
  stop(): Promise<void>;
}

/** Sweeps at once and then every second after the end of the last sweep; a full batch is followed by the next at once. */
export function startSweeper(options: SweeperOptions): Sweeper {
  const stopping = new AbortController();
  const { signal } = stopping;
  const lag = createLagMetrics(options.metrics, options.clock);
  const failing = createFailing(options.clock);
  const loop = async (): Promise<void> => {
    while (!signal.aborted) {
      const more = await sweep({ ...options, failing }, lag, signal);
      if (!signal.aborted) await options.tidy();
      if (!more) await sleep(sweepIntervalMs, undefined, { signal }).catch(() => undefined);
    }
  };
  const ended = loop();
  return {
    async stop() {
      stopping.abort();
      await ended;
    },
  };
}

// True when a partition held more than one batch and both stores answer. A store that is away ends the sweep: the next one is soon.
async function sweep(options: SweepParts, lag: LagMetrics, signal: AbortSignal): Promise<boolean> {
  const { pending, log, failing } = options;
  // Those that wait for their next try take no place from others.
  const listMax = batchMax + failing.count();
  let found: PendingReport[] = [];
  try {
    const shards = await Promise.all(
      Array.from({ length: pending.shards }, (_, shard) => pending.list(shard, listMax)),
    );
    found = shards.flat().sort((a, b) => (a.markedAt < b.markedAt ? -1 : 1));
    lag.found(found);
    const due = turned(found.filter((document) => failing.isDue(document)));
    const left = await catchUpAll(options, due, signal);
    const waiting = found.length - due.length;
    lag.left(waiting > 0 ? found : left);
    return shards.some((shard) => shard.length === listMax) && left.length < due.length;
  } catch (error) {
    log.warn({ err: error, found: found.length }, 'Reports wait for the index');
    return false;
  }
}

interface SweepParts extends SweeperOptions {
  readonly failing: Failing;
}

/** What is left, the oldest first. A store that answers nobody ends it. A document that cannot be indexed is logged and does not keep the others waiting. */
async function catchUpAll(
  { catchUp, log, failing }: SweepParts,
  found: readonly PendingReport[],
  signal: AbortSignal,
): Promise<readonly PendingReport[]> {
  const left: PendingReport[] = [];
  const unanswered: PendingReport[] = [];
  let brought = 0;
  const bring = async (document: PendingReport): Promise<void> => {
    try {
      await catchUp(document);
      failing.forget(document);
      brought += 1;
    } catch (error) {
      left.push(document);
      if (error instanceof Fault && error.reason === 'unavailable') {
        unanswered.push(document);
        if (brought === 0 && unanswered.length >= failuresMax) throw error;
        log.warn({ err: error, incident_id: document.incidentId }, 'A report waits for the index');
        return;
      }
      failing.note(document);
      log.error({ err: error, incident_id: document.incidentId }, 'A report cannot be indexed');
    }
  };
  for (let at = 0; at < found.length; at += concurrencyMax) {
    if (signal.aborted) return [...left, ...found.slice(at)];
    await Promise.all(found.slice(at, at + concurrencyMax).map(bring));
  }
  // Where others were taken, the store is there, and it is these that it does not take. Else nobody is to blame, and all are tried soon.
  if (brought > 0) unanswered.forEach(failing.note);
  return left;
}

/** The same documents from another place on each time, so that those which fail are not always the first. */
function turned<T>(documents: readonly T[]): readonly T[] {
  const from = Math.floor(Math.random() * documents.length);
  return [...documents.slice(from), ...documents.slice(0, from)];
}
