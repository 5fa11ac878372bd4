// Tools through the real service: the rules of writing them, what is read, whose they are, and where their credentials stay.
import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Principal } from '../../../foundation/identity/principal.ts';
import { newId } from '../../../foundation/ids/ids.ts';
import type { JsonObject } from '../../../foundation/json/json.ts';
import { startTestDatabases, type TestDatabases } from '../../../local/databases/test-databases.ts';
import { AuthMethod, ToolEffect, ToolType } from '../../../proto/gen/domainflow/registry/v1/tool_pb.js';
import { type RegistryForTest, startRegistryForTest } from '../app.for-test.ts';
import { systemTenantId } from '../core/system-tenant.ts';

let databases: TestDatabases;
let registry: RegistryForTest;
beforeAll(async () => {
  databases = await startTestDatabases();
  registry = await startRegistryForTest(await databases.createDatabase('registry_tools'));
}, 60_000);
afterAll(async () => {
  await registry?.close();
  await databases?.stop();
});

const weather = {
  tool_name: 'weather',
  tool_type: 'external_api',
  endpoint: 'https://weather.example.org/v1',
  auth_method: 'none',
};
const secret = 'sk-live-2f8a6c';

const create = async (principal: Principal, definition: JsonObject) =>
  (await registry.tools.createTool({ definition }, registry.as(principal))).tool;
const update = async (principal: Principal, definition: JsonObject, toolName = 'weather') =>
  (await registry.tools.updateTool({ toolName, definition }, registry.as(principal))).tool;
const get = async (principal: Principal, toolName = 'weather') =>
  (await registry.tools.getTool({ toolName }, registry.as(principal))).tool;
const remove = (principal: Principal, toolName = 'weather') =>
  registry.tools.deleteTool({ toolName }, registry.as(principal));
const list = async (principal: Principal, toolType = ToolType.UNSPECIFIED) =>
  (await registry.tools.listTools({ toolType }, registry.as(principal))).tools;

/** The paths of all problems of a call that is refused as invalid. */
async function problemsOf(call: Promise<unknown>): Promise<readonly string[]> {
  const fault = await call.then(
    () => ({ reason: 'none', violations: [] }),
    (error: { reason: string; violations: { field: string; reason: string }[] }) => error,
  );
  expect(fault.reason).toBe('invalid_argument');
  return fault.violations.map(({ field }) => field);
}

async function entriesOf({ tenantId }: Principal) {
  const columns = 'operation_type, entity_type, entity_id, before_hash, after_hash, user_id, message';
  const text = `select ${columns} from registry.audit_log where tenant_id = $1 order by id`;
  return (await registry.admin.query(text, [tenantId])).rows;
}

