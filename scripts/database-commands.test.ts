// The commands db-init, db-verify, schema-test and tenant as an operator runs them: what they print and how they end.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { type OwnTestDatabases, startOwnTestDatabases } from '../local/databases/test-databases.ts';
import { tenantIdOf } from '../services/registry/core/new-tenant.ts';

const roles = {
  REGISTRY_DB_PASSWORD: 'one',
  REPORTS_DB_PASSWORD: 'two',
  ORCHESTRATOR_DB_PASSWORD: 'three',
  ENGINE_DB_PASSWORD: 'four',
};
let databases: OwnTestDatabases;
let url: string;
beforeAll(async () => {
  databases = await startOwnTestDatabases();
  url = await databases.createDatabase('whole');
  expect(await command('db-init --seed', roles)).toMatchObject({ code: 0, stderr: '' });
}, 60_000);
afterAll(() => databases?.stop());

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command with these settings alone. */
function command(words: string, settings: Record<string, string> = {}): Promise<Ended> {
  const [name = '', ...args] = words.split(' ').map((word) => word.replaceAll('_', ' '));
  const env = {
    PATH: process.env.PATH,
    NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
    ADMIN_DATABASE_URL: url,
    ...settings,
  };
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [join(import.meta.dirname, `${name}.ts`), ...args],
      { env },
      (error, stdout, stderr) => resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
    );
  });
}

/** Rows of everything that db-init writes. */
async function counts(ofUrl: string): Promise<unknown> {
  const client = new pg.Client({ connectionString: ofUrl });
  await client.connect();
  const tables = ['agent_definitions', 'agent_versions', 'domain_configurations', 'domain_versions', 'tools'];
  const count = (table: string) =>
    `(select count(*) from registry.${table} where tenant_id = registry.system_tenant_id()) as ${table}`;
  const schemas = ['registry', 'reports', 'orchestrator'];
  const steps = (schema: string) => `(select count(*) from ${schema}.migrations) as ${schema}_migrations`;
  const result = await client.query(`select ${[...tables.map(count), ...schemas.map(steps)].join(', ')}`);
  await client.end();
  return result.rows[0];
}

async function rows(text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const result = await client.query(text);
  await client.end();
  return result.rows;
}

describe('the commands of the database', () => {
  it('name every setting that is missing or wrong, in JSON', async () => {
    const settings = {
      ADMIN_DATABASE_URL: '',
      REGISTRY_DB_PASSWORD: 'one',
      REGISTRY_DB_PASSWORD_FILE: 'two',
    };
    const { code, stdout } = await command('db-init --seed', settings);
    const answer = JSON.parse(stdout);
    expect([code, answer.status, answer.schema_created, answer.data_seeded]).toEqual([1, 500, false, false]);
    const wrong = [
      'ADMIN_DATABASE_URL is required',
      'Exactly one of REGISTRY_DB_PASSWORD',
      'ENGINE_DB_PASSWORD',
    ];
    for (const part of wrong) expect(answer.error).toContain(part);
  });

  it('report an empty database as not complete', async () => {
    const empty = { ADMIN_DATABASE_URL: await databases.createDatabase('empty') };
    const verified = await command('db-verify', empty);
    expect(verified.code).toBe(1);
    expect(JSON.parse(verified.stdout)).toMatchObject({
      message: 'Not complete: the schema is missing: run db-init',
      tables: [],
    });
    const tested = await command('schema-test --json', empty);
    expect([tested.code, JSON.parse(tested.stdout).passed]).toEqual([1, 2]); // the server and the role, which it has for `whole`
    const made = await command('tenant create --name Acme', empty);
    expect([made.code, made.stderr]).toEqual([1, expect.stringContaining('run db-init first')]);
  });

  it('make a database and report it as complete', async () => {
    const again = await command('db-init --seed', roles);
    expect([again.code, again.stderr]).toEqual([0, '']);
    expect(JSON.parse(again.stdout)).toMatchObject({ status: 200, schema_created: true, data_seeded: true });
    const verified = await command('db-verify');
    expect(verified.code).toBe(0);
    expect(JSON.parse(verified.stdout)).toMatchObject({
      message: 'The database is complete',
      builtin_agents_count: 12,
      domains_count: 1,
      left_out: ['incidents.location', 'idx_incidents_location'],
    });
  }, 30_000);

  it('show each check in its colour, and the rate of success', async () => {
    const { code, stdout } = await command('schema-test', { FORCE_COLOR: '1' });
    expect(code).toBe(0);
    expect(stdout).toContain('\u001b[32m✓ table tenants\u001b[39m');
    expect(stdout).toContain('\u001b[33m- index idx_incidents_location: needs PostGIS\u001b[39m');
    expect(stdout).toMatch(/\d+ passed, 0 failed, 3 skipped: 100\.0 %/);
    await rows('drop index registry.idx_domains_tenant');
    const failed = await command('schema-test', { FORCE_COLOR: '1' });
    await rows('create index idx_domains_tenant on registry.domain_configurations (tenant_id)');
    expect(failed.code).toBe(1);
    expect(failed.stdout).toContain('\u001b[31m✗ index idx_domains_tenant: is missing\u001b[39m');
    expect(failed.stdout).toMatch(/1 failed, 3 skipped: 99\.\d %/);
  }, 30_000);

  it('print no colours into a file, and count in JSON', async () => {
    expect((await command('schema-test')).stdout).not.toContain('\u001b');
    const { code, stdout } = await command('schema-test --json');
    const { passed, failed, skipped, success_rate, checks } = JSON.parse(stdout);
    expect([code, failed, skipped, success_rate]).toEqual([0, 0, 3, 100]);
    expect(passed).toBeGreaterThanOrEqual(50);
    expect(checks).toHaveLength(passed + skipped);
  });

  it('fail when the database cannot be reached', async () => {
    const away = { ADMIN_DATABASE_URL: 'postgresql://admin:hunter2hunter2@127.0.0.1:1/any' };
    for (const words of ['db-verify', 'schema-test', 'schema-test --json', 'tenant list']) {
      const { code, stdout, stderr } = await command(words, away);
      expect([words, code]).toEqual([words, 1]);
      expect(stdout + stderr).toContain('ECONNREFUSED');
      expect(stdout + stderr).not.toContain('hunter2');
    }
  }, 30_000);
});

