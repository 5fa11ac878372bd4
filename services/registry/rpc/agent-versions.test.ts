// Versions of agents through the real service: differences between two, going back to one, and many read at once.
import { toJson } from '@bufbuild/protobuf';
import { ValueSchema } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Principal } from '../../../foundation/identity/principal.ts';
import type { JsonObject } from '../../../foundation/json/json.ts';
import { startTestDatabases, type TestDatabases } from '../../../local/databases/test-databases.ts';
import { type RegistryForTest, startRegistryForTest } from '../app.for-test.ts';
import { insertDomain, insertTool, storedPlaybook } from '../store/rows.for-test.ts';
import { createdAgent, refusal, told } from './agent-definition.for-test.ts';

let databases: TestDatabases;
let registry: RegistryForTest;
let own: Principal;
beforeAll(async () => {
  databases = await startTestDatabases();
  registry = await startRegistryForTest(await databases.createDatabase('registry_agent_versions'));
  own = await registry.newTenant({ roles: ['editor'] });
}, 60_000);
afterAll(async () => {
  await registry?.close();
  await databases?.stop();
});

const update = (agentId: string, definition: JsonObject) =>
  registry.agents.updateAgent({ agentId, definition }, registry.as(own));

describe('DiffAgent', () => {
  const diff = async (agentId: string, fromVersion = 0, toVersion = 0, principal = own) => {
    const call = registry.agents.diffAgent({ agentId, fromVersion, toVersion }, registry.as(principal));
    const { changes, ...versions } = await call;
    const asJson = changes.map(({ path, before, after }) => ({
      path,
      ...(before ? { before: toJson(ValueSchema, before) } : {}),
      ...(after ? { after: toJson(ValueSchema, after) } : {}),
    }));
    return { from: versions.fromVersion, to: versions.toVersion, changes: asJson };
  };

  it('tells each difference by its path, of the newest version and the one before unless others are asked for', async () => {
    const agentId = await createdAgent(registry, own, { settings: { model: 'a' } });
    await update(agentId, {
      output_schema: { answer: { type: 'number' }, reason: { type: 'string' } },
      agent_dependencies: ['builtin-query-who'],
    });
    await update(agentId, { settings: null, enabled: false });
    expect(await diff(agentId)).toEqual({
      from: 2,
      to: 3,
      changes: [
        { path: 'enabled', before: true, after: false },
        { path: 'settings.model', before: 'a' },
      ],
    });
    const first = [
      { path: 'agent_dependencies[0]', after: 'builtin-query-who' },
      { path: 'output_schema.answer.type', before: 'string', after: 'number' },
      { path: 'output_schema.reason', after: { type: 'string' } },
    ];
    expect(await diff(agentId, 1, 2)).toEqual({ from: 1, to: 2, changes: first });
    expect(await diff(agentId, 0, 2)).toEqual({ from: 1, to: 2, changes: first });
    expect((await diff(agentId, 3, 2)).changes).toHaveLength(2);
    expect((await diff(agentId, 2, 2)).changes).toEqual([]);
    expect((await diff(agentId, 1)).changes).toHaveLength(5);
  });

  it('tells everything of a first version, to viewers too, also of an agent of the platform', async () => {
    const viewer = { ...own, roles: ['viewer'] };
    const { from, to, changes } = await diff('builtin-query-who', 0, 0, viewer);
    expect([from, to]).toEqual([0, 1]);
    expect(changes.map(({ path }) => path)).toEqual([
      'agent_dependencies',
      'agent_name',
      'description',
      'enabled',
      'output_schema',
      'settings',
      'system_prompt',
      'tools',
    ]);
  });

  it('knows no version that was not stored', async () => {
    const agentId = await createdAgent(registry, own);
    for (const [from, to] of [
      [2, 0],
      [1, 2],
      [-1, 1],
      [1, -1],
    ]) {
      expect(await refusal(diff(agentId, from, to))).toMatchObject({ reason: 'not_found' });
    }
  });
});

