// How long an engine takes to end what it was doing when it was killed: 100 diamonds of tasks that take 300 ms are begun, everything of
// the engine is killed while they run, and is started again.
import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startOrdered } from '../process-order.ts';
import { graphOf, workloadOf } from '../workloads.ts';
import { quietEnvironment } from './engines.ts';
import type { StartedStore } from './fresh-store.ts';

const executionsCount = 100;
/** From when all have begun: the first tasks have ended, the second ones have not. */
const killAfterMs = 450;
const beginMsMax = 60_000;
const recoveryMsMax = 180_000;

/** What a recovery took. */
export interface Recovery {
  /** From the restart until the engine is ready: starting the process and loading its code. */
  readonly openSeconds: number;
  /** From the restart until all executions have ended. */
  readonly seconds: number;
  /** How often a task was performed that had been performed before. */
  readonly tasksRepeated: number;
  /** Tasks that were never performed although their execution ended: 0, or something is wrong. */
  readonly tasksMissing: number;
  /** How often a task was performed again although one that waits for it had begun: 0 if what is used is durable. */
  readonly tasksTakenBack: number;
}

/** Kills and restarts the engine of that module URL on a store that it alone uses. */
export async function measureRecovery(module: string, started: StartedStore): Promise<Recovery> {
  const folder = await mkdtemp(join(tmpdir(), 'recovery-bench-'));
  const logPath = join(folder, 'tasks.log');
  const executions = Array.from({ length: executionsCount }, () => randomUUID());
  const order = { module, executions, logPath };
  try {
    const first = startOrdered({ ...order, kind: 'begin', store: started.store }, quietEnvironment);
    try {
      await first.told('begun', beginMsMax);
      await sleep(killAfterMs);
    } finally {
      await Promise.all([first.kill(), started.kill()]);
    }
    const startMs = performance.now();
    const store = await started.restart();
    const second = startOrdered({ ...order, kind: 'finish', store }, quietEnvironment);
    try {
      const [openSeconds, seconds] = await Promise.all([
        second.told('opened', recoveryMsMax).then(() => secondsSince(startMs)),
        second.told('finished', recoveryMsMax).then(() => secondsSince(startMs)),
      ]);
      return { openSeconds, seconds, ...(await countTasks(logPath)) };
    } finally {
      await second.kill();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

type TaskCounts = Pick<Recovery, 'tasksRepeated' | 'tasksMissing' | 'tasksTakenBack'>;

async function countTasks(logPath: string): Promise<TaskCounts> {
  const { shape, tasks } = workloadOf('slow-diamond');
  const graph = graphOf(shape);
  const begun = new Set<string>();
  let tasksRepeated = 0;
  let tasksTakenBack = 0;
  for (const line of (await readFile(logPath, 'utf8')).trimEnd().split('\n')) {
    const [execution, name = ''] = line.split(' ');
    const isUsed = graph.some((each) => each.after.includes(name) && begun.has(`${execution} ${each.name}`));
    if (begun.has(line)) tasksRepeated += 1;
    if (isUsed) tasksTakenBack += 1;
    begun.add(line);
  }
  return { tasksRepeated, tasksMissing: executionsCount * tasks - begun.size, tasksTakenBack };
}

function secondsSince(startMs: number): number {
  return Number(((performance.now() - startMs) / 1_000).toFixed(2));
}
