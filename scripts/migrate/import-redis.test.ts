// The import from a real Redis into a real database: both forms of records, what is mapped, what is refused, and that it may be repeated.
// Left out, by name, where redis-server is not installed.
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { startTestDatabases, type TestDatabases } from '../../local/databases/test-databases.ts';
import { describeOnRedis } from '../../local/installed-programs.for-test.ts';
import { openTestStores, type TestStores } from '../../services/orchestrator/store/stores.for-test.ts';
import { startTestRedis, type TestRedis } from './redis-server.for-test.ts';

describeOnRedis('migrate --migrate', () => {
  let databases: TestDatabases;
  let redis: TestRedis;
  let stores: TestStores;
  let count = 0;
  beforeAll(async () => {
    databases = await startTestDatabases();
    redis = await startTestRedis();
  }, 60_000);
  afterAll(async () => {
    await redis?.stop();
    await databases?.stop();
  });
  beforeEach(async () => {
    count += 1;
    await redis.client.flushAll();
    stores = await openTestStores(databases, `redis_${count}`);
  });
  afterEach(() => stores?.close());

  const tenantId = randomUUID();

  function migrate(changes: Record<string, string> = {}, tenant: string = tenantId) {
    const env = {
      PATH: process.env.PATH,
      NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
      REDIS_URL: redis.url,
      DATABASE_URL: stores.urls.app,
      ...changes,
    };
    const args = [join(import.meta.dirname, '..', 'migrate.ts'), '--migrate', '--tenant', tenant];
    return new Promise<{ code: number; stdout: string; stderr: string }>((resolve) =>
      execFile(process.execPath, args, { env }, (error, stdout, stderr) =>
        resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
      ),
    );
  }

  const rows = async (text: string) => (await stores.admin.query(text)).rows;
  const put = (kind: string, id: string, fields: object) =>
    redis.client.hSet(kind, id, JSON.stringify(fields));

  it('maps workers in both forms, with their types and states', async () => {
    const analyst = {
      type: 'analysis_agent',
      name: 'Analyst',
      endpoint: 'https://a.example/x',
      status: 'busy',
    };
    await put('agents', randomUUID(), analyst);
    await redis.client.hSet('agents:rule-7', {
      agent_type: 'rule_agent',
      name: 'Rules',
      capabilities: '["rules", "words"]',
      status: 'offline',
      max_concurrent_tasks: '3',
    });
    await put('agents', 'gone', { type: 'notifier', name: 'Gone', is_active: false });
    const { code, stdout, stderr } = await migrate();
    expect([stderr, code]).toEqual(['', 0]);
    expect(stdout).toContain('agents: 3 read, 3 inserted, 0 skipped, 0 failed\n');
    const found =
      await rows(`select name, type, protocol, endpoint, capabilities, status, is_active as active, max_concurrent_tasks as places
      from orchestrator.workers order by name`);
    const [first, gone, last] = found;
    expect(first).toMatchObject({
      name: 'Analyst',
      type: 'analyzer',
      protocol: 'http',
      endpoint: 'https://a.example/x',
    });
    expect(first).toMatchObject({ capabilities: [], status: 'idle', active: true, places: 5 });
    expect(gone).toMatchObject({ name: 'Gone', type: 'notifier', protocol: 'pull', active: false });
    expect(last).toMatchObject({
      name: 'Rules',
      type: 'custom',
      protocol: 'pull',
      capabilities: ['rules', 'words'],
    });
    expect(last).toMatchObject({ status: 'offline', active: true, places: 3 });
  }, 30_000);

  it('maps tasks: what was under way waits again, what had ended stays as it was', async () => {
    const open = randomUUID();
    await put('tasks', open, {
      task_type: 'detection',
      title: 'Find smoke',
      input_data: { roof: 4 },
      priority: 'HIGH',
      status: 'TaskStatus.RUNNING',
      timeout: 90,
    });
    const times = { created_at: '2026-01-02T03:04:05', completed_at: '2026-01-02T03:05:05' };
    const done = { type: 'report', name: 'Old report', status: 'completed', result: { pages: 3 }, ...times };
    await put('tasks', 'done', done);
    await redis.client.hSet('tasks:bad', {
      type: 'alert',
      name: '123',
      status: 'error',
      error_message: 'It broke',
    });
    const { stdout, stderr } = await migrate();
    expect([stderr, stdout]).toEqual([
      '',
      expect.stringContaining('tasks: 3 read, 3 inserted, 0 skipped, 0 failed\n'),
    ]);
    const found =
      await rows(`select id, type, name, status, dispatched, priority, execution_id is not null as run, result,
      error_message as error, extract(epoch from completed_at)::integer as ended from orchestrator.tasks order by name`);
    const ended = Date.parse('2026-01-02T03:05:05Z') / 1_000;
    expect(found).toEqual([
      expect.objectContaining({
        name: '123',
        type: 'alert',
        status: 'failed',
        error: 'It broke',
        run: false,
      }),
      expect.objectContaining({
        id: open,
        type: 'detection',
        name: 'Find smoke',
        status: 'pending',
        run: true,
      }),
      expect.objectContaining({
        name: 'Old report',
        status: 'completed',
        run: false,
        result: '{"pages":3}',
        ended,
      }),
    ]);
    expect(found[1]).toMatchObject({ dispatched: true, priority: 3, result: null, ended: null });
  }, 30_000);

  it('maps workflows with their tasks, after those that they depend on', async () => {
    const workflowId = randomUUID();
    await put('workflows', workflowId, {
      name: 'Daily report',
      user_id: 'user-1',
      status: 'completed',
      tasks: [
        { id: 'read', type: 'analysis', name: 'Read all' },
        { id: 'tell', type: 'alert', name: 'Tell them', depends_on: ['read'] },
      ],
      dependencies: ['other'],
      schedule: '0 6 * * *',
    });
    await redis.client.hSet('workflows:other', { name: 'Other work', tasks: '["part"]' });
    await redis.client.hSet('tasks:part', { type: 'custom', name: 'A part', workflow_id: 'other' });
    await put('tasks', 'added', { type: 'custom', name: 'Added', workflow_id: workflowId });
    const { stdout, stderr } = await migrate();
    expect([stderr, stdout.split('\n').slice(1)]).toEqual([
      '',
      [
        'workflows: 2 read, 2 inserted, 0 skipped, 0 failed',
        'tasks: 2 read, 1 inserted, 1 skipped, 0 failed',
        '',
      ],
    ]);
    const found =
      await rows(`select name, task_count as tasks, metadata, cardinality(dependencies) as dependencies,
      next_fire_at is not null as fires from orchestrator.workflows order by name`);
    const kept = '{"imported_status":"completed"}';
    expect(found).toEqual([
      { name: 'Daily report', tasks: 2, metadata: kept, dependencies: 1, fires: true },
      { name: 'Other work', tasks: 1, metadata: '{}', dependencies: 0, fires: false },
    ]);
    const imported = `select count(*)::integer as count from orchestrator.orchestration_logs where details ->> 'imported' = 'true'`;
    expect(await rows(imported)).toEqual([{ count: 3 }]);
  }, 30_000);

  it('lists what it cannot import with everything that is wrong, and imports the rest; repeated, it skips what is there', async () => {
    await put('agents', 'good', { type: 'custom', name: 'Good one' });
    await put('agents', 'twice', { type: 'butler', name: 'x' });
    await redis.client.hSet('agents', 'broken', '{not json');
    await put('tasks', 'state', { type: 'custom', name: 'A task', status: 'floating' });
    await put('tasks', 'lost', { type: 'custom', name: 'A task', workflow_id: randomUUID() });
    await put('tasks', 'attack', { type: 'custom', name: '<script>alert(1)</script>' });
    await redis.client.set('workflows', 'no hash');
    const first = await migrate();
    expect(first.code).toBe(1);
    const told = first.stderr.trim().split('\n');
    expect(told).toHaveLength(6);
    expect(told.find((line) => line.includes('"twice"'))).toMatch(/type must be one of .*; name must/);
    for (const part of [
      'agents "broken": is no JSON object',
      '"floating" is no known state',
      'workflow_id names no workflow',
      'workflows "workflows": is a string, not a hash',
    ])
      expect(first.stderr).toContain(part);
    expect(first.stdout).toContain('agents: 3 read, 1 inserted, 0 skipped, 2 failed');
    expect(first.stdout).toContain('tasks: 3 read, 0 inserted, 0 skipped, 3 failed');
    const before = await rows('select * from orchestrator.workers');
    await put('agents', 'twice', { type: 'custom', name: 'Mended' });
    const second = await migrate();
    expect(second.stdout).toContain('agents: 3 read, 1 inserted, 1 skipped, 1 failed');
    expect(await rows(`select * from orchestrator.workers where name = 'Good one'`)).toEqual(before);
  }, 30_000);

  it('changes nothing when it is repeated, or where a worker of the same name and place is there', async () => {
    const [workflowId, endpoint] = [randomUUID(), 'https://a.example/x'];
    await put('agents', 'first', { type: 'custom', name: 'Same', endpoint, status: 'idle' });
    await put('agents', 'second', { type: 'tracker', name: 'Same', endpoint, status: 'offline' });
    const tasks = [{ id: 'read', type: 'analysis', name: 'Read all' }];
    await put('workflows', workflowId, { name: 'Daily report', tasks });
    await put('tasks', 'open', { type: 'custom', name: 'Open one', status: 'queued' });
    await put('tasks', 'idle', { type: 'custom', name: 'Idle one', status: 'pending' });
    await put('tasks', 'ended', { type: 'custom', name: 'Ended one', status: 'completed' });
    await put('tasks', 'part', { type: 'custom', name: 'A part', workflow_id: workflowId });
    const first = await migrate();
    expect([first.code, first.stdout]).toEqual([
      0,
      expect.stringContaining('agents: 2 read, 1 inserted, 1 skipped, 0 failed'),
    ]);
    const everything = async () => [
      await rows('select * from orchestrator.workers'),
      await rows('select * from orchestrator.workflows'),
      await rows('select * from orchestrator.tasks order by id'),
      await rows('select count(*)::integer as count from orchestrator.orchestration_logs'),
    ];
    const before = await everything();
    expect(before[0]).toHaveLength(1);
    const dispatched = before[2]?.map(({ name, dispatched }) => [name, dispatched]);
    expect(dispatched).toContainEqual(['Open one', true]);
    expect(dispatched).toContainEqual(['Idle one', false]);
    const second = await migrate();
    expect([second.stderr, second.code, second.stdout.split('\n')]).toEqual([
      '',
      0,
      [
        'agents: 2 read, 0 inserted, 2 skipped, 0 failed',
        'workflows: 1 read, 0 inserted, 1 skipped, 0 failed',
        'tasks: 4 read, 0 inserted, 4 skipped, 0 failed',
        '',
      ],
    ]);
    expect(await everything()).toEqual(before);
  }, 30_000);

  it('reads more records than one piece holds, each once, for the tenant that is named alone', async () => {
    const many = Array.from({ length: 450 }, (_, at) => [
      `w${at}`,
      JSON.stringify({ type: 'custom', name: `Worker ${at}` }),
    ]);
    await redis.client.hSet('agents', Object.fromEntries(many));
    const { code, stdout } = await migrate({}, 'acme');
    expect([code, stdout]).toEqual([0, expect.stringContaining('agents: 450 read, 450 inserted')]);
    const [found] = await rows(
      'select count(*)::integer as count, count(distinct tenant_id)::integer as tenants from orchestrator.workers',
    );
    expect(found).toEqual({ count: 450, tenants: 1 });
  }, 60_000);

  it('says what is missing or away', async () => {
    const unset = await migrate({ REDIS_URL: '' });
    expect([unset.code, unset.stderr]).toEqual([1, expect.stringContaining('REDIS_URL')]);
    const away = await migrate({ REDIS_URL: 'redis://:hunter2@127.0.0.1:1' });
    expect([away.code, away.stderr]).toEqual([1, expect.stringContaining('Redis cannot be reached')]);
    expect(away.stderr).not.toContain('hunter2');
  }, 30_000);
});
