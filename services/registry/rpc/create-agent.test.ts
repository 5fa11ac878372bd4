// CreateAgent through the real service: what a new agent is, and every rule of its definition.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Principal } from '../../../foundation/identity/principal.ts';
import type { JsonObject, JsonValue } from '../../../foundation/json/json.ts';
import { startTestDatabases, type TestDatabases } from '../../../local/databases/test-databases.ts';
import {
  AgentClass,
  AgentRuntime,
  UncertainPolicy,
} from '../../../proto/gen/domainflow/registry/v1/agent_pb.js';
import { type RegistryForTest, startRegistryForTest } from '../app.for-test.ts';
import { insertTool, newPrincipal } from '../store/rows.for-test.ts';
import { agentDefinition, createdAgent, refusal, told } from './agent-definition.for-test.ts';

let databases: TestDatabases;
let registry: RegistryForTest;
let own: Principal;
beforeAll(async () => {
  databases = await startTestDatabases();
  registry = await startRegistryForTest(await databases.createDatabase('registry_create_agent'));
  own = await registry.newTenant({ roles: ['editor'] });
  await insertTool(registry.admin, own, { name: 'own_tool' });
  await insertTool(registry.admin, own, { name: 'server', type: 'mcp_server' });
  await insertTool(registry.admin, await registry.newTenant(), { name: 'foreign_tool' });
}, 60_000);
afterAll(async () => {
  await registry?.close();
  await databases?.stop();
});

const create = (definition: JsonObject, principal = own) =>
  registry.agents.createAgent({ definition }, registry.as(principal));

