// Signs of life of many registered workers, spread over their interval, until they are stopped.
import { quantile } from './measure.ts';
import { type PostWork, timed } from './work-client.ts';

/** How the signs went. */
export interface SignFigures {
  readonly sent: number;
  readonly failed: number;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** Begins; the answer takes the figures since it was taken last. */
export function beginSigns(post: PostWork, workerIds: readonly string[], intervalMs: number) {
  let timesMs: number[] = [];
  let failed = 0;
  let sinceMs = performance.now();
  const timers = new Set<NodeJS.Timeout>();
  const sign = (id: string): void => {
    timed(timesMs, () => post(`/agents/${id}/heartbeat`, { running_task_ids: [] })).catch(() => {
      failed += 1;
    });
  };
  for (const [at, id] of workerIds.entries()) {
    const begin = setTimeout(
      () => {
        timers.delete(begin);
        sign(id);
        timers.add(setInterval(() => sign(id), intervalMs));
      },
      (intervalMs * at) / workerIds.length,
    );
    timers.add(begin);
  }
  return {
    take(): SignFigures {
      const seconds = (performance.now() - sinceMs) / 1_000;
      const figures = {
        ...{ sent: timesMs.length, failed, perSecond: Math.round(timesMs.length / seconds) },
        ...{ p50Ms: quantile(timesMs, 0.5), p99Ms: quantile(timesMs, 0.99) },
      };
      [timesMs, failed, sinceMs] = [[], 0, performance.now()];
      return figures;
    },
    stop(): void {
      for (const timer of timers) clearInterval(timer);
    },
  };
}
