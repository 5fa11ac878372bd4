// Tools and who may call them: what is sent into the mesh, and what of its answers a caller sees.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Fault } from '../../foundation/fault/fault.ts';
import { AuthMethod, ToolEffect, ToolType } from '../../proto/gen/domainflow/registry/v1/tool_pb.js';
import { problemOf, startGatewayForTest, type TestGateway } from '../app.for-test.ts';

const grantedAt = { seconds: 1_767_225_600n, nanos: 0 };
const at2026 = '2026-01-01T00:00:00.000Z';
const tool = {
  id: 'u',
  toolName: 'weather',
  toolType: ToolType.EXTERNAL_API,
  endpoint: 'https://weather.example/v1',
  authMethod: AuthMethod.API_KEY,
  parametersSchema: { type: 'object' },
  effect: ToolEffect.READ,
  hasCredentials: true,
  createdBy: 'ada',
  tenantId: 't',
  ...{ createdAt: grantedAt, updatedAt: grantedAt },
};
const toolShown = {
  ...{ tool_name: 'weather', tool_type: 'external_api', description: null, endpoint: tool.endpoint },
  ...{ auth_method: 'api_key', parameters_schema: { type: 'object' }, effect: 'read', has_credentials: true },
  ...{
    is_builtin: false,
    id: 'u',
    tenant_id: 't',
    created_at: at2026,
    updated_at: at2026,
    created_by: 'ada',
  },
};
const permission = { agentId: 'agent-1', toolName: 'weather', grantedAt, grantedBy: 'ada' };
const permissionShown = {
  ...{ agent_id: 'agent-1', tool_name: 'weather', granted_at: at2026, granted_by: 'ada' },
  is_builtin: false,
};

let at: TestGateway;
let token: string;
beforeAll(async () => {
  at = await startGatewayForTest();
  token = await at.token({ roles: ['admin'] });
});
afterAll(() => at.close());
beforeEach(() => {
  at.handlers.tools = {};
  at.handlers.toolAccess = {};
});

describe('a tool', () => {
  it('is created from its document and answered without its credentials', async () => {
    const document = { tool_name: 'weather', credentials: { key: 'hush' }, unknown: [1] };
    const sent: unknown[] = [];
    at.handlers.tools = {
      createTool: ({ definition }) => {
        sent.push(definition);
        return { tool };
      },
    };
    const { status, headers, body } = await at.send('POST tools', { token, body: document });
    expect(status).toBe(201);
    expect(headers.get('location')).toBe('/api/v1/tools/weather');
    expect(body).toEqual(toolShown);
    expect(sent).toEqual([document]);
  });

  it('is read, changed and deleted by its name', async () => {
    const asked: unknown[] = [];
    const note = (...what: unknown[]) => {
      asked.push(what);
      return { tool };
    };
    at.handlers.tools = {
      getTool: ({ toolName }) => note('get', toolName),
      updateTool: ({ toolName, definition }) => note('update', toolName, definition),
      deleteTool: ({ toolName }) => note('delete', toolName) && {},
    };
    expect((await at.send('GET tools/weather', { token })).body).toEqual(toolShown);
    expect((await at.send('PUT tools/weather', { token, body: { effect: null } })).body).toEqual(toolShown);
    const deleted = await at.send('DELETE tools/weather', { token });
    expect(deleted).toMatchObject({ status: 200, body: { tool_name: 'weather' } });
    expect(Object.keys(deleted.body)).toEqual(['message', 'tool_name']);
    expect(asked).toEqual([
      ['get', 'weather'],
      ['update', 'weather', { effect: null }],
      ['delete', 'weather'],
    ]);
  });

  it('is listed with its count, by type if one is asked for', async () => {
    const asked: ToolType[] = [];
    at.handlers.tools = {
      listTools: ({ toolType }) => {
        asked.push(toolType);
        return { tools: [tool, { ...tool, toolType: ToolType.MCP_SERVER }] };
      },
    };
    const all = { tools: [toolShown, { ...toolShown, tool_type: 'mcp_server' }], count: 2 };
    expect((await at.send('GET tools', { token })).body).toEqual(all);
    expect((await at.send('GET tools?type=mcp_server', { token })).body).toEqual(all);
    expect(asked).toEqual([ToolType.UNSPECIFIED, ToolType.MCP_SERVER]);
    const { details } = problemOf(await at.send('GET tools?type=hammer', { token }));
    expect(details).toEqual([
      {
        field: 'type',
        reason: 'must be one of aws_service, external_api, custom, data_api, mcp_server',
      },
    ]);
  });

  it.each(['POST tools', 'PUT tools/a'])('is an object: %s', async (line) => {
    const problem = problemOf(await at.send(line, { token, body: '[]' }));
    expect(problem).toMatchObject({ status: 400, detail: 'body: must be an object' });
  });
});

