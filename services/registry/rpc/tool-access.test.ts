// Who may call which tool, through the real service: denied by default, granted one by one, revoked at once, and credentials for the
// agents service alone.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Principal, RunScope } from '../../../foundation/identity/principal.ts';
import type { JsonObject } from '../../../foundation/json/json.ts';
import { startTestDatabases, type TestDatabases } from '../../../local/databases/test-databases.ts';
import { type RegistryForTest, startRegistryForTest } from '../app.for-test.ts';
import { insertAgent } from '../store/rows.for-test.ts';
import { builtinAgents } from '../store/seed/builtin-agents.ts';

let databases: TestDatabases;
let registry: RegistryForTest;
beforeAll(async () => {
  databases = await startTestDatabases();
  registry = await startRegistryForTest(await databases.createDatabase('registry_access'));
}, 60_000);
afterAll(async () => {
  await registry?.close();
  await databases?.stop();
});

const run: RunScope = { runId: 'job_1', capability: 'query', writeTarget: '' };
const credentials = { header: 'x-api-key', key: 'sk-live-2f8a6c' };
const weather = {
  tool_name: 'weather',
  tool_type: 'external_api',
  endpoint: 'https://weather.example.org',
  auth_method: 'api_key',
  effect: 'read',
  credentials,
};
const office = {
  tool_name: 'office',
  tool_type: 'mcp_server',
  endpoint: 'https://mcp.example.org/mcp',
  auth_method: 'none',
};
const builtin = 'builtin-query-who';

const create = (own: Principal, definition: JsonObject) =>
  registry.tools.createTool({ definition }, registry.as(own));
const grant = async (own: Principal, agentId: string, toolName = 'weather') =>
  (await registry.access.grantToolAccess({ agentId, toolName }, registry.as(own))).permission;
const revoke = (own: Principal, agentId: string, toolName = 'weather') =>
  registry.access.revokeToolAccess({ agentId, toolName }, registry.as(own));
const list = async (own: Principal, agentId = '') =>
  (await registry.access.listToolAccess({ agentId }, registry.as(own))).permissions;
const verify = async (own: Principal, agentId: string, toolName = 'weather') =>
  (await registry.access.verifyToolAccess({ agentId, toolName }, registry.as(own))).tool?.toolName;

const denied = (reason: string) => ({
  reason: 'permission_denied',
  violations: [{ field: 'tool_name', reason }],
});

/** A tenant with the tool `weather`, the MCP server `office` and an agent that lists both. */
async function tenantWithTools(): Promise<{ readonly own: Principal; readonly agentId: string }> {
  const own = await registry.newTenant();
  await create(own, weather);
  await create(own, office);
  const agentId = await insertAgent(registry.admin, own);
  await registry.admin.query(
    `update registry.agent_definitions set tools = '["weather"]' where agent_id = $1`,
    [agentId],
  );
  return { own, agentId };
}

async function entriesOf({ tenantId }: Principal) {
  const columns = 'operation_type, entity_id, before_hash is null as made, after_hash is null as gone';
  const text = `select ${columns} from registry.audit_log where tenant_id = $1 and entity_type = 'tool_access' order by id`;
  return (await registry.admin.query(text, [tenantId])).rows;
}

describe('an agent', () => {
  it('may call no tool that it was not granted, although its definition lists it', async () => {
    const { own, agentId } = await tenantWithTools();
    await expect(verify(own, agentId)).rejects.toMatchObject(denied('permission_denied'));
    expect(await list(own, agentId)).toEqual([]);
  });

  it('may call what it was granted, until that is revoked, and nothing else', async () => {
    const { own, agentId } = await tenantWithTools();
    const colleague = await insertAgent(registry.admin, own);
    expect(await grant(own, agentId)).toMatchObject({
      agentId,
      toolName: 'weather',
      grantedBy: own.userId,
      isBuiltin: false,
    });
    expect(await verify(own, agentId)).toBe('weather');
    expect(await verify({ ...own, roles: ['viewer'], run }, agentId)).toBe('weather');
    await expect(verify(own, colleague)).rejects.toMatchObject(denied('permission_denied'));
    await expect(verify(own, agentId, 'web_search')).rejects.toMatchObject(denied('permission_denied'));
    await revoke(own, agentId);
    await expect(verify(own, agentId)).rejects.toMatchObject(denied('permission_denied'));
    await expect(revoke(own, agentId)).rejects.toMatchObject({ reason: 'not_found' });
  });

  it('may call the language model without a grant, when it exists', async () => {
    const { own, agentId } = await tenantWithTools();
    expect(await verify(own, agentId, 'bedrock')).toBe('bedrock');
    expect(await verify(own, builtin, 'bedrock')).toBe('bedrock');
    await expect(verify(own, 'agent-unknown', 'bedrock')).rejects.toMatchObject(denied('permission_denied'));
  });

  it('loses its permissions with the tool: a new one of the same name is not granted', async () => {
    const { own, agentId } = await tenantWithTools();
    await grant(own, agentId);
    await grant(own, agentId, 'office.search');
    for (const toolName of ['weather', 'office']) {
      await registry.tools.deleteTool({ toolName }, registry.as(own));
    }
    await expect(verify(own, agentId)).rejects.toMatchObject(denied('tool_not_found'));
    await create(own, weather);
    await create(own, office);
    for (const toolName of ['weather', 'office.search']) {
      await expect(verify(own, agentId, toolName)).rejects.toMatchObject(denied('permission_denied'));
    }
    expect(await list(own, agentId)).toEqual([]);
  });
});

