// A service's database as its settings say: measured, logged, with its replica, its secrets and its end.
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { freePort } from '../../local/databases/free-port.ts';
import { type OwnTestDatabases, startOwnTestDatabases } from '../../local/databases/test-databases.ts';
import { type Environment, readConfig } from '../config/reader.ts';
import { readReplicatedDatabase } from '../config/replica-source.ts';
import { newId } from '../ids/ids.ts';
import { type Closing, createClosing } from '../process/closing.ts';
import { createTelemetry } from '../telemetry/telemetry.ts';
import { type OpenPostgresOptions, openPostgres } from './open-postgres.ts';
import type { SqlClient } from './statement.ts';

let databases: OwnTestDatabases;
let replicaUrl: string;
let folder: string;
let closing: Closing;

function open(env: Environment, options: Partial<OpenPostgresOptions> = {}) {
  const lines: Record<string, unknown>[] = [];
  const telemetry = createTelemetry({
    service: 'test',
    version: '0',
    logLevel: 'info',
    logDestination: { write: (line) => void lines.push(JSON.parse(line)) },
    processMetrics: false,
  });
  closing = createClosing(telemetry.log);
  const database = readConfig(env, readReplicatedDatabase);
  const postgres = openPostgres({ telemetry, closing }, { name: 'test', database, ...options });
  return { postgres, lines, measured: () => telemetry.metrics.metrics() };
}

async function whoAnswers(client: SqlClient): Promise<unknown> {
  const { rows } = await client.query({ name: 'test.who', text: 'select current_database() as name' });
  return rows[0]?.name;
}

const rejection = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  );

beforeAll(async () => {
  databases = await startOwnTestDatabases();
  replicaUrl = await databases.createDatabase('replica');
  folder = await mkdtemp(join(tmpdir(), 'open-postgres-'));
}, 30_000);

afterEach(async () => {
  expect(await closing.close()).toEqual([]);
});

afterAll(async () => {
  await databases.stop();
  await rm(folder, { recursive: true, force: true });
});

describe('an opened database', () => {
  it('is measured under the names that dashboards know', async () => {
    const { postgres, measured } = open({ DATABASE_URL: databases.adminUrl });
    await postgres.tenantRead(newId(), whoAnswers);
    await postgres.tenantTransaction(newId(), whoAnswers);
    await postgres.systemTransaction(async () => {
      expect(await measured()).toContain('domainflow_db_connections_active{pool="requests"} 1');
    });
    const text = await measured();
    expect(text).toMatch(/domainflow_db_connections_created_total\{pool="requests"\} [1-9]/);
    expect(text).toContain('domainflow_db_connections_closed_total{pool="requests"} 0');
    for (const operation of ['read', 'write', 'system']) {
      const labels = `{pool="requests",operation_type="${operation}"}`;
      expect(text).toContain(`domainflow_db_transaction_duration_seconds_count${labels} 1`);
    }
    expect(text).toContain('domainflow_db_query_duration_seconds_count{pool="requests"} 2');
    expect(text).toContain('domainflow_db_leaks_total{pool="requests"} 0');
    expect(text).toContain('domainflow_breaker_state{name="database"} 0');
  });

  it('that is away is measured, and logged with its place and cause once and not for every call, without the password', async () => {
    const away = Object.assign(new URL(databases.adminUrl), { port: String(await freePort()) });
    const { postgres, lines, measured } = open({ DATABASE_URL: away.toString() }, { pool: 'engine' });
    for (let call = 0; call < 8; call += 1) await rejection(postgres.ping());
    expect(lines.map(({ level, msg }) => `${level} ${msg}`)).toEqual([
      'warn A connection to the database failed',
      'error The database is away',
    ]);
    expect(lines[0]).toMatchObject({
      pool: 'engine',
      error_type: 'ECONNREFUSED',
      host: away.hostname,
      port: Number(away.port),
      database: away.pathname.slice(1),
      network: 'tcp',
      timeout_ms: 30_000,
      err: { code: 'ECONNREFUSED' },
    });
    expect(away.password).not.toBe('');
    expect(JSON.stringify(lines)).not.toContain(away.password);
    expect(lines[1]).toMatchObject({ breaker: 'database:engine' });
    const text = await measured();
    const errors = 'domainflow_db_connection_errors_total{pool="engine",error_type="ECONNREFUSED"} 5';
    expect(text).toContain(errors);
    expect(text).toContain('domainflow_breaker_state{name="database:engine"} 2');
  });

  it('logs a connection that is held for too long with who took it, counts it, and closes it in the end', async () => {
    const { postgres, lines, measured } = open({
      DATABASE_URL: databases.adminUrl,
      DB_LEAK_REPORT_S: '1',
      DB_LEAK_CLOSE_S: '2',
    });
    const broken = Promise.withResolvers<unknown>();
    const holdForLong = (client: SqlClient) =>
      client.query({ name: 'test.sleep', text: 'select pg_sleep(60)' });
    const held = rejection(
      postgres.systemTransaction(async (client) => {
        if (await settled(broken.promise)) throw new Error('enough');
        broken.resolve(await rejection(holdForLong(client)));
      }),
    );
    expect(await broken.promise).toMatchObject({ reason: 'unavailable' });
    await held;
    const leaks = lines.filter(({ msg }) => msg === 'A database connection is held for too long');
    expect(leaks.map(({ level, pool, closed }) => ({ level, pool, closed }))).toEqual([
      { level: 'error', pool: 'requests', closed: false },
      { level: 'error', pool: 'requests', closed: true },
    ]);
    expect(leaks[0]?.call_site).toContain('open-postgres.test.ts');
    expect(leaks[0]?.call_site).not.toContain('postgres/checkout.ts');
    expect(await measured()).toContain('domainflow_db_leaks_total{pool="requests"} 1');
  }, 20_000);

  it('has as many connections as its settings say', async () => {
    const most = {
      DATABASE_URL: databases.adminUrl,
      DB_POOL_SIZE: '1',
      DB_MAX_OVERFLOW: '1',
      DB_POOL_TIMEOUT: '1',
    };
    const { postgres } = open(most);
    const inner = await postgres.systemTransaction(() =>
      postgres.systemTransaction(() => rejection(postgres.ping())),
    );
    expect(inner).toMatchObject({ reason: 'unavailable', cause: { name: 'PoolExhausted' } });
  });

  it('has its own size and patience where the service says so', async () => {
    const { postgres } = open({ DATABASE_URL: databases.adminUrl }, { size: 1, acquireTimeoutMsMax: 200 });
    const inner = await postgres.systemTransaction(() => rejection(postgres.ping()));
    expect(inner).toMatchObject({ cause: { message: 'All 1 connections of the pool are in use' } });
  });
});