describe('RollbackAgent', () => {
  const rollback = (agentId: string, version: number, principal = own) =>
    registry.agents.rollbackAgent({ agentId, version }, registry.as(principal));

  it('stores a new version equal to the earlier one', async () => {
    const settings = { runtime: 'worker', required_capabilities: ['ocr'] };
    const agentId = await createdAgent(registry, own, { settings, description: 'First' });
    const first = (await registry.agents.getAgent({ agentId }, registry.as(own))).agent;
    await update(agentId, { settings: null, description: null, agent_name: 'Second', enabled: false });
    const { agent } = await rollback(agentId, 1);
    expect(agent).toEqual({ ...first, version: 3, updatedAt: agent?.updatedAt });
    expect((await registry.agents.getAgent({ agentId }, registry.as(own))).agent).toEqual(agent);
    const { changes } = await registry.agents.diffAgent({ agentId, fromVersion: 1 }, registry.as(own));
    expect(changes).toEqual([]);
    const { rows } = await registry.admin.query(
      "select message from registry.audit_log where entity_id = $1 and operation_type = 'rollback'",
      [agentId],
    );
    expect(rows).toEqual([{ message: `Version 3 of agent ${agentId} was stored` }]);
  });

  it('judges the earlier version by what is stored today', async () => {
    const tenant = await registry.newTenant();
    await insertTool(registry.admin, tenant, { name: 'own_tool' });
    const needed = await createdAgent(registry, tenant);
    const changes = { tools: ['own_tool'], agent_dependencies: [needed] };
    const agentId = await createdAgent(registry, tenant, changes);
    const as = registry.as(tenant);
    await registry.agents.updateAgent({ agentId, definition: { tools: null, agent_dependencies: null } }, as);
    const versions = [storedPlaybook([agentId, needed], [[agentId, needed]])];
    await insertDomain(registry.admin, tenant, { domainId: 'civic', versions });
    await registry.admin.query('delete from registry.tools where tenant_id = $1', [tenant.tenantId]);
    const fault = await refusal(rollback(agentId, 1, tenant));
    expect(fault.reason).toBe('invalid_argument');
    expect(told(fault.violations)).toEqual([
      'tools[0]: there is no such tool; name one of the list of tools',
      `agent_dependencies: would break the query playbook of domain civic: circular dependency: ${agentId} -> ${needed} -> ${agentId}`,
    ]);
  });

  it('refuses versions that never were, agents of others and those of the platform', async () => {
    const agentId = await createdAgent(registry, own);
    for (const version of [0, 2, -1]) {
      expect(await refusal(rollback(agentId, version))).toMatchObject({
        reason: 'not_found',
        message: 'No such version of the agent',
      });
    }
    const colleague = { ...own, userId: (await registry.newTenant()).userId };
    expect((await refusal(rollback(agentId, 9, colleague))).reason).toBe('permission_denied');
    expect((await refusal(rollback('builtin-query-who', 1))).reason).toBe('permission_denied');
    expect((await refusal(rollback(agentId, 1, { ...own, roles: ['viewer'] }))).reason).toBe(
      'permission_denied',
    );
  });
});

describe('BatchGetAgents', () => {
  const batch = async (keys: readonly { agentId: string; version?: number }[]) => {
    const asked = keys.map(({ agentId, version = 0 }) => ({ agentId, version }));
    const { agents } = await registry.agents.batchGetAgents({ keys: asked }, registry.as(own));
    return agents.map(({ agentId, version }) => `${agentId} ${version}`);
  };

  it('answers what exists in the order of the keys, each version once', async () => {
    const [a, b] = [await createdAgent(registry, own), await createdAgent(registry, own)];
    await update(b, { agent_name: 'Second' });
    const keys = [
      { agentId: b },
      { agentId: 'agent-nope' },
      { agentId: 'builtin-query-who' },
      { agentId: b, version: 1 },
      { agentId: "'; no id" },
      { agentId: b, version: 2 },
      { agentId: a, version: 2 },
      { agentId: a },
      { agentId: a },
    ];
    expect(await batch(keys)).toEqual([`${b} 2`, 'builtin-query-who 1', `${b} 1`, `${a} 1`]);
    expect(await batch([])).toEqual([]);
  });

  it('answers the same as GetAgent', async () => {
    const agentId = await createdAgent(registry, own, { settings: { temperature: 1 }, description: 'x' });
    const [one, many] = await Promise.all([
      registry.agents.getAgent({ agentId }, registry.as(own)),
      registry.agents.batchGetAgents({ keys: [{ agentId }] }, registry.as(own)),
    ]);
    expect(many.agents).toEqual([one.agent]);
  });

  it('answers 100 and refuses 101', async () => {
    const keys = (count: number) => Array.from({ length: count }, (_, at) => ({ agentId: `agent-${at}` }));
    expect(await batch(keys(100))).toEqual([]);
    const fault = await refusal(batch(keys(101)));
    expect(told(fault.violations)).toEqual(['keys: must have at most 100 items, not 101']);
  });
});