describe('CreateTool', () => {
  it('stores a tool with its defaults, which anyone of the tenant can read', async () => {
    const own = await registry.newTenant();
    const tool = await create(own, { ...weather, id: 'mine', is_builtin: true, surprise: 1 });
    expect(tool).toMatchObject({
      toolName: 'weather',
      toolType: ToolType.EXTERNAL_API,
      description: '',
      endpoint: weather.endpoint,
      authMethod: AuthMethod.NONE,
      parametersSchema: {},
      effect: ToolEffect.UPDATE,
      hasCredentials: false,
      isBuiltin: false,
      createdBy: own.userId,
      tenantId: own.tenantId,
    });
    expect(tool?.id).toMatch(/^[0-9a-f-]{36}$/);
    expect(await get({ ...own, roles: ['viewer'] })).toEqual(tool);
  });

  it('stores everything that is given', async () => {
    const own = await registry.newTenant();
    const parameters_schema = {
      type: 'object',
      properties: { city: { type: 'string' } },
      required: ['city'],
    };
    const given = { description: 'Tells the weather', effect: 'read', parameters_schema };
    expect(await create(own, { ...weather, ...given })).toMatchObject({
      description: 'Tells the weather',
      effect: ToolEffect.READ,
      parametersSchema: parameters_schema,
    });
  });

  it.each([
    ['aws_service', 'arn:aws:lambda:eu-west-1:123456789012:function:weather'],
    ['aws_service', 'arn:aws:s3:::weather-data'],
    ['aws_service', 'https://runtime.example.org'],
    ['data_api', 'https://data.example.org'],
    ['custom', 'https://own.example.org:8443/call?version=2'],
    ['mcp_server', 'https://mcp.example.org/mcp'],
  ])('takes a tool of the type %s at %s', async (tool_type, endpoint) => {
    const own = await registry.newTenant();
    expect(await create(own, { ...weather, tool_type, endpoint })).toMatchObject({ endpoint });
  });

  it('reports every problem at once, a name that is taken included', async () => {
    const own = await registry.newTenant();
    await create(own, weather);
    expect(
      await problemsOf(
        create(own, {
          tool_name: 'weather',
          tool_type: 'magic',
          endpoint: 'http://weather.example.org',
          auth_method: 'oauth',
          description: 'x'.repeat(501),
          parameters_schema: { type: 'circle' },
          effect: 'delete',
          credentials: { token_url: 'https://localhost/token', client_id: ' ' },
        }),
      ),
    ).toEqual([
      'tool_name',
      'tool_type',
      'description',
      'parameters_schema.type',
      'effect',
      'endpoint',
      'credentials.client_secret',
      'credentials.token_url',
      'credentials.client_id',
    ]);
    expect(await problemsOf(create(own, {}))).toEqual(['tool_name', 'tool_type', 'endpoint', 'auth_method']);
  });

  it.each([
    ['tool_name', { tool_name: 'Weather' }],
    ['tool_name', { tool_name: '1weather' }],
    ['tool_name', { tool_name: 'weather.now' }],
    ['tool_name', { tool_name: 'retrieval_api' }],
    ['tool_name', { tool_name: 'bedrock' }],
    ['tool_name', { tool_name: 7 }],
    ['tool_type', { tool_type: 'webhook' }],
    ['auth_method', { auth_method: 'basic' }],
    ['effect', { effect: 'delete' }],
    ['endpoint', { endpoint: 'weather' }],
    ['endpoint', { endpoint: 'http://weather.example.org' }],
    ['endpoint', { endpoint: 'https://user:pass@weather.example.org' }],
    ['endpoint', { endpoint: 'https://weather.example.org/#now' }],
    ['endpoint', { endpoint: 'https://169.254.169.254/latest/meta-data' }],
    ['endpoint', { endpoint: 'https://2130706433/' }],
    ['endpoint', { endpoint: 'https://[::ffff:10.0.0.1]/' }],
    ['endpoint', { endpoint: 'https://localhost/' }],
    ['endpoint', { endpoint: 'arn:aws:lambda:eu-west-1:123456789012:function:weather' }],
    ['endpoint', { tool_type: 'aws_service', endpoint: 'arn:weather' }],
    ['endpoint', { tool_type: 'mcp_server', endpoint: 'ws://mcp.example.org' }],
    ['parameters_schema', { parameters_schema: 'object' }],
    ['parameters_schema', { parameters_schema: { description: 'a\0b' } }],
    ['parameters_schema.$id', { parameters_schema: { $id: 'https://example.org/schema' } }],
    [
      'parameters_schema.properties.city.type',
      { parameters_schema: { properties: { city: { type: 'town' } } } },
    ],
    ['credentials', { credentials: { key: 'x' } }],
    ['credentials', { auth_method: 'iam', credentials: { key: 'x' } }],
    ['credentials', { auth_method: 'api_key', credentials: 'x' }],
    ['credentials.key', { auth_method: 'api_key', credentials: {} }],
    ['credentials.key', { auth_method: 'api_key', credentials: { key: 'a\r\nb: c' } }],
    ['credentials.header', { auth_method: 'api_key', credentials: { key: 'x', header: 'a b' } }],
    ['credentials.header', { auth_method: 'api_key', credentials: { key: 'x', header: 'Host' } }],
    ['credentials.headers', { auth_method: 'custom', credentials: {} }],
    ['credentials.headers', { auth_method: 'custom', credentials: { headers: {} } }],
    ['credentials.headers.x-a', { auth_method: 'custom', credentials: { headers: { 'x-a': 1 } } }],
    [
      'credentials.headers.x-a',
      { auth_method: 'custom', credentials: { headers: { 'X-A': 'b', 'x-a': 'b' } } },
    ],
    ['credentials.headers["a b"]', { auth_method: 'custom', credentials: { headers: { 'a b': 'c' } } }],
    ['credentials.headers["a.b"]', { auth_method: 'custom', credentials: { headers: { 'a.b': 1 } } }],
    ['credentials.headers["a.b"]', { auth_method: 'custom', credentials: { headers: { 'a.b': 'ü' } } }],
    ['credentials.headers.x-a', { auth_method: 'custom', credentials: { headers: { 'x-a': ' ' } } }],
  ] as const)('refuses %s of %j and nothing else', async (field, changes) => {
    const own = await registry.newTenant();
    expect(await problemsOf(create(own, { ...weather, ...structuredClone(changes) } as JsonObject))).toEqual([
      field,
    ]);
    expect(await entriesOf(own)).toEqual([]);
  });

  it.each([
    ['tool_name', 'a name of 65 characters', { tool_name: 'w'.repeat(65) }],
    ['description', 'one of 501 characters', { description: 'x'.repeat(501) }],
    ['endpoint', 'one of 2,001 characters', { endpoint: `https://a.example.org/`.padEnd(2_001, 'x') }],
    ['parameters_schema', 'more than 16 KB', { parameters_schema: { description: 'x'.repeat(16 * 1024) } }],
    [
      'credentials',
      'more than 8 KB',
      { auth_method: 'api_key', credentials: { key: 'x', more: 'y'.repeat(8 * 1024) } },
    ],
  ])('refuses as %s %s', async (field, _name, changes) => {
    const own = await registry.newTenant();
    expect(await problemsOf(create(own, { ...weather, ...changes } as JsonObject))).toEqual([field]);
  });

  it('never repeats a credential that it refuses', async () => {
    const own = await registry.newTenant();
    const credentials = { key: `${secret}\n`, header: secret.repeat(20) };
    const call = create(own, { ...weather, auth_method: 'api_key', credentials });
    const fault = await call.catch((error) => error);
    expect(JSON.stringify([fault.message, fault.violations])).not.toContain(secret);
    expect(fault.violations).toHaveLength(2);
  });

  it('gives a name to one of many who ask for it at once', async () => {
    const own = await registry.newTenant();
    const outcomes = await Promise.allSettled(Array.from({ length: 8 }, () => create(own, weather)));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ reason: 'invalid_argument' });
    }
  });

  it('refuses one tool more than a tenant may have, also when two come at once', async () => {
    const own = await registry.newTenant();
    await registry.admin.query(
      `insert into registry.tools (tenant_id, id, tool_name, tool_type, auth_method, effect, created_by)
       select $1, gen_random_uuid(), 'tool_' || n, 'custom', 'none', 'read', $2 from generate_series(1, 999) n`,
      [own.tenantId, own.userId],
    );
    const two = await Promise.allSettled([
      create(own, weather),
      create(own, { ...weather, tool_name: 'news' }),
    ]);
    const refused = two.filter(({ status }) => status === 'rejected');
    expect(refused).toMatchObject([{ reason: { reason: 'failed_precondition' } }]);
    expect(await list(own)).toHaveLength(1_009);
  });
});

