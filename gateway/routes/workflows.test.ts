// Workflows over API v2, and how API v2 and what is behind it are.
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Fault, notFound } from '../../foundation/fault/fault.ts';
import { WorkflowStatus } from '../../proto/gen/domainflow/orchestrator/v1/workflow_pb.js';
import { problemOf, startGatewayForTest, type TestGateway } from '../app.for-test.ts';

const at2026 = '2026-03-01T10:00:00.123Z';
const time = timestampFromDate(new Date(at2026));
const id = '019caa7d-3e5f-7b4f-8f7e-5a9d2c1b0a98';
const base = '/api/v2/workflows';

const workflow = {
  ...{ id, name: 'Street survey', description: 'Finds potholes', userId: 'survey-team', taskCount: 2 },
  ...{ status: WorkflowStatus.RUNNING, environment: { city: 'Boston' }, schedule: '0 6 * * 1' },
  ...{ dependencies: [], priority: 3, estimatedDurationS: 720, jobId: 'job_1', scheduleProblem: '' },
  ...{ createdAt: time, updatedAt: time, startedAt: time, nextFireAt: time },
};
const row = {
  ...{ id, name: 'Street survey', description: 'Finds potholes', user_id: 'survey-team', task_count: 2 },
  ...{ status: 'running', environment: { city: 'Boston' }, metadata: {}, schedule: '0 6 * * 1' },
  ...{ dependencies: [], priority: 3, estimated_duration: 720, actual_duration: null, job_id: 'job_1' },
  configuration: { environment: { city: 'Boston' }, schedule: '0 6 * * 1', dependencies: [] },
  ...{ created_at: at2026, updated_at: at2026, started_at: at2026, completed_at: null },
  ...{ next_fire_at: at2026, schedule_problem: null },
};

let at: TestGateway;
let editor: string;
let viewer: string;
beforeAll(async () => {
  at = await startGatewayForTest();
  editor = await at.token({ roles: ['editor'] });
  viewer = await at.token({ roles: ['viewer'] });
});
afterAll(() => at?.close());

describe('a workflow', () => {
  it.each([
    ['', {}, false],
    ['', { start: true }, true],
    ['?start=true', {}, true],
  ])('is created, and started where that is asked: %j %j', async (query, more, start) => {
    const asked: unknown[] = [];
    at.handlers.workflows = {
      createWorkflow: (request) => {
        asked.push(request.workflow, request.start);
        return { workflow };
      },
    };
    const body = { name: 'Street survey', tasks: [{ key: 'find' }], ...more };
    const answer = await at.send(`POST ${base}${query}`, { token: editor, body });
    expect([answer.status, answer.headers.get('location')]).toEqual([201, `${base}/${id}`]);
    expect(answer.body).toEqual({
      ...{ workflow_id: id, status: 'running', message: expect.any(String), task_count: 2, job_id: 'job_1' },
    });
    expect(asked).toEqual([body, start]);
  });

  it('is listed by status and user, and read with its tasks', async () => {
    const asked: unknown[] = [];
    at.handlers.workflows = {
      listWorkflows: ({ status, userId, limit, offset }) => {
        asked.push([status, userId, limit, offset]);
        return { workflows: [workflow], totalCount: 9n };
      },
      getWorkflow: () => ({ workflow: { ...workflow, actualDurationS: 1.5 } }),
    };
    const list = await at.send(`GET ${base}?status=scheduled&user_id=ada&limit=2&offset=1`, {
      token: viewer,
    });
    expect(list.body).toEqual({
      ...{ workflows: [row], total_count: 9, limit: 2, offset: 1, database_source: 'postgresql' },
      filtered_by: { status: 'scheduled', user_id: 'ada' },
    });
    expect(asked).toEqual([[WorkflowStatus.SCHEDULED, 'ada', 2, 1]]);
    const { body } = await at.send(`GET ${base}/${id}`, { token: viewer });
    expect(body).toEqual({ ...row, actual_duration: 1.5, tasks: [] });
    const wrong = await at.send(`GET ${base}?status=gone&limit=0`, { token: viewer });
    expect([wrong.status, wrong.body.details.length]).toEqual([422, 2]);
  });

  it('is executed and cancelled, where its state allows it', async () => {
    at.handlers.workflows = {
      executeWorkflow: () => ({ workflow }),
      cancelWorkflow: () => ({ workflow }),
    };
    const executed = await at.send(`POST ${base}/${id}/execute`, { token: editor });
    expect([executed.status, executed.body]).toEqual([
      202,
      { workflow_id: id, job_id: 'job_1', status: 'running', message: expect.any(String) },
    ]);
    const cancelled = await at.send(`DELETE ${base}/${id}`, { token: editor });
    expect([cancelled.status, cancelled.body.status]).toEqual([200, 'cancelled']);
    const refuse = () => Promise.reject(new Fault('failed_precondition', 'Not now'));
    at.handlers.workflows = { executeWorkflow: refuse, cancelWorkflow: refuse, getWorkflow: refuse };
    const statuses = await Promise.all(
      [`POST ${base}/${id}/execute`, `DELETE ${base}/${id}`, `DELETE ${base}/1`, `GET ${base}/1`].map(
        async (line) => (await at.send(line, { token: editor })).status,
      ),
    );
    expect(statuses).toEqual([409, 409, 400, 400]);
    at.handlers.workflows = { getWorkflow: () => Promise.reject(notFound('workflow')) };
    expect((await at.send(`GET ${base}/${id}`, { token: viewer })).status).toBe(404);
    const refused = await at.send(`POST ${base}/${id}/execute`, { token: viewer });
    expect([refused.status, problemOf(refused).detail]).toEqual([403, 'This needs the role editor']);
  });
});

