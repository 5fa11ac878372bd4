// Tasks over API v2: what is sent into the mesh, and what of its answers a caller sees.
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Fault } from '../../foundation/fault/fault.ts';
import { TaskOrder, WorkTaskStatus } from '../../proto/gen/domainflow/orchestrator/v1/task_pb.js';
import { WorkerStatus } from '../../proto/gen/domainflow/orchestrator/v1/worker_pb.js';
import { problemOf, startGatewayForTest, type TestGateway } from '../app.for-test.ts';

const at2026 = '2026-03-01T10:00:00.123Z';
const time = timestampFromDate(new Date(at2026));
const id = '019caa7d-3e5f-7b4f-8f7e-5a9d2c1b0a98';
const agentId = '019caa7d-4f60-7b4f-8f7e-5a9d2c1b0a99';
const flowId = '019caa7d-4f60-7b4f-8f7e-5a9d2c1b0a9a';
const base = '/api/v2/tasks';

const task = {
  ...{ id, type: 'detection', name: 'Find potholes', description: 'In a picture', inputData: { n: 1.5 } },
  ...{ errorCode: '', errorMessage: '', status: WorkTaskStatus.PENDING, priority: 3 },
  ...{ requiredCapabilities: ['potholes'], assignedWorkerId: '', workflowId: '', key: '', dependsOn: [] },
  ...{ dependencies: [], tags: ['street'], createdAt: time, timeoutS: 120, retryCount: 0, maxRetries: 2 },
  ...{ jobId: 'job_1', attempt: 0, isDispatched: true },
};
const shown = {
  ...{ id, type: 'detection', name: 'Find potholes', description: 'In a picture', input_data: { n: 1.5 } },
  ...{
    result: null,
    error_code: null,
    error_message: null,
    status: 'pending',
    state: 'pending',
    priority: 3,
  },
  ...{ required_capabilities: ['potholes'], assigned_agent_id: null, workflow_id: null, key: null },
  ...{ parent_task_id: null, dependencies: [], depends_on: [], tags: ['street'] },
  ...{ metadata: { tags: ['street'], key: null, depends_on: [] }, created_at: at2026, started_at: null },
  ...{ completed_at: null, timeout_at: null, timeout: 120, retry_count: 0, max_retries: 2, attempt: 0 },
  ...{ auto_dispatch: true, job_id: 'job_1' },
};

let at: TestGateway;
let admin: string;
let editor: string;
let viewer: string;
beforeAll(async () => {
  at = await startGatewayForTest();
  admin = await at.token({ roles: ['admin'] });
  editor = await at.token({ roles: ['editor'] });
  viewer = await at.token({ roles: ['viewer'] });
});
afterAll(() => at?.close());

