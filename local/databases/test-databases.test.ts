// What test files share and what they do not, and that the server ends with its process, however that ends.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { access } from 'node:fs/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { withOwnClient } from '../../foundation/postgres/own-client.ts';
import { pause } from '../pause.for-test.ts';
import { inspectProcess } from './process-inspection.ts';
import { startTestDatabases, type TestDatabases } from './test-databases.ts';

const open: TestDatabases[] = [];
const children: ChildProcess[] = [];

afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  for (const databases of open.splice(0)) await databases.stop();
});

async function start(): Promise<TestDatabases> {
  const databases = await startTestDatabases();
  open.push(databases);
  return databases;
}

async function query(url: string, text: string): Promise<Record<string, unknown>[]> {
  return withOwnClient({ connectionString: url }, async (client) => (await client.query(text)).rows);
}

describe('databases of test files', () => {
  it('are on one server, and those of the same name have nothing in common', async () => {
    const [one, other] = [await start(), await start()];
    const [mine, theirs] = [await one.createDatabase('same'), await other.createDatabase('same')];
    await query(mine, 'create table mine as select 1 as one');
    expect(new URL(theirs).host).toBe(new URL(mine).host);
    expect(await query(theirs, "select to_regclass('mine') as found")).toEqual([{ found: null }]);
  });

  it('are gone when their test file has ended, whoever is still connected', async () => {
    const databases = await start();
    const kept = await (await start()).createDatabase('kept');
    const client = new pg.Client({ connectionString: await databases.createDatabase('left') });
    await client.connect();
    const lost = new Promise((resolve) => client.on('error', resolve));
    await databases.stop();
    await lost;
    const left = await query(kept, "select datname from pg_database where datname like 'left%'");
    expect(left).toEqual([]);
  });
});

// Prints the server's process and folder, then ends by itself or waits to be ended.
const program = (waits: boolean) => `
  const { startTestDatabases } = await import(${JSON.stringify(new URL('test-databases.ts', import.meta.url).href)});
  const { withOwnClient } = await import(${JSON.stringify(new URL('../../foundation/postgres/own-client.ts', import.meta.url).href)});
  const connectionString = await (await startTestDatabases()).createDatabase('used');
  const text = "select current_setting('data_directory') as directory, pg_read_file('postmaster.pid') as lock";
  const { rows: [found] } = await withOwnClient({ connectionString }, (client) => client.query(text));
  process.stdout.write(JSON.stringify({ directory: found.directory, pid: parseInt(found.lock, 10) }));
  ${waits ? 'setInterval(() => {}, 1_000);' : ''}`;

async function startProgram(
  waits: boolean,
): Promise<{ child: ChildProcess; directory: string; pid: number }> {
  const child = spawn(process.execPath, ['--no-warnings', '--input-type=module', '-e', program(waits)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  const [told] = await once(child.stdout, 'data');
  return { child, ...JSON.parse(String(told)) };
}

async function untilGone(directory: string, pid: number): Promise<void> {
  while (await inspectProcess(pid)) await pause();
  const isThere = () =>
    access(directory).then(
      () => true,
      () => false,
    );
  while (await isThere()) await pause();
}

describe('the shared server', () => {
  it('does not keep its process from ending, and ends with it', async () => {
    const { child, directory, pid } = await startProgram(false);
    if (child.exitCode === null) expect(await once(child, 'exit')).toEqual([0, null]);
    await untilGone(directory, pid);
  });

  for (const signal of ['SIGTERM', 'SIGINT', 'SIGKILL'] as const) {
    it(`ends with a process that ${signal} ends, and takes its folder along`, async () => {
      const { child, directory, pid } = await startProgram(true);
      expect(await inspectProcess(pid)).toBeDefined();
      child.kill(signal);
      expect(await once(child, 'exit')).toEqual([null, signal]);
      await untilGone(directory, pid);
    });
  }
});
