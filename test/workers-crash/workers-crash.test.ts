// Workers and replicas of the orchestrator are killed while a queue of tasks is worked off. Every task ends exactly once: none is lost, none is stuck,
// none is recorded twice, and whatever a worker says of an attempt that it has lost is refused.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { type ApiClient, createClient } from '../../clients/api/api-client.ts';
import { ApiError } from '../../clients/api/api-error.ts';
import { startWorkMesh, type WorkMesh } from './work-mesh.ts';
import { type BegunAttempt, createWorkerCrew, type WorkerCrew } from './worker-crew.ts';

/** Tasks that are queued. */
const taskCount = Number(process.env.WORKER_TASKS ?? 100);
/** So many kills, one after the other while tasks end: workers and replicas by turns. */
const kills = Math.max(4, Math.floor(taskCount / 500));
const workerNames = ['Ann', 'Ben', 'Cid', 'Dot'];
const taskMs = 100;
/** Tasks that are queued when nothing is left for a worker that is to be killed. */
const taskMore = 20;
const lanes = 16;

let mesh: WorkMesh;
let crew: WorkerCrew;
let api: ApiClient;
let database: pg.Client;
beforeAll(async () => {
  mesh = await startWorkMesh({ replicas: 2, durable: false });
  crew = createWorkerCrew({ url: mesh.gatewayUrl, token: mesh.token, taskMs });
  api = createClient({ baseUrl: mesh.gatewayUrl, credential: mesh.token });
  database = new pg.Client({ connectionString: mesh.adminUrl });
  await database.connect();
}, 60_000);
afterAll(async () => {
  await crew?.killAll();
  await database?.end();
  await mesh?.close();
}, 60_000);

async function query<Row extends object>(text: string, values: unknown[] = []): Promise<Row[]> {
  return (await database.query<Row>(text, values)).rows;
}

async function count(condition: string): Promise<number> {
  const [row] = await query<{ n: number }>(
    `select count(*)::int as n from orchestrator.tasks where ${condition}`,
  );
  return row?.n ?? 0;
}

// A database tells nobody.
async function until(question: () => Promise<boolean>): Promise<void> {
  while (!(await question())) await new Promise((resolve) => setTimeout(resolve, 50));
}

