// Removes uploads that no report took over within a day. It works for all tenants, and several replicas may sweep at the same time.
import { Counter } from 'prom-client';
import type { Clock } from '../../../foundation/clock.ts';
import { repeat } from '../../../foundation/process/repeat.ts';
import type { Log } from '../../../foundation/telemetry/log.ts';
import type { Metrics } from '../../../foundation/telemetry/metrics.ts';
import { MetricName } from '../../../foundation/telemetry/names.ts';
import type { ObjectStore } from '../store/store.ts';

const sweepIntervalMs = 60 * 60 * 1_000;
/** Uploads are kept for this long. A report takes them over by a copy, so that nothing of a report is ever swept. */
export const uploadAgeMsMax = 24 * 60 * 60 * 1_000;
/** Parts of one sweep; the next one goes on where it ended. */
export const partsPerSweepMax = 100;

/** What a sweep is made of. */
export interface UploadSweepOptions {
  readonly objects: Pick<ObjectStore, 'sweepUploads'>;
  readonly clock: Clock;
  readonly metrics: Metrics;
}

/** One sweep: a walk through uploads, or through as many as one sweep may, or until the signal. It throws when the store does not answer. */
export function createUploadSweep(
  { objects, clock, metrics }: UploadSweepOptions,
  signal?: AbortSignal,
): () => Promise<void> {
  const removed = new Counter({
    name: MetricName.reportUploadsRemoved,
    help: 'Uploads that were removed since no report took them over',
    registers: [metrics],
  });
  let position: string | undefined;
  return async () => {
    const beforeMs = clock() - uploadAgeMsMax;
    for (let parts = 0; parts < partsPerSweepMax && !signal?.aborted; parts += 1) {
      const part = await objects.sweepUploads(beforeMs, position);
      removed.inc(part.removed);
      position = part.next;
      if (position === undefined) return;
    }
  };
}

/** Sweeps at once and then every hour. The result stops it and resolves when the part under way has ended. */
export function startUploadSweep(
  options: UploadSweepOptions & { readonly log: Pick<Log, 'warn'> },
): () => Promise<void> {
  const stopping = new AbortController();
  const work = createUploadSweep(options, stopping.signal);
  const stop = repeat({ name: 'upload sweep', work, intervalMs: sweepIntervalMs, log: options.log });
  return () => {
    stopping.abort();
    return stop();
  };
}