describe('a task', () => {
  it.each([
    ['', {}, false],
    ['', { auto_dispatch: true }, true],
    ['?auto_dispatch=true', {}, true],
    ['?auto_dispatch=false', { auto_dispatch: false }, false],
  ])('is created, and dispatched where that is asked: %j %j', async (query, more, autoDispatch) => {
    const asked: unknown[] = [];
    at.handlers.tasks = {
      createTask: (request) => {
        asked.push(request.task, request.autoDispatch);
        return { task };
      },
    };
    const body = { type: 'detection', name: 'Find potholes', ...more };
    const answer = await at.send(`POST ${base}${query}`, { token: editor, body });
    expect([answer.status, answer.headers.get('location')]).toEqual([201, `${base}/${id}`]);
    expect(answer.body).toEqual({
      ...{ task_id: id, status: 'created', message: expect.any(String), created_at: at2026 },
      ...{ priority: 3, job_id: 'job_1', database_stored: true },
    });
    expect(asked).toEqual([body, autoDispatch]);
  });

  it('is not created with a wish that is neither yes nor no', async () => {
    at.handlers.tasks = {};
    const inBody = await at.send(`POST ${base}`, { token: editor, body: { auto_dispatch: 'yes' } });
    expect([inBody.status, inBody.body.details[0]]).toMatchObject([
      422,
      { field: 'auto_dispatch', invalid_value: 'yes', constraint: 'must be true or false' },
    ]);
    const inQuery = await at.send(`POST ${base}?auto_dispatch=1`, { token: editor, body: {} });
    expect([inQuery.status, problemOf(inQuery).detail]).toEqual([
      422,
      'auto_dispatch: must be one of true, false',
    ]);
  });

  it('is listed by status, workflow and worker, in the order that is asked for', async () => {
    const asked: unknown[] = [];
    at.handlers.tasks = {
      listTasks: ({ status, workflowId, workerId, limit, offset, sortBy, ascending }) => {
        asked.push([status, workflowId, workerId, limit, offset, sortBy, ascending]);
        return { tasks: [task], totalCount: 1n };
      },
    };
    const narrowed = `status=running&workflow_id=${flowId.toUpperCase()}&agent_id=${agentId}`;
    const answer = await at.send(`GET ${base}?${narrowed}&limit=1000&offset=3&sort_by=name&sort_order=asc`, {
      token: viewer,
    });
    expect(answer.body).toEqual({
      ...{ tasks: [shown], total_count: 1, limit: 1000, offset: 3, sort_by: 'name', sort_order: 'asc' },
      database_source: 'postgresql',
      filtered_by: { status: 'running', workflow_id: flowId.toUpperCase(), agent_id: agentId },
    });
    await at.send(`GET ${base}`, { token: viewer });
    expect(asked).toEqual([
      [WorkTaskStatus.RUNNING, flowId, agentId, 1000, 3, TaskOrder.NAME, true],
      [WorkTaskStatus.UNSPECIFIED, '', '', 100, 0, TaskOrder.PRIORITY, false],
    ]);
  });

  it.each(['limit=0', 'limit=1001', 'sort_by=size', 'sort_order=up', 'workflow_id=none', 'agent_id=7'])(
    'is not listed by %s',
    async (query) => {
      at.handlers.tasks = {};
      const answer = await at.send(`GET ${base}?${query}`, { token: viewer });
      expect([answer.status, answer.body.details[0].field]).toEqual([422, query.split('=')[0]]);
    },
  );

  it.each([
    ['WAITING', 'waiting', 'pending'],
    ['PENDING', 'pending', 'pending'],
    ['RUNNING', 'running', 'running'],
    ['RETRYING', 'retrying', 'running'],
    ['COMPLETED', 'completed', 'completed'],
    ['FAILED', 'failed', 'failed'],
    ['CANCELLED', 'cancelled', 'cancelled'],
    ['SKIPPED', 'skipped', 'cancelled'],
  ] as const)('that is %s is shown as %s of %s', async (name, state, status) => {
    at.handlers.tasks = { getTask: () => ({ task: { ...task, status: WorkTaskStatus[name] } }) };
    const { body } = await at.send(`GET ${base}/${id}`, { token: viewer });
    expect(body).toEqual({ ...shown, state, status, database_source: 'postgresql' });
  });

  it('is read with its worker and its workflow where they are asked for', async () => {
    const worker = { id: agentId, type: 'detector', protocol: 'pull', status: WorkerStatus.IDLE };
    const times = { createdAt: time, updatedAt: time };
    at.handlers.tasks = {
      getTask: ({ includeWorker }) => ({ task, ...(includeWorker && { worker: { ...worker, ...times } }) }),
    };
    const { body } = await at.send(`GET ${base}/${id}?include_agent=true&include_workflow=true`, {
      token: viewer,
    });
    expect([body.assigned_agent.id, body.workflow]).toEqual([agentId, null]);
  });

  it('is assigned, executed and cancelled', async () => {
    const asked: unknown[] = [];
    at.handlers.tasks = {
      assignTask: ({ taskId, workerId }) => {
        asked.push([taskId, workerId]);
        return { task, assignedAt: time };
      },
      executeTask: ({ taskId }) => {
        asked.push(taskId);
        return { task };
      },
      cancelTask: ({ taskId }) => {
        asked.push(taskId);
        return { task };
      },
    };
    const assigned = await at.send(`POST ${base}/${id}/assign/${agentId}`, { token: editor });
    expect([assigned.status, assigned.body]).toEqual([
      200,
      {
        ...{ task_id: id, agent_id: agentId, status: 'assigned', message: expect.any(String) },
        ...{ assigned_at: at2026, database_updated: true },
      },
    ]);
    const executed = await at.send(`POST ${base}/${id}/execute`, { token: editor });
    expect([executed.status, executed.body.status, executed.body.job_id]).toEqual([
      202,
      'dispatched',
      'job_1',
    ]);
    const cancelled = await at.send(`DELETE ${base}/${id}`, { token: editor });
    expect([cancelled.status, cancelled.body.status]).toEqual([200, 'cancelled']);
    expect(asked).toEqual([[id, agentId], id, id]);
  });

  it('that is not in a state for it is refused with 409, an id that is none with 400', async () => {
    const refuse = () => Promise.reject(new Fault('failed_precondition', 'The task is not pending'));
    at.handlers.tasks = { assignTask: refuse, executeTask: refuse, cancelTask: refuse };
    const lines = (name: string) => [
      `POST ${base}/${name}/assign/${agentId}`,
      `POST ${base}/${name}/execute`,
      `DELETE ${base}/${name}`,
    ];
    const statuses = async (name: string) =>
      Promise.all(lines(name).map(async (line) => (await at.send(line, { token: editor })).status));
    expect(await statuses(id)).toEqual([409, 409, 409]);
    expect(await statuses('7')).toEqual([400, 400, 400]);
    const wrong = await at.send(`POST ${base}/${id}/assign/nobody`, { token: editor });
    expect([wrong.status, problemOf(wrong).detail]).toEqual([400, 'agent_id: must be a UUID']);
  });
});

