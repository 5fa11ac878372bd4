// Workers that go away while they wait, a gateway that closes meanwhile, and what API v1 does to runs of tasks and workflows: rows, which API v2
// shows, and journals, which API v1 shows, always agree.
import { setTimeout as sleep } from 'node:timers/promises';
import { createClient } from '@connectrpc/connect';
import { createGrpcTransport, Http2SessionManager } from '@connectrpc/connect-node';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { type RunningGateway, startGateway } from '../../gateway/app.ts';
import { readGatewayConfig } from '../../gateway/config.ts';
import { openEventStream } from '../../gateway/http/event-client.for-test.ts';
import { randomSecrets } from '../../local/mesh/mesh-secrets.ts';
import { serviceEnvironment } from '../../local/mesh/service-environment.ts';
import { WorkerGateService } from '../../proto/gen/domainflow/workers/v1/worker_gate_service_pb.js';
import { startTestMesh, type TestMesh, withoutRates } from './test-mesh.ts';
import { inDatabase, newCapability, type Row, stageWork, type WorkStage } from './work-stage.for-test.ts';

jest.setTimeout(60_000);

/** How soon a task reaches who waits for it, in milliseconds: sooner than a second look would bring it. */
const promptMs = 5_000;

/** Moments at which workers leave, after a task is on its way to them. */
const rounds = 8;
const roundMs = 4;

let mesh: TestMesh;
let stage: WorkStage;
let token: string;
/** A second gateway of the mesh, with a gate for workers that speak gRPC. */
let gateway: RunningGateway;
/** What has begun before the other tests, since it takes as long as the longest part of a wait. */
let drained: Promise<Drained>;

beforeAll(async () => {
  mesh = await startTestMesh();
  stage = await stageWork(mesh, 'acme');
  token = await mesh.token('acme', 'alice');
  gateway = await secondGateway();
  drained = drain(await secondGateway());
  drained.catch(() => undefined); // its test says so
});

afterAll(async () => {
  await gateway?.close();
  await mesh?.close();
});

function secondGateway(): Promise<RunningGateway> {
  const { signingKeys, issuerKeyPath, logDir, tracesUrl } = mesh;
  const sources = {
    ...{ port: 0, issuerKeyPath, logDir, tracesUrl, secrets: randomSecrets(), replicaName: '' },
    ...{ adminUrl: mesh.databases.adminUrl, dynamoEndpoint: mesh.databases.dynamoEndpoint },
    objects: { endpoint: '', bucket: '', accessKeyId: '', secretAccessKey: '' },
    ...{ gatewayKey: signingKeys.gateway, runKey: signingKeys.orchestrator, agentsKey: signingKeys.agents },
    gatewaySettings: { ...withoutRates, GRPC_PORT: '0' },
  };
  return startGateway(readGatewayConfig(serviceEnvironment('gateway', sources, mesh.addresses)));
}

interface Waiting {
  /** The status, and what was given. */
  readonly answer: Promise<{ readonly status: number; readonly tasks: readonly Row[] }>;
  leave(): void;
}

/** A worker that waits; resolves once it is heard of. */
async function wait(worker: string, at = mesh.gatewayUrl): Promise<Waiting> {
  const leaving = new AbortController();
  return onceHeard(worker, () => {
    const answer = fetch(`${at}/api/v2/agents/${worker}/tasks/claim`, {
      ...{ method: 'POST', signal: leaving.signal, body: JSON.stringify({ wait_s: 30 }) },
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    }).then(async (response) => {
      const { tasks = [] } = (await response.json()) as { readonly tasks?: readonly Row[] };
      return { status: response.status, tasks };
    });
    answer.catch(() => undefined); // it was left
    return { answer, leave: () => leaving.abort() };
  });
}

