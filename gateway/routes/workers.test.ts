// Workers over API v2: what is sent into the mesh, and what of its answers a caller sees.
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Fault, invalidArgument, malformed, notFound } from '../../foundation/fault/fault.ts';
import {
  WorkerActivity,
  WorkerOperation,
  WorkerStatus,
} from '../../proto/gen/domainflow/orchestrator/v1/worker_pb.js';
import { problemOf, startGatewayForTest, type TestGateway } from '../app.for-test.ts';

const at2026 = '2026-03-01T10:00:00.123Z';
const time = timestampFromDate(new Date(at2026));
const id = '019caa7d-3e5f-7b4f-8f7e-5a9d2c1b0a98';
const other = '019caa7d-4f60-7b4f-8f7e-5a9d2c1b0a99';
const base = '/api/v2/agents';

const worker = {
  ...{ id, type: 'detector', name: 'Pothole finder', protocol: 'pull', endpoint: '', version: '' },
  ...{ capabilities: ['potholes'], metadata: { region: 'north' }, healthCheckIntervalS: 60 },
  ...{ maxConcurrentTasks: 4, status: WorkerStatus.BUSY, isActive: true, lastSeen: time, runningTasks: 1 },
  ...{ currentTaskId: other, createdAt: time, updatedAt: time },
  performance: { tasksSucceeded: 12n, tasksFailed: 1n, successRate: 0.92, avgResponseTimeMs: 810.5 },
};
const shown = {
  ...{ id, type: 'detector', name: 'Pothole finder', protocol: 'pull', endpoint: null, version: null },
  ...{ capabilities: ['potholes'], metadata: { region: 'north' }, health_check_interval: 60 },
  ...{ max_concurrent_tasks: 4, status: 'busy', is_active: true, last_seen: at2026, running_tasks: 1 },
  ...{ current_task_id: other, created_at: at2026, updated_at: at2026 },
  performance_metrics: {
    ...{ tasks_succeeded: 12, tasks_failed: 1, success_rate: 0.92, avg_response_time: 810.5, reported: {} },
  },
};

let at: TestGateway;
let admin: string;
let editor: string;
let viewer: string;
beforeAll(async () => {
  at = await startGatewayForTest();
  [admin, editor, viewer] = (await Promise.all(
    ['admin', 'editor', 'viewer'].map((role) => at.token({ roles: [role] })),
  )) as [string, string, string];
});
afterAll(() => at?.close());

describe('a worker', () => {
  it('registers with what it says of itself, and keeps its id when it comes again', async () => {
    const sent: unknown[] = [];
    let created = true;
    at.handlers.workers = {
      registerWorker: ({ worker: told }) => {
        sent.push(told);
        return { worker, created };
      },
    };
    const body = { type: 'detector', name: 'Pothole finder', protocol: 'pull', unknown: [1, null] };
    const first = await at.send(`POST ${base}/register`, { token: admin, body });
    created = false;
    const again = await at.send(`POST ${base}/register`, { token: admin, body });
    expect(sent).toEqual([body, body]);
    expect([first.status, first.headers.get('location')]).toEqual([201, `${base}/${id}`]);
    expect(first.body).toEqual({
      ...{ agent_id: id, status: 'registered', message: 'The worker is registered' },
      ...{ created_at: at2026, database_stored: true },
    });
    expect([again.status, again.body.agent_id, again.body.status]).toEqual([200, id, 'registered']);
  });

  it('is listed by type, activity and capability, an alias as what it stands for', async () => {
    const asked: unknown[] = [];
    at.handlers.workers = {
      listWorkers: ({ type, activity, capability, limit, offset }) => {
        asked.push([type, activity, capability, limit, offset]);
        return { workers: [worker], totalCount: 41n };
      },
    };
    const narrowed = 'type=analysis_agent&status=active&capability=potholes&limit=7&offset=40&no=1';
    const list = await at.send(`GET ${base}?${narrowed}`, { token: viewer });
    expect(list.body).toEqual({
      ...{ agents: [shown], total_count: 41, limit: 7, offset: 40, database_source: 'postgresql' },
      filtered_by: { type: 'analysis_agent', status: 'active', capability: 'potholes' },
    });
    const whole = await at.send(`GET ${base}`, { token: viewer });
    expect(whole.body).toMatchObject({ limit: 100, offset: 0, filtered_by: { type: null, status: 'all' } });
    expect(asked).toEqual([
      ['analyzer', WorkerActivity.ACTIVE, 'potholes', 7, 40],
      ['', WorkerActivity.UNSPECIFIED, '', 100, 0],
    ]);
    const few = await at.send(`GET ${base}?fields=id,performance_metrics.success_rate`, { token: viewer });
    expect(few.body.agents).toEqual([{ id, performance_metrics: { success_rate: 0.92 } }]);
  });

  it('is read with its tasks where they are asked for', async () => {
    at.handlers.workers = {
      getWorker: ({ includeTasks }) => ({ worker, ...(includeTasks && { tasks: [], taskCount: 3n }) }),
    };
    const bare = await at.send(`GET ${base}/${id.toUpperCase()}`, { token: viewer });
    expect(bare.body).toEqual({ ...shown, database_source: 'postgresql' });
    const whole = await at.send(`GET ${base}/${id}?include_tasks=true`, { token: viewer });
    expect(whole.body).toEqual({ ...shown, tasks: [], task_count: 3, database_source: 'postgresql' });
  });

  it('gives signs of life, is changed and removed', async () => {
    const heard: unknown[] = [];
    at.handlers.workers = {
      heartbeat: ({ workerId, heartbeat }) => {
        heard.push(workerId, heartbeat);
        return {
          workerId,
          status: WorkerStatus.IDLE,
          lastSeen: time,
          nextHeartbeatS: 60,
          lostTaskIds: [other],
        };
      },
      updateWorker: ({ worker: change }) => {
        heard.push(change);
        return { worker };
      },
      removeWorker: () => ({ returnedTasks: 2 }),
    };
    const body = { metrics: { load: 0.5 }, running_task_ids: [other] };
    const beat = await at.send(`POST ${base}/${id}/heartbeat`, { token: admin, body });
    expect(beat.body).toEqual({
      ...{ agent_id: id, status: 'idle', last_seen: at2026, next_heartbeat_s: 60, lost_task_ids: [other] },
    });
    await at.send(`POST ${base}/${id}/heartbeat`, { token: admin });
    const changed = await at.send(`PUT ${base}/${id}`, { token: admin, body: { version: '2.0.0' } });
    expect([changed.status, changed.body]).toEqual([200, shown]);
    const gone = await at.send(`DELETE ${base}/${id}`, { token: admin });
    expect(gone.body).toEqual({ agent_id: id, message: 'The worker was removed', returned_tasks: 2 });
    expect(heard).toEqual([id, body, id, {}, { version: '2.0.0' }]);
  });
});

