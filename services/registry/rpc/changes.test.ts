// News of changes through the real service: who may watch, what is told and in which order, and what happens when the listening breaks.

import { createHash } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { trace } from '@opentelemetry/api';
import { systemClock } from '../../../foundation/clock.ts';
import type { Principal } from '../../../foundation/identity/principal.ts';
import { createMeshClient } from '../../../foundation/rpc/mesh-client.ts';
import { createMeshTransport } from '../../../foundation/rpc/mesh-transport.ts';
import { createWatchedCache, type WatchedCache } from '../../../foundation/rpc/watched-cache.ts';
import { type OwnTestDatabases, startOwnTestDatabases } from '../../../local/databases/test-databases.ts';
import { pause } from '../../../local/pause.for-test.ts';
import {
  ChangeService,
  type WatchChangesResponse,
} from '../../../proto/gen/domainflow/registry/v1/change_service_pb.js';
import { type RegistryForTest, startRegistryForTest } from '../app.for-test.ts';
import { changeListenerName } from '../store/change-source.ts';
import { changeChannel } from '../store/record-write.ts';

let databases: OwnTestDatabases;
let registry: RegistryForTest;
beforeAll(async () => {
  databases = await startOwnTestDatabases();
  registry = await startRegistryForTest(await databases.createDatabase('registry_changes'));
}, 60_000);
afterAll(async () => {
  await registry?.close();
  await databases?.stop();
});

const opened: AsyncIterator<WatchChangesResponse>[] = [];
afterAll(() => Promise.all(opened.map((stream) => stream.return?.())));

/** A stream that has begun: its first message was a sign of life. */
async function watch(service: 'gateway' | 'orchestrator' | 'agents' = 'gateway') {
  const stream = registry.changes.watchChanges({}, registry.asService(service))[Symbol.asyncIterator]();
  opened.push(stream);
  await expectSign(stream);
  return stream;
}

async function expectSign(stream: AsyncIterator<WatchChangesResponse>): Promise<void> {
  const { value, done } = await stream.next();
  expect([done, (value as WatchChangesResponse).change]).toEqual([false, undefined]);
}

/** The next changes of a stream, signs of life left out. */
async function changesOf(stream: AsyncIterator<WatchChangesResponse>, count: number) {
  const changes: (readonly [string, string, string])[] = [];
  while (changes.length < count) {
    const { value, done } = await stream.next();
    if (done) throw new Error('The stream ended');
    const { change } = value as WatchChangesResponse;
    if (change) changes.push([change.tenantId, change.entityType, change.entityId]);
  }
  return changes;
}

const createKey = async (principal: Principal, name: string) => {
  const definition = { name, kind: 'master' };
  const { key } = await registry.apiKeys.createApiKey({ definition }, registry.as(principal));
  return key?.keyId ?? '';
};

async function terminateListener(): Promise<void> {
  const text = `select pg_terminate_backend(pid) from pg_stat_activity
    where application_name = $1 and datname = current_database()`;
  const { rowCount } = await registry.admin.query(text, [changeListenerName]);
  expect(rowCount).toBe(1);
}

const until = async (holds: () => boolean | Promise<boolean>): Promise<void> => {
  while (!(await holds())) await pause();
};

describe('WatchChanges', () => {
  it('is for services themselves, and for neither people nor runs', async () => {
    const own = await registry.newTenant();
    const run = { runId: 'job_1', capability: 'query', writeTarget: '' };
    for (const call of [
      registry.as(own),
      registry.as({ ...own, run }),
      registry.asAgentsFor({ ...own, run }),
    ]) {
      const read = Array.fromAsync(registry.changes.watchChanges({}, call));
      await expect(read).rejects.toMatchObject({ reason: 'permission_denied' });
    }
    for (const service of ['gateway', 'orchestrator', 'agents'] as const) await watch(service);
  });

  it('tells every change of every tenant to every stream, in the order of commits, and only once', async () => {
    const streams = await Promise.all([watch(), watch('orchestrator')]);
    const [own, other] = [await registry.newTenant(), await registry.newTenant()];
    const told: [string, string, string][] = [];
    for (const [at, principal] of [own, other, own, other].entries()) {
      told.push([principal.tenantId, 'api_key', await createKey(principal, `key ${at}`)]);
    }
    for (const stream of streams) expect(await changesOf(stream, told.length)).toEqual(told);
    const last = await createKey(own, 'last');
    for (const stream of streams)
      expect(await changesOf(stream, 1)).toEqual([[own.tenantId, 'api_key', last]]);
  });

  it('tells nothing of a write that was refused', async () => {
    const stream = await watch();
    const own = await registry.newTenant();
    await expect(createKey({ ...own, userId: own.tenantId }, 'of nobody')).rejects.toMatchObject({
      reason: 'unauthenticated',
    });
    const keyId = await createKey(own, 'stored');
    expect(await changesOf(stream, 1)).toEqual([[own.tenantId, 'api_key', keyId]]);
  });

  it('goes on giving signs of life while nothing changes', async () => {
    const stream = await watch();
    for (let signs = 0; signs < 2; signs += 1) {
      await expectSign(stream);
    }
  });

  it('ends every stream when the listening connection is lost, and tells changes again afterwards', async () => {
    const streams = await Promise.all([watch(), watch()]);
    await terminateListener();
    for (const stream of streams) {
      await expect(changesOf(stream, 1)).rejects.toMatchObject({ reason: 'unavailable' });
    }
    const own = await registry.newTenant();
    const again = await watch();
    const keyId = await createKey(own, 'after');
    expect(await changesOf(again, 1)).toEqual([[own.tenantId, 'api_key', keyId]]);
  });

  it('ends every stream when the listening connection answers no more, and listens again on another one', async () => {
    const stream = await watch();
    const text = `select pid from pg_stat_activity
      where application_name = $1 and datname = current_database()`;
    const { rows } = await registry.admin.query<{ pid: number }>(text, [changeListenerName]);
    const pid = rows[0]?.pid ?? 0;
    process.kill(pid, 'SIGSTOP');
    try {
      await expect(changesOf(stream, 1)).rejects.toMatchObject({ reason: 'unavailable' });
      const again = await watch();
      const own = await registry.newTenant();
      const keyId = await createKey(own, 'after');
      expect(await changesOf(again, 1)).toEqual([[own.tenantId, 'api_key', keyId]]);
    } finally {
      process.kill(pid, 'SIGCONT');
    }
  }, 30_000);

  it('ends every stream when it is told something that it does not understand', async () => {
    const stream = await watch();
    await registry.admin.query(`select pg_notify('${changeChannel}', 'what was it?')`);
    await expect(changesOf(stream, 1)).rejects.toMatchObject({ reason: 'unavailable' });
    await watch();
  });
});