/** The same by gRPC: whoever leaves is gone with his connection. */
async function waitByGrpc(worker: string, at: string): Promise<Waiting> {
  const sessionManager = new Http2SessionManager(`http://${at}`);
  const transport = createGrpcTransport({ baseUrl: `http://${at}`, sessionManager });
  return onceHeard(worker, () => {
    const call = { timeoutMs: 35_000, headers: { authorization: `Bearer ${token}` } };
    const claim = createClient(WorkerGateService, transport).claim({ workerId: worker, waitS: 30 }, call);
    const answer = claim.then(({ tasks }) => ({
      ...{ status: 200, tasks: tasks.map(({ taskId, attempt }) => ({ task_id: taskId, attempt })) },
    }));
    answer.catch(() => undefined); // it was left
    return { answer, leave: () => sessionManager.abort() };
  });
}

async function onceHeard(worker: string, begin: () => Waiting): Promise<Waiting> {
  const { last_seen: before } = await stage.row('agents', worker);
  const waiting = begin();
  await stage.onceRow('agents', worker, ({ last_seen }) => last_seen !== before);
  return waiting;
}

interface Drained {
  readonly given: Awaited<Waiting['answer']>;
  readonly others: readonly Awaited<Waiting['answer']>[];
  /** Tasks that were offered to workers whose wait the gateway had ended. */
  readonly left: readonly string[];
  readonly task: string;
}

/** Closes a gateway at which workers wait. */
async function drain(closing: RunningGateway): Promise<Drained> {
  const capabilities = [newCapability(), newCapability(), newCapability()];
  const workers = await Promise.all(capabilities.map((each) => stage.register(each)));
  const [first = '', second = '', third = ''] = workers;
  const at = `http://${closing.address}`;
  const waiting = await Promise.all([
    wait(first, at),
    wait(second, at),
    waitByGrpc(third, closing.grpcAddress ?? ''),
  ]);
  const closed = closing.close();
  // It is still offered something while the wait is on its way to its end.
  const task = await stage.create(capabilities[0] ?? '', { auto_dispatch: true });
  const [given, ...others] = await Promise.all(waiting.map(({ answer }) => answer));
  await closed;
  for (const each of waiting) each.leave();
  const left = await Promise.all(
    capabilities.slice(1).map((each) => stage.create(each, { auto_dispatch: true })),
  );
  return { given: given ?? { status: 0, tasks: [] }, others, left, task };
}

describe('a worker that goes away while it waits', () => {
  const waysToWait = {
    HTTP: (worker: string) => wait(worker),
    gRPC: (worker: string) => waitByGrpc(worker, gateway.grpcAddress ?? ''),
  };

  it.each(Object.keys(waysToWait) as (keyof typeof waysToWait)[])(
    'over %s is not given what is offered right then',
    async (way) => {
      const capability = newCapability();
      const worker = await stage.register(capability);
      const waiting = await waysToWait[way](worker);
      waiting.leave();
      const task = await stage.create(capability, { auto_dispatch: true });
      // Whoever looks is answered: also the rows have been looked at for those that waited before.
      const back = await waysToWait[way](worker);
      const given = await back.answer;
      expect(given.tasks).toMatchObject([{ task_id: task, attempt: 1 }]);
      expect(await stage.row('tasks', task)).toMatchObject({ attempt: 1, retry_count: 0 });
    },
  );

  it.each(Object.keys(waysToWait) as (keyof typeof waysToWait)[])(
    'over %s, with forty-nine others, leaves the task to the one that stays',
    async (way) => {
      const capability = newCapability();
      const gone = await Promise.all(Array.from({ length: 50 }, () => stage.register(capability)));
      const living = await stage.register(capability);
      const waiting = await Promise.all(gone.map((worker) => waysToWait[way](worker)));
      const stays = await waysToWait[way](living);
      for (const { leave } of waiting) leave();
      const startedMs = performance.now();
      const task = await stage.create(capability, { auto_dispatch: true });
      expect((await stays.answer).tasks).toMatchObject([{ task_id: task, attempt: 1 }]);
      expect(performance.now() - startedMs).toBeLessThan(promptMs);
      const row = { assigned_agent_id: living, attempt: 1, retry_count: 0, status: 'running' };
      expect(await stage.row('tasks', task)).toMatchObject(row);
    },
  );

  it('at whatever moment, leaves the task to the one that stays or has it, and uses up no retry', async () => {
    const capability = newCapability();
    const gone = await Promise.all(Array.from({ length: 4 }, () => stage.register(capability)));
    const living = await stage.register(capability);
    for (let round = 0; round < rounds; round += 1) {
      const waiting = await Promise.all(gone.map((worker) => wait(worker)));
      const stays = await wait(living);
      const created = stage.create(capability, { auto_dispatch: true, max_retries: 0 });
      await sleep(round * roundMs); // the moment itself is what is tested
      for (const { leave } of waiting) leave();
      const [task, ...ends] = await Promise.all([
        created,
        ...waiting.map(({ answer }) => answer.then(({ tasks }) => tasks.length).catch(() => 0)),
      ]);
      // Who was answered before he left has the task, and nobody else.
      if (ends.includes(1)) stays.leave();
      else expect((await stays.answer).tasks).toMatchObject([{ task_id: task }]);
      expect(await stage.row('tasks', task)).toMatchObject({ status: 'running', retry_count: 0 });
      await stage.raw('DELETE', `/api/v2/tasks/${task}`);
    }
  });
});

