// Owners on a real database: who may hold executions, how long, and how one that is gone is told from one that is slow.
import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Postgres } from '../../../foundation/postgres/pool.ts';
import { startTestDatabases, type TestDatabases } from '../../../local/databases/test-databases.ts';
import { createPostgresOwnerStore } from './postgres-owner-store.ts';
import type { OwnerStore } from './store.ts';
import { openTestPool, openTestStores, type TestStores } from './stores.for-test.ts';

/** Shorter than the server has been up. */
const silentMs = 50;
const hourMs = 3_600_000;

let databases: TestDatabases;
let stores: TestStores;
const pools: Postgres[] = [];
beforeAll(async () => {
  databases = await startTestDatabases();
  stores = await openTestStores(databases, 'owners');
}, 30_000);
afterEach(async () => {
  await Promise.all(pools.splice(0).map((pool) => pool.close()));
  await stores.admin.query('truncate orchestrator.owners, orchestrator.owner_beats');
});
afterAll(async () => {
  await stores.close();
  await databases.stop();
});

/** An owner with a session of its own, as each process has one. */
interface TestOwner extends OwnerStore {
  readonly ownerId: string;
  /** Ends its session, as the end of its process does. */
  hangUp(): Promise<void>;
}

async function register(replicaName: string): Promise<TestOwner> {
  const pool = openTestPool(stores.urls.engine, { sizeMax: 1 });
  pools.push(pool);
  const store = createPostgresOwnerStore(pool);
  const ownerId = randomUUID();
  await store.register({ ownerId, replicaName, address: '127.0.0.1:1' });
  await store.beat(ownerId);
  const hangUp = async () => {
    pools.splice(pools.indexOf(pool), 1);
    await pool.close();
  };
  return { ...store, ownerId, hangUp };
}

/** As if the owner had been silent for so many seconds, by the database's clock. */
async function silence({ ownerId }: TestOwner, seconds: number): Promise<void> {
  const silent =
    'update orchestrator.owner_beats set beat_at = clock_timestamp() - make_interval(secs => $2) where owner_id = $1';
  await stores.admin.query(silent, [ownerId, seconds]);
}

async function lives({ ownerId }: TestOwner): Promise<boolean> {
  const { rows } = await stores.admin.query(
    'select 1 from orchestrator.owners where owner_id = $1 and ended_at is null',
    [ownerId],
  );
  return rows.length > 0;
}

/**
 * Ends owners by their sessions alone: all have spoken too late to count as gone and too early to count as silent, however slow the machine
 * is, since their last sign of life lies in the future.
 */
async function endGone(judge: TestOwner, ...judged: readonly TestOwner[]): Promise<number> {
  for (const owner of judged) await silence(owner, -600);
  return judge.endSilent({ ownerId: judge.ownerId, silentMs, goneMs: -hourMs });
}

describe('an owner', () => {
  it('is alive from its registration until it is ended, and learns how many live beside it', async () => {
    const one = await register('one');
    expect(await one.beat(one.ownerId)).toBe(1);
    const two = await register('two');
    expect(await one.beat(one.ownerId)).toBe(2);
    await one.end(one.ownerId);
    expect(await one.beat(one.ownerId)).toBeUndefined();
    expect(await two.beat(two.ownerId)).toBe(1);
  });

  it('is none that was never registered', async () => {
    const { beat } = await register('one');
    expect(await beat(randomUUID())).toBeUndefined();
  });

  it('ends by a new start of the same replica, and by no other', async () => {
    const [before, neighbour] = [await register('replica-0'), await register('replica-1')];
    const after = await register('replica-0');
    expect(await before.beat(before.ownerId)).toBeUndefined();
    expect(await neighbour.beat(neighbour.ownerId)).toBe(2);
    expect(await after.beat(after.ownerId)).toBe(2);
  });
});

describe('ending silent owners', () => {
  it('ends those without a sign of life for that long, whatever their session does, and only once', async () => {
    const [judge, silent, speaking] = [
      await register('judge'),
      await register('silent'),
      await register('speaking'),
    ];
    await silence(silent, 60);
    await silence(speaking, -60);
    const silence60 = { ownerId: judge.ownerId, silentMs, goneMs: hourMs };
    expect(await judge.endSilent(silence60)).toBe(1);
    expect(await judge.endSilent(silence60)).toBe(0);
    expect([await lives(silent), await lives(speaking)]).toEqual([false, true]);
  });

  it('ends one whose session is over much earlier than one whose session goes on', async () => {
    const [judge, gone, slow] = [await register('judge'), await register('gone'), await register('slow')];
    await gone.hangUp();
    expect(await endGone(judge, gone, slow)).toBe(1);
    expect([await lives(gone), await lives(slow)]).toEqual([false, true]);
  });

  it('leaves one with a session that was replaced, once it has spoken again', async () => {
    const [judge, owner] = [await register('judge'), await register('owner')];
    await stores.admin.query(
      `select pg_terminate_backend(l.pid, 5000) from pg_locks l where l.locktype = 'advisory'
        and ((l.classid::bigint << 32) | l.objid::bigint) = hashtextextended('orchestrator.owner ' || $1, 0)`,
      [owner.ownerId],
    );
    while ((await owner.beat(owner.ownerId).catch(() => undefined)) === undefined); // the first one finds its session gone
    expect(await endGone(judge, owner)).toBe(0);
    expect(await lives(owner)).toBe(true);
  });

  it('spares one that has spoken since', async () => {
    const [judge, owner] = [await register('judge'), await register('back')];
    await silence(owner, 60);
    await owner.beat(owner.ownerId);
    expect(await judge.endSilent({ ownerId: judge.ownerId, silentMs: 1_000, goneMs: hourMs })).toBe(0);
    expect(await lives(owner)).toBe(true);
  });

  it('never ends who asks, whose own session can always take its own lock', async () => {
    const judge = await register('judge');
    await silence(judge, 60);
    expect(await judge.endSilent({ ownerId: judge.ownerId, silentMs, goneMs: 0 })).toBe(0);
    expect(await lives(judge)).toBe(true);
  });

  it('ends nobody while the server itself has been up for less than that', async () => {
    const [judge, silent] = [await register('judge'), await register('silent')];
    await silent.hangUp();
    await silence(silent, 2 * 3_600);
    expect(await judge.endSilent({ ownerId: judge.ownerId, silentMs: hourMs, goneMs: 0 })).toBe(0);
    expect(await lives(silent)).toBe(true);
  });
});
