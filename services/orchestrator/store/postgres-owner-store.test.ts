// Owners on a real database: who may hold executions, and how long.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestDatabases, type TestDatabases } from '../../../local/databases/test-databases.ts';
import { openTestStores, type TestStores } from './stores.for-test.ts';

let databases: TestDatabases;
let stores: TestStores;
beforeAll(async () => {
  databases = await startTestDatabases();
  stores = await openTestStores(databases, 'owners');
}, 30_000);
afterAll(async () => {
  await stores.close();
  await databases.stop();
});

async function register(replicaName: string): Promise<string> {
  const ownerId = randomUUID();
  await stores.owners.register({ ownerId, replicaName, address: '127.0.0.1:1' });
  return ownerId;
}

/** As if the owner had been silent for so many seconds, by the database's clock. */
async function silence(ownerId: string, seconds: number): Promise<void> {
  const silent =
    'update orchestrator.owners set beat_at = clock_timestamp() - make_interval(secs => $2) where owner_id = $1';
  await stores.admin.query(silent, [ownerId, seconds]);
}

describe('an owner', () => {
  it('is alive from its registration until it is ended', async () => {
    const ownerId = await register('one');
    expect(await stores.owners.beat(ownerId)).toBe(true);
    await stores.owners.end(ownerId);
    expect(await stores.owners.beat(ownerId)).toBe(false);
  });

  it('is none that was never registered', async () => {
    expect(await stores.owners.beat(randomUUID())).toBe(false);
  });

  it('ends by a new start of the same replica, and by no other', async () => {
    const [before, neighbour] = [await register('replica-0'), await register('replica-1')];
    const after = await register('replica-0');
    expect(await stores.owners.beat(before)).toBe(false);
    expect(await stores.owners.beat(neighbour)).toBe(true);
    expect(await stores.owners.beat(after)).toBe(true);
  });
});

describe('ending silent owners', () => {
  it('ends those without a sign of life for that long, and only once', async () => {
    const [silent, speaking] = [await register('silent'), await register('speaking')];
    await silence(silent, 4);
    await silence(speaking, 2);
    expect(await stores.owners.endSilent(3_000)).toBe(1);
    expect(await stores.owners.endSilent(3_000)).toBe(0);
    expect(await stores.owners.beat(silent)).toBe(false);
    expect(await stores.owners.beat(speaking)).toBe(true);
  });

  it('spares one that has spoken since', async () => {
    const ownerId = await register('back');
    await silence(ownerId, 60);
    await stores.owners.beat(ownerId);
    expect(await stores.owners.endSilent(3_000)).toBe(0);
    expect(await stores.owners.beat(ownerId)).toBe(true);
  });
});
