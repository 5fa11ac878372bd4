// The net under indexing: again and again it brings the reports that are still pending into the index. It works for all tenants.
import { setTimeout as sleep } from 'node:timers/promises';
import { Gauge } from 'prom-client';
import { Fault } from '../../../foundation/fault/fault.ts';
import type { Log } from '../../../foundation/telemetry/log.ts';
import type { Metrics } from '../../../foundation/telemetry/metrics.ts';
import type { ReportKey } from '../core/report.ts';
import type { PendingReports } from '../store/store.ts';
import type { Indexer } from './indexer.ts';

const sweepIntervalMs = 1_000;
/** Reports of one partition in one sweep. */
const batchMax = 200;
const concurrencyMax = 8;

/** What a sweeper is made of. */
export interface SweeperOptions {
  readonly pending: PendingReports;
  readonly indexer: Indexer;
  readonly log: Log;
  readonly metrics: Metrics;
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
  const gauge = new Gauge({
    name: 'domainflow_report_index_pending',
    help: 'Reports that the last sweep found missing in the index; counted up to a limit',
    registers: [options.metrics],
  });
  const loop = async (): Promise<void> => {
    while (!signal.aborted) {
      const { found, more } = await sweep(options, signal);
      gauge.set(found);
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

interface Swept {
  readonly found: number;
  /** True when a partition held more than one batch and both stores answer. */
  readonly more: boolean;
}

// A store that is away ends the sweep: the next one is soon.
async function sweep({ pending, indexer, log }: SweeperOptions, signal: AbortSignal): Promise<Swept> {
  let found = 0;
  let more = false;
  try {
    for (let shard = 0; shard < pending.shards && !signal.aborted; shard += 1) {
      const keys = await pending.list(shard, batchMax);
      found += keys.length;
      const indexed = await catchUpAll(keys, { indexer, log }, signal);
      more ||= keys.length === batchMax && indexed > 0;
    }
    return { found, more };
  } catch (error) {
    log.warn({ err: error, found }, 'Reports wait for the index');
    return { found, more: false };
  }
}

/** How many were brought. A report that cannot be indexed is logged and does not keep the others waiting. */
async function catchUpAll(
  keys: readonly ReportKey[],
  { indexer, log }: Pick<SweeperOptions, 'indexer' | 'log'>,
  signal: AbortSignal,
): Promise<number> {
  let indexed = 0;
  const catchUp = async (key: ReportKey): Promise<void> => {
    try {
      await indexer.catchUp(key);
      indexed += 1;
    } catch (error) {
      if (error instanceof Fault && error.reason === 'unavailable') throw error;
      log.error({ err: error, incident_id: key.incidentId }, 'A report cannot be indexed');
    }
  };
  for (let at = 0; at < keys.length && !signal.aborted; at += concurrencyMax) {
    await Promise.all(keys.slice(at, at + concurrencyMax).map(catchUp));
  }
  return indexed;
}
