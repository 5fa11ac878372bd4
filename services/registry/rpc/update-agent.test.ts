// UpdateAgent through the real service: what a change keeps and replaces, versions under concurrency, and who may change what.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Principal } from '../../../foundation/identity/principal.ts';
import type { JsonObject } from '../../../foundation/json/json.ts';
import { startTestDatabases, type TestDatabases } from '../../../local/databases/test-databases.ts';
import { AgentClass } from '../../../proto/gen/domainflow/registry/v1/agent_pb.js';
import { type RegistryForTest, startRegistryForTest } from '../app.for-test.ts';
import { insertDomain, insertTool, storedPlaybook } from '../store/rows.for-test.ts';
import { agentDefinition, createdAgent, refusal, told } from './agent-definition.for-test.ts';

let databases: TestDatabases;
let registry: RegistryForTest;
let own: Principal;
beforeAll(async () => {
  databases = await startTestDatabases();
  registry = await startRegistryForTest(await databases.createDatabase('registry_update_agent'));
  own = await registry.newTenant({ roles: ['editor'] });
  await insertTool(registry.admin, own, { name: 'own_tool' });
}, 60_000);
afterAll(async () => {
  await registry?.close();
  await databases?.stop();
});

const update = (agentId: string, definition: JsonObject, principal = own) =>
  registry.agents.updateAgent({ agentId, definition }, registry.as(principal));
const read = async (agentId: string, version = 0) =>
  (await registry.agents.getAgent({ agentId, version }, registry.as(own))).agent;

const everything: JsonObject = {
  tools: ['own_tool'],
  agent_dependencies: ['builtin-query-who'],
  description: 'What it does',
  enabled: false,
  settings: { model: 'small', max_retries: 1 },
};

describe('UpdateAgent', () => {
  it('stores the next version with what is given, and keeps the rest and the version before', async () => {
    const agentId = await createdAgent(registry, own, everything);
    const first = await read(agentId);
    const { agent } = await update(agentId, { agent_name: 'Second' });
    expect(agent).toEqual({ ...first, agentName: 'Second', version: 2, updatedAt: agent?.updatedAt });
    expect(agent?.createdAt).toEqual(first?.createdAt);
    expect(await read(agentId)).toEqual(agent);
    expect(await read(agentId, 1)).toEqual(first);
  });

  const changes: readonly (readonly [JsonObject, JsonObject])[] = [
    [{ system_prompt: 'Other.' }, { systemPrompt: 'Other.' }],
    [{ output_schema: { b: {} } }, { outputSchema: { b: {} } }],
    [{ enabled: true }, { enabled: true }],
    [{ tools: [] }, { tools: [] }],
    [{ tools: null }, { tools: [] }],
    [{ agent_dependencies: ['builtin-query-what'] }, { agentDependencies: ['builtin-query-what'] }],
    [{ agent_dependencies: null }, { agentDependencies: [] }],
    [{ description: null }, { description: '' }],
    [{ settings: { model: 'large' } }, { settings: { model: 'large' } }],
  ];
  it.each(changes)('takes %j', async (definition, expected) => {
    const agentId = await createdAgent(registry, own, everything);
    const before = await read(agentId);
    const { agent } = await update(agentId, definition);
    expect(agent).toMatchObject({ ...expected, version: 2, agentName: before?.agentName });
    expect(await read(agentId)).toEqual(agent);
  });

  it('answers the graph of the new version, as GetAgent does', async () => {
    const agentId = await createdAgent(registry, own);
    const { nodes, edges } = await update(agentId, { agent_dependencies: ['builtin-query-what'] });
    const found = await registry.agents.getAgent({ agentId }, registry.as(own));
    expect({ nodes, edges }).toEqual({ nodes: found.nodes, edges: found.edges });
    expect(edges).toMatchObject([{ from: 'builtin-query-what', to: agentId }]);
    const back = await registry.agents.rollbackAgent({ agentId, version: 1 }, registry.as(own));
    expect(back.nodes.map(({ id }) => id)).toEqual([agentId]);
  });

  it('replaces settings as a whole, and removes them by null', async () => {
    const agentId = await createdAgent(registry, own, everything);
    expect(
      (await update(agentId, { settings: { model: 'large' } })).agent?.settings?.maxRetries,
    ).toBeUndefined();
    expect((await update(agentId, { settings: null })).agent?.settings?.model).toBe('');
  });

  it('ignores the class, which is fixed', async () => {
    const agentId = await createdAgent(registry, own);
    const { agent } = await update(agentId, { agent_class: 'management', agent_name: 'Other' });
    expect(agent?.agentClass).toBe(AgentClass.QUERY);
  });

  const nothing = `body: must give at least one of agent_name, system_prompt, tools, agent_dependencies, output_schema, description, enabled, settings`;
  const refused: readonly (readonly [JsonObject, string])[] = [
    [{}, nothing],
    [{ agent_class: 'query', id: 'x', surprise: 1 }, nothing],
    [{ agent_name: null }, 'agent_name: cannot be removed'],
    [{ system_prompt: null }, 'system_prompt: cannot be removed'],
    [{ output_schema: null }, 'output_schema: cannot be removed'],
    [{ enabled: null }, 'enabled: cannot be removed'],
    [{ agent_name: '' }, 'agent_name: must not be blank'],
    [{ tools: ['own_tool', 'gone'] }, 'tools[1]: there is no such tool; name one of the list of tools'],
    [
      { agent_dependencies: ['gone'] },
      'agent_dependencies[0]: there is no such agent; name it by its agent_id',
    ],
  ];
  it.each(refused)('refuses %j and stores nothing', async (definition, expected) => {
    const agentId = await createdAgent(registry, own);
    const before = await read(agentId);
    const fault = await refusal(update(agentId, definition));
    expect(fault.reason).toBe('invalid_argument');
    expect(told(fault.violations)).toEqual([expected]);
    expect(await read(agentId)).toEqual(before);
  });

  it('does not judge anew what is not given', async () => {
    const agentId = await createdAgent(registry, own, everything);
    await registry.admin.query('update registry.tools set tool_name = $2 where tenant_id = $1', [
      own.tenantId,
      'moved',
    ]);
    try {
      const { agent } = await update(agentId, { agent_name: 'Renamed' });
      expect(agent).toMatchObject({ agentName: 'Renamed', tools: ['own_tool'] });
      expect(await refusal(update(agentId, { tools: ['own_tool'] }))).toMatchObject({
        reason: 'invalid_argument',
      });
    } finally {
      const back = [own.tenantId, 'own_tool'];
      await registry.admin.query('update registry.tools set tool_name = $2 where tenant_id = $1', back);
    }
  });

  it('gives each of 20 concurrent updates a version of its own and loses none', async () => {
    const agentId = await createdAgent(registry, own);
    const names = Array.from({ length: 20 }, (_, at) => `Name ${at}`);
    const updated = await Promise.all(names.map((agent_name) => update(agentId, { agent_name })));
    const versions = updated.map(({ agent }) => agent?.version ?? 0).sort((a, b) => a - b);
    expect(versions).toEqual(Array.from({ length: 20 }, (_, at) => at + 2));
    for (const { agent } of updated) expect(await read(agentId, agent?.version ?? 0)).toEqual(agent);
    expect((await read(agentId))?.version).toBe(21);
  });

  it('keeps a chain of hashes in the audit log', async () => {
    const agentId = await createdAgent(registry, own);
    await update(agentId, { agent_name: 'Second' });
    await update(agentId, { agent_name: 'Third' });
    const { rows } = await registry.admin.query(
      `select operation_type, before_hash, after_hash, user_id from registry.audit_log
      where tenant_id = $1 and entity_id = $2 order by "timestamp", id`,
      [own.tenantId, agentId],
    );
    expect(rows.map((row) => row.operation_type)).toEqual(['create', 'update', 'update']);
    expect(rows[1].before_hash).toBe(rows[0].after_hash);
    expect(rows[2].before_hash).toBe(rows[1].after_hash);
    expect(new Set(rows.map((row) => row.after_hash)).size).toBe(3);
    expect(rows.every((row) => row.user_id === own.userId)).toBe(true);
  });

  it('allows an agent in use to be disabled', async () => {
    const agentId = await createdAgent(registry, own);
    await insertDomain(registry.admin, own, { domainId: 'uses_it', versions: [storedPlaybook([agentId])] });
    const { agent } = await update(agentId, { enabled: false });
    expect(agent?.enabled).toBe(false);
  });

  it('answers warnings about saved playbooks that need the agent, with the new version in place', async () => {
    const [child, parent] = [await createdAgent(registry, own), await createdAgent(registry, own)];
    const versions = [storedPlaybook([parent, child], [[parent, child]])];
    await insertDomain(registry.admin, own, { domainId: 'warned', versions });
    const { warnings } = await update(child, { settings: { input_keys: ['question', 'colour'] } });
    expect(warnings.map(({ code, path, domainId }) => ({ code, path, domainId }))).toEqual([
      { code: 'duplicate_key', path: 'query_playbook.agent_execution_graph.nodes[1]', domainId: 'warned' },
      { code: 'missing_key', path: 'query_playbook.agent_execution_graph.nodes[1]', domainId: 'warned' },
    ]);
    const cured = await update(parent, { output_schema: { colour: {} } });
    expect(cured.warnings).toEqual([]);
  });
});

