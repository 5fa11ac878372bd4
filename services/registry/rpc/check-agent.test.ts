// CheckAgent through the real service: it judges as a save does, and stores nothing.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Principal } from '../../../foundation/identity/principal.ts';
import type { JsonObject } from '../../../foundation/json/json.ts';
import { startTestDatabases, type TestDatabases } from '../../../local/databases/test-databases.ts';
import { AgentClass } from '../../../proto/gen/domainflow/registry/v1/agent_pb.js';
import { type RegistryForTest, startRegistryForTest } from '../app.for-test.ts';
import { insertDomain, storedPlaybook } from '../store/rows.for-test.ts';
import { agentDefinition, createdAgent, refusal, told } from './agent-definition.for-test.ts';

let databases: TestDatabases;
let registry: RegistryForTest;
let own: Principal;
beforeAll(async () => {
  databases = await startTestDatabases();
  registry = await startRegistryForTest(await databases.createDatabase('registry_check_agent'));
  own = await registry.newTenant({ roles: ['editor'] });
}, 60_000);
afterAll(async () => {
  await registry?.close();
  await databases?.stop();
});

const check = (definition: JsonObject, agentId = '', principal = own) =>
  registry.agents.checkAgent({ agentId, definition }, registry.as(principal));

async function stored(): Promise<unknown> {
  const { rows } = await registry.admin.query(
    `select (select count(*) from registry.agent_definitions)::integer as heads,
      (select count(*) from registry.agent_versions)::integer as versions,
      (select count(*) from registry.audit_log)::integer as entries`,
  );
  return rows[0];
}

describe('CheckAgent', () => {
  it('answers the plan of a sound new agent and stores nothing', async () => {
    const leaf = await createdAgent(registry, own);
    const middle = await createdAgent(registry, own, { agent_dependencies: [leaf] });
    const before = await stored();
    const definition = agentDefinition({ agent_class: 'management', agent_dependencies: [middle] });
    const { violations, warnings, plan } = await check(definition);
    expect([violations, warnings]).toEqual([[], []]);
    expect(plan).toMatchObject({ playbook: AgentClass.MANAGEMENT, domainId: '' });
    const nodes = plan?.nodes ?? [];
    expect(nodes.map(({ implicit }) => implicit)).toEqual([true, true, false]);
    expect(nodes.slice(0, 2).map(({ nodeId }) => nodeId)).toEqual([leaf, middle]);
    expect(nodes.map(({ parents }) => parents)).toEqual([[], [leaf], [middle]]);
    expect(nodes[2]?.kind).toMatchObject({ case: 'agent', value: { agentName: 'Answerer', version: 1 } });
    expect(await stored()).toEqual(before);
  });

  it('answers what a save would be refused for, word for word', async () => {
    const agentId = await createdAgent(registry, own);
    const definition = { agent_name: '', agent_dependencies: [agentId, 'nope'], settings: { runtime: 'x' } };
    const before = await stored();
    const checked = await check(definition, agentId);
    const saved = await refusal(registry.agents.updateAgent({ agentId, definition }, registry.as(own)));
    expect(told(checked.violations)).toEqual(told(saved.violations));
    expect(checked.violations).toHaveLength(4);
    expect(checked.plan).toBeUndefined();
    const checkedNew = await check(agentDefinition(definition));
    const savedNew = await refusal(
      registry.agents.createAgent({ definition: agentDefinition(definition) }, registry.as(own)),
    );
    expect(told(checkedNew.violations)).toEqual(told(savedNew.violations));
    expect(await stored()).toEqual(before);
  });

  it('judges a change of an agent with what it leaves as it is', async () => {
    const agentId = await createdAgent(registry, own, { agent_dependencies: ['builtin-query-who'] });
    await insertDomain(registry.admin, own, { domainId: 'checked', versions: [storedPlaybook([agentId])] });
    const { violations, warnings, plan } = await check({ system_prompt: 'About {{colour}}.' }, agentId);
    expect(violations).toEqual([]);
    expect(warnings).toMatchObject([
      { domainId: 'checked', playbook: AgentClass.QUERY, code: 'duplicate_key' },
      { domainId: 'checked', playbook: AgentClass.QUERY, code: 'missing_key' },
    ]);
    expect(plan?.nodes.map(({ nodeId }) => nodeId)).toEqual(['builtin-query-who', agentId]);
    expect(plan?.nodes[1]?.kind).toMatchObject({ value: { version: 2, systemPrompt: 'About {{colour}}.' } });
  });

  it('answers a hundred violations at most', async () => {
    const wrong = Object.fromEntries(Array.from({ length: 5 }, (_, at) => [`k${at}`, bad(30)]));
    const { violations } = await check(agentDefinition({ output_schema: wrong }));
    expect(violations).toHaveLength(100);
  });

  it('refuses whom and what a save refuses before it looks at the definition', async () => {
    const foreign = await createdAgent(registry, await registry.newTenant());
    expect((await refusal(check({}, '', { ...own, roles: ['viewer'] }))).reason).toBe('permission_denied');
    expect((await refusal(check({}, foreign))).reason).toBe('not_found');
    expect((await refusal(check({}, 'no such id'))).reason).toBe('not_found');
    expect((await refusal(check({}, 'builtin-query-who'))).reason).toBe('permission_denied');
  });
});

function bad(count: number): JsonObject {
  return { allOf: Array.from({ length: count }, () => ({ type: 'wrong' })) };
}
