// API keys through the real service: what makes one, what a description must keep, whose key it is and that a revoked one is nobody's.
import { createHash } from 'node:crypto';
import type { JsonObject } from '@bufbuild/protobuf';
import { timestampDate } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Fault } from '../../../foundation/fault/fault.ts';
import type { Principal } from '../../../foundation/identity/principal.ts';
import { newId } from '../../../foundation/ids/ids.ts';
import { startTestDatabases, type TestDatabases } from '../../../local/databases/test-databases.ts';
import { ApiKeyKind } from '../../../proto/gen/domainflow/registry/v1/api_key_pb.js';
import { type RegistryForTest, startRegistryForTest } from '../app.for-test.ts';
import { liveKeysMax } from '../core/api-key.ts';

let databases: TestDatabases;
let registry: RegistryForTest;
beforeAll(async () => {
  databases = await startTestDatabases();
  registry = await startRegistryForTest(await databases.createDatabase('registry_api_keys'));
}, 60_000);
afterAll(async () => {
  await registry?.close();
  await databases?.stop();
});

const dayMs = 24 * 60 * 60_000;
const create = async (principal: Principal, definition: JsonObject) => {
  const { key, apiKey } = await registry.apiKeys.createApiKey({ definition }, registry.as(principal));
  if (!key) throw new Error('No key was answered');
  return { key, apiKey };
};
const hashOf = (apiKey: string) => createHash('sha256').update(apiKey).digest();
const authenticate = (apiKey: string) =>
  registry.apiKeys.authenticateApiKey({ keyHash: hashOf(apiKey) }, registry.asService('gateway'));
const revoke = (principal: Principal, keyId: string) =>
  registry.apiKeys.revokeApiKey({ keyId }, registry.as(principal));
const violationsOf = (call: Promise<unknown>): Promise<Record<string, string>> =>
  call.then(
    () => ({}),
    (fault: Fault) => Object.fromEntries(fault.violations.map(({ field, reason }) => [field, reason])),
  );