describe('UpdateTool', () => {
  const keyed = { ...weather, auth_method: 'api_key', credentials: { key: secret } };

  it('changes what is given, keeps the rest, and removes what is null', async () => {
    const own = await registry.newTenant();
    await create(own, {
      ...weather,
      description: 'Old',
      effect: 'read',
      parameters_schema: { type: 'object' },
    });
    expect(await update(own, { description: 'New', tool_name: 'news', is_builtin: true })).toMatchObject({
      toolName: 'weather',
      description: 'New',
      effect: ToolEffect.READ,
      parametersSchema: { type: 'object' },
      isBuiltin: false,
    });
    expect(await update(own, { description: null, effect: null, parameters_schema: null })).toMatchObject({
      description: '',
      effect: ToolEffect.UPDATE,
      parametersSchema: {},
    });
  });

  it.each([
    ['body', {}],
    ['body', { tool_name: 'news' }],
    ['tool_type', { tool_type: null }],
    ['endpoint', { endpoint: null }],
    ['auth_method', { auth_method: null }],
    ['endpoint', { endpoint: 'https://10.0.0.1' }],
    ['endpoint', { endpoint: 'arn:aws:s3:::weather-data' }],
    ['tool_type', { tool_type: 'webhook', endpoint: 'arn:aws:s3:::weather-data' }],
    ['credentials', { auth_method: 'oauth' }],
    ['credentials', { auth_method: 'none', credentials: { key: 'x' } }],
    ['credentials.key', { credentials: { token: 'x' } }],
    ['credentials.headers', { auth_method: 'custom', credentials: { key: 'x' } }],
  ] as const)('refuses %s of %j and changes nothing', async (field, changes) => {
    const own = await registry.newTenant();
    const before = await create(own, keyed);
    expect(await problemsOf(update(own, structuredClone(changes) as JsonObject))).toEqual([field]);
    expect(await get(own)).toEqual(before);
    expect(await entriesOf(own)).toHaveLength(1);
  });

  it('keeps credentials from a host that they were not given for', async () => {
    const own = await registry.newTenant();
    await create(own, keyed);
    expect(await problemsOf(update(own, { endpoint: 'https://elsewhere.example.org/v1' }))).toEqual([
      'credentials',
    ]);
    expect(await problemsOf(update(own, { endpoint: 'https://weather.example.org:444/v1' }))).toEqual([
      'credentials',
    ]);
    const sameHost = await update(own, { endpoint: 'https://weather.example.org/v2' });
    expect(sameHost).toMatchObject({ hasCredentials: true });
    const moved = { endpoint: 'https://elsewhere.example.org/v1', credentials: { key: 'another' } };
    expect(await update(own, moved)).toMatchObject({ hasCredentials: true });
    const bare = { endpoint: 'https://third.example.org/v1', credentials: null };
    expect(await update(own, bare)).toMatchObject({ hasCredentials: false });
    expect(await update(own, { endpoint: 'https://fourth.example.org/v1' })).toMatchObject({
      hasCredentials: false,
    });
  });

  it('judges a stored endpoint by a new type', async () => {
    const own = await registry.newTenant();
    await create(own, { ...weather, tool_type: 'aws_service', endpoint: 'arn:aws:s3:::weather-data' });
    expect(await problemsOf(update(own, { tool_type: 'custom' }))).toEqual(['endpoint']);
    expect(await update(own, { tool_type: 'custom', endpoint: 'https://a.example.org' })).toMatchObject({
      toolType: ToolType.CUSTOM,
    });
  });

  it('keeps credentials, replaces them, and drops them with null or a method that needs none', async () => {
    const own = await registry.newTenant();
    await create(own, keyed);
    const hasCredentials = async (changes: JsonObject) => (await update(own, changes))?.hasCredentials;
    expect(await hasCredentials({ description: 'x' })).toBe(true);
    expect(await hasCredentials({ credentials: null })).toBe(false);
    expect(await hasCredentials({ credentials: { key: 'another' } })).toBe(true);
    expect(await hasCredentials({ auth_method: 'custom', credentials: { headers: { 'x-a': 'b' } } })).toBe(
      true,
    );
    expect(await hasCredentials({ auth_method: 'none' })).toBe(false);
  });
});