describe('ten processes of db-init on one empty server', () => {
  it('all end well, and the content is there once', async () => {
    const empty = await startOwnTestDatabases();
    const settings = { ...roles, ADMIN_DATABASE_URL: await empty.createDatabase('raced') };
    const ended = await Promise.all(Array.from({ length: 10 }, () => command('db-init --seed', settings)));
    const whole = { status: 200, schema_created: true, data_seeded: true };
    for (const { code, stdout, stderr } of ended) {
      expect([code, stderr]).toEqual([0, '']);
      expect(JSON.parse(stdout)).toMatchObject(whole);
    }
    const verified = await command('db-verify', settings);
    expect([verified.code, JSON.parse(verified.stdout)]).toMatchObject([
      0,
      { builtin_agents_count: 12, domains_count: 1 },
    ]);
    const raced = await counts(settings.ADMIN_DATABASE_URL);
    await empty.stop();
    expect(raced).toEqual(await counts(url));
  }, 60_000);
});

describe('the tenant command', () => {
  it('makes a tenant under the id that its name leads to, and lists it', async () => {
    const id = tenantIdOf('City of Springfield');
    const made = await command('tenant create --name City_of_Springfield');
    expect([made.code, JSON.parse(made.stdout)]).toEqual([0, { id, tenant_name: 'City of Springfield' }]);
    expect(await rows(`select entity_type from registry.audit_log where tenant_id = '${id}'`)).toHaveLength(
      1,
    );
    const listed = await command('tenant list');
    const tenants = listed.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(tenants.map(({ tenant_name }) => tenant_name).sort()).toEqual(['City of Springfield', 'system']);
    const again = await command('tenant create --name City_of_Springfield');
    expect([again.code, again.stderr]).toEqual([1, `A tenant with the id ${id} exists already\n`]);
  }, 30_000);

  it.each([
    ['create --name ', 'name must not be blank'],
    ['create --name Acme --id 12', 'id must be a UUID'],
    ['create --name Acme --id 00000000-0000-7000-8000-000000000001', 'id is the system tenant'],
    ['create --id 01890a5d-ac96-774b-bcce-b302099a8057', '--name is required'],
    ['create --nom Acme', "Unknown option '--nom'"],
    ['remove', 'The first word must be create or list, not "remove"'],
  ])('refuses "%s" in one sentence', async (words, sentence) => {
    const { code, stdout, stderr } = await command(`tenant ${words}`);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr.split('\n')[0]).toContain(sentence);
  });
});
