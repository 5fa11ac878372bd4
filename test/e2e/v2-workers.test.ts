// Workers through the whole mesh: they register, give signs of life, are found, changed and removed, and nobody else's are touched.
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { type ApiClient, createClient } from '../../clients/api/api-client.ts';
import type { RegisterWorkerBody } from '../../clients/api/gen/api-types.ts';
import { newId } from '../../foundation/ids/ids.ts';
import { answered, fieldsOf, refused, shapeOf, statusOf } from './answers.ts';
import type { RawClient } from './raw-client.ts';
import { startTestMesh, type TestMesh } from './test-mesh.ts';

jest.setTimeout(60_000);

let mesh: TestMesh;
let admin: ApiClient;
let crew: ApiClient;
let stranger: ApiClient;
let raw: RawClient;

beforeAll(async () => {
  mesh = await startTestMesh();
  admin = await mesh.as('acme', 'alice');
  crew = await mesh.as('acme', 'edgar', ['admin']);
  stranger = await mesh.as('globex', 'greta');
  raw = await mesh.raw('acme', 'alice');
});

afterAll(() => mesh?.close());

const one = '/api/v2/agents/{agent_id}';

function register(changes: Partial<RegisterWorkerBody> = {}, by = crew) {
  const body = { type: 'detector', name: 'Pothole finder', protocol: 'pull', ...changes } as const;
  return answered((onHead) => by.post('/api/v2/agents/register', { body, onHead }));
}