/** SPEC S16, its last sentence. */
const shown: Readonly<Record<string, string>> = {
  ...{ waiting: 'pending', ready: 'pending', running: 'running', retry_wait: 'running' },
  ...{ succeeded: 'completed', failed: 'failed', skipped: 'cancelled', cancelled: 'cancelled' },
};

/** The run of a task or a workflow, whose nodes are as the rows of API v2 say. */
async function agreed(kind: 'tasks' | 'workflows', id: string) {
  const row = await stage.row(kind, id);
  const path = { job_id: String(row.job_id) };
  const run = await stage.api.get('/api/v1/executions/{job_id}', { path });
  const tasks = kind === 'tasks' ? [row] : (row.tasks as readonly Row[]);
  expect(run.plan.nodes.map((node) => shown[node.status])).toEqual(tasks.map(({ status }) => status));
  expect(run.kind).toBe(kind === 'tasks' ? 'task' : 'workflow');
  return { run, row, jobId: path.job_id };
}

const output = { output: { potholes: 2 } };
const isEnded = ({ completed_at }: Row) => completed_at !== null;

interface Staged {
  readonly kind: 'tasks' | 'workflows';
  readonly id: string;
  readonly worker: string;
  readonly jobId: string;
}

async function stageRun(kind: Staged['kind']): Promise<Staged> {
  const capability = newCapability();
  const worker = await stage.register(capability);
  const id =
    kind === 'tasks'
      ? await stage.create(capability, { auto_dispatch: true, max_retries: 0 })
      : await stage.createWorkflow(capability, { start: true });
  return { kind, id, worker, jobId: await stage.jobOf(kind, id) };
}

