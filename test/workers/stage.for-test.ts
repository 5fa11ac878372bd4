// A stage for work: a real orchestrator on a real database, the real agents service, and workers that are real HTTP servers, in this process or
// in one of their own that can be killed.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import type { Principal } from '../../foundation/identity/principal.ts';
import { newId } from '../../foundation/ids/ids.ts';
import type { JsonObject } from '../../foundation/json/json.ts';
import type { TestDatabases } from '../../local/databases/test-databases.ts';
import { startAgents } from '../../services/agents/app.ts';
import { readAgentsConfig } from '../../services/agents/config.ts';
import {
  newAdmin,
  startTestOrchestrator,
  type TestOrchestrator,
} from '../../services/orchestrator/app.for-test.ts';
import { executionIdOf } from '../../services/orchestrator/core/public-id.ts';

/** A task as the worker is posted it. */
export interface PostedTask {
  readonly task_id: string;
  readonly task_type: string;
  readonly attempt: number;
  readonly input_data: JsonObject;
  readonly context: JsonObject;
  /** Its Idempotency-Key. */
  readonly key: string;
}

/** What a worker answers, once it does. */
export type Work = (task: PostedTask) => Promise<{ readonly status?: number; readonly body: JsonObject }>;

/** A worker that listens. */
export interface StageWorker {
  readonly endpoint: string;
  /** What it was posted, in order. */
  readonly posted: readonly PostedTask[];
  /** The most that it was working on at the same time. */
  readonly most: () => number;
  /** How often its health was asked for. */
  readonly asked: () => number;
  /** Changes whether it says that it is well. */
  well(isWell: boolean): void;
  close(): Promise<void>;
}

/** The stage. */
export interface Stage {
  readonly app: TestOrchestrator;
  readonly person: Principal;
  /** Registers a worker and answers its id. */
  register(document: JsonObject): Promise<string>;
  /** Records a task that is given out, unless `dispatched` is false; answers its ids. */
  create(
    document?: JsonObject,
    dispatched?: boolean,
  ): Promise<{ readonly id: string; readonly executionId: string }>;
  /** The row of a task. */
  row(id: string): Promise<TaskRow>;
  /** The row of a worker. */
  worker(id: string): Promise<WorkerRow>;
  /** Types of the run's events, in order. */
  events(executionId: string): Promise<string[]>;
  /** Resolves when the run has ended. */
  ended(task: { readonly executionId: string }): Promise<void>;
  /** Another replica in a process of its own. */
  startReplica(): Promise<ChildProcess>;
  close(): Promise<void>;
}

/** Columns of a task that tests look at. */
export interface TaskRow {
  readonly status: string;
  readonly attempt: number;
  readonly returned: number;
  readonly worker_id: string | null;
  readonly caller_id: string | null;
  readonly result: string | null;
  readonly error_code: string;
}

/** Columns of a worker likewise. */
export interface WorkerRow {
  readonly status: string;
  readonly tasks_succeeded: string;
  readonly tasks_failed: string;
}

const settings = { WORKER_NETWORKS: '127.0.0.1/32' };
const replicaProgram = join(
  import.meta.dirname,
  '../../services/orchestrator/engine/service-process.for-test.ts',
);

/** Opens the stage on a database of this name. `breakers`: figures of circuit breakers as the setting BREAKERS has them. */
export async function openStage(databases: TestDatabases, name: string, breakers = '{}'): Promise<Stage> {
  const app = await startTestOrchestrator(databases, name, {
    settings,
    startAgents: ({ meshKeys, signingKey, targets: { registry, reports } }) =>
      startAgents(
        readAgentsConfig({
          ...{ MESH_KEYS: meshKeys, AGENTS_SIGNING_KEY: signingKey, LOG_LEVEL: 'silent' },
          ...{ REGISTRY_TARGET: registry, REPORTS_TARGET: reports, BREAKERS: breakers },
          ...settings,
        }),
      ),
  });
  const person = newAdmin();
  const replicas: ChildProcess[] = [];
  return {
    ...{ app, person, ...asking(app, person), ...looking(app, person) },
    async startReplica() {
      const given = JSON.stringify({ ...app.settings, REPLICA_NAME: `replica-${newId()}` });
      const stdio: ['ignore', 'pipe', 'inherit'] = ['ignore', 'pipe', 'inherit'];
      const child = spawn(process.execPath, ['--no-warnings', replicaProgram, given], { stdio });
      replicas.push(child);
      await once(child.stdout, 'data');
      return child;
    },
    async close() {
      for (const child of replicas) await kill(child);
      await app.close();
    },
  };
}

function asking(app: TestOrchestrator, person: Principal): Pick<Stage, 'register' | 'create'> {
  return {
    async register(document) {
      const { worker } = await app.workers.registerWorker({ worker: document }, app.as(person));
      return worker?.id ?? '';
    },
    async create(document = {}, autoDispatch = true) {
      const named = { type: 'analysis', name: 'A task', description: 'To be done' };
      const body = { ...named, input_data: { text: 'Smoke' }, ...document };
      const { task } = await app.tasks.createTask({ task: body, autoDispatch }, app.as(person));
      if (!task) throw new Error('No task was made');
      return { id: task.id, executionId: executionIdOf(task.jobId) ?? '' };
    },
  };
}

function looking(
  app: TestOrchestrator,
  { tenantId }: Principal,
): Pick<Stage, 'row' | 'worker' | 'events' | 'ended'> {
  const { admin } = app.stores;
  const one = async <Row extends object>(table: 'tasks' | 'workers', id: string): Promise<Row> => {
    const text = `select * from orchestrator.${table} where tenant_id = $1 and id = $2`;
    const { rows } = await admin.query<Row>(text, [tenantId, id]);
    if (!rows[0]) throw new Error('There is no such row');
    return rows[0];
  };
  return {
    row: (id) => one<TaskRow>('tasks', id),
    worker: (id) => one<WorkerRow>('workers', id),
    async events(executionId) {
      const text = `select payload from orchestrator.execution_events where tenant_id = $1 and execution_id = $2 order by seq`;
      const { rows } = await admin.query<{ payload: string }>(text, [tenantId, executionId]);
      return rows.flatMap(({ payload }) => JSON.parse(payload).map(({ type }: { type: string }) => type));
    },
    async ended({ executionId: id }) {
      await app.watch.seen({ id }, 'ended');
    },
  };
}

/** Kills a process and waits for its end. */
export async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}

/** A worker in this process that works as it is told. */
export async function startWorker(work: Work): Promise<StageWorker> {
  const posted: PostedTask[] = [];
  let [now, most, asked, isWell] = [0, 0, 0, true];
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (request.url === '/health') {
      asked += 1;
      response.writeHead(isWell ? 200 : 503).end('{}');
      return;
    }
    const key = String(request.headers['idempotency-key']);
    const task = { ...((await json(request)) as Omit<PostedTask, 'key'>), key };
    posted.push(task);
    now += 1;
    most = Math.max(most, now);
    const { status = 200, body } = await work(task);
    now -= 1;
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  };
  const server = createServer((request, response) => void answer(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    posted,
    most: () => most,
    asked: () => asked,
    well: (wanted) => {
      isWell = wanted;
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Resolves once the question is answered with true; asks again and again, since a database tells nobody. */
export async function until(question: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await question())) await new Promise((resolve) => setTimeout(resolve, 50));
}