describe('credentials', () => {
  it('are nowhere in the database and in no answer as they were given', async () => {
    const own = await registry.newTenant();
    const credentials = {
      token_url: 'https://auth.example.org/token',
      client_id: 'me',
      client_secret: secret,
    };
    const tool = await create(own, { ...weather, auth_method: 'oauth', credentials });
    const answers = [tool, await update(own, { credentials }), await get(own), ...(await list(own))];
    expect(inspect(answers, { depth: null })).not.toContain(secret);
    expect(tool?.hasCredentials).toBe(true);
    const stored = await registry.admin.query('select credentials from registry.tools where tenant_id = $1', [
      own.tenantId,
    ]);
    const bytes: Buffer = stored.rows[0].credentials;
    for (const part of [secret, 'client_secret', 'auth.example.org'])
      expect(bytes.includes(part)).toBe(false);
    const dump = await registry.admin.query(
      `select (select string_agg(to_jsonb(t)::text, '') from registry.tools t) || (select string_agg(to_jsonb(l)::text, '')
       from registry.audit_log l) as text`,
    );
    expect(dump.rows[0].text).toContain('"weather"');
    expect(dump.rows[0].text).not.toContain(secret);
  });
});

describe('ListTools', () => {
  it('answers all tools by name, those of the platform included, or those of one type', async () => {
    const own = await registry.newTenant();
    await create(own, weather);
    await create(own, { ...weather, tool_name: 'archive', tool_type: 'mcp_server' });
    const names = (await list(own)).map(({ toolName }) => toolName);
    expect(names).toEqual([
      'aggregation_api',
      'analytics_api',
      'archive',
      'bedrock',
      'comprehend',
      'location_service',
      'retrieval_api',
      'spatial_api',
      'vector_search',
      'weather',
      'web_search',
    ]);
    expect((await list(own, ToolType.MCP_SERVER)).map(({ toolName }) => toolName)).toEqual(['archive']);
    expect(await problemsOf(list(own, 99 as ToolType))).toEqual(['tool_type']);
  });
});