describe('access to a tool', () => {
  const access = { agent_id: 'agent-1', tool_name: 'files.read' };
  const wanted = { agentId: 'agent-1', toolName: 'files.read' };

  it('is granted', async () => {
    const asked: unknown[] = [];
    at.handlers.toolAccess = {
      grantToolAccess: ({ agentId, toolName }) => {
        asked.push({ agentId, toolName });
        return { permission };
      },
    };
    const { status, body } = await at.send('POST tool-access/grant', { token, body: access });
    expect({ status, body, asked }).toEqual({ status: 201, body: permissionShown, asked: [wanted] });
  });

  it.each([
    ['POST tool-access/revoke', access],
    ['DELETE tool-access/agent-1/files.read', undefined],
    ['DELETE tool-access/agent-1/files%2Eread', undefined],
    ['DELETE tool-access/agent-1/files.a%2Fb', undefined],
  ])('is revoked: %s', async (line, body) => {
    const asked: unknown[] = [];
    at.handlers.toolAccess = {
      revokeToolAccess: ({ agentId, toolName }) => {
        asked.push({ agentId, toolName });
        return {};
      },
    };
    const answer = await at.send(line, { token, body });
    expect(answer).toMatchObject({ status: 200, body: { message: 'The permission was revoked' } });
    expect(asked).toEqual([line.includes('%2F') ? { ...wanted, toolName: 'files.a/b' } : wanted]);
  });

  it('is listed with its count, of one agent if one is asked for', async () => {
    const asked: string[] = [];
    at.handlers.toolAccess = {
      listToolAccess: ({ agentId }) => {
        asked.push(agentId);
        return { permissions: [permission] };
      },
    };
    const all = { permissions: [permissionShown], count: 1 };
    expect((await at.send('GET tool-access', { token })).body).toEqual(all);
    expect((await at.send('GET tool-access?agent_id=agent-1', { token })).body).toEqual(all);
    expect(asked).toEqual(['', 'agent-1']);
  });

  it.each(['grant', 'revoke', 'verify'])('names everything that a request lacks: %s', async (verb) => {
    for (const body of [{}, undefined]) {
      const { status, details } = problemOf(await at.send(`POST tool-access/${verb}`, { token, body }));
      expect(status).toBe(400);
      expect(details).toEqual([
        { field: 'agent_id', reason: 'is required' },
        { field: 'tool_name', reason: 'is required' },
      ]);
    }
  });

  it('is verified, and the answer holds no credentials', async () => {
    at.handlers.toolAccess = { verifyToolAccess: () => ({ tool, credentials: { key: 'hush' } }) };
    for (const include_credentials of [undefined, false]) {
      const body = { ...access, include_credentials };
      const answer = await at.send('POST tool-access/verify', { token, body });
      expect(answer.status).toBe(200);
      expect(answer.body).toEqual({ allowed: true, tool: toolShown });
    }
  });

  it.each(['permission_denied', 'tool_not_found'])('that is refused says why: %s', async (code) => {
    const violations = [{ field: 'tool_name', reason: code }];
    at.handlers.toolAccess = {
      verifyToolAccess: () => {
        throw new Fault('permission_denied', 'The agent may not', { violations });
      },
    };
    const answer = await at.send('POST tool-access/verify', { token, body: access });
    const detail = `${code}: The agent may not`;
    expect(problemOf(answer)).toMatchObject({ status: 403, detail, details: violations });
    expect(answer.body.code).toBe(code);
  });

  it.each([
    [403, new Fault('permission_denied', 'This needs the role admin')],
    [503, new Fault('unavailable', 'Not now')],
    [504, new Fault('deadline_exceeded', 'Too late')],
  ])('that cannot be verified is no refusal of the tool: %i', async (status, fault) => {
    at.handlers.toolAccess = {
      verifyToolAccess: () => {
        throw fault;
      },
    };
    const answer = await at.send('POST tool-access/verify', { token, body: access });
    expect(problemOf(answer)).toMatchObject({ status, detail: fault.message });
    expect(answer.body).not.toHaveProperty('code');
  });

  it('gives credentials to nobody, and does not even ask for them', async () => {
    let asked = 0;
    at.handlers.toolAccess = {
      verifyToolAccess: () => {
        asked += 1;
        return { tool };
      },
    };
    const body = { ...access, include_credentials: true };
    const { status, detail } = problemOf(await at.send('POST tool-access/verify', { token, body }));
    expect({ status, asked }).toEqual({ status: 403, asked: 0 });
    expect(detail).toBe('Credentials are given to the agents service alone');
  });
});

