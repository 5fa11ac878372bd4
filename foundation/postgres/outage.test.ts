// PostgreSQL killed under load and started again: no acknowledged write is lost, nothing that failed cleanly was written, every
// failure is a Fault that says to come back, and afterwards everything works without a restart.

import { chmod, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { freePort } from '../../local/databases/free-port.ts';
import { type LocalPostgres, startLocalPostgres } from '../../local/databases/postgres.ts';
import { pause } from '../../local/pause.for-test.ts';
import { Fault } from '../fault/fault.ts';
import { newId } from '../ids/ids.ts';
import { createPostgres, type Postgres } from './pool.ts';
import type { SqlClient } from './statement.ts';

const workers = 8;
const kills = 2;
const tenantId = newId();
let dataDir: string;
let port: number;
let server: LocalPostgres;
let postgres: Postgres;

/** What became of each write, as its writer was told. */
interface Told {
  readonly acknowledged: Set<number>;
  readonly refused: Set<number>;
  /** Errors other than a Fault that says when to come back. */
  readonly wrong: unknown[];
  failures: number;
}

const start = (): Promise<LocalPostgres> => startLocalPostgres({ dataDir, port });

/** Writes numbered pairs until `stopped`: both rows of a pair or none. */
async function write(told: Told, next: () => number, stopped: () => boolean): Promise<void> {
  while (!stopped()) {
    const id = next();
    try {
      await postgres.tenantTransaction(tenantId, async (client) => {
        const values = [id];
        await client.query({ name: 'test.a', text: 'insert into pair (id, half) values ($1, 0)', values });
        await client.query({ name: 'test.b', text: 'insert into pair (id, half) values ($1, 1)', values });
      });
      told.acknowledged.add(id);
    } catch (error) {
      note(told, error);
      const unknown = error instanceof Fault && error.message === 'The outcome of the write is not known';
      if (!unknown) told.refused.add(id);
      await new Promise(setImmediate);
    }
  }
}

/** Reads until `stopped`, in a transaction or by statements alone: never half a pair, and never fewer pairs than a moment before. */
async function read(told: Told, stopped: () => boolean, alone: boolean): Promise<void> {
  const text = 'select count(*)::int as rows, count(distinct id)::int as pairs from pair';
  let before = 0;
  while (!stopped()) {
    try {
      const count = (client: SqlClient) =>
        client.query<{ rows: number; pairs: number }>({ name: 'test.count', text });
      const { rows } = alone ? await count(postgres) : await postgres.tenantRead(tenantId, count);
      const [{ rows: halves = -1, pairs = -1 } = {}] = rows;
      if (halves !== 2 * pairs || pairs < before) throw new Error(`wrong: ${halves} ${pairs} ${before}`);
      before = pairs;
    } catch (error) {
      note(told, error);
      await new Promise(setImmediate);
    }
  }
}

function note(told: Told, error: unknown): void {
  told.failures += 1;
  const clean = error instanceof Fault && /^(unavailable|aborted)$/.test(error.reason) && error.retryAfterMs;
  if (!clean) told.wrong.push(error);
}

/** The server and each of its sessions at once, as a machine does that loses its power. */
async function killEverything(): Promise<void> {
  const text = 'select pid from pg_stat_activity where pid <> pg_backend_pid() limit 1000';
  const { rows } = await postgres.query<{ pid: number }>({ name: 'test.pids', text });
  process.kill(server.pid, 'SIGKILL');
  for (const { pid } of rows) killIfThere(pid);
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // it has ended by itself
  }
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await pause();
}

beforeAll(async () => {
  dataDir = await realpath(await mkdtemp(join(tmpdir(), 'outage-test-')));
  await chmod(dataDir, 0o711);
  port = await freePort();
  server = await start();
  postgres = createPostgres({
    url: server.adminUrl,
    applicationName: 'outage test',
    sizeMax: 4,
    acquireTimeoutMs: 5_000,
    breaker: { limits: { resetMs: 50 } },
  });
  const text = 'create table pair (id integer, half integer, constraint pair_pkey primary key (id, half))';
  await postgres.query({ name: 'test.create', text });
}, 60_000);

afterAll(async () => {
  await postgres.close();
  await server.stop();
  await rm(dataDir, { recursive: true, force: true });
});

describe('a database that is killed under load', () => {
  it('gives no wrong answer, loses nothing it acknowledged, and is used again once it is back', async () => {
    const told: Told = { acknowledged: new Set(), refused: new Set(), wrong: [], failures: 0 };
    let id = 0;
    let ended = false;
    const next = (): number => {
      id += 1;
      return id;
    };
    const stopped = (): boolean => ended;
    const load = [
      read(told, stopped, true),
      read(told, stopped, false),
      ...Array.from({ length: workers }, () => write(told, next, stopped)),
    ];
    for (let kill = 0; kill < kills; kill += 1) {
      const goal = told.acknowledged.size + 50;
      await until(() => told.acknowledged.size >= goal);
      const failed = told.failures;
      await killEverything();
      await until(() => told.failures >= failed + 20);
      await server.stop();
      server = await start();
    }
    const goal = told.acknowledged.size + 50;
    await until(() => told.acknowledged.size >= goal);
    ended = true;
    await Promise.all(load);

    expect(told.wrong).toEqual([]);
    const { rows } = await postgres.query<{ id: number; halves: number }>({
      name: 'test.written',
      text: 'select id, count(*)::int as halves from pair group by id limit 1000000',
    });
    const written = new Set(rows.map((row) => row.id));
    expect(rows.filter(({ halves }) => halves !== 2)).toEqual([]);
    expect([...told.acknowledged].filter((it) => !written.has(it))).toEqual([]);
    expect([...told.refused].filter((it) => written.has(it))).toEqual([]);
    expect(told.refused.size).toBeGreaterThan(0);
  }, 120_000);
});
