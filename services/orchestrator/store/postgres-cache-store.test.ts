// Outputs that executions share, on a real database.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startTestDatabases, type TestDatabases } from '../../../local/databases/test-databases.ts';
import type { OutputPromise, OutputStore } from './output-store.ts';
import { createPostgresCacheStore } from './postgres-cache-store.ts';
import { openTestStores, type TestStores } from './stores.for-test.ts';

const answer = {
  output: { a: 1 },
  reasoning: '',
  confidence: 1,
  references: [],
  spans: {},
  runtime: 'builtin',
};
const longMs = 60_000;

let databases: TestDatabases;
let stores: TestStores;
let store: OutputStore;
beforeAll(async () => {
  databases = await startTestDatabases();
  stores = await openTestStores(databases, 'cache_store');
  store = createPostgresCacheStore(stores.enginePool);
}, 30_000);
beforeEach(() => stores.admin.query('truncate orchestrator.output_cache'));
afterAll(async () => {
  await stores.close();
  await databases.stop();
});

let made = 0;
function newPromise(changes: Partial<OutputPromise> = {}): OutputPromise {
  made += 1;
  return {
    tenantId: randomUUID(),
    key: made.toString(16).padStart(64, '0'),
    executionId: randomUUID(),
    ...changes,
  };
}

const keyOf = ({ tenantId, key }: OutputPromise) => ({ tenantId, key });

/** Keeps an answer, as the journal does. */
async function keep(owner: string, { executionId, tenantId, key }: OutputPromise, ttlMs = longMs) {
  const nothing = { rows: [], approvals: [], commandIds: [] };
  const cached = [{ key, answer, ttlMs }];
  expect(await stores.engine.append(owner, [{ tenantId, executionId, ...nothing, cached }])).toBe('appended');
}

const expire = ({ key }: OutputPromise) =>
  stores.admin.query('update orchestrator.output_cache set expires_at = clock_timestamp() where key = $1', [
    key,
  ]);
const rows = async () => (await stores.admin.query('select from orchestrator.output_cache')).rowCount;

describe('outputs', () => {
  it('are found under tenant and key until they expire', async () => {
    const owner = await stores.newOwner();
    const [one, other] = [newPromise(), newPromise()];
    await keep(owner, one);
    await keep(owner, other);
    await expire(other);
    const asked = [one, other, { ...one, tenantId: other.tenantId }].map(keyOf);
    expect(await store.find(asked)).toEqual([{ ...one, answer }]);
  });

  it('replace what was kept or promised under their key', async () => {
    const owner = await stores.newOwner();
    const promise = newPromise();
    await store.promise([promise], longMs);
    expect(await store.find([promise])).toEqual([promise]);
    await keep(owner, promise);
    const newer = { ...promise, executionId: randomUUID() };
    await keep(owner, newer);
    expect(await store.find([promise])).toEqual([{ ...newer, answer }]);
  });

  it('are removed once they have expired, so many at a time', async () => {
    const promises = Array.from({ length: 5 }, () => newPromise());
    await store.promise(promises, longMs);
    for (const promise of promises.slice(0, 3)) await expire(promise);
    expect(await store.removeExpired(2)).toBe(2);
    expect(await store.removeExpired(2)).toBe(1);
    expect(await store.removeExpired(2)).toBe(0);
    expect(await rows()).toBe(2);
  });

  it('are nothing to the role that serves requests', async () => {
    const read = stores.app.query({ name: 'read', text: 'select * from orchestrator.output_cache' });
    await expect(read).rejects.toMatchObject({ code: '42501' });
  });
});

describe('a promise', () => {
  it('is given once, also when many ask at the same time, and again when it has run out', async () => {
    const promise = newPromise();
    const askers = Array.from({ length: 8 }, () => ({ ...promise, executionId: randomUUID() }));
    const given = await Promise.all(askers.map((asker) => store.promise([asker], longMs)));
    expect(given.flat()).toEqual([keyOf(promise)]);
    await expire(promise);
    expect(await store.promise([promise], longMs)).toEqual([keyOf(promise)]);
  });

  it('is not given for what is computed', async () => {
    const promise = newPromise();
    await keep(await stores.newOwner(), promise);
    expect(await store.promise([{ ...promise, executionId: randomUUID() }], longMs)).toEqual([]);
  });

  it('is renewed and broken by who gave it alone, and not once it is fulfilled or has run out', async () => {
    const owner = await stores.newOwner();
    const [open, fulfilled, late] = [newPromise(), newPromise(), newPromise()];
    await store.promise([open, fulfilled, late], longMs);
    await keep(owner, fulfilled, 1_000_000);
    await expire(late);
    const before = await expiries();
    const strangers = { ...open, executionId: randomUUID() };
    await store.renewPromises([strangers, fulfilled, late], 10 * longMs);
    await store.breakPromise(strangers);
    await store.breakPromise(fulfilled);
    expect(await expiries()).toEqual(before);
    await store.renewPromises([open], 10 * longMs);
    expect((await expiries()).get(open.key)).toBeGreaterThan(before.get(open.key) ?? 0);
    await store.breakPromise(open);
    expect([...(await expiries()).keys()].sort()).toEqual([fulfilled.key, late.key].sort());
  });
});

async function expiries(): Promise<Map<string, number>> {
  const text = 'select key, expires_at from orchestrator.output_cache';
  const found = await stores.admin.query<{ key: string; expires_at: Date }>(text);
  return new Map(found.rows.map(({ key, expires_at }) => [key, expires_at.getTime()]));
}
