// Fires the schedules of workflows. Every replica looks; the database settles who fires, so that each firing starts one execution. Firings that
// were missed are made up for by the last of them alone.
import { newId } from '../../../../foundation/ids/ids.ts';
import { repeat } from '../../../../foundation/process/repeat.ts';
import type { Log } from '../../../../foundation/telemetry/log.ts';
import { jobIdOf } from '../../core/public-id.ts';
import { lastFiringMs, nextFiringMs, readCron } from '../../core/work/cron.ts';
import type { DueWorkflow, Firing, ScheduleQueue, WorkflowKey } from '../../store/store.ts';

const lookMs = 1_000;
/** Schedules that one look fires at most. */
const firingsMax = 200;
const batchMax = 20;

const noteMs = 600_000;
const noteBatch = 100;
/** Batches in one round. */
const noteBatchesMax = 1_000;

/** What schedules need. */
export interface SchedulesDeps {
  readonly schedules: ScheduleQueue;
  /** Told that tasks of a tenant can be given to workers. */
  readonly offered: (tenantId: string) => void;
  readonly log: Pick<Log, 'warn'>;
}

/** Looks for schedules that are due, at once and then every second; answers how to stop. */
export function beginSchedules(deps: SchedulesDeps): () => Promise<void> {
  const { schedules, log } = deps;
  const work = (): Promise<void> => fireDue(deps);
  const stopLooking = repeat({ name: 'schedules', work, intervalMs: lookMs, log });
  const note = (): Promise<void> => noteAll(schedules);
  const stopNoting = repeat({ name: 'ends of workflows', work: note, intervalMs: noteMs, log });
  return async () => {
    await Promise.all([stopLooking(), stopNoting()]);
  };
}

/** Fires what is due. What cannot be fired keeps nobody else waiting, and is tried again with the next look. */
export async function fireDue(deps: SchedulesDeps): Promise<void> {
  const tried: string[] = [];
  while (tried.length < firingsMax) {
    const due = await deps.schedules.due(batchMax, tried);
    if (due.length === 0) return;
    for (const key of due) {
      tried.push(key.id);
      await fire(deps, key);
    }
  }
}

async function fire({ schedules, offered, log }: SchedulesDeps, key: WorkflowKey): Promise<void> {
  try {
    const fired = await schedules.fire(key, firingOf);
    if (fired?.type === 'started') offered(key.tenantId);
  } catch (error) {
    log.warn({ err: error, workflow_id: key.id }, 'The schedule of a workflow could not be fired yet');
  }
}

/** What the schedule of a due workflow starts now, in the name of who created the workflow. */
export function firingOf({ id, schedule: text, principal, dueAtMs, nowMs }: DueWorkflow): Firing {
  const reading = readCron(text);
  if ('problem' in reading) throw new Error('a workflow was recorded with a schedule that cannot be read');
  const fireAtMs = lastFiringMs(reading.schedule, nowMs) ?? dueAtMs;
  const nextFireAtMs = nextFiringMs(reading.schedule, nowMs);
  const executionId = newId();
  const entry = {
    operation: 'workflow_execution',
    entityType: 'workflow',
    entityId: id,
    message: 'The schedule of a workflow started an execution in the name of who created the workflow',
    details: { job_id: jobIdOf(executionId), by: 'schedule', fire_at: new Date(fireAtMs).toISOString() },
    userId: principal.userId,
    startedMs: performance.now(),
  } as const;
  return {
    fireAtMs,
    ...(nextFireAtMs === undefined ? {} : { nextFireAtMs }),
    start: { executionId, principal, atMs: nowMs, entry },
  };
}

async function noteAll(schedules: ScheduleQueue): Promise<void> {
  let last: WorkflowKey | undefined;
  for (let batch = 0; batch < noteBatchesMax; batch += 1) {
    last = await schedules.noteEnded(last, noteBatch);
    if (!last) return;
  }
}