describe('tools of an MCP server', () => {
  it('are granted one by one, and the server itself never', async () => {
    const { own, agentId } = await tenantWithTools();
    await grant(own, agentId, 'office.search');
    expect(await verify(own, agentId, 'office.search')).toBe('office');
    for (const toolName of ['office.send', 'office']) {
      await expect(verify(own, agentId, toolName)).rejects.toMatchObject({ reason: 'permission_denied' });
    }
    await expect(grant(own, agentId, 'office')).rejects.toMatchObject({
      reason: 'invalid_argument',
      violations: [{ field: 'tool_name', reason: expect.stringContaining('office.<name>') }],
    });
  });

  it.each(['weather.today', 'nobody.search', 'office.', 'office.a b', '.search', 'office.a\0'])(
    'are not those of %j',
    async (toolName) => {
      const { own, agentId } = await tenantWithTools();
      await expect(grant(own, agentId, toolName)).rejects.toMatchObject({ reason: 'not_found' });
      await expect(verify(own, agentId, toolName)).rejects.toMatchObject(denied('tool_not_found'));
    },
  );

  it('are no longer granted when the server has become another kind of tool', async () => {
    const { own, agentId } = await tenantWithTools();
    await grant(own, agentId, 'office.search');
    const change = (tool_type: string) =>
      registry.tools.updateTool({ toolName: 'office', definition: { tool_type } }, registry.as(own));
    await change('custom');
    await change('mcp_server');
    await expect(verify(own, agentId, 'office.search')).rejects.toMatchObject(denied('permission_denied'));
  });
});

describe('GrantToolAccess', () => {
  it('changes nothing when it is granted already', async () => {
    const { own, agentId } = await tenantWithTools();
    const first = await grant(own, agentId);
    const again = await Promise.all([grant(own, agentId), grant(own, agentId)]);
    expect(again).toEqual([first, first]);
    expect(await entriesOf(own)).toHaveLength(1);
  });

  it('gives a tool of the platform to an agent of the tenant', async () => {
    const { own, agentId } = await tenantWithTools();
    await grant(own, agentId, 'retrieval_api');
    expect(await verify(own, agentId, 'retrieval_api')).toBe('retrieval_api');
  });

  it('refuses one permission more than a tenant may grant', async () => {
    const { own, agentId } = await tenantWithTools();
    await registry.admin.query(
      `insert into registry.tool_permissions (tenant_id, agent_id, tool_name, granted_by)
       select $1, $2, 'office.t' || n, $3 from generate_series(1, 8999) n`,
      [own.tenantId, agentId, own.userId],
    );
    await grant(own, agentId);
    await expect(grant(own, agentId, 'retrieval_api')).rejects.toMatchObject({
      reason: 'failed_precondition',
    });
    expect(await grant(own, agentId)).toBeDefined();
    const grants = builtinAgents.flatMap(({ tools }) => tools);
    expect(await list(own)).toHaveLength(9_000 + grants.length);
  });
});

