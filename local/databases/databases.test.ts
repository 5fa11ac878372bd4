// Both databases together: nothing acknowledged is lost by kills, nothing is shared by mistake, nothing is left behind.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { createDocumentClient } from '../../foundation/dynamodb/client.ts';
import { type LocalDatabases, startLocalDatabases } from './databases.ts';

const writer = fileURLToPath(new URL('write-until-killed.ts', import.meta.url));
let dataDir: string;

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'databases-test-'));
  await chmod(dataDir, 0o711);
});

afterEach(() => rm(dataDir, { recursive: true, force: true }));

async function query(adminUrl: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  const { rows } = await client.query(text);
  await client.end();
  return rows;
}

function documents(databases: LocalDatabases): DynamoDBDocumentClient {
  return createDocumentClient({
    endpoint: databases.dynamoEndpoint,
    region: 'local',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    requestTimeoutMs: 5_000,
  });
}

/** Lets a process write from `first` on and kills it after `count` writes or a few more. Answers those it acknowledged. */
async function writeAndKill(first: number, count: number): Promise<number[]> {
  const child = spawn(process.execPath, [writer, dataDir, String(first)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const acknowledged: number[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    if (acknowledged.push(Number(line)) === count) child.kill('SIGKILL');
  }
  await exited;
  return acknowledged;
}

/** The last write that was made, acknowledged or not. */
async function lastWrite(databases: LocalDatabases): Promise<number> {
  const [row] = await query(databases.adminUrl, 'select max(number) as last from written');
  return Number(row?.last);
}

async function missingWrites(databases: LocalDatabases, acknowledged: readonly number[]): Promise<number[]> {
  const rows = await query(databases.adminUrl, 'select number from written');
  const numbers = new Set(rows.map((row) => row.number));
  const client = documents(databases);
  const missing: number[] = [];
  for (const number of acknowledged) {
    const { Item } = await client.send(new GetCommand({ TableName: 'Written', Key: { id: String(number) } }));
    if (!Item || !numbers.has(number)) missing.push(number);
  }
  client.destroy();
  return missing;
}

describe('local databases', () => {
  it('lose no acknowledged write when the process that started them is killed again and again', async () => {
    const acknowledged: number[] = [];
    let last = 0;
    for (let round = 0; round < 3; round += 1) {
      acknowledged.push(...(await writeAndKill(last + 1, 50)));
      const databases = await startLocalDatabases({ dataDir });
      const missing = await missingWrites(databases, acknowledged);
      last = await lastWrite(databases);
      await databases.stop();
      expect(missing).toEqual([]);
    }
    expect(acknowledged.length).toBeGreaterThanOrEqual(150);
  }, 60_000);

  it('refuse a folder that is in use, and the running ones go on', async () => {
    const databases = await startLocalDatabases({ dataDir });
    try {
      await expect(startLocalDatabases({ dataDir })).rejects.toThrow('in use');
      expect(await query(databases.adminUrl, 'select 1 as one')).toEqual([{ one: 1 }]);
    } finally {
      await databases.stop();
    }
  }, 30_000);

  it('leave nothing behind when they have no folder', async () => {
    const databases = await startLocalDatabases({});
    const [row] = await query(databases.adminUrl, "select current_setting('data_directory') as directory");
    const directory = String(row?.directory);
    await access(directory);
    await databases.stop();
    await expect(access(join(directory, '..'))).rejects.toMatchObject({ code: 'ENOENT' });
  }, 30_000);

  it('listen on this machine only and write through to the disk', async () => {
    const databases = await startLocalDatabases({ dataDir });
    const settings = await query(
      databases.adminUrl,
      `select current_setting('listen_addresses') as listen, current_setting('fsync') as fsync,
        current_setting('synchronous_commit') as commit, current_setting('unix_socket_directories') as sockets`,
    );
    await databases.stop();
    expect(settings).toEqual([{ listen: '127.0.0.1', fsync: 'on', commit: 'on', sockets: '' }]);
    expect(new URL(databases.dynamoEndpoint).hostname).toBe('127.0.0.1');
  }, 30_000);
});