describe.each(['tasks', 'workflows'] as const)('a run of %s', (kind) => {
  const singular = kind === 'tasks' ? 'task' : 'workflow';

  it('that is paused gives nothing to anybody until it is resumed', async () => {
    const { id, worker, jobId } = await stageRun(kind);
    expect((await stage.steer(jobId, 'pause')).body).toMatchObject({ status: 'paused' });
    const paused = await agreed(kind, id);
    expect(paused.run.status).toBe('paused');
    expect(paused.run.plan.nodes[0]?.waiting_for.join()).toMatch(/the run to be resumed/);
    expect((await stage.claim(worker)).tasks).toEqual([]);
    expect((await stage.steer(jobId, 'pause')).status).toBe(409);
    const waiting = await wait(worker);
    expect((await stage.steer(jobId, 'resume')).body).toMatchObject({ status: 'running' });
    const { tasks } = await waiting.answer;
    expect(tasks).toMatchObject([{ attempt: 1 }]);
    expect((await agreed(kind, id)).run.status).toBe('running');
    expect((await stage.steer(jobId, 'resume')).status).toBe(409);
  });

  it('that is paused records what a worker answers, and goes on with the rest when it is resumed', async () => {
    const { id, worker, jobId } = await stageRun(kind);
    const { tasks } = await stage.claim(worker);
    const first = tasks[0]?.task_id ?? '';
    await stage.steer(jobId, 'pause');
    expect((await stage.answer(first, 1, output)).status).toBe(200);
    await stage.onceRow('tasks', first, isEnded);
    const paused = await agreed(kind, id);
    expect([paused.run.status, paused.run.plan.nodes[0]?.status]).toEqual(['paused', 'succeeded']);
    expect((await stage.claim(worker)).tasks).toEqual([]);
    await stage.steer(jobId, 'resume');
    if (kind === 'workflows') {
      const [then] = (await (await wait(worker)).answer).tasks;
      await stage.answer(String(then?.task_id), 1, output);
    }
    await stage.onceRow(kind, id, isEnded);
    const ended = await agreed(kind, id);
    expect([ended.run.status, ended.row.status]).toEqual(['completed', 'completed']);
    expect(ended.run.execution_log).toMatchObject(
      ended.run.plan.nodes.map(() => ({ status: 'success', output: output.output, attempt: 1 })),
    );
  });

  it.each(['offered', 'held', 'paused'] as const)(
    'that is %s is cancelled in both views by either',
    async (standing) => {
      for (const by of ['v1', 'v2']) {
        const { id, worker, jobId } = await stageRun(kind);
        const held = standing === 'held' ? (await stage.claim(worker)).tasks : [];
        if (standing === 'paused') await stage.steer(jobId, 'pause');
        if (by === 'v1') expect((await stage.steer(jobId, 'cancel')).status).toBe(202);
        else expect((await stage.raw('DELETE', `/api/v2/${kind}/${id}`)).status).toBe(200);
        const row = await stage.onceRow(kind, id, isEnded);
        const { run } = await agreed(kind, id);
        expect([by, run.status, row.status]).toEqual([by, 'cancelled', 'cancelled']);
        for (const task of held) expect((await stage.answer(task.task_id, 1, output)).status).toBe(409);
        expect((await stage.claim(worker)).tasks).toEqual([]);
        expect(await stage.row('agents', worker)).toMatchObject({ status: 'idle', running_tasks: 0 });
        for (const verb of ['pause', 'resume'] as const) {
          expect((await stage.steer(jobId, verb)).status).toBe(409);
        }
      }
    },
  );

  it('is not repeated: what it came from is to be started anew', async () => {
    const { id, jobId } = await stageRun(kind);
    const rerun = (mode: string, more = {}) =>
      stage.raw('POST', `/executions/${jobId}/rerun`, { body: { mode, ...more } });
    expect((await rerun('all')).body).toMatchObject({
      status: 409,
      detail: expect.stringMatching(/running/),
    });
    await stage.steer(jobId, 'cancel');
    const instead = kind === 'tasks' ? /create that anew instead/ : /execute that instead/;
    for (const mode of ['all', 'failed']) {
      for (const more of [{}, { preview: true }]) {
        const { status, body } = await rerun(mode, more);
        expect([status, body.detail]).toEqual([409, expect.stringMatching(instead)]);
      }
    }
    expect((await agreed(kind, id)).run).toMatchObject({ status: 'cancelled', rerun_of: null });
  });

  it('streams what becomes of it, in order and to its end', async () => {
    const { worker, jobId } = await stageRun(kind);
    const stream = await openEventStream(`${mesh.gatewayUrl}/api/v1/executions/${jobId}/events`, { token });
    const count = kind === 'tasks' ? 1 : 2;
    for (let at = 0; at < count; at += 1) {
      const [task] = (await (await wait(worker)).answer).tasks;
      await stage.answer(String(task?.task_id), 1, output);
    }
    const frames = await stream.rest();
    const numbers = frames.flatMap(({ id }) => (id === undefined ? [] : [Number(id)]));
    expect(numbers).toEqual(numbers.map((_, at) => at + 1));
    const told = frames.flatMap(({ data }) => (data?.status ? [data.status] : []));
    expect(told.filter((status) => status === 'agent_complete')).toHaveLength(count);
    expect([told.at(-1), frames.at(-1)?.event]).toEqual(['complete', 'end']);
    const list = await stage.api.get('/api/v1/executions', { query: { kind: singular } });
    expect(list.executions.find((run) => run.job_id === jobId)).toMatchObject({ status: 'completed' });
  });
});

