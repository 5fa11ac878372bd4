// Which worker that is called gets a task (SPEC W5.4): one that can do it and has a free place, the best by what is known of it. Workers that
// ask for tasks themselves are no part of this: they take what is there.

/** What a task wants of a worker. */
export interface WantedWork {
  /** Type of the task, such as `analysis`. */
  readonly type: string;
  readonly requiredCapabilities: readonly string[];
  /** The only worker that may be given it; absent for any. */
  readonly keptWorkerId?: string;
}

/** A worker that could be given tasks. */
export interface WorkerChoice {
  readonly id: string;
  /** Such as `analyzer`. */
  readonly type: string;
  readonly capabilities: readonly string[];
  /** Share of its attempts that it answered, 0 to 1; 1 before the first. */
  readonly successRate: number;
  /** Tasks that it has now. */
  readonly running: number;
  /** Tasks that it could be given beside those. */
  readonly free: number;
}

const weights = { success: 0.4, capability: 0.4, type: 0.2 };

const taskTypeOf: Readonly<Record<string, string>> = {
  analyzer: 'analysis',
  detector: 'detection',
  classifier: 'classification',
  tracker: 'tracking',
  notifier: 'alert',
  coordinator: 'report',
  custom: 'custom',
};

/** True when the worker may be given the task. */
export function canDo({ requiredCapabilities, keptWorkerId }: WantedWork, worker: WorkerChoice): boolean {
  if (worker.free < 1) return false;
  if (keptWorkerId !== undefined) return keptWorkerId === worker.id; // whoever chose it by hand knows what it can do
  return requiredCapabilities.every((each) => worker.capabilities.includes(each));
}

/**
 * How well a worker that can do a task suits it, 0 to 1: 0.4 × its success rate + 0.4 × the share of its capabilities that the task requires (1
 * where it requires none, so that nobody is the better for knowing more or less) + 0.2 where its type is made for the task's.
 */
export function rankOf(task: WantedWork, worker: WorkerChoice): number {
  const required = new Set(task.requiredCapabilities).size;
  const match = required === 0 ? 1 : required / Math.max(required, worker.capabilities.length);
  const isMadeFor = taskTypeOf[worker.type] === task.type ? 1 : 0;
  return weights.success * worker.successRate + weights.capability * match + weights.type * isMadeFor;
}

/** The best worker for the task; of equals the one with the fewest tasks, then the one with the first id. Undefined when none can do it. */
export function chooseWorker(task: WantedWork, workers: Iterable<WorkerChoice>): WorkerChoice | undefined {
  let best: { readonly worker: WorkerChoice; readonly rank: number } | undefined;
  for (const worker of workers) {
    if (!canDo(task, worker)) continue;
    const rank = rankOf(task, worker);
    if (!best || comesBefore({ worker, rank }, best)) best = { worker, rank };
  }
  return best?.worker;
}

interface Ranked {
  readonly worker: WorkerChoice;
  readonly rank: number;
}

/** Ranks that differ by less are equal: they are sums of fractions. */
const rankStep = 1e-9;

function comesBefore(one: Ranked, other: Ranked): boolean {
  if (Math.abs(one.rank - other.rank) > rankStep) return one.rank > other.rank;
  if (one.worker.running !== other.worker.running) return one.worker.running < other.worker.running;
  return one.worker.id < other.worker.id;
}

/** A task and the worker that is to be given it. */
export interface Pair<Task extends WantedWork> {
  readonly task: Task;
  readonly workerId: string;
}

/** Gives each task, in their order, to the best worker that still has a place for it. Tasks that nobody can be given are left out. */
export function pairTasks<Task extends WantedWork>(
  tasks: readonly Task[],
  workers: readonly WorkerChoice[],
): Pair<Task>[] {
  const left = new Map(workers.map((worker) => [worker.id, worker]));
  return tasks.flatMap((task) => {
    const worker = chooseWorker(task, left.values());
    if (!worker) return [];
    left.set(worker.id, { ...worker, running: worker.running + 1, free: worker.free - 1 });
    return [{ task, workerId: worker.id }];
  });
}
