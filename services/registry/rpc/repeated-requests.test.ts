// Requests that come again under their id, after nobody heard what came of them: each write is made once, and told as it is now.
import { randomBytes } from 'node:crypto';
import type { CallOptions } from '@connectrpc/connect';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Principal } from '../../../foundation/identity/principal.ts';
import { newId } from '../../../foundation/ids/ids.ts';
import type { JsonObject } from '../../../foundation/json/json.ts';
import { startTestDatabases, type TestDatabases } from '../../../local/databases/test-databases.ts';
import { type RegistryForTest, startRegistryForTest } from '../app.for-test.ts';
import { agentDefinition, createdAgent, refusal } from './agent-definition.for-test.ts';
import { agentOfEachClass, domainDefinition } from './domain-definition.for-test.ts';

let databases: TestDatabases;
let registry: RegistryForTest;
beforeAll(async () => {
  databases = await startTestDatabases();
  registry = await startRegistryForTest(await databases.createDatabase('registry_repeats'));
}, 60_000);
afterAll(async () => {
  await registry?.close();
  await databases?.stop();
});

const tool = {
  tool_name: 'lookup',
  tool_type: 'external_api',
  endpoint: 'https://tools.example/lookup',
  auth_method: 'none',
};

function repeatable(principal: Principal, requestId: string = newId()): CallOptions {
  const options = registry.as(principal);
  return { ...options, headers: { ...options.headers, 'x-request-id': requestId } };
}

async function entriesOf({ tenantId }: Principal): Promise<number> {
  const text = 'select count(*)::int as total from registry.audit_log where tenant_id = $1';
  return (await registry.admin.query(text, [tenantId])).rows[0].total;
}

type Write = (own: Principal, options: CallOptions) => Promise<unknown>;

async function rolledBack(own: Principal): Promise<string> {
  const agentId = await createdAgent(registry, own);
  const wanted = { agentId, definition: { description: 'Newer' } };
  await registry.agents.updateAgent(wanted, registry.as(own));
  return agentId;
}

async function newDomain(own: Principal): Promise<JsonObject> {
  return domainDefinition(await agentOfEachClass(registry, own));
}

/** Each prepares what it needs and answers the write. */
const writes: Readonly<Record<string, (own: Principal) => Promise<Write>>> = {
  CreateAgent: async () => (_own, options) =>
    registry.agents.createAgent({ definition: agentDefinition() }, options),
  RollbackAgent: async (own) => {
    const agentId = await rolledBack(own);
    return (_own, options) => registry.agents.rollbackAgent({ agentId, version: 1 }, options);
  },
  CreateDomain: async (own) => {
    const definition = await newDomain(own);
    return (_own, options) => registry.domains.createDomain({ definition }, options);
  },
  RollbackDomain: async (own) => {
    const definition = await newDomain(own);
    const { domain } = await registry.domains.createDomain({ definition }, registry.as(own));
    const domainId = domain?.domainId ?? '';
    const wanted = { domainId, definition: { domain_name: 'Newer' } };
    await registry.domains.updateDomain(wanted, registry.as(own));
    return (_own, options) => registry.domains.rollbackDomain({ domainId, version: 1 }, options);
  },
  CreateTool: async () => (_own, options) => registry.tools.createTool({ definition: tool }, options),
  CreateTeam: async () => (_own, options) =>
    registry.teams.createTeam({ definition: { team_name: 'Night' } }, options),
  GrantToolAccess: async (own) => {
    const agentId = await createdAgent(registry, own);
    await registry.tools.createTool({ definition: tool }, registry.as(own));
    return (_own, options) => registry.access.grantToolAccess({ agentId, toolName: 'lookup' }, options);
  },
  RevokeToolAccess: async (own) => {
    const agentId = await createdAgent(registry, own);
    await registry.tools.createTool({ definition: tool }, registry.as(own));
    await registry.access.grantToolAccess({ agentId, toolName: 'lookup' }, registry.as(own));
    return (_own, options) => registry.access.revokeToolAccess({ agentId, toolName: 'lookup' }, options);
  },
  CreateApiKey: async () => {
    const asked = { definition: { name: 'Exports', kind: 'master' }, seed: new Uint8Array(32).fill(7) };
    return (_own, options) => registry.apiKeys.createApiKey(asked, options);
  },
};

describe('a request that comes again', () => {
  it.each(Object.keys(writes))('%s writes once and is answered what it made', async (name) => {
    const own = await registry.newTenant({ roles: ['admin'] });
    const write = await writes[name]?.(own);
    if (!write) throw new Error('No such write');
    const before = await entriesOf(own);
    const options = repeatable(own);
    const first = await write(own, options);
    expect(await write(own, options)).toEqual(first);
    expect((await entriesOf(own)) - before).toBe(1);
  });

  it('writes once also when both tries are under way at the same time', async () => {
    const own = await registry.newTenant({ roles: ['admin'] });
    const options = repeatable(own);
    const create = () => registry.teams.createTeam({ definition: { team_name: 'Night' } }, options);
    const [one, two, three] = await Promise.all([create(), create(), create()]);
    expect(two).toEqual(one);
    expect(three).toEqual(one);
    expect(await entriesOf(own)).toBe(1);
  });

  it('is another one under another id, and in another tenant', async () => {
    const [own, other] = [await registry.newTenant({ roles: ['admin'] }), await registry.newTenant()];
    const requestId = newId();
    const create = async (options: CallOptions) =>
      (await registry.agents.createAgent({ definition: agentDefinition() }, options)).agent?.agentId;
    const ids = [
      await create(repeatable(own, requestId)),
      await create(repeatable(own)),
      await create(repeatable({ ...other, roles: ['admin'] }, requestId)),
    ];
    expect(new Set(ids).size).toBe(3);
  });

  it('is told that what it made is gone', async () => {
    const own = await registry.newTenant({ roles: ['admin'] });
    const options = repeatable(own);
    const create = () => registry.agents.createAgent({ definition: agentDefinition() }, options);
    const agentId = (await create()).agent?.agentId ?? '';
    await registry.agents.deleteAgent({ agentId }, registry.as(own));
    expect((await refusal(create())).reason).toBe('not_found');
  });

  it('is not told a secret that it cannot derive any more', async () => {
    const own = await registry.newTenant({ roles: ['admin'] });
    const options = repeatable(own);
    const create = (seed: Uint8Array<ArrayBuffer>) =>
      registry.apiKeys.createApiKey({ definition: { name: 'Exports', kind: 'master' }, seed }, options);
    const { key } = await create(new Uint8Array(randomBytes(32)));
    const fault = await refusal(create(new Uint8Array(randomBytes(32))));
    expect(fault).toMatchObject({ reason: 'failed_precondition' });
    expect(fault.message).toContain(key?.keyId);
  });

  it.each(['', 'again', '1234'])('has a UUID, not "%s"', async (requestId) => {
    const own = await registry.newTenant({ roles: ['admin'] });
    const create = registry.agents.createAgent({ definition: agentDefinition() }, repeatable(own, requestId));
    expect((await refusal(create)).violations).toEqual([{ field: 'x-request-id', reason: 'must be a UUID' }]);
  });
});