describe('many workers', () => {
  it.each(['list', 'object'])('are done one thing to, with errors that stop nothing: %s', async (form) => {
    const asked: unknown[] = [];
    at.handlers.workers = {
      bulkUpdateWorkers: ({ operation, workerIds }) => {
        asked.push(operation, workerIds);
        const errors = workerIds.slice(1).map((workerId) => ({ workerId, message: 'No such worker' }));
        return { updatedCount: 1, errors, committedAt: time };
      },
    };
    const ids = [id, other];
    const body = form === 'list' ? ids : { agent_ids: ids };
    const answer = await at.send(`POST ${base}/bulk/reset_status`, { token: admin, body });
    expect(answer.body).toEqual({
      ...{ operation: 'reset_status', total_agents: 2, updated_count: 1, error_count: 1 },
      errors: [{ agent_id: other, message: 'No such worker' }],
      ...{ status: 'partial', database_transaction: 'committed', timestamp: at2026 },
    });
    const whole = await at.send(`POST ${base}/bulk/activate`, { token: admin, body: [id] });
    expect(whole.body).toMatchObject({ status: 'completed', errors: [] });
    expect(asked).toEqual([WorkerOperation.RESET_STATUS, ids, WorkerOperation.ACTIVATE, [id]]);
  });

  it.each([
    ['activate', {}, 422, 'agent_ids: must be a list of 1 to 1000 ids'],
    ['activate', [], 422, 'agent_ids: must be a list of 1 to 1000 ids'],
    ['activate', { agent_ids: Array(1_001).fill(id) }, 422, 'agent_ids: must be a list of 1 to 1000 ids'],
    ['activate', [id, 'none', 7], 400, 'agent_ids[1]: must be a UUID (and 1 more)'],
    ['explode', [id], 400, 'operation: must be one of activate, deactivate, reset_status'],
  ])('are refused: %s %#', async (operation, body, status, detail) => {
    const answer = await at.send(`POST ${base}/bulk/${operation}`, { token: admin, body });
    expect([answer.status, problemOf(answer).detail]).toEqual([status, detail]);
  });
});

