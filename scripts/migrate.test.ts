// The command migrate as an operator runs it, on a real server: what it makes, names and drops, and how it ends.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type pg from 'pg';
import { withOwnClient } from '../foundation/postgres/own-client.ts';
import { type OwnTestDatabases, startOwnTestDatabases } from '../local/databases/test-databases.ts';
import { prepareOrchestratorDatabase } from '../services/orchestrator/store/schema.ts';

let databases: OwnTestDatabases;
let count = 0;
beforeAll(async () => {
  databases = await startOwnTestDatabases();
}, 60_000);
afterAll(() => databases?.stop());

const newDatabase = () => {
  count += 1;
  return databases.createDatabase(`migrate_${count}`);
};

async function preparedDatabase(): Promise<string> {
  const adminUrl = await newDatabase();
  await prepareOrchestratorDatabase({ adminUrl, appPassword: 'one', enginePassword: 'two' });
  return adminUrl;
}

/** Runs the command; `typed` is its whole standard input. */
async function migrate(url: string, words: string, typed = '') {
  const child = spawn(
    process.execPath,
    [join(import.meta.dirname, 'migrate.ts'), ...words.split(' ').filter((word) => word !== '')],
    {
      env: {
        PATH: process.env.PATH,
        NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
        ADMIN_DATABASE_URL: url,
      },
    },
  );
  child.stdin.on('error', () => undefined); // it may have ended without reading
  child.stdin.end(typed);
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit'),
  ]);
  return { code, stdout, stderr };
}

const withClient = <T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> =>
  withOwnClient({ connectionString: url }, work);

const rows = async (url: string, sql: string) =>
  withClient(url, async (client) => (await client.query(sql)).rows);

/** Columns, constraints, indexes, policies and rights of the schema: whatever makes one database differ from another. */
const shapeOf = (url: string) =>
  rows(
    url,
    `select 'column' as what, format('%s.%s %s %s %s', table_name, column_name, data_type, is_nullable, column_default) as is
       from information_schema.columns where table_schema = 'orchestrator'
     union all select 'constraint', format('%s %s %s', conrelid::regclass, conname, pg_get_constraintdef(oid))
       from pg_constraint where connamespace = 'orchestrator'::regnamespace
     union all select 'index', indexdef from pg_indexes where schemaname = 'orchestrator'
     union all select 'policy', format('%s %s %s %s %s', tablename, policyname, roles, cmd, qual) from pg_policies where schemaname = 'orchestrator'
     union all select 'table', format('%s %s %s %s %s', relname, relrowsecurity, relforcerowsecurity, relacl, reloptions)
       from pg_class where relnamespace = 'orchestrator'::regnamespace and relkind in ('r', 'p')
     order by 1, 2`,
  );

describe('migrate', () => {
  it('shows its help without a flag, and refuses two and unknown ones', async () => {
    const bare = await migrate('', '');
    expect([bare.code, bare.stderr]).toEqual([0, '']);
    for (const flag of ['create', 'check', 'setup', 'all', 'drop'])
      expect(bare.stdout).toContain(`--${flag} `);
    const two = await migrate('', '--create --drop');
    expect([two.code, two.stderr]).toEqual([1, expect.stringContaining('cannot be given together')]);
    expect((await migrate('', '--destroy')).code).toBe(1);
  });

  it('names the setting that is missing', async () => {
    const { code, stderr } = await migrate('', '--check');
    expect([code, stderr]).toEqual([1, expect.stringContaining('ADMIN_DATABASE_URL is required')]);
  });

  it('makes tables where the roles exist, and says what to run first where they do not', async () => {
    const url = await newDatabase();
    const early = await migrate(url, '--create');
    expect([early.code, early.stdout]).toEqual([1, expect.stringContaining('run db-init first')]);
    await preparedDatabase(); // roles belong to the whole server
    const made = await migrate(url, '--create');
    expect([made.code, made.stderr]).toEqual([0, '']);
    expect(made.stdout).toContain('applied 0011_work.sql');
    expect((await migrate(url, '--check')).code).toBe(0);
    const again = await migrate(url, '--create');
    expect([again.code, again.stdout]).toEqual([0, expect.stringContaining('nothing to do')]);
  });

  it('names each of the five tables, and ends with 1 while one is missing', async () => {
    const empty = await migrate(await newDatabase(), '--check');
    expect(empty.code).toBe(1);
    for (const name of ['workers', 'tasks', 'workflows', 'orchestration_logs', 'service_health'])
      expect(empty.stdout).toContain(`MISSING  orchestrator.${name}\n`);
    const url = await preparedDatabase();
    await rows(url, 'drop table orchestrator.service_health');
    const part = await migrate(url, '--check');
    expect(part.code).toBe(1);
    expect(part.stdout).toContain('present  orchestrator.tasks\n');
    expect(part.stdout).toContain('MISSING  orchestrator.service_health\n');
    const more = await migrate(url, '--create');
    expect([more.code, more.stderr]).toEqual([
      1,
      expect.stringContaining('service_health is missing while others hold data'),
    ]);
  });

  it('sets up the services as unknown, and leaves what a check has found', async () => {
    const url = await preparedDatabase();
    expect((await migrate(url, '--all')).code).toBe(0);
    const read = 'select service, status from orchestrator.service_health order by service';
    const services = ['agents', 'gateway', 'orchestrator', 'registry', 'reports', 'sessions'];
    expect(await rows(url, read)).toEqual(services.map((service) => ({ service, status: 'unknown' })));
    await rows(url, `update orchestrator.service_health set status = 'healthy' where service = 'agents'`);
    expect((await migrate(url, '--setup')).code).toBe(0);
    const healthy = { service: 'agents', status: 'healthy' };
    expect(await rows(url, read)).toEqual([
      healthy,
      ...services.slice(1).map((service) => ({ service, status: 'unknown' })),
    ]);
    const missing = await migrate(await newDatabase(), '--setup');
    expect([missing.code, missing.stdout]).toEqual([1, expect.stringContaining('--create first')]);
  });

  it.each(['no\n', '', 'yes please\n', 'YES\n'])('drops nothing when %j is typed', async (typed) => {
    const url = await preparedDatabase();
    const { code, stdout } = await migrate(url, '--drop', typed);
    expect([code, stdout]).toEqual([1, expect.stringContaining('Cancelled: nothing was dropped')]);
    expect((await migrate(url, '--check')).code).toBe(0);
  });

  it('drops the tables of the worker API alone, and makes them again as they were', async () => {
    const url = await preparedDatabase();
    const before = await shapeOf(url);
    const kept = await rows(url, 'select number, checksum from orchestrator.migrations order by number');
    const dropped = await migrate(url, '--drop', 'yes\n');
    expect([dropped.code, dropped.stderr]).toEqual([0, '']);
    const check = await migrate(url, '--check');
    expect([check.code, check.stdout]).toEqual([
      1,
      expect.stringContaining('present  orchestrator.orchestration_logs'),
    ]);
    expect(await rows(url, `select to_regclass('orchestrator.executions')::text as name`)).toEqual([
      { name: 'orchestrator.executions' },
    ]);
    expect((await migrate(url, '--drop', 'yes\n')).stdout).toContain('There was nothing to drop');
    const made = await migrate(url, '--create');
    expect([made.code, made.stdout]).toEqual([0, expect.stringContaining('made the tables again')]);
    expect(await shapeOf(url)).toEqual(before);
    expect(await rows(url, 'select number, checksum from orchestrator.migrations order by number')).toEqual(
      kept,
    );
  });
});