describe('a watched cache over the stream', () => {
  let cache: WatchedCache;
  let interruptions: number;
  beforeEach(() => {
    interruptions = 0;
    cache = createWatchedCache({
      watch: (signal) => registry.changes.watchChanges({}, { ...registry.asService('gateway'), signal }),
      clock: systemClock,
      sizeMax: 10,
      onInterrupted: () => {
        interruptions += 1;
      },
    });
  });
  afterEach(() => cache.close());

  /** A key, and how to ask whose it is, by the cache. */
  async function cachedKey(own: Principal) {
    const definition = { name: 'Robot', kind: 'master' };
    const { key, apiKey } = await registry.apiKeys.createApiKey({ definition }, registry.as(own));
    const keyHash = createHash('sha256').update(apiKey).digest();
    let loads = 0;
    const decide = () =>
      cache.get(keyHash.toString('hex'), {
        tags: ({ tenantId }) => [{ tenantId, entityType: 'api_key', entityId: key?.keyId ?? '' }],
        load: () => {
          loads += 1;
          return registry.apiKeys.authenticateApiKey({ keyHash }, registry.asService('gateway'));
        },
      });
    await until(async () => {
      await decide();
      const before = loads;
      await decide();
      return loads === before;
    });
    return { keyId: key?.keyId ?? '', decide, loads: () => loads };
  }

  it('refuses a key as soon as the news of its revocation has come', async () => {
    const own = await registry.newTenant();
    const [revoked, other, last] = [await cachedKey(own), await cachedKey(own), await cachedKey(own)];
    const revoke = async ({ keyId, decide }: Awaited<ReturnType<typeof cachedKey>>) => {
      await registry.apiKeys.revokeApiKey({ keyId }, registry.as(own));
      await until(() =>
        decide().then(
          () => false,
          ({ reason }) => reason === 'unauthenticated',
        ),
      );
    };
    await revoke(last); // news comes in order: that of the creation of the others has come too
    await other.decide();
    const before = other.loads();
    await revoke(revoked);
    await other.decide();
    expect([other.loads(), interruptions]).toEqual([before, 0]);
  });

  it('drops everything when the listening connection is lost, and keeps again afterwards', async () => {
    const { decide, loads } = await cachedKey(await registry.newTenant());
    const before = loads();
    await terminateListener();
    await until(() => interruptions > 0);
    await decide();
    expect(loads()).toBeGreaterThan(before);
    await until(async () => {
      const last = loads();
      await decide();
      return loads() === last;
    });
  });
});

describe('a registry that closes', () => {
  it('ends its streams without a fault and stops listening', async () => {
    const closing = await startRegistryForTest(await databases.createDatabase('registry_closing'));
    const tracer = trace.getTracer('test');
    const transport = createMeshTransport({ target: closing.address, tracer, clock: systemClock });
    const client = createMeshClient(ChangeService, transport);
    const stream = client.watchChanges({}, closing.asService('gateway'))[Symbol.asyncIterator]();
    await expectSign(stream);
    const rest = Array.fromAsync({ [Symbol.asyncIterator]: () => stream });
    await closing.close();
    await expect(rest).resolves.toBeInstanceOf(Array);
    transport.close();
    const text = 'select pid from pg_stat_activity where application_name = $1 and datname = $2';
    const { rows } = await registry.admin.query(text, [changeListenerName, 'registry_closing']);
    expect(rows).toEqual([]);
  });
});
