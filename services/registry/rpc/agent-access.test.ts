// Whom the RPCs of agents answer: what other tenants see of an agent, and what a role or a run may do.
import type { CallOptions } from '@connectrpc/connect';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Principal } from '../../../foundation/identity/principal.ts';
import { newId } from '../../../foundation/ids/ids.ts';
import { startTestDatabases, type TestDatabases } from '../../../local/databases/test-databases.ts';
import { type RegistryForTest, startRegistryForTest } from '../app.for-test.ts';
import { systemTenantId } from '../core/system-tenant.ts';
import { newPrincipal } from '../store/rows.for-test.ts';
import { agentDefinition, createdAgent, refusal } from './agent-definition.for-test.ts';

let databases: TestDatabases;
let registry: RegistryForTest;
let own: Principal;
let foreign: string;
beforeAll(async () => {
  databases = await startTestDatabases();
  registry = await startRegistryForTest(await databases.createDatabase('registry_agent_access'));
  own = await registry.newTenant();
  foreign = await createdAgent(registry, await registry.newTenant());
}, 60_000);
afterAll(async () => {
  await registry?.close();
  await databases?.stop();
});

const definition = agentDefinition();
type Call = (agentId: string, options: CallOptions) => Promise<unknown>;

const reads: Readonly<Record<string, Call>> = {
  GetAgent: (agentId, options) => registry.agents.getAgent({ agentId }, options),
  DiffAgent: (agentId, options) => registry.agents.diffAgent({ agentId }, options),
};
const writes: Readonly<Record<string, Call>> = {
  UpdateAgent: (agentId, options) => registry.agents.updateAgent({ agentId, definition }, options),
  CheckAgent: (agentId, options) => registry.agents.checkAgent({ agentId, definition }, options),
  DeleteAgent: (agentId, options) => registry.agents.deleteAgent({ agentId }, options),
  RollbackAgent: (agentId, options) => registry.agents.rollbackAgent({ agentId, version: 1 }, options),
};
const creations: Readonly<Record<string, Call>> = {
  CreateAgent: (_agentId, options) => registry.agents.createAgent({ definition }, options),
  'CheckAgent of a new one': (_agentId, options) => registry.agents.checkAgent({ definition }, options),
};

describe('an agent of another tenant', () => {
  it.each(Object.entries({ ...reads, ...writes }))('is to %s what never existed', async (_name, call) => {
    const unknown = ['agent-0192d3b0f7b07c8e9d6b4f5a3c2e1d00', "x' or true --\0", '', 'a'.repeat(101)];
    const asked = _name === 'CheckAgent' ? unknown.filter((id) => id !== '') : unknown;
    for (const agentId of [foreign, ...asked]) {
      const { reason, message, violations } = await refusal(call(agentId, registry.as(own)));
      expect({ reason, message, violations }).toEqual({
        reason: 'not_found',
        message: 'No such agent',
        violations: [],
      });
    }
  });

  it('is not in lists and batches', async () => {
    const listed = await registry.agents.listAgents({ page: { limit: 100 } }, registry.as(own));
    expect(listed.agents.some(({ agentId }) => agentId === foreign)).toBe(false);
    const keys = [{ agentId: foreign }, { agentId: foreign, version: 1 }];
    const { agents } = await registry.agents.batchGetAgents({ keys }, registry.as(own));
    expect(agents).toEqual([]);
  });
});

describe('a role', () => {
  it.each(Object.entries({ ...writes, ...creations }))('below editor may not %s', async (_name, call) => {
    const agentId = await createdAgent(registry, own);
    for (const roles of [['viewer'], [], ['owner', 'Admin']]) {
      const fault = await refusal(call(agentId, registry.as({ ...own, roles })));
      expect(fault).toMatchObject({ reason: 'permission_denied', message: 'This needs the role editor' });
    }
  });

  it.each(Object.entries({ ...writes, ...creations }))(
    'of admin that a run has may not %s',
    async (_name, call) => {
      const agentId = await createdAgent(registry, own);
      const run = { runId: newId(), capability: 'management', writeTarget: '' };
      const principal = { ...own, run };
      for (const options of [registry.as(principal), registry.asAgentsFor(principal)]) {
        expect(await refusal(call(agentId, options))).toMatchObject({ reason: 'permission_denied' });
      }
    },
  );

  it.each(Object.entries(reads))('of viewer may %s', async (_name, call) => {
    const agentId = await createdAgent(registry, own);
    await expect(call(agentId, registry.as({ ...own, roles: ['viewer'] }))).resolves.toBeDefined();
  });
});

describe('a service that speaks for itself', () => {
  it.each(Object.entries({ ...reads, ...writes, ...creations }))('may not %s', async (_name, call) => {
    const { reason } = await refusal(call('builtin-query-who', registry.asService('orchestrator')));
    expect(['unauthenticated', 'permission_denied']).toContain(reason);
  });
});

describe('a caller of the system tenant', () => {
  it.each(Object.entries({ ...reads, ...writes, ...creations }))('is nobody to %s', async (_name, call) => {
    const system = registry.as(newPrincipal({ tenantId: systemTenantId }));
    expect(await refusal(call('builtin-query-who', system))).toMatchObject({ reason: 'unauthenticated' });
  });
});