describe('CreateAgent', () => {
  it('stores version 1 as the caller’s, with defaults for what was not given', async () => {
    const { agent, warnings } = await create(agentDefinition());
    expect(agent).toMatchObject({
      agentName: 'Answerer',
      agentClass: AgentClass.QUERY,
      systemPrompt: 'Answer the question.',
      tools: [],
      agentDependencies: [],
      maxOutputKeys: 5,
      outputSchema: { answer: { type: 'string' } },
      description: '',
      enabled: true,
      isInbuilt: false,
      version: 1,
      createdBy: own.userId,
      tenantId: own.tenantId,
    });
    expect(warnings).toEqual([]);
    expect(agent?.agentId).toBe(`agent-${agent?.id.replaceAll('-', '')}`);
    expect(agent?.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7/);
    expect(agent?.updatedAt).toEqual(agent?.createdAt);
    const read = await registry.agents.getAgent({ agentId: agent?.agentId ?? '' }, registry.as(own));
    expect(read.agent).toEqual(agent);
  });

  it('stores all that can be given', async () => {
    const needed = await createdAgent(registry, own);
    const settings = {
      runtime: 'worker',
      model: 'large',
      on_uncertain: 'fail',
      temperature: 0.5,
      max_output_tokens: 10,
      images: true,
      input_keys: ['question'],
      cache_ttl_s: 0,
      max_retries: 0,
      attempt_timeout_s: 5,
      total_timeout_s: 6,
      required_capabilities: ['ocr'],
    };
    const tools = ['server.search', 'own_tool'];
    const agent_dependencies = [needed, 'builtin-query-who'];
    const definition = agentDefinition({
      tools,
      agent_dependencies,
      description: 'Long',
      enabled: false,
      settings,
    });
    const { agent } = await create(definition);
    const read = await registry.agents.getAgent({ agentId: agent?.agentId ?? '' }, registry.as(own));
    expect(read.agent).toEqual(agent);
    expect(agent).toMatchObject({
      tools,
      agentDependencies: agent_dependencies,
      description: 'Long',
      enabled: false,
      settings: {
        runtime: AgentRuntime.WORKER,
        model: 'large',
        onUncertain: UncertainPolicy.FAIL,
        temperature: 0.5,
        maxOutputTokens: 10,
        images: true,
        inputKeys: ['question'],
        cacheTtlS: 0,
        maxRetries: 0,
        attemptTimeoutS: 5,
        totalTimeoutS: 6,
        requiredCapabilities: ['ocr'],
      },
    });
  });

  it('ignores fields that are unknown or the platform’s own', async () => {
    const foreign = {
      id: 'x',
      agent_id: 'mine',
      tenant_id: 'x',
      version: 9,
      is_inbuilt: true,
      created_by: 'x',
    };
    const { agent } = await create(
      agentDefinition({ ...foreign, max_output_keys: 99, surprise: { a: [1] } }),
    );
    expect(agent).toMatchObject({ version: 1, isInbuilt: false, maxOutputKeys: 5, tenantId: own.tenantId });
    expect(agent?.agentId).not.toBe('mine');
  });

  it('writes the write into the audit log, with a hash and without contents', async () => {
    const { agent } = await create(agentDefinition({ agent_name: 'Secret name' }));
    const { rows } = await registry.admin.query(
      `select operation_type, entity_type, status, message, before_hash, after_hash, user_id
      from registry.audit_log where tenant_id = $1 and entity_id = $2`,
      [own.tenantId, agent?.agentId],
    );
    expect(rows).toEqual([
      {
        operation_type: 'create',
        entity_type: 'agent',
        status: 'success',
        message: `Version 1 of agent ${agent?.agentId} was stored`,
        before_hash: null,
        after_hash: expect.stringMatching(/^[0-9a-f]{64}$/),
        user_id: own.userId,
      },
    ]);
  });

  it('tells every problem at once, each with its path', async () => {
    const agent_dependencies = ['agent-nope', 7, 'builtin-query-who', 'builtin-query-who', 'no agent'];
    const fault = await refusal(
      create({
        agent_name: ' ',
        agent_class: 'other',
        tools: ['own_tool', 'nope', ''],
        agent_dependencies,
        output_schema: { answer: 'string' },
        description: 'd'.repeat(501),
        enabled: 'yes',
        settings: { temperature: 3, runtime: 'builtin' },
      }),
    );
    expect(fault.reason).toBe('invalid_argument');
    expect(told(fault.violations).toSorted()).toEqual([
      'agent_class: must be one of ingestion, query, management',
      'agent_dependencies[0]: there is no such agent; name it by its agent_id',
      'agent_dependencies[1]: must be text',
      'agent_dependencies[3]: repeats agent_dependencies[2]',
      'agent_dependencies[4]: there is no such agent; name it by its agent_id',
      'agent_name: must not be blank',
      'description: must have at most 500 characters',
      'enabled: must be true or false',
      'output_schema.answer: must be a JSON Schema, such as {"type": "string"}',
      'settings.runtime: builtin is for agents of the platform; must be model or worker',
      'settings.temperature: must be a number from 0 to 2',
      'system_prompt: is required',
      'tools[1]: there is no such tool; name one of the list of tools',
      'tools[2]: must not be blank',
    ]);
    expect(fault.message).toMatch(/\(and 13 more\)$/);
  });

  it('stores nothing of a definition that it refuses', async () => {
    const alone = await registry.newTenant();
    await refusal(create(agentDefinition({ tools: ['nope'] }), alone));
    const { rows } = await registry.admin.query(
      `select (select count(*) from registry.agent_definitions where tenant_id = $1)::integer as heads,
        (select count(*) from registry.agent_versions where tenant_id = $1)::integer as versions,
        (select count(*) from registry.audit_log where tenant_id = $1)::integer as entries`,
      [alone.tenantId],
    );
    expect(rows).toEqual([{ heads: 0, versions: 0, entries: 0 }]);
  });

  const keys = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, at) => [`key_${at}`, { type: 'string' }]));
  const accepted: readonly (readonly [string, JsonObject])[] = [
    ['a name of 100 characters, counted as code points', { agent_name: '😀'.repeat(100) }],
    ['a prompt of 2,000 characters', { system_prompt: 'p'.repeat(2_000) }],
    ['an empty description', { description: '' }],
    [
      'null for what is optional',
      { description: null, tools: null, agent_dependencies: null, settings: null, enabled: null },
    ],
    ['five keys', { output_schema: keys(5) }],
    ['a JSON Schema', { output_schema: { type: 'object', properties: keys(5), required: ['key_0'] } }],
    ['tools of the tenant and of its MCP servers', { tools: ['own_tool', 'server.any'] }],
  ];
  it.each(accepted)('accepts %s', async (_name, changes) => {
    await expect(create(agentDefinition(changes))).resolves.toBeDefined();
  });

  const many = (count: number, prefix: string): JsonValue =>
    Array.from({ length: count }, (_, at) => prefix + at);
  const refused: readonly (readonly [JsonObject, string])[] = [
    [{ agent_name: '' }, 'agent_name: must not be blank'],
    [{ agent_name: null }, 'agent_name: is required'],
    [{ agent_name: 'n'.repeat(101) }, 'agent_name: must have at most 100 characters'],
    [{ agent_name: 5 }, 'agent_name: must be text'],
    [{ agent_name: 'a\0' }, 'agent_name: must not contain NUL characters or unpaired surrogates'],
    [{ agent_class: null }, 'agent_class: is required'],
    [{ agent_class: 'Query' }, 'agent_class: must be one of ingestion, query, management'],
    [{ system_prompt: '\n' }, 'system_prompt: must not be blank'],
    [{ system_prompt: 'p'.repeat(2_001) }, 'system_prompt: must have at most 2000 characters'],
    [{ output_schema: null }, 'output_schema: is required'],
    [{ output_schema: [] }, 'output_schema: must be an object'],
    [{ output_schema: {} }, 'output_schema: must name at least one key'],
    [{ output_schema: keys(6) }, 'output_schema: must name at most 5 keys, not 6'],
    [{ output_schema: { properties: keys(6) } }, 'output_schema.properties: must name at most 5 keys, not 6'],
    [
      { output_schema: { a: { description: 'x'.repeat(16 * 1024) } } },
      'output_schema: must have at most 16 KB as JSON',
    ],
    [{ description: 3 }, 'description: must be text'],
    [{ enabled: 1 }, 'enabled: must be true or false'],
    [{ tools: 'web_search' }, 'tools: must be a list'],
    [{ tools: many(21, 'tool_') }, 'tools: must have at most 20 items'],
    [{ tools: ['own_tool', 'own_tool'] }, 'tools[1]: repeats tools[0]'],
    [{ tools: ['foreign_tool'] }, 'tools[0]: there is no such tool; name one of the list of tools'],
    [{ agent_dependencies: {} }, 'agent_dependencies: must be a list'],
    [{ agent_dependencies: many(21, 'agent-') }, 'agent_dependencies: must have at most 20 items'],
    [{ settings: [] }, 'settings: must be an object'],
    [
      { settings: { required_capabilities: ['ocr'] } },
      'settings.required_capabilities: is only for the runtime worker: set settings.runtime to worker',
    ],
  ];
  it.each(refused)('refuses %j', async (changes, expected) => {
    const fault = await refusal(create(agentDefinition(changes)));
    expect(fault.reason).toBe('invalid_argument');
    expect(told(fault.violations)).toEqual([expected]);
  });

  it('names what is required when no definition is sent at all', async () => {
    const fault = await refusal(registry.agents.createAgent({}, registry.as(own)));
    expect(fault.violations.map(({ field }) => field)).toEqual([
      'agent_name',
      'agent_class',
      'system_prompt',
      'output_schema',
    ]);
  });

  it('takes an agent of another tenant for one that does not exist', async () => {
    const foreign = await createdAgent(registry, await registry.newTenant());
    const ask = (id: string) => refusal(create(agentDefinition({ agent_dependencies: [id] })));
    const [unknown, other] = [await ask('agent-0192d3b0f7b07c8e9d6b4f5a3c2e1d00'), await ask(foreign)];
    expect(other.violations).toEqual(unknown.violations);
    expect(other.message).toBe(unknown.message);
  });

  it('refuses viewers and runs before it looks at the definition', async () => {
    const viewer = { ...own, roles: ['viewer'] };
    expect(await refusal(create({}, viewer))).toMatchObject({ reason: 'permission_denied' });
    expect(await refusal(create({}, { ...own, roles: [] }))).toMatchObject({ reason: 'permission_denied' });
  });

  it('refuses a caller whose tenant or user nobody has stored', async () => {
    const fault = await refusal(create(agentDefinition(), newPrincipal()));
    expect(fault.reason).toBe('unauthenticated');
  });
});