describe('a refusal of API v2', () => {
  it('tells everything that is wrong at once, with values and rules', async () => {
    const violations = [
      { field: 'name', reason: 'must have at least 3 characters' },
      { field: 'metadata.api_key', reason: 'must be shorter' },
      { field: 'type', reason: 'is required' },
    ];
    at.handlers.workers = {
      registerWorker: () => {
        throw invalidArgument(violations);
      },
    };
    const body = { name: 'x', metadata: { api_key: 'sesame' } };
    const answer = await at.send(`POST ${base}/register`, { token: admin, body });
    expect(answer.status).toBe(422);
    expect(problemOf(answer)).toMatchObject({
      ...{ type: 'urn:domainflow:problem:unprocessable-content', error_code: 'ERR_422' },
      ...{ detail: 'name: must have at least 3 characters (and 2 more)' },
      message: 'name: must have at least 3 characters (and 2 more)',
      details: [
        {
          ...{ field: 'name', reason: 'must have at least 3 characters', invalid_value: 'x' },
          ...{
            message: 'name must have at least 3 characters',
            constraint: 'must have at least 3 characters',
          },
        },
        { field: 'metadata.api_key', invalid_value: '[masked]' },
        { field: 'type', invalid_value: null },
      ],
    });
    const { trace_id, request_id } = answer.body;
    expect(answer.headers.get('traceresponse')).toContain(`${trace_id}-${request_id}`);
  });

  it.each([
    ['limit=0', 'limit', '0', 'must be a whole number from 1 to 1000'],
    ['limit=1001', 'limit', '1001', 'must be a whole number from 1 to 1000'],
    ['limit=ten', 'limit', 'ten', 'must be a whole number from 1 to 1000'],
    ['offset=-1', 'offset', '-1', 'must be a whole number from 0'],
    ['status=gone', 'status', 'gone', 'must be one of active, inactive, all'],
    ['limit=1&limit=2', 'limit', '["1","2"]', 'must be given once'],
    ['status=active&status=all', 'status', '["active","all"]', 'must be given once'],
    ['capability=a&capability=b', 'capability', '["a","b"]', 'must be given once'],
    ['fields=nothing', 'fields', null, 'nothing is not a field of the answer'],
  ])('of a list is 422: %s', async (query, field, value, reason) => {
    at.handlers.workers = { listWorkers: () => ({ workers: [], totalCount: 0n }) };
    const answer = await at.send(`GET ${base}?${query}`, { token: viewer });
    expect([answer.status, answer.body.details]).toEqual([
      422,
      [{ field, reason, message: `${field} ${reason}`, invalid_value: value, constraint: reason }],
    ]);
  });

  it.each([
    ['GET', 'none', 400],
    ['GET', `${id}0`, 400],
    ['PUT', 'none', 400],
    ['DELETE', 'none', 400],
    ['GET', id, 404],
  ])('of an id: %s %s', async (method, name, status) => {
    at.handlers.workers = { getWorker: () => Promise.reject(notFound('worker')) };
    const body = method === 'PUT' ? { name: 'Other' } : undefined;
    const answer = await at.send(`${method} ${base}/${name}`, { token: admin, ...(body && { body }) });
    expect([answer.status, problemOf(answer).detail]).toEqual([
      status,
      status === 400 ? 'agent_id: must be a UUID' : 'No such worker',
    ]);
    expect(answer.body.message).toBe(answer.body.detail);
  });

  it.each([
    [malformed([{ field: 'name', reason: 'looks like a script' }]), 400],
    [new Fault('failed_precondition', 'The worker was removed'), 409],
    [new Fault('aborted', 'Somebody was faster'), 409],
    [new Fault('unavailable', 'Not now'), 503],
  ])('has the status of its reason: %#', async (fault, status) => {
    at.handlers.workers = { registerWorker: () => Promise.reject(fault) };
    const answer = await at.send(`POST ${base}/register`, { token: admin, body: { name: 'x' } });
    expect([answer.status, problemOf(answer).detail]).toEqual([status, fault.message]);
  });

  it('is 400 for what is no JSON, and 404 for what is no route, both as of API v2', async () => {
    const bad = await at.send(`POST ${base}/register`, { token: admin, body: '{' });
    const none = await at.send('GET /api/v2/nothing', { token: admin });
    const open = await at.send(`GET ${base}`);
    expect([bad.status, none.status, open.status]).toEqual([400, 404, 401]);
    for (const { body } of [bad, none, open]) {
      expect(body.message).toBe(body.detail);
      expect(body.request_id).toMatch(/^[0-9a-f]{16}$/);
    }
    const { body } = await at.send('GET reports?page=x', { token: admin });
    expect([body.status, body.request_id, body.message]).toEqual([400, undefined, undefined]);
  });

  it('is 413 above ten megabytes alone', async () => {
    at.handlers.workers = { registerWorker: () => ({ worker, created: true }) };
    const sized = (bytes: number) => ({ name: 'x', metadata: { fill: 'a'.repeat(bytes) } });
    const large = await at.send(`POST ${base}/register`, { token: admin, body: sized(9 * 1024 * 1024) });
    const larger = await at.send(`POST ${base}/register`, { token: admin, body: sized(10 * 1024 * 1024) });
    expect([large.status, larger.status]).toEqual([201, 413]);
  });
});

describe('who may', () => {
  it.each([
    ['GET', '', 'viewer'],
    ['GET', `/${id}`, 'viewer'],
    ['POST', '/register', 'admin'],
    ['POST', `/${id}/heartbeat`, 'admin'],
    ['PUT', `/${id}`, 'admin'],
    ['DELETE', `/${id}`, 'admin'],
    ['POST', `/${id}/tasks/claim`, 'admin'],
    ['POST', '/bulk/activate', 'admin'],
  ])('%s %s: %s', async (method, path, least) => {
    at.handlers.workers = {};
    const tokens = { viewer, editor, admin };
    const roles = ['viewer', 'editor', 'admin'] as const;
    const answers = await Promise.all(
      roles.map((role) =>
        at.send(`${method} ${base}${path}`, { token: tokens[role], body: method === 'GET' ? undefined : {} }),
      ),
    );
    const refused = roles.filter((_role, n) => answers[n]?.status === 403);
    expect(refused).toEqual(roles.slice(0, roles.indexOf(least as 'viewer')));
  });
});
