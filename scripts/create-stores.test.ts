// The command create-stores as an operator runs it: what it makes, what it prints, and that repeating it changes nothing.
import { execFile } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createDocumentClient } from '../foundation/dynamodb/client.ts';
import { describeOnEachDynamodb } from '../local/databases/each-dynamodb.for-test.ts';

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command with these settings alone. */
function createStores(args: readonly string[], settings: Record<string, string>): Promise<Ended> {
  const env = { PATH: process.env.PATH, NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE, ...settings };
  const command = [join(import.meta.dirname, 'create-stores.ts'), ...args];
  return new Promise((resolve) => {
    execFile(process.execPath, command, { env }, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
    );
  });
}

const without = (...words: string[]): string[] => words.flatMap((word) => ['--without', word]);
const names = ['Reports', 'Patches', 'Sessions', 'Messages', 'QueryJobs'];

describeOnEachDynamodb('create-stores', (dynamodb) => {
  it('makes every table once, under its name', async () => {
    const settings = { DYNAMODB_ENDPOINT: dynamodb().endpoint, MESSAGES_TABLE: 'OtherMessages' };
    const args = without('expiry', 'point-in-time-recovery', 'deletion-protection', 'bucket');
    const first = await createStores(args, settings);
    expect([first.code, first.stderr]).toEqual([0, '']);
    const made = names.map((name) => (name === 'Messages' ? 'OtherMessages' : name));
    expect(JSON.parse(first.stdout)).toEqual({
      tables: made.map((name) => ({ name, created: true, changed: [] })),
    });
    const again = await createStores(args, settings);
    expect(JSON.parse(again.stdout).tables).toEqual(
      made.map((name) => ({ name, created: false, changed: [] })),
    );
    const client = createDocumentClient({
      endpoint: dynamodb().endpoint,
      region: 'us-east-1',
      requestTimeoutMs: 10_000,
    });
    const { TableNames } = await client.send(new ListTablesCommand({}));
    client.destroy();
    expect(TableNames).toEqual([...made].sort());
  }, 60_000);
});

describe('create-stores with a bucket', () => {
  let server: Server;
  let endpoint: string;
  let asked: string[];

  // Takes everything that is asked of a store of objects, and of DynamoDB that all is there.
  beforeAll(async () => {
    server = createServer(async (request, response) => {
      await request.toArray();
      asked.push(`${request.method} ${request.url?.replace(/&?x-id=\w+/, '')}`);
      response.end();
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  beforeEach(() => {
    asked = [];
  });

  afterAll(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  describeOnEachDynamodb('beside tables', (dynamodb) => {
    it('makes it private, encrypted and versioned', async () => {
      const settings = {
        DYNAMODB_ENDPOINT: dynamodb().endpoint,
        OBJECTS_BUCKET: 'images',
        OBJECTS_ENDPOINT: endpoint,
        OBJECTS_ACCESS_KEY_ID: 'one',
        OBJECTS_SECRET_ACCESS_KEY: 'two',
      };
      const args = without('expiry', 'point-in-time-recovery', 'deletion-protection');
      const { code, stdout, stderr } = await createStores(args, settings);
      expect([code, stderr]).toEqual([0, '']);
      expect(JSON.parse(stdout).bucket).toEqual({ name: 'images', created: true });
      const parts = ['', '?publicAccessBlock=', '?encryption=', '?versioning=', '?lifecycle='];
      expect(asked.sort()).toEqual(parts.map((part) => `PUT /images/${part}`).sort());
    }, 60_000);
  });

  it('names every setting that is missing or wrong at once, and asks for nothing', async () => {
    const { code, stdout, stderr } = await createStores([], {
      DYNAMODB_ENDPOINT: 'ftp://nowhere',
      REPORTS_TABLE: 'R',
      TENANT_WRITE_SHARDS: '65',
      OBJECTS_ENDPOINT: endpoint,
      OBJECTS_SECRET_ACCESS_KEY: 'hidden-words',
    });
    expect([code, stdout, asked]).toEqual([1, '', []]);
    for (const name of [
      'DYNAMODB_ENDPOINT',
      'REPORTS_TABLE',
      'TENANT_WRITE_SHARDS',
      'OBJECTS_BUCKET',
      'OBJECTS_ACCESS_KEY_ID',
    ]) {
      expect(stderr).toContain(name);
    }
    expect(stderr).not.toContain('hidden-words');
  });

  it.each([
    ['--without everything', '--without must be one of'],
    ['--kms-key alias/one', '--kms-key must be the ARN of a key'],
    ['--tag name', '--tag must be NAME=VALUE, not "name"'],
    ['--with bucket', "Unknown option '--with'"],
  ])('refuses "%s" in one sentence', async (words, sentence) => {
    const { code, stdout, stderr } = await createStores(words.split(' '), {});
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr.split('\n')[0]).toContain(sentence);
  });
});
