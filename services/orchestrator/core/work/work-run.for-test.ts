// Runs of tasks for workers, for tests: what a test does not name is usual.
import { somebody, type TestRun } from '../decide.for-test.ts';
import type { FailurePolicy, TaskLimits } from '../run-plan.ts';
import { type PlannedWork, type WorkerEnded, workerAnswer } from './planned-work.ts';
import { pinWork, type WorkGraph } from './work-plan.ts';

/** What runs of workers do besides their tasks. */
export const workSteps = { document: false, prepare: false };

/** A graph of nodes with parents. */
export function workGraph(
  graph: Readonly<Record<string, readonly string[]>>,
  changes: Partial<PlannedWork & TaskLimits> = {},
  failurePolicy: FailurePolicy = 'fail_fast',
): WorkGraph {
  const limits = { retriesMax: 3, attemptTimeoutMs: 300_000, totalTimeoutMs: 600_000 };
  const work = { type: 'analysis', requiredCapabilities: [], priority: 2 };
  const tasks = Object.entries(graph).map(([nodeId, parents]) => {
    return { nodeId, name: `The ${nodeId}`, parents, ...work, ...limits, ...changes };
  });
  return { failurePolicy, tasks };
}

/** The same as it is pinned. */
export const pinnedWork = (...given: Parameters<typeof workGraph>) => pinWork(workGraph(...given));

/** What came of an attempt; an answer after a second, unless a test says otherwise. */
export function workerEnded(
  nodeId: string,
  attempt: number,
  { fault, output = { answer: nodeId }, ...more }: Ended = {},
): WorkerEnded {
  const usual = {
    returned: 0,
    startedMs: 1_000,
    durationMs: 1_000,
    workerId: somebody,
    random: 0.5,
    ...more,
  };
  const ended = { type: 'worker_ended', nodeId, attempt, ...usual } as const;
  if (fault === undefined) return { ...ended, answer: workerAnswer(output) };
  return { ...ended, fault: { code: fault, message: `${fault} happened` } };
}

type Ended = Partial<Pick<WorkerEnded, 'returned' | 'startedMs' | 'durationMs' | 'workerId' | 'random'>> & {
  /** Code; absent answers. */
  readonly fault?: string;
  readonly output?: Readonly<Record<string, string>>;
};

/** A worker ends its attempt in a run, which it began a second ago. */
export function endWork(run: TestRun, nodeId: string, attempt: number, more: Ended = {}) {
  return run.see(workerEnded(nodeId, attempt, { startedMs: run.nowMs - 1_000, ...more }));
}