describe('granting and revoking', () => {
  it('is told to whoever watches for changes', async () => {
    const { own, agentId } = await tenantWithTools();
    const left = new AbortController();
    const watching = { ...registry.asService('agents'), signal: left.signal };
    const told: unknown[] = [];
    // Before those of access may be told what made the tenant, shortly before.
    const isOfAccess = (change: unknown) => Object(change).entityType === 'tool_access';
    for await (const { change } of registry.changes.watchChanges({}, watching)) {
      // The first message is a sign of life; from then on every change is told.
      if (told.length === 0) await grant(own, agentId).then(() => revoke(own, agentId));
      told.push(change);
      if (told.filter(isOfAccess).length === 2) break;
    }
    left.abort();
    const change = { tenantId: own.tenantId, entityType: 'tool_access', entityId: `${agentId} weather` };
    expect(told.filter(isOfAccess)).toMatchObject([change, change]);
  });

  it('leaves entries in the audit log, by agent and tool', async () => {
    const { own, agentId } = await tenantWithTools();
    await grant(own, agentId);
    await revoke(own, agentId);
    expect(await entriesOf(own)).toEqual([
      { operation_type: 'grant', entity_id: `${agentId} weather`, made: true, gone: false },
      { operation_type: 'revoke', entity_id: `${agentId} weather`, made: false, gone: true },
    ]);
  });

  it.each([{ roles: ['editor'] }, { roles: ['viewer'] }, { run }])('is refused to %j', async (changes) => {
    const { own, agentId } = await tenantWithTools();
    await grant(own, agentId);
    for (const call of [
      () => grant({ ...own, ...changes }, agentId, 'web_search'),
      () => revoke({ ...own, ...changes }, agentId),
    ]) {
      await expect(call()).rejects.toMatchObject({ reason: 'permission_denied' });
    }
    expect((await list(own, agentId)).map(({ toolName }) => toolName)).toEqual(['weather']);
  });

  it('is refused for agents of the platform', async () => {
    const { own } = await tenantWithTools();
    for (const call of [
      () => grant(own, builtin),
      () => revoke(own, builtin, 'retrieval_api'),
      () => revoke(own, builtin),
    ]) {
      await expect(call()).rejects.toMatchObject({
        reason: 'permission_denied',
        message: 'This agent belongs to the platform and cannot be changed',
      });
    }
    expect(await verify(own, builtin, 'retrieval_api')).toBe('retrieval_api');
  });

  it('finds no agent and no tool that is unknown, another tenant’s, or no name at all', async () => {
    const { own, agentId } = await tenantWithTools();
    const other = await tenantWithTools();
    await create(other.own, { ...weather, tool_name: 'theirs' });
    await grant(other.own, other.agentId);
    for (const foreign of [other.agentId, 'agent-unknown', 'no id', '']) {
      await expect(grant(own, foreign)).rejects.toMatchObject({
        reason: 'not_found',
        message: 'No such agent',
      });
      await expect(revoke(own, foreign)).rejects.toMatchObject({
        reason: 'not_found',
        message: 'No such agent',
      });
    }
    for (const toolName of ['theirs', 'unknown', 'No name', '']) {
      await expect(grant(own, agentId, toolName)).rejects.toMatchObject({
        reason: 'not_found',
        message: 'No such tool',
      });
    }
    expect(await verify(other.own, other.agentId)).toBe('weather');
  });
});