describe('who may change an agent', () => {
  it('is an editor who created it, or any admin of the tenant', async () => {
    const agentId = await createdAgent(registry, own);
    const colleague = { ...own, userId: await newUser(own), roles: ['editor'] };
    expect(await refusal(update(agentId, { agent_name: 'Mine' }, colleague))).toMatchObject({
      reason: 'permission_denied',
      message: 'This agent was created by another user; only an admin may change it',
    });
    const { agent } = await update(agentId, { agent_name: 'Ours' }, { ...colleague, roles: ['admin'] });
    expect(agent).toMatchObject({ version: 2, createdBy: own.userId });
  });

  it('is nobody for one of the platform', async () => {
    const admin = { ...own, roles: ['admin'] };
    expect(await refusal(update('builtin-query-who', { enabled: false }, admin))).toMatchObject({
      reason: 'permission_denied',
      message: 'This agent belongs to the platform and cannot be changed',
    });
  });

  it('is asked before the definition is looked at, and after whether there is such an agent', async () => {
    const agentId = await createdAgent(registry, own);
    const viewer = { ...own, roles: ['viewer'] };
    const colleague = { ...own, userId: await newUser(own) };
    const wrong = agentDefinition({ agent_name: '' });
    expect((await refusal(update('nope', wrong, viewer))).reason).toBe('permission_denied');
    expect((await refusal(update('nope', wrong, colleague))).reason).toBe('not_found');
    expect((await refusal(update(agentId, wrong, colleague))).reason).toBe('permission_denied');
    expect((await refusal(update(agentId, wrong))).reason).toBe('invalid_argument');
  });
});

async function newUser({ tenantId }: Principal): Promise<string> {
  const text =
    'insert into registry.users (tenant_id, username) values ($1, gen_random_uuid()::text) returning id';
  const { rows } = await registry.admin.query<{ id: string }>(text, [tenantId]);
  return rows[0]?.id ?? '';
}