describe('the time of a task', () => {
  const pastDeadline = `update orchestrator.tasks set deadline_at = clock_timestamp() - interval '1 s' where id = any($1::uuid[])`;

  it('does not run out while its run is paused, and goes on when it is resumed', async () => {
    const [held, free] = [await stageRun('tasks'), await stageRun('tasks')];
    for (const { worker } of [held, free]) {
      await stage.claim(worker);
      const body = { agent_ids: [worker] };
      await stage.raw('POST', '/api/v2/agents/bulk/reset_status', { body });
    }
    await stage.steer(held.jobId, 'pause');
    await inDatabase(mesh, pastDeadline, [[held.id, free.id]]);
    // One look finds all whose time is up.
    expect(await stage.onceRow('tasks', free.id, isEnded)).toMatchObject({ error_code: 'deadline' });
    expect((await agreed('tasks', held.id)).row).toMatchObject({ status: 'pending' });
    await stage.steer(held.jobId, 'resume');
    const ended = await stage.onceRow('tasks', held.id, isEnded);
    const { run, row } = await agreed('tasks', held.id);
    expect([ended.error_code, run.status, row.status]).toEqual(['deadline', 'failed', 'failed']);
  });

  it('is longer by the pause', async () => {
    const { id, worker, jobId } = await stageRun('tasks');
    await stage.claim(worker);
    const before = await stage.row('tasks', id);
    const pausedMs = Date.now();
    await stage.steer(jobId, 'pause');
    const heldMs = 300;
    await sleep(heldMs); // the time itself is what is tested
    await stage.steer(jobId, 'resume');
    const longerMs =
      Date.parse(`${(await stage.row('tasks', id)).timeout_at}`) - Date.parse(`${before.timeout_at}`);
    expect(longerMs).toBeGreaterThanOrEqual(heldMs - 1);
    expect(longerMs).toBeLessThanOrEqual(Date.now() - pausedMs);
  });

  it('of an attempt runs out in a pause too, which is decided at once and ends the run when it is resumed', async () => {
    const { id, worker, jobId } = await stageRun('tasks');
    await stage.claim(worker);
    await stage.steer(jobId, 'pause');
    const lapse = `update orchestrator.tasks set timeout_at = clock_timestamp() where id = $1`;
    await inDatabase(mesh, lapse, [id]);
    const failed = await stage.onceRow('tasks', id, isEnded);
    expect(failed).toMatchObject({ status: 'failed', error_code: 'attempt_timeout' });
    expect((await agreed('tasks', id)).run.status).toBe('paused');
    await stage.steer(jobId, 'resume');
    expect((await agreed('tasks', id)).run.status).toBe('failed');
  });
});

describe('a gateway that closes while workers wait', () => {
  it('answers them nothing or that it is gone, and loses nothing', async () => {
    const { given, others, left, task } = await drained;
    expect(given.tasks).toMatchObject([{ task_id: task, attempt: 1 }]);
    for (const { status, tasks } of others) {
      expect([200, 503]).toContain(status);
      expect(tasks).toEqual([]);
    }
    for (const id of left) {
      expect(await stage.row('tasks', id)).toMatchObject({ status: 'pending', attempt: 0 });
    }
  });
});