describe('a result', () => {
  it('goes to its attempt as it was sent', async () => {
    const asked: unknown[] = [];
    at.handlers.tasks = {
      endAttempt: ({ taskId, attempt, result }) => {
        asked.push([taskId, attempt, result]);
        return { task: { ...task, status: WorkTaskStatus.COMPLETED } };
      },
    };
    const body = { output: { potholes: [1, 2] }, confidence: 0.5 };
    const answer = await at.send(`POST ${base}/${id}/attempts/3/result`, { token: admin, body });
    const fault = { error_code: null, error_message: null };
    expect([answer.status, answer.body]).toEqual([200, { task_id: id, status: 'completed', ...fault }]);
    expect(asked).toEqual([[id, 3, body]]);
  });

  it('that counts as failed is taken, with why', async () => {
    const fault = { errorCode: 'output_invalid', errorMessage: 'The answer of the worker is not valid: …' };
    at.handlers.tasks = {
      endAttempt: () => ({ task: { ...task, status: WorkTaskStatus.FAILED }, ...fault }),
    };
    const path = `POST ${base}/${id}/attempts/3/result`;
    const { status, body } = await at.send(path, { token: admin, body: { output: {} } });
    expect([status, body]).toEqual([
      200,
      {
        ...{ task_id: id, status: 'failed' },
        ...{ error_code: fault.errorCode, error_message: fault.errorMessage },
      },
    ]);
  });

  it.each([
    ['0', 400],
    ['first', 400],
    ['2', 409],
  ])('of attempt %s is refused with %i', async (attempt, status) => {
    at.handlers.tasks = { endAttempt: () => Promise.reject(new Fault('aborted', 'Not yours any more')) };
    const answer = await at.send(`POST ${base}/${id}/attempts/${attempt}/result`, {
      token: admin,
      body: { error_code: 'broken', error_message: 'It broke' },
    });
    expect(answer.status).toBe(status);
  });
});