describe('a worker', () => {
  it('is registered once by its name and endpoint, and comes back with what it said', async () => {
    const said = {
      ...{ name: 'Crack finder', capabilities: ['cracks', 'image', 'cracks'], version: '1.4.0' },
      ...{ metadata: { region: 'north' }, health_check_interval: 30, max_concurrent_tasks: 2 },
    };
    const first = await register(said);
    expect([first.status, first.body.status, first.body.database_stored]).toEqual([201, 'registered', true]);
    const again = await register({ ...said, max_concurrent_tasks: 3 });
    expect([again.status, again.body.agent_id]).toEqual([200, first.body.agent_id]);
    const path = { agent_id: first.body.agent_id };
    const worker = await admin.get(one, { path, query: { include_tasks: 'true' } });
    expect(worker).toMatchObject({
      ...{ ...said, id: path.agent_id, type: 'detector', protocol: 'pull', endpoint: null },
      ...{ capabilities: ['cracks', 'image'], max_concurrent_tasks: 3, status: 'idle', is_active: true },
      ...{ current_task_id: null, tasks: [], task_count: 0, database_source: 'postgresql' },
    });
    const { headers, status } = await raw('GET', `/api/v2/agents/${path.agent_id}`);
    expect([status, headers.get('etag')]).toEqual([200, expect.any(String)]);
  });

  it('is found by type, capability and activity, the newest first', async () => {
    const api = await mesh.as('lists', 'lara', ['admin']);
    const names = ['One finder', 'Two finder', 'Three finder'];
    const ids: string[] = [];
    for (const [at, name] of names.entries()) {
      const type = at === 1 ? 'analysis_agent' : 'detector';
      ids.unshift((await register({ name, type, capabilities: [`c${at}`] }, api)).body.agent_id);
    }
    const [three, two, oldest] = ids;
    const list = async (query: object) => {
      const found = await api.get('/api/v2/agents', { query });
      return { ...found, agents: found.agents.map(({ id }) => id) };
    };
    expect(await list({})).toMatchObject({ agents: ids, total_count: 3, limit: 100, offset: 0 });
    expect(await list({ limit: 1, offset: 1 })).toMatchObject({ agents: [two], total_count: 3 });
    expect(await list({ type: 'analyzer' })).toMatchObject({ agents: [two], total_count: 1 });
    expect(await list({ capability: 'c2' })).toMatchObject({ agents: [three] });
    await api.delete(one, { path: { agent_id: oldest ?? '' } });
    expect(await list({ status: 'active' })).toMatchObject({ agents: [three, two] });
    expect(await list({ status: 'inactive' })).toMatchObject({ agents: [oldest] });
  });

  it('gives signs of life, until it is removed', async () => {
    const { body } = await register({ name: 'Beating finder', health_check_interval: 45 });
    const path = { agent_id: body.agent_id };
    const beat = (sent = {}) => crew.post(`${one}/heartbeat`, { path, body: sent });
    expect(await beat({ metrics: { load: 0.25 } })).toMatchObject({ status: 'idle', next_heartbeat_s: 45 });
    expect(await beat({ status: 'offline' })).toMatchObject({ status: 'offline' });
    expect(await beat()).toMatchObject({ status: 'idle', lost_task_ids: [] });
    const { performance_metrics: figures } = await admin.get(one, { path });
    expect(figures).toMatchObject({ reported: { load: 0.25 }, success_rate: 1, tasks_succeeded: 0 });
    expect(await crew.delete(one, { path })).toMatchObject({ returned_tasks: 0 });
    expect((await admin.get(one, { path })).is_active).toBe(false);
    expect(await statusOf(beat())).toBe(409);
    const again = await register({ name: 'Beating finder' });
    expect(again.body.agent_id).toBe(path.agent_id);
    expect((await admin.get(one, { path })).is_active).toBe(true);
  });

  it('is changed field by field', async () => {
    const { body } = await register({ name: 'Changing finder', capabilities: ['a1'], version: '1.0.0' });
    const path = { agent_id: body.agent_id };
    const changed = await crew.put(one, { path, body: { version: '2.0.0' } });
    expect(changed).toMatchObject({ version: '2.0.0', capabilities: ['a1'], name: 'Changing finder' });
  });

  it('is refused with everything that is wrong, or for what looks like an attack', async () => {
    const wrong = {
      type: 'toaster',
      name: 'x',
      capabilities: ['y'],
      max_concurrent_tasks: 0,
      version: 'one',
    };
    const answer = await raw('POST', '/api/v2/agents/register', { body: wrong });
    expect(answer.status).toBe(422);
    const details = answer.body.details as { field: string; invalid_value: string | null }[];
    expect(details.map(({ field }) => field).sort()).toEqual([
      ...['capabilities[0]', 'endpoint', 'max_concurrent_tasks', 'name', 'type', 'version'],
    ]);
    const told = Object.fromEntries(details.map(({ field, invalid_value }) => [field, invalid_value]));
    expect(told).toMatchObject({ type: 'toaster', 'capabilities[0]': 'y', endpoint: null });
    const attack = { type: 'detector', name: '<script>alert(1)</script>', protocol: 'pull' };
    expect((await raw('POST', '/api/v2/agents/register', { body: attack })).status).toBe(400);
    const inside = { type: 'detector', name: 'Insider', endpoint: 'http://169.254.169.254/x' };
    const refusal = await raw('POST', '/api/v2/agents/register', { body: inside });
    expect([refusal.status, refusal.body.details[0]?.field]).toEqual([422, 'endpoint']);
  });

  it.each<[object, string]>([
    [{ metadata: { region: 'no\0rth' } }, 'metadata.region'],
    [{ metadata: { a: [{ 'b\0': 1 }] } }, 'metadata.a[0]'],
    [{ name: 'Find\0' }, 'name'],
    [{ version: '1.0.0\0' }, 'version'],
    [{ endpoint: 'http://a\0' }, 'endpoint'],
    [{ capabilities: ['ab\0'] }, 'capabilities[0]'],
  ])('with a NUL character is refused, new or changed: %j', async (changes, field) => {
    const { body: worker } = await register({ name: 'Plain finder' });
    const described = { type: 'detector', name: 'Plain finder', protocol: 'pull', ...changes };
    const made = await raw('POST', '/api/v2/agents/register', { body: described });
    const changed = await raw('PUT', `/api/v2/agents/${worker.agent_id}`, { body: changes });
    for (const { status, body } of [made, changed]) {
      expect([status, body.details.map((each) => each.field)]).toEqual([422, [field]]);
    }
  });

  it('whose sign of life has a NUL character is told so', async () => {
    const { body: worker } = await register({ name: 'Figures finder' });
    const beat = (metrics: object) =>
      raw('POST', `/api/v2/agents/${worker.agent_id}/heartbeat`, { body: { metrics } });
    const wrong: readonly (readonly [object, string])[] = [
      [{ host: 'a\0' }, 'metrics.host'],
      [{ 'host\0': 'a' }, 'metrics'],
    ];
    for (const [metrics, field] of wrong) {
      const { status, body } = await beat(metrics);
      expect([status, body.details.map((each) => each.field)]).toEqual([422, [field]]);
    }
    expect((await beat({ host: 'a' })).status).toBe(200);
  });

  it('of another tenant is one that never existed', async () => {
    const { body } = await register({ name: 'Foreign finder' });
    const paths = [body.agent_id, newId()].map((agent_id) => ({ agent_id }));
    const calls = [
      (path: { agent_id: string }) => stranger.get(one, { path }),
      (path: { agent_id: string }) => stranger.put(one, { path, body: { version: '9.0.0' } }),
      (path: { agent_id: string }) => stranger.delete(one, { path }),
      (path: { agent_id: string }) => stranger.post(`${one}/heartbeat`, { path, body: {} }),
    ];
    for (const call of calls) {
      const [foreign, unknown] = await Promise.all(paths.map((path) => refused(call(path))));
      expect(foreign?.status).toBe(404);
      if (foreign && unknown) expect(shapeOf(foreign)).toEqual(shapeOf(unknown));
    }
  });
});

