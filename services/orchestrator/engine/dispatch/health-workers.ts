// Watches over the signs of life of all workers, each second and on any replica: asks those that are called whether they are well, tries those
// whose circuit breaker was open, and takes the tasks of those that are gone.
import { repeat } from '../../../../foundation/process/repeat.ts';
import type { Log } from '../../../../foundation/telemetry/log.ts';
import type { CheckWorker } from '../../clients/check-worker.ts';
import type {
  AskedWorker,
  DispatchQueue,
  ExecutionKey,
  SilentWorker,
  WorkerHealthStore,
} from '../../store/store.ts';

const lookMs = 1_000;
/** Workers of one look. */
const askedMax = 50;
const silentMax = 50;
/** How long the run is waited for that is told of a lost task, in milliseconds: it finds it by itself too. */
const deliverMs = 10_000;

/** What watching needs. */
export interface HealthWorkersDeps {
  readonly workers: WorkerHealthStore;
  readonly queue: Pick<DispatchQueue, 'loseWorker'>;
  readonly check: CheckWorker;
  readonly deliver: (key: ExecutionKey, withinMs: number) => Promise<void>;
  /** From 0 to below 1. */
  readonly random: () => number;
  readonly log: Pick<Log, 'info' | 'warn'>;
  /** A worker may be given tasks again. */
  readonly onBack: () => void;
  /** Between two looks, in milliseconds [1 s]. */
  readonly lookEveryMs?: number;
}

/** Begins to watch; answers how to stop, which waits for what is under way. */
export function beginHealthWorkers(deps: HealthWorkersDeps): () => Promise<void> {
  const { workers, log, lookEveryMs: intervalMs = lookMs } = deps;
  const stopAsking = repeat({
    name: 'questions to workers',
    work: async () => {
      const asked = await workers.claimToAsk(askedMax);
      const ends = await Promise.allSettled(asked.map((worker) => ask(deps, worker)));
      const failed = ends.find((end) => end.status === 'rejected');
      if (failed) throw failed.reason;
    },
    ...{ intervalMs, log },
  });
  const stopLooking = repeat({ name: 'silent workers', work: () => takeSilent(deps), intervalMs, log });
  return async () => {
    await Promise.all([stopAsking(), stopLooking()]);
  };
}

// A question that could not be asked says nothing of the worker; it is asked again after half an interval.
async function ask(deps: HealthWorkersDeps, worker: AskedWorker): Promise<void> {
  const { workers, check, onBack, log } = deps;
  const { tenantId, id: workerId, trial } = worker;
  const key = { tenantId, workerId };
  const found = await check(worker);
  if (found.answered) await workers.alive(key);
  else if (await workers.missed(key)) return lose(deps, key);
  if (!trial) return found.answered ? onBack() : undefined;
  if (!found.callable) return workers.tryLater(key, found.retryAfterMs);
  await workers.callable(key);
  log.info({ worker_id: workerId }, 'A worker whose circuit breaker was open may be called again');
  onBack();
}

async function takeSilent(deps: HealthWorkersDeps): Promise<void> {
  for (const silent of await deps.workers.takeSilent(silentMax)) await lose(deps, silent);
}

async function lose({ queue, deliver, random, log }: HealthWorkersDeps, silent: SilentWorker): Promise<void> {
  const runs = await queue.loseWorker(silent, random());
  const fields = { worker_id: silent.workerId, tasks: runs.length };
  log.info(fields, 'A worker gave no sign of life and is offline; its tasks are given to others');
  for (const run of runs) {
    void deliver(run, deliverMs).catch((error: unknown) =>
      log.warn({ err: error, worker_id: silent.workerId }, 'A run could not be told of a lost task'),
    );
  }
}