describe('CreateApiKey', () => {
  it.each([
    [{ kind: 'master' }, ApiKeyKind.MASTER, 1_000, undefined, ['*']],
    [{ kind: 'service', permissions: ['agents:*'] }, ApiKeyKind.SERVICE, 500, 90, ['agents:*']],
    [{ kind: 'user', permissions: ['agents:read', 'task:create'] }, ApiKeyKind.USER, 100, 30, undefined],
  ])('makes %j with the defaults of its kind', async (sent, kind, rateLimit, days, permissions) => {
    const own = await registry.newTenant();
    const before = Date.now();
    const { key, apiKey } = await create(own, { name: 'A key', ...sent });
    expect(apiKey).toMatch(/^[0-9a-f]{64}$/);
    expect(key).toMatchObject({
      keyId: `key_${key.id.replaceAll('-', '')}`,
      name: 'A key',
      kind,
      rateLimit,
      permissions: permissions ?? ['agents:read', 'task:create'],
      allowedEndpoints: [],
      createdBy: own.userId,
    });
    const lifetimeMs = key.expiresAt && timestampDate(key.expiresAt).getTime() - before;
    if (days === undefined) expect(lifetimeMs).toBeUndefined();
    else expect(Math.floor((lifetimeMs ?? 0) / dayMs)).toBe(days);
  });

  it('keeps what its creator says, and a hash in place of the key', async () => {
    const own = await registry.newTenant();
    const { key, apiKey } = await create(own, {
      name: 'Exports',
      kind: 'service',
      permissions: ['reports:read', 'system:*'],
      allowed_endpoints: ['/reports', '/data/geo'],
      rate_limit: 7,
      expires_at: '2099-12-31T23:59:59.5+01:00',
    });
    expect(key).toMatchObject({ allowedEndpoints: ['/reports', '/data/geo'], rateLimit: 7 });
    expect(key.expiresAt && timestampDate(key.expiresAt).toISOString()).toBe('2099-12-31T22:59:59.500Z');
    const text = 'select to_jsonb(k)::text as stored, key_hash from registry.api_keys k where key_id = $1';
    const { rows } = await registry.admin.query(text, [key.keyId]);
    expect(rows[0].stored).not.toContain(apiKey);
    expect(rows[0].key_hash).toEqual(hashOf(apiKey));
  });

  it('lets each key act as a user of its own, whatever the names are', async () => {
    const own = await registry.newTenant();
    const name = 'ä'.repeat(200);
    const keys = [await create(own, { name, kind: 'master' }), await create(own, { name, kind: 'master' })];
    const text = 'select id, username, email, cognito_sub, tenant_id from registry.users where id = any($1)';
    const { rows } = await registry.admin.query(text, [keys.map(({ key }) => key.userId)]);
    expect(rows).toHaveLength(2);
    for (const { key } of keys) {
      expect(rows).toContainEqual({
        id: key.userId,
        username: `${'ä'.repeat(91)}#${key.userId.slice(-8)}`,
        email: null,
        cognito_sub: `key:${key.keyId}`,
        tenant_id: own.tenantId,
      });
    }
  });

  it('names every problem at once, and what permissions there are', async () => {
    const own = await registry.newTenant();
    const wrong = {
      name: ' ',
      kind: 'root',
      permissions: ['agents:fly', 'agents:read', 'agents:read', 7, 'agent:*'],
      allowed_endpoints: ['reports', '/reports', '/a/../b', '/a?b', '/'],
      rate_limit: 0,
      expires_at: '2020-01-01T00:00:00Z',
    };
    const violations = await violationsOf(create(own, wrong));
    expect(Object.keys(violations).sort()).toEqual([
      'allowed_endpoints[0]',
      'allowed_endpoints[2]',
      'allowed_endpoints[3]',
      'allowed_endpoints[4]',
      'expires_at',
      'kind',
      'name',
      'permissions[0]',
      'permissions[2]',
      'permissions[3]',
      'rate_limit',
    ]);
    for (const part of ['tool-access', 'circuit-breakers', 'delete', 'workflow:execute', '<resource>:*']) {
      expect(violations['permissions[0]']).toContain(part);
    }
    expect(violations['permissions[2]']).toBe('repeats permissions[1]');
  });

  it.each([
    [{}, ['name', 'kind']],
    [{ name: 'x'.repeat(201), kind: 'user' }, ['name', 'permissions']],
    [{ name: 'a', kind: 'service', permissions: [] }, ['permissions']],
    [{ name: 'a', kind: 'master', permissions: [] }, ['permissions']],
    [{ name: 'a', kind: 'master', permissions: 'agents:read' }, ['permissions']],
    [{ name: 'a', kind: 'master', rate_limit: 100_001 }, ['rate_limit']],
    [{ name: 'a', kind: 'master', rate_limit: 1.5 }, ['rate_limit']],
    [{ name: 'a', kind: 'master', expires_at: '2099-02-30T00:00:00Z' }, ['expires_at']],
    [{ name: 'a', kind: 'master', expires_at: '2099-01-01' }, ['expires_at']],
    [{ name: 'a', kind: 'master', expires_at: '2099-01-01T00:00:00' }, ['expires_at']],
    [{ name: 'a', kind: 'master', expires_at: 4_102_444_800 }, ['expires_at']],
  ] as [JsonObject, string[]][])('refuses %j', async (definition, fields) => {
    const own = await registry.newTenant();
    expect(Object.keys(await violationsOf(create(own, definition)))).toEqual(fields);
  });

  it('gives a key that makes keys nothing to give that it has not itself', async () => {
    const own = await registry.newTenant();
    const { key: parent } = await create(own, {
      name: 'Maker',
      kind: 'service',
      permissions: ['keys:create', 'agents:*'],
      allowed_endpoints: ['/auth', '/agents'],
      rate_limit: 70,
      expires_at: '2098-01-01T00:00:00Z',
    });
    const maker = { ...own, userId: parent.userId };
    expect(
      await violationsOf(
        create(maker, {
          name: 'Child',
          kind: 'user',
          permissions: ['agents:read', '*', 'teams:read', 'agents:*'],
          allowed_endpoints: ['/agents/x', '/teams', '/agentsx'],
          rate_limit: 71,
          expires_at: '2098-01-01T00:00:01Z',
        }),
      ),
    ).toEqual({
      'permissions[1]': expect.any(String),
      'permissions[2]': expect.any(String),
      'allowed_endpoints[1]': expect.any(String),
      'allowed_endpoints[2]': expect.any(String),
      rate_limit: expect.any(String),
      expires_at: expect.any(String),
    });
    expect(await violationsOf(create(maker, { name: 'All', kind: 'master' }))).toEqual({
      permissions: expect.any(String),
    });
    const { key } = await create(maker, { name: 'Child', kind: 'master', permissions: ['agents:read'] });
    expect(key).toMatchObject({
      allowedEndpoints: ['/auth', '/agents'],
      rateLimit: 70,
      expiresAt: parent.expiresAt,
    });
    await revoke(own, parent.keyId);
    await expect(create(maker, { name: 'Late', kind: 'user' })).rejects.toMatchObject({
      reason: 'unauthenticated',
    });
  });

  it('holds 1,000 keys that hold and no more, however many are asked for at once', async () => {
    const own = await registry.newTenant();
    const { key } = await create(own, { name: 'First', kind: 'master' });
    const users = `insert into registry.users (id, tenant_id, username)
      select gen_random_uuid(), $1::uuid, 'filler ' || n || $1::uuid from generate_series(1, $2::integer) n returning id`;
    await registry.admin.query(
      `with filler as (${users})
      insert into registry.api_keys (tenant_id, id, key_id, name, kind, key_hash, rate_limit, role, user_id, created_by)
      select $1::uuid, id, 'key_' || replace(id::text, '-', ''), 'Filler', 'master', sha256(id::text::bytea), 1, 'admin', id, $3
      from filler`,
      [own.tenantId, liveKeysMax - 2, own.userId],
    );
    // Opens connections, so that the attempts do not wait for each other at the door.
    const list = () => registry.apiKeys.listApiKeys({}, registry.as(own));
    await Promise.all(Array.from({ length: 40 }, list));
    const attempts = await Promise.allSettled(
      Array.from({ length: 20 }, (_, at) => create(own, { name: `${at}`, kind: 'master' })),
    );
    expect(attempts.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    await expect(create(own, { name: 'More', kind: 'master' })).rejects.toMatchObject({
      reason: 'failed_precondition',
    });
    await revoke(own, key.keyId);
    await create(own, { name: 'More', kind: 'master' });
  });
});

describe('AuthenticateApiKey', () => {
  it('tells the gateway whose key it is, and notes its use', async () => {
    const own = await registry.newTenant();
    const { key, apiKey } = await create(own, {
      name: 'Robot',
      kind: 'master',
      permissions: ['agents:read'],
    });
    expect(key.lastUsedAt).toBeUndefined();
    const answer = await authenticate(apiKey);
    expect(answer).toMatchObject({
      key: { keyId: key.keyId, userId: key.userId, permissions: ['agents:read'], rateLimit: 1_000 },
      tenantId: own.tenantId,
      tenantName: 'A tenant',
      username: `Robot#${key.userId.slice(-8)}`,
      role: 'admin',
    });
    expect(answer.key?.lastUsedAt).toBeDefined();
    expect((await authenticate(apiKey)).key?.lastUsedAt).toEqual(answer.key?.lastUsedAt);
  });

  it('refuses unknown, revoked and expired keys and wrong hashes in the same words', async () => {
    const own = await registry.newTenant();
    const [revoked, expired] = [
      await create(own, { name: 'Revoked', kind: 'master' }),
      await create(own, { name: 'Expired', kind: 'master' }),
    ];
    await authenticate(revoked.apiKey);
    await authenticate(expired.apiKey);
    await revoke(own, revoked.key.keyId);
    const text = `update registry.api_keys set expires_at = now() where key_id = $1`;
    await registry.admin.query(text, [expired.key.keyId]);
    const keyHash = new Uint8Array(31);
    const attempts = await Promise.allSettled([
      authenticate('0'.repeat(64)),
      authenticate(revoked.apiKey),
      authenticate(expired.apiKey),
      authenticate(revoked.apiKey.toUpperCase()),
      registry.apiKeys.authenticateApiKey({ keyHash }, registry.asService('gateway')),
    ]);
    const refused = { reason: { reason: 'unauthenticated', message: 'The API key is not valid' } };
    expect(attempts).toMatchObject(attempts.map(() => refused));
  });

  it('answers the gateway itself and nobody else', async () => {
    const own = await registry.newTenant();
    const { apiKey } = await create(own, { name: 'Robot', kind: 'master' });
    const run = { runId: 'job_1', capability: 'query', writeTarget: '' };
    for (const call of [
      registry.as(own),
      registry.as({ ...own, run }),
      registry.asAgentsFor({ ...own, run }),
      registry.asService('agents'),
      registry.asService('orchestrator'),
    ]) {
      const keyHash = hashOf(apiKey);
      await expect(registry.apiKeys.authenticateApiKey({ keyHash }, call)).rejects.toMatchObject({
        reason: 'permission_denied',
      });
    }
  });
});

describe('ListApiKeys', () => {
  it('answers a part of all keys, the newest first, revoked ones included and secrets left out', async () => {
    const own = await registry.newTenant();
    const made = [];
    for (const name of ['1', '2', '3']) made.unshift(await create(own, { name, kind: 'master' }));
    await revoke(own, made[1]?.key.keyId ?? '');
    const list = (slice: object, principal = own) =>
      registry.apiKeys.listApiKeys(slice, registry.as(principal));
    const all = await list({});
    expect(all.total).toBe(3);
    expect(all.keys.map(({ name, revokedAt }) => [name, revokedAt !== undefined])).toEqual([
      ['3', false],
      ['2', true],
      ['1', false],
    ]);
    expect((await list({ skip: 1, limit: 1 })).keys.map(({ name }) => name)).toEqual(['2']);
    expect((await list({ skip: -5, limit: -5 })).keys.map(({ name }) => name)).toEqual(['3']);
    expect(await list({ skip: 7 })).toMatchObject({ keys: [], total: 3 });
    expect(await list({}, await registry.newTenant())).toMatchObject({ keys: [], total: 0 });
  });

  it('answers 10 keys unless it is told otherwise, and never more than 100', async () => {
    const own = await registry.newTenant();
    await Promise.all(Array.from({ length: 101 }, (_, at) => create(own, { name: `${at}`, kind: 'master' })));
    const list = (limit: number) => registry.apiKeys.listApiKeys({ limit }, registry.as(own));
    expect((await list(0)).keys).toHaveLength(10);
    expect((await list(1_000)).keys).toHaveLength(100);
  });
});

describe('RevokeApiKey', () => {
  it('ends a key once and for all', async () => {
    const own = await registry.newTenant();
    const { key } = await create(own, { name: 'Robot', kind: 'master' });
    const first = await revoke(own, key.keyId);
    expect(first.key?.revokedAt).toBeDefined();
    expect((await revoke(own, key.keyId)).key).toEqual(first.key);
  });

  it('knows neither keys of other tenants nor ids of another form', async () => {
    const [own, other] = [await registry.newTenant(), await registry.newTenant()];
    const { key, apiKey } = await create(other, { name: 'Robot', kind: 'master' });
    for (const keyId of [key.keyId, `key_${newId().replaceAll('-', '')}`, key.id, 'key_', '', `key_'; --`]) {
      await expect(revoke(own, keyId)).rejects.toMatchObject({
        reason: 'not_found',
        message: 'No such API key',
      });
    }
    await authenticate(apiKey);
  });
});

describe('keys', () => {
  it('are the business of admins alone, and of no run', async () => {
    const own = await registry.newTenant();
    const { key } = await create(own, { name: 'Robot', kind: 'master' });
    const run = { runId: 'job_1', capability: 'management', writeTarget: '' };
    for (const changes of [{ roles: ['editor'] }, { roles: [] }, { run }]) {
      const principal = { ...own, ...changes };
      const attempts = await Promise.allSettled([
        create(principal, { name: 'Robot', kind: 'master' }),
        create(principal, {}),
        revoke(principal, key.keyId),
        revoke(principal, 'nothing'),
        registry.apiKeys.listApiKeys({}, registry.as(principal)),
      ]);
      expect(attempts).toMatchObject(attempts.map(() => ({ reason: { reason: 'permission_denied' } })));
    }
  });

  it('cannot be made by somebody who is not stored', async () => {
    const own = await registry.newTenant();
    for (const nobody of [
      { ...own, userId: newId() },
      { ...own, tenantId: newId() },
    ]) {
      await expect(create(nobody, { name: 'Robot', kind: 'master' })).rejects.toMatchObject({
        reason: 'unauthenticated',
      });
    }
  });
});