describe('an opened database with a replica', () => {
  it('reads there, and from the primary while the replica is away, which is logged and counted', async () => {
    const { postgres } = open({ DATABASE_URL: databases.adminUrl, DATABASE_READ_URL: replicaUrl });
    expect(await postgres.tenantRead(newId(), whoAnswers)).toBe('replica');
    expect(await postgres.tenantRead(newId(), whoAnswers, { fresh: true })).toBe('postgres');
    expect(await closing.close()).toEqual([]);
    const away = Object.assign(new URL(replicaUrl), { port: String(await freePort()) }).toString();
    const other = open({ DATABASE_URL: databases.adminUrl, DATABASE_READ_URL: away });
    for (let read = 0; read < 7; read += 1) {
      expect(await other.postgres.tenantRead(newId(), whoAnswers)).toBe('postgres');
    }
    const said = other.lines.filter(({ msg }) => String(msg).startsWith('The read replica'));
    expect(said).toHaveLength(1);
    const text = await other.measured();
    expect(text).toContain('domainflow_db_read_fallbacks_total{pool="read"} 7');
    expect(text).toContain('domainflow_breaker_state{name="database:read"} 2');
    expect(text).toContain('domainflow_breaker_state{name="database"} 0');
  });

  it('keeps a pool under another login away from it', async () => {
    const source = { kind: 'url', url: { kind: 'text', text: databases.adminUrl } } as const;
    const env = { DATABASE_URL: databases.adminUrl, DATABASE_READ_URL: replicaUrl };
    const { postgres } = open(env, { source, pool: 'engine' });
    expect(await postgres.tenantRead(newId(), whoAnswers)).toBe('postgres');
  });
});

describe('an opened database whose login is in files', () => {
  it('names the setting in the log until the file is there, and then works', async () => {
    const { hostname, port, username, password } = new URL(databases.adminUrl);
    const path = join(folder, randomBytes(4).toString('hex'));
    const { postgres, lines } = open({
      DB_HOST: hostname,
      DB_PORT: port,
      DB_NAME: 'replica',
      DB_USER: username,
      DB_PASSWORD_FILE: path,
    });
    expect(await rejection(postgres.ping())).toMatchObject({ reason: 'unavailable' });
    expect(lines[0]).toMatchObject({
      error_type: 'secret',
      err: { message: `DB_PASSWORD_FILE: the file ${path} cannot be read` },
    });
    await writeFile(path, `${decodeURIComponent(password)}\n`);
    expect(await whoAnswers(postgres)).toBe('replica');
    expect(JSON.stringify(lines)).not.toContain(password);
  });
});

/** Whether a promise is settled by now. */
async function settled(promise: Promise<unknown>): Promise<boolean> {
  const pending = Symbol('pending');
  return (await Promise.race([promise, Promise.resolve(pending)])) !== pending;
}
