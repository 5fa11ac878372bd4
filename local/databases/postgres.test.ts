// The local server in the face of kills, orphans, strangers and stale files.

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { access, chmod, mkdtemp, readFile, realpath, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { pause } from '../pause.for-test.ts';
import { freePort } from './free-port.ts';
import { startLocalPostgres } from './postgres.ts';
import { serverArguments } from './postgres-leftover.ts';
import { readLockFile } from './postgres-lock-file.ts';
import { findPostgresPrograms, postgresAccount } from './postgres-program.ts';
import { inspectProcess } from './process-inspection.ts';

let dataDir: string;

beforeEach(async () => {
  dataDir = await realpath(await mkdtemp(join(tmpdir(), 'postgres-test-')));
  await chmod(dataDir, 0o711);
});

afterEach(() => rm(dataDir, { recursive: true, force: true }));

async function query(url: string, text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query(text);
  await client.end();
  return rows;
}

/** Waits until a condition holds; the test's own limit ends a wait in vain. */
async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await pause();
}

/** A data directory with one row in it, and nobody on it. */
async function clusterWithRow(): Promise<void> {
  const postgres = await startLocalPostgres({ dataDir });
  await query(postgres.adminUrl, 'create table kept as select 1 as one');
  await postgres.stop();
}

async function expectRowAfterStart(): Promise<void> {
  const postgres = await startLocalPostgres({ dataDir });
  const rows = await query(postgres.adminUrl, 'select one from kept');
  await postgres.stop();
  expect(rows).toEqual([{ one: 1 }]);
}

/** A server on the data directory whose command line says that `ownerPid` started it. */
async function serverOf(ownerPid: number): Promise<ChildProcess> {
  const [{ postgres }, account, port] = await Promise.all([
    findPostgresPrograms(),
    postgresAccount(),
    freePort(),
  ]);
  const flags = [
    ...serverArguments(join(dataDir, 'postgres'), ownerPid),
    '-c',
    `port=${port}`,
    '-c',
    'unix_socket_directories=',
  ];
  const server = spawn(postgres, flags, { ...account, stdio: ['ignore', 'ignore', 'pipe'] });
  for await (const chunk of server.stderr as NodeJS.ReadableStream)
    if (String(chunk).includes('ready to accept')) break;
  return server;
}

describe('local PostgreSQL', () => {
  it('keeps its data and its password from start to start', async () => {
    await clusterWithRow();
    await expectRowAfterStart();
  }, 30_000);

  it('takes over from a server whose mesh is gone', async () => {
    await clusterWithRow();
    const deadPid = spawnSync('true').pid;
    const orphan = await serverOf(deadPid);
    const exited = once(orphan, 'exit');
    await expectRowAfterStart();
    expect(await exited).toEqual([0, null]);
  }, 30_000);

  it('leaves a server alone that it did not start', async () => {
    await clusterWithRow();
    const foreign = await serverOf(process.pid);
    await expect(startLocalPostgres({ dataDir })).rejects.toThrow(`in use by process ${foreign.pid}`);
    expect(await inspectProcess(foreign.pid ?? 0)).toBeDefined();
    foreign.kill('SIGINT');
    await once(foreign, 'exit');
  }, 30_000);

  it('starts although its lock file names a living process that is no server, and leaves that one alone', async () => {
    await clusterWithRow();
    const account = await postgresAccount();
    const bystander = spawn('sleep', ['600'], { ...account });
    await once(bystander, 'spawn');
    const lines = [
      bystander.pid,
      join(dataDir, 'postgres'),
      1_700_000_000,
      5432,
      '',
      '127.0.0.1',
      '',
      'ready',
      '',
    ];
    await writeFile(join(dataDir, 'postgres', 'postmaster.pid'), lines.join('\n'));
    await expectRowAfterStart();
    expect(await inspectProcess(bystander.pid ?? 0)).toBeDefined();
    bystander.kill();
    await once(bystander, 'exit');
  }, 30_000);

  it('recovers on its own from a server that was killed', async () => {
    const postgres = await startLocalPostgres({ dataDir });
    await query(postgres.adminUrl, 'create table kept as select 1 as one');
    process.kill(postgres.pid, 'SIGKILL');
    await postgres.stop();
    expect(await readLockFile(join(dataDir, 'postgres'))).toBeDefined();
    await expectRowAfterStart();
  }, 30_000);

  it('waits until the last session of a killed server has left', async () => {
    await clusterWithRow();
    const server = await startLocalPostgres({ dataDir });
    const session = new pg.Client({ connectionString: server.adminUrl });
    session.on('error', () => undefined); // it is cut off below
    await session.connect();
    const { rows } = await session.query('select pg_backend_pid() as pid');
    process.kill(rows[0].pid, 'SIGSTOP');
    process.kill(server.pid, 'SIGKILL');
    await server.stop();
    const row = expectRowAfterStart();
    const attempts = new Set<number>();
    await until(async () => {
      const log = join(dataDir, 'postgres.log');
      const refused = (await readFile(log, 'utf8')).includes('shared memory block');
      if (refused) attempts.add((await stat(log)).mtimeMs);
      return attempts.size > 7;
    });
    process.kill(rows[0].pid, 'SIGCONT');
    await row;
  });

  it('ends with its parent, and takes an ephemeral folder along', async () => {
    const program = `
      const { startLocalPostgres } = await import(${JSON.stringify(new URL('postgres.ts', import.meta.url).href)});
      const { pid } = await startLocalPostgres({ dataDir: ${JSON.stringify(dataDir)}, ephemeral: true });
      process.stdout.write(String(pid));`;
    const parent = spawn(process.execPath, ['--input-type=module', '-e', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [pid] = await once(parent.stdout, 'data');
    expect(await inspectProcess(Number(pid))).toBeDefined();
    parent.kill('SIGKILL');
    await until(async () => !(await inspectProcess(Number(pid))));
    await until(() =>
      access(dataDir).then(
        () => false,
        () => true,
      ),
    );
  }, 30_000);

  it('listens on the port it is given', async () => {
    const port = await freePort();
    const postgres = await startLocalPostgres({ dataDir, port });
    await postgres.stop();
    expect(new URL(postgres.adminUrl).port).toBe(String(port));
  }, 30_000);

  it('tells why it does not start', async () => {
    await clusterWithRow();
    await writeFile(join(dataDir, 'postgres', 'postgresql.conf'), 'no_such_setting = 1\n');
    await expect(startLocalPostgres({ dataDir })).rejects.toThrow('no_such_setting');
  }, 30_000);
});
