// DeleteAgent through the real service: what goes, what stays, and who keeps an agent from being deleted.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Principal } from '../../../foundation/identity/principal.ts';
import { startTestDatabases, type TestDatabases } from '../../../local/databases/test-databases.ts';
import { type RegistryForTest, startRegistryForTest } from '../app.for-test.ts';
import { insertDomain, storedPlaybook } from '../store/rows.for-test.ts';
import { createdAgent, refusal, told } from './agent-definition.for-test.ts';

let databases: TestDatabases;
let registry: RegistryForTest;
let own: Principal;
beforeAll(async () => {
  databases = await startTestDatabases();
  registry = await startRegistryForTest(await databases.createDatabase('registry_delete_agent'));
  own = await registry.newTenant({ roles: ['editor'] });
}, 60_000);
afterAll(async () => {
  await registry?.close();
  await databases?.stop();
});

const remove = (agentId: string, principal = own) =>
  registry.agents.deleteAgent({ agentId }, registry.as(principal));

describe('DeleteAgent', () => {
  it('removes the agent and its permissions, and keeps its versions and a record', async () => {
    const agentId = await createdAgent(registry, own);
    await registry.agents.updateAgent({ agentId, definition: { agent_name: 'B' } }, registry.as(own));
    await registry.admin.query(
      `insert into registry.tool_permissions (tenant_id, agent_id, tool_name, granted_by) values ($1, $2, 'web_search', $3)`,
      [own.tenantId, agentId, own.userId],
    );
    await remove(agentId);
    expect((await refusal(remove(agentId))).reason).toBe('not_found');
    const asked = [{ agentId }, { agentId, version: 1 }];
    for (const request of asked) {
      expect((await refusal(registry.agents.getAgent(request, registry.as(own)))).reason).toBe('not_found');
    }
    const { rows } = await registry.admin.query(
      `select (select count(*) from registry.agent_definitions where agent_id = $1)::integer as heads,
        (select count(*) from registry.agent_versions where agent_id = $1)::integer as versions,
        (select count(*) from registry.tool_permissions where agent_id = $1)::integer as permissions,
        (select count(*) from registry.audit_log where entity_id = $1 and operation_type = 'delete'
          and before_hash is not null and after_hash is null)::integer as records`,
      [agentId],
    );
    expect(rows).toEqual([{ heads: 0, versions: 2, permissions: 0, records: 1 }]);
  });

  it('refuses while playbooks or agents name it, and names them', async () => {
    const agentId = await createdAgent(registry, own);
    const dependent = await createdAgent(registry, own, { agent_dependencies: [agentId] });
    await insertDomain(registry.admin, own, { domainId: 'civic', versions: [storedPlaybook([agentId])] });
    await insertDomain(registry.admin, own, {
      domainId: 'indirect',
      versions: [storedPlaybook([dependent])],
    });
    const fault = await refusal(remove(agentId));
    expect(fault).toMatchObject({
      reason: 'failed_precondition',
      message: `The agent is in use and cannot be deleted; take it out there first: domain civic, query playbook; agent ${dependent}`,
    });
    expect(told(fault.violations)).toEqual([
      'used_by[0]: domain civic, query playbook',
      `used_by[1]: agent ${dependent}`,
    ]);
    await expect(registry.agents.getAgent({ agentId }, registry.as(own))).resolves.toBeDefined();
  });

  it('counts what the newest versions name and no others', async () => {
    const agentId = await createdAgent(registry, own);
    const dependent = await createdAgent(registry, own, { agent_dependencies: [agentId] });
    const versions = [storedPlaybook([agentId]), storedPlaybook([dependent])];
    await insertDomain(registry.admin, own, { domainId: 'moved_on', versions });
    const call = { agentId: dependent, definition: { agent_dependencies: null } };
    await registry.agents.updateAgent(call, registry.as(own));
    await expect(remove(agentId)).resolves.toBeDefined();
  });

  it('tells the first hundred users of very many, and how many there are', async () => {
    const agentId = await createdAgent(registry, own);
    const nodes = storedPlaybook([agentId]);
    for (let at = 0; at < 120; at += 1) {
      await insertDomain(registry.admin, own, { domainId: `many_${at}`, versions: [nodes] });
    }
    const fault = await refusal(remove(agentId));
    expect(fault.violations).toHaveLength(100);
    expect(fault.message).toMatch(/; and 117 more$/);
  });

  it('does not mind an agent of the same name in a list of another tenant', async () => {
    const agentId = await createdAgent(registry, own);
    const other = await registry.newTenant();
    await insertDomain(registry.admin, other, { domainId: 'theirs', versions: [storedPlaybook([agentId])] });
    await expect(remove(agentId)).resolves.toBeDefined();
  });

  it('and a new dependency on the agent at the same moment do not both succeed', async () => {
    for (let round = 0; round < 10; round += 1) {
      const agentId = await createdAgent(registry, own);
      const dependent = await createdAgent(registry, own);
      const call = { agentId: dependent, definition: { agent_dependencies: [agentId] } };
      const outcomes = await Promise.allSettled([
        remove(agentId),
        registry.agents.updateAgent(call, registry.as(own)),
      ]);
      const [deleted, updated] = outcomes;
      expect([deleted, updated].filter(({ status }) => status === 'rejected')).toHaveLength(1);
      if (deleted.status === 'rejected') {
        expect(deleted.reason).toMatchObject({ reason: 'failed_precondition' });
      } else {
        expect(updated).toMatchObject({ reason: { reason: 'invalid_argument' } });
      }
    }
  });

  it('refuses an agent of the platform, also to admins', async () => {
    const fault = await refusal(remove('builtin-query-who', { ...own, roles: ['admin'] }));
    expect(fault.reason).toBe('permission_denied');
  });

  it('refuses editors who did not create it, before it looks at its users, and lets admins', async () => {
    const admin = await registry.newTenant();
    const agentId = await createdAgent(registry, admin);
    await createdAgent(registry, admin, { agent_dependencies: [agentId] });
    const editor = { ...admin, userId: own.userId, roles: ['editor'] };
    expect((await refusal(remove(agentId, editor))).reason).toBe('permission_denied');
    expect((await refusal(remove(agentId, admin))).reason).toBe('failed_precondition');
  });
});