describe('many workers', () => {
  it('are deactivated, activated and reset in one transaction, and what is unknown stops nothing', async () => {
    const made = await Promise.all(['B one', 'B two'].map((name) => register({ name: `${name} finder` })));
    const ids = made.map(({ body }) => body.agent_id);
    const unknown = newId();
    const bulk = (operation: 'activate' | 'deactivate' | 'reset_status', agent_ids: string[], by = admin) =>
      by.post('/api/v2/agents/bulk/{operation}', { path: { operation }, body: { agent_ids } });
    expect(await bulk('deactivate', [...ids, unknown])).toMatchObject({
      ...{ operation: 'deactivate', total_agents: 3, updated_count: 2, error_count: 1, status: 'partial' },
      ...{ errors: [{ agent_id: unknown }], database_transaction: 'committed' },
    });
    const stateOf = async (agent_id = '') => (await admin.get(one, { path: { agent_id } })).status;
    expect(await Promise.all(ids.map(stateOf))).toEqual(['offline', 'offline']);
    // Who was put aside comes back by nobody's sign of life.
    const path = { agent_id: ids[0] ?? '' };
    await crew.post(`${one}/heartbeat`, { path, body: {} }).catch(() => undefined);
    expect(await stateOf(ids[0])).toBe('offline');
    expect(await bulk('activate', [ids[0] ?? ''])).toMatchObject({ status: 'completed', errors: [] });
    expect(await bulk('reset_status', [ids[1] ?? ''])).toMatchObject({ updated_count: 1 });
    expect(await Promise.all(ids.map(stateOf))).toEqual(['idle', 'idle']);
    const editor = await mesh.as('acme', 'eve', ['editor']);
    expect(await statusOf(bulk('activate', ids, editor))).toBe(403);
    expect(await statusOf(register({}, editor))).toBe(403);
    const entries = await admin.get('/api/v1/audit', { query: { operation_type: 'bulk_agent_operation' } });
    expect(entries.entries.map(({ status }) => status)).toEqual(['success', 'success', 'partial']);
  });
});

describe('an API key', () => {
  it('does with workers what its permissions say', async () => {
    const permissions = ['agent:register', 'system:read'];
    const body = { name: 'workers', kind: 'service', permissions } as const;
    const { api_key: credential } = await admin.post('/api/v1/auth/keys', { body });
    const machine = createClient({ baseUrl: mesh.gatewayUrl, credential, retriesMax: 0 });
    const { body: mine } = await register({ name: 'Machine finder' }, machine);
    const path = { agent_id: mine.agent_id };
    expect(await statusOf(machine.post(`${one}/heartbeat`, { path, body: {} }))).toBe(200);
    expect(await statusOf(machine.get(one, { path }))).toBe(403);
    expect(await statusOf(machine.get('/api/v2/status'))).toBe(200);
    expect(await statusOf(machine.get('/api/v2/health/database'))).toBe(403);
    const all = { path: { operation: 'activate' as const }, body: { agent_ids: [mine.agent_id] } };
    expect(await statusOf(machine.post('/api/v2/agents/bulk/{operation}', all))).toBe(403);
  });
});

describe('what is behind API v2', () => {
  it('counts what the tenant has, and tells how its database is', async () => {
    const api = await mesh.as('counted', 'cora');
    await register({ name: 'Counted finder' }, api);
    expect(await api.get('/api/v2/statistics/agents')).toMatchObject({
      agent_statistics: { total_agents: 1, by_status: { idle: 1 }, by_type: { detector: 1 } },
      ...{ task_statistics: { total_tasks: 0, by_status: {} }, data_source: 'postgresql' },
    });
    expect(await api.get('/api/v2/status')).toMatchObject({ agents: { total: 1 }, tasks: { total: 0 } });
    const health = await api.get('/api/v2/health/database');
    expect(health).toMatchObject({ status: 'healthy', agent_count: 1, dependency_injection: true });
    expect(await api.get('/api/v2/health/kafka')).toMatchObject({ status: 'disabled', published_at: null });
    expect(await api.get('/api/v2/info')).toMatchObject({ version: '2.0.0' });
    expect(fieldsOf(await refused(api.get('/api/v2/agents', { query: { limit: 0 } })))).toEqual(['limit']);
  });
});