describe('what is behind API v2', () => {
  const statistics = {
    ...{ totalWorkers: 3n, workersByStatus: { idle: 2n, busy: 1n }, workersByType: { detector: 3n } },
    ...{
      totalTasks: 6n,
      tasksByStatus: { waiting: 1n, pending: 2n, retrying: 1n, running: 1n, skipped: 1n },
    },
    ...{ totalWorkflows: 1n, workflowsByStatus: { running: 1n }, queuedTasks: 2n, oldestWaitS: 3.5 },
  };
  const taskCounts = { pending: 3, running: 2, cancelled: 1 };

  it('is counted in words of the API', async () => {
    at.handlers.workers = { getWorkStatistics: () => statistics };
    const status = await at.send('GET /api/v2/status', { token: viewer });
    expect(status.body).toEqual({
      ...{ status: 'operational', agents: { total: 3, by_status: { idle: 2, busy: 1 } } },
      ...{ tasks: { total: 6, by_status: taskCounts }, workflows: { total: 1, by_status: { running: 1 } } },
      ...{ queue: { queued_tasks: 2, oldest_wait_s: 3.5 }, timestamp: expect.any(String) },
    });
    const counted = await at.send('GET /api/v2/statistics/agents', { token: viewer });
    expect(counted.body).toEqual({
      agent_statistics: { total_agents: 3, by_status: { idle: 2, busy: 1 }, by_type: { detector: 3 } },
      ...{ task_statistics: { total_tasks: 6, by_status: taskCounts }, data_source: 'postgresql' },
      timestamp: expect.any(String),
    });
    const info = await at.send('GET /api/v2/info', { token: viewer });
    expect(info.body).toMatchObject({ service: 'domainflow', version: '2.0.0' });
  });

  it('has a database that is well, or is not, or cannot be asked', async () => {
    const pool = { poolSize: 10, checkedIn: 9, checkedOut: 1, overflow: 0, invalid: 2 };
    const found = { healthy: true, message: 'It answers', workerCount: 2n, taskCount: 5n, ...pool };
    const read = async () => (await at.send('GET /api/v2/health/database', { token: viewer })).body;
    at.handlers.workers = { getDatabaseHealth: () => ({ ...found, activeConnections: 24 }) };
    expect(await read()).toEqual({
      ...{ status: 'healthy', agent_count: 2, task_count: 5, message: 'It answers' },
      connection_pool: { pool_size: 10, checked_in: 9, checked_out: 1, overflow: 0, invalid: 2 },
      ...{ active_connections: 24, dependency_injection: true },
    });
    at.handlers.workers = { getDatabaseHealth: () => ({ healthy: false, message: 'It does not answer' }) };
    const unhealthy = { status: 'unhealthy', error: 'database_unavailable' };
    expect(await read()).toEqual({ ...unhealthy, message: 'It does not answer' });
    at.handlers.workers = { getDatabaseHealth: () => Promise.reject(new Fault('unavailable', 'Away')) };
    expect(await read()).toEqual({ ...unhealthy, message: expect.stringContaining('cannot be reached') });
  });

  it('exports events, or does not', async () => {
    const told = { status: 'healthy', message: 'All is told', behindS: 1.5 };
    const counts = { publishedCount: 7n, refusedCount: 1n };
    at.handlers.workers = { getEventExport: () => ({ ...told, ...counts, publishedAt: time }) };
    const { body } = await at.send('GET /api/v2/health/kafka', { token: viewer });
    expect(body).toEqual({
      ...{ status: 'healthy', message: 'All is told', published_at: at2026, behind_s: 1.5 },
      ...{ published_count: 7, refused_count: 1, timestamp: expect.any(String) },
    });
    at.handlers.workers = { getEventExport: () => ({ status: 'disabled', message: 'No export is set up' }) };
    const none = await at.send('GET /api/v2/health/kafka', { token: viewer });
    expect(none.body).toMatchObject({ status: 'disabled', published_at: null, published_count: 0 });
  });
});