describe('VerifyToolAccess', () => {
  it('knows no tool and no agent of another tenant', async () => {
    const { own, agentId } = await tenantWithTools();
    const other = await tenantWithTools();
    await create(other.own, { ...weather, tool_name: 'theirs' });
    await grant(other.own, other.agentId);
    await grant(other.own, other.agentId, 'theirs');
    await grant(own, agentId);
    await expect(verify(own, other.agentId)).rejects.toMatchObject(denied('permission_denied'));
    for (const toolName of ['theirs', 'unknown', 'No name', '']) {
      await expect(verify(own, agentId, toolName)).rejects.toMatchObject(denied('tool_not_found'));
    }
    await expect(verify(own, 'no id')).rejects.toMatchObject(denied('permission_denied'));
  });

  it.each([['editor'], ['viewer']])('is no business of the role %s', async (role) => {
    const { own, agentId } = await tenantWithTools();
    await grant(own, agentId);
    await expect(verify({ ...own, roles: [role] }, agentId)).rejects.toMatchObject({
      reason: 'permission_denied',
      violations: [],
    });
  });

  it('gives credentials to the agents service on behalf of a run, and to nobody else', async () => {
    const { own, agentId } = await tenantWithTools();
    await grant(own, agentId);
    const asked = { agentId, toolName: 'weather', includeCredentials: true };
    const inRun = { ...own, roles: ['viewer'], run };
    const answer = await registry.access.verifyToolAccess(asked, registry.asAgentsFor(inRun));
    expect(answer).toMatchObject({ tool: { toolName: 'weather', hasCredentials: true }, credentials });
    for (const caller of [registry.as(own), registry.as(inRun)]) {
      await expect(registry.access.verifyToolAccess(asked, caller)).rejects.toMatchObject({
        reason: 'permission_denied',
        message: 'Credentials are given to the agents service alone',
      });
    }
    for (const caller of [registry.asService('agents'), registry.asAgentsFor(own)]) {
      await expect(registry.access.verifyToolAccess(asked, caller)).rejects.toMatchObject({
        reason: 'unauthenticated',
      });
    }
    const without = await registry.access.verifyToolAccess(
      { ...asked, includeCredentials: false },
      registry.asAgentsFor(inRun),
    );
    expect(without.credentials).toBeUndefined();
  });

  it.each([
    ['read', ['ingestion', 'query', 'management']],
    ['create', ['ingestion']],
    ['update', ['management']],
  ])('lets runs have the effect %s as their class allows, whatever was granted', async (effect, allowed) => {
    const { own, agentId } = await tenantWithTools();
    await registry.tools.updateTool({ toolName: 'weather', definition: { effect } }, registry.as(own));
    await grant(own, agentId);
    const classes = ['ingestion', 'query', 'management', 'deletion', ''];
    const told = classes.map(async (capability) => {
      const asked = { agentId, toolName: 'weather', includeCredentials: true };
      const caller = registry.asAgentsFor({ ...own, run: { ...run, capability } });
      const answer = await registry.access.verifyToolAccess(asked, caller).catch((error: unknown) => error);
      return [capability, answer] as const;
    });
    for (const [capability, answer] of await Promise.all(told)) {
      const isAllowed = allowed.includes(capability);
      expect(answer).toMatchObject(isAllowed ? { credentials } : denied('permission_denied'));
    }
  });

  it('gives the agents service no credentials without a grant, in another tenant, or moved from another tool', async () => {
    const { own, agentId } = await tenantWithTools();
    const other = await registry.newTenant();
    const ask = (principal: Principal, toolName = 'weather') =>
      registry.access.verifyToolAccess(
        { agentId, toolName, includeCredentials: true },
        registry.asAgentsFor({ ...principal, run }),
      );
    await expect(ask(own)).rejects.toMatchObject(denied('permission_denied'));
    await grant(own, agentId);
    await expect(ask(other)).rejects.toMatchObject(denied('tool_not_found'));
    await create(own, { ...weather, tool_name: 'bait' });
    await grant(own, agentId, 'bait');
    await registry.admin.query(
      `update registry.tools t set credentials = s.credentials from registry.tools s
       where s.tenant_id = t.tenant_id and s.tool_name = 'weather' and t.tool_name = 'bait' and t.tenant_id = $1`,
      [own.tenantId],
    );
    await expect(ask(own, 'bait')).rejects.toMatchObject({ reason: 'failed_precondition' });
    expect((await ask(own)).credentials).toEqual(credentials);
  });
});

describe('ListToolAccess', () => {
  it('shows permissions by agent and tool to everyone of the tenant and to runs, those of the platform included', async () => {
    const { own, agentId } = await tenantWithTools();
    await grant(own, agentId, 'web_search');
    await grant(own, agentId);
    const shown = (await list({ ...own, roles: ['viewer'] })).map((one) => [
      one.agentId,
      one.toolName,
      one.isBuiltin,
    ]);
    const brought = builtinAgents.flatMap((agent) => agent.tools.map((tool) => [agent.agentId, tool, true]));
    const granted = [
      [agentId, 'weather', false],
      [agentId, 'web_search', false],
    ];
    expect(shown).toEqual(
      [...granted, ...brought].sort((a, b) => (`${a[0]} ${a[1]}` < `${b[0]} ${b[1]}` ? -1 : 1)),
    );
    expect((await list({ ...own, run }, builtin)).map(({ toolName }) => toolName)).toEqual([
      'aggregation_api',
      'retrieval_api',
    ]);
  });

  it('shows nothing of another tenant', async () => {
    const { own } = await tenantWithTools();
    const other = await tenantWithTools();
    await grant(other.own, other.agentId);
    for (const agentId of [other.agentId, 'agent-unknown', 'no id'])
      expect(await list(own, agentId)).toEqual([]);
    expect((await list(own)).every(({ isBuiltin }) => isBuiltin)).toBe(true);
  });
});