/** Does it for all, some at the same time. */
async function forAll<T>(all: readonly T[], work: (one: T) => Promise<void>): Promise<void> {
  const left = all.values();
  const lane = async (): Promise<void> => {
    for (const one of left) await work(one);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}

/** Ids of all tasks that were queued. */
const ids: string[] = [];

async function queueTasks(tasks: number): Promise<void> {
  const places = Array.from({ length: tasks }, (_, at) => at);
  await forAll(places, async (at) => {
    const body = {
      ...({ type: 'custom', name: 'A task', description: 'To be done', auto_dispatch: true } as const),
      ...{ input_data: { at }, max_retries: 10 },
    };
    ids.push((await api.post('/api/v2/tasks', { body })).task_id);
  });
}

/** Whether its worker has said that it works on the attempt. */
function hasBegun({ id, attempt }: Held): boolean {
  return crew.begun.some((begun) => begun.taskId === id && begun.attempt === attempt);
}

interface Held {
  readonly id: string;
  readonly attempt: number;
}

const heldBy = `worker_id in (select id from orchestrator.workers where name = $1) and status = 'running' and answered_at is null`;
/** What a worker that stands still has sent has arrived by then. */
const arrivalMs = 100;

/** Whether a worker that stands still works on tasks. */
async function isAtWork(name: string): Promise<boolean> {
  const held = async () =>
    (await query<Held>(`select id, attempt from orchestrator.tasks where ${heldBy}`, [name])).filter(
      hasBegun,
    );
  if ((await held()).length === 0) return false;
  await new Promise((resolve) => setTimeout(resolve, arrivalMs));
  return (await held()).length > 0;
}

/** Kills the worker while it works on tasks, and starts another of its name; its leases are over at once, as they would be after 20 s. */
async function loseWorker(name: string): Promise<void> {
  await until(async () => {
    crew.signal(name, 'SIGSTOP');
    if (await isAtWork(name)) return true;
    crew.signal(name, 'SIGCONT');
    if ((await count(`status = 'pending'`)) === 0) await queueTasks(taskMore); // the others were quicker
    return false;
  });
  await crew.kill(name);
  await query(`update orchestrator.tasks set lease_until = clock_timestamp() where ${heldBy}`, [name]);
  crew.start(name);
}

async function killOnTheWay(): Promise<void> {
  for (let killed = 0; killed < kills; killed += 1) {
    const enough = ((killed + 1) * taskCount) / (kills + 2);
    await until(async () => (await count(`status = 'completed'`)) >= enough);
    const turn = Math.floor(killed / 2);
    if (killed % 2 === 0) await loseWorker(workerNames[turn % workerNames.length] ?? '');
    else await mesh.replicas[turn % mesh.replicas.length]?.replace();
  }
}

interface Recorded {
  readonly id: string;
  readonly status: string;
  readonly attempt: number;
  /** Attempts that were taken back before their worker heard of them. */
  readonly returned: number;
  readonly run: string;
  readonly payloads: readonly string[];
}

async function recorded(): Promise<Recorded[]> {
  return query<Recorded>(`select t.id, t.status, t.attempt, t.returned, e.status as run, j.payloads from orchestrator.tasks t
    join orchestrator.executions e on e.tenant_id = t.tenant_id and e.id = t.execution_id
    cross join lateral (
      select array_agg(v.payload order by v.seq) as payloads from orchestrator.execution_events v
      where v.tenant_id = t.tenant_id and v.execution_id = t.execution_id
    ) j`);
}

const typesOf = ({ payloads }: Recorded): string[] =>
  payloads.flatMap((payload) => JSON.parse(payload).map(({ type }: { type: string }) => type));

const occurrences = (types: readonly string[], wanted: string): number =>
  types.filter((type) => type === wanted).length;

/** The status that a late answer gets. */
async function answerLate({ taskId: task_id, attempt }: BegunAttempt): Promise<number> {
  const path = { task_id, attempt: String(attempt) };
  const body = { output: { late: true } };
  return api.post('/api/v2/tasks/{task_id}/attempts/{attempt}/result', { path, body }).then(
    () => 200,
    (error: unknown) => {
      if (error instanceof ApiError) return error.status;
      throw error;
    },
  );
}

describe('a queue of tasks whose workers and replicas are killed', () => {
  it(
    'ends with every task recorded once, and late answers refused',
    async () => {
      await queueTasks(taskCount);
      for (const name of workerNames) crew.start(name);
      await killOnTheWay();
      await until(async () => (await count('completed_at is not null')) === ids.length);

      const tasks = await recorded();
      expect(tasks.map(({ id }) => id).toSorted()).toEqual(ids.toSorted());
      for (const task of tasks) {
        const types = typesOf(task);
        expect([task.id, task.status, task.run]).toEqual([task.id, 'completed', 'completed']);
        expect([task.id, occurrences(types, 'task_succeeded'), occurrences(types, 'ended')]).toEqual([
          ...[task.id, 1, 1],
        ]);
        const heardOf = task.attempt - task.returned;
        expect([task.id, occurrences(types, 'task_started')]).toEqual([task.id, heardOf]);
        const begun = crew.begun.filter(({ taskId }) => taskId === task.id);
        expect(new Set(begun.map(({ attempt }) => attempt)).size).toBeLessThanOrEqual(heardOf);
      }
      const [figures] = await query<{ succeeded: string }>(
        'select sum(tasks_succeeded)::text as succeeded from orchestrator.workers',
      );
      expect(figures).toEqual({ succeeded: String(ids.length) });
      expect(await query('select id from orchestrator.commands')).toEqual([]);

      const last = new Map(tasks.map(({ id, attempt }) => [id, attempt]));
      const lost = crew.begun.filter(({ taskId, attempt }) => attempt < (last.get(taskId) ?? 0));
      expect(lost.length).toBeGreaterThan(0);
      await forAll(lost, async (one) => expect([one, await answerLate(one)]).toEqual([one, 409]));
      const byId = (all: readonly Recorded[]) => new Map(all.map((task) => [task.id, task]));
      expect(byId(await recorded())).toEqual(byId(tasks));
    },
    taskCount > 1_000 ? 3_600_000 : 60_000,
  );
});