describe('a tool of the platform', () => {
  it('is read by everyone, reads only, and is written by nobody', async () => {
    const own = await registry.newTenant();
    expect(await get({ ...own, roles: [] }, 'retrieval_api')).toMatchObject({
      isBuiltin: true,
      effect: ToolEffect.READ,
      toolType: ToolType.DATA_API,
      hasCredentials: false,
      tenantId: systemTenantId,
      parametersSchema: { type: 'object' },
    });
    for (const write of [
      () => update(own, { description: 'x' }, 'retrieval_api'),
      () => remove(own, 'retrieval_api'),
    ]) {
      await expect(write()).rejects.toMatchObject({ reason: 'permission_denied' });
    }
  });
});

describe('a tool of the tenant', () => {
  it('is found before one of the platform that came later under its name', async () => {
    const own = await registry.newTenant();
    for (const name of ['web_search', 'aggregation_api']) {
      await create(own, { ...weather, tool_name: `${name}_own` });
      const values = [own.tenantId, `${name}_own`, name];
      await registry.admin.query(
        'update registry.tools set tool_name = $3 where tenant_id = $1 and tool_name = $2',
        values,
      );
      expect(await get(own, name)).toMatchObject({ tenantId: own.tenantId });
    }
  });
});

describe('DeleteTool', () => {
  it('removes the tool and its credentials, so that the name is free', async () => {
    const own = await registry.newTenant();
    await create(own, { ...weather, auth_method: 'api_key', credentials: { key: secret } });
    await remove(own);
    await expect(get(own)).rejects.toMatchObject({ reason: 'not_found' });
    expect(await create(own, { ...weather, auth_method: 'api_key' })).toMatchObject({
      hasCredentials: false,
    });
  });
});

describe('a tool of another tenant', () => {
  it('looks like one that never was, whatever is asked of it, and its name is free', async () => {
    const [own, other] = [await registry.newTenant(), await registry.newTenant()];
    const stored = await create(own, weather);
    for (const toolName of ['weather', 'never_was', 'Not a name', '']) {
      for (const call of [
        () => get(other, toolName),
        () => update(other, { effect: 'read' }, toolName),
        () => remove(other, toolName),
      ]) {
        await expect(call()).rejects.toMatchObject({
          reason: 'not_found',
          message: 'No such tool',
          violations: [],
        });
      }
    }
    expect((await list(other)).map(({ toolName }) => toolName)).not.toContain('weather');
    await create(other, { ...weather, description: 'Another' });
    await remove(other);
    expect(await get(own)).toEqual(stored);
  });
});

describe('writing tools', () => {
  it.each([
    { roles: ['editor'] },
    { roles: ['viewer'] },
    { run: { runId: 'job_1', capability: 'management', writeTarget: '' } },
  ])('is refused to %j before anything else is said', async (changes) => {
    const own = await registry.newTenant();
    await create(own, weather);
    const caller = { ...own, ...changes };
    for (const call of [
      () => create(caller, {}),
      () => update(caller, {}),
      () => update(caller, {}, 'never_was'),
      () => remove(caller),
    ]) {
      await expect(call()).rejects.toMatchObject({ reason: 'permission_denied' });
    }
    expect(await get(own)).toBeDefined();
  });

  it('is kept in the audit log with who did what, and hashes without secrets', async () => {
    const own = await registry.newTenant();
    await create(own, { ...weather, auth_method: 'api_key', credentials: { key: secret } });
    const colleague = { ...own, userId: newId() };
    await update(colleague, { credentials: { key: 'another' } });
    await update(own, { description: 'New' });
    await remove(own);
    const hash = expect.stringMatching(/^[0-9a-f]{64}$/);
    const tool = { entity_type: 'tool', entity_id: 'weather' };
    const entries = await entriesOf(own);
    expect(entries).toMatchObject([
      { ...tool, operation_type: 'create', before_hash: null, after_hash: hash, user_id: own.userId },
      { ...tool, operation_type: 'update', before_hash: hash, after_hash: hash, user_id: colleague.userId },
      { ...tool, operation_type: 'update', before_hash: hash, after_hash: hash },
      { ...tool, operation_type: 'delete', before_hash: hash, after_hash: null },
    ]);
    const [created, rekeyed, described, deleted] = entries;
    expect(rekeyed).toMatchObject({ before_hash: created.after_hash, after_hash: created.after_hash });
    expect(rekeyed.message).toContain('new credentials');
    expect(described.after_hash).not.toBe(described.before_hash);
    expect(deleted.before_hash).toBe(described.after_hash);
  });
});