describe('who is no admin', () => {
  it.each([
    ...['POST tools', 'PUT tools/a', 'DELETE tools/a', 'DELETE tool-access/a/b'],
    ...['POST tool-access/grant', 'POST tool-access/revoke', 'POST tool-access/verify'],
  ])('changes no tool and no access: %s', async (line) => {
    const editor = await at.token({ roles: ['editor'] });
    const answer = await at.send(line, { token: editor, ...(line.startsWith('DELETE') ? {} : { body: {} }) });
    expect(problemOf(answer)).toMatchObject({ status: 403, detail: 'This needs the role admin' });
  });

  it.each(['tools', 'tools/weather', 'tool-access'])('may look at them: %s', async (path) => {
    at.handlers.tools = { listTools: () => ({}), getTool: () => ({ tool }) };
    at.handlers.toolAccess = { listToolAccess: () => ({}) };
    const viewer = await at.token({ roles: ['viewer'] });
    expect((await at.send(`GET ${path}`, { token: viewer })).status).toBe(200);
  });
});

describe('a name of the wrong form', () => {
  it.each([
    ['GET tools/a%00b', 'No such tool'],
    [`PUT tools/${'a'.repeat(201)}`, 'No such tool'],
    ['DELETE tools/a%00b', 'No such tool'],
    ['DELETE tool-access/agent-1/a%00b', 'No such permission'],
    [`DELETE tool-access/${'a'.repeat(201)}/t`, 'No such permission'],
    ['PUT agents/a%00b', 'No such agent'],
    ['DELETE agents/a%00b', 'No such agent'],
    ['POST agents/a%00b/rollback', 'No such agent'],
    ['GET agents/a%00b/diff', 'No such agent'],
    ['PUT domains/a%00b', 'No such domain'],
    ['DELETE domains/a%00b', 'No such domain'],
    ['POST domains/a%00b/rollback', 'No such domain'],
    ['GET domains/a%00b/diff', 'No such domain'],
  ])('names nothing: %s', async (line, sentence) => {
    const hasBody = /^(POST|PUT)/.test(line);
    const answer = await at.send(line, { token, ...(hasBody ? { body: { version: 1 } } : {}) });
    expect(problemOf(answer)).toMatchObject({ status: 404, detail: sentence });
  });
});
