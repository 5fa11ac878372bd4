// Who may change which definition, and which agent may call which tool, through REST.
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { ApiClient } from '../../clients/api/api-client.ts';
import { sampleDomain } from '../../local/demo/demo-run.ts';
import { refused } from './answers.ts';
import {
  agentDocument,
  createAgent,
  createDomain,
  createTool,
  domainDocument,
  toolDocument,
} from './sample-definitions.ts';
import { startTestMesh, type TestMesh } from './test-mesh.ts';

jest.setTimeout(60_000);

let mesh: TestMesh;
let admin: ApiClient;
let editor: ApiClient;
let colleague: ApiClient;
let viewer: ApiClient;

beforeAll(async () => {
  mesh = await startTestMesh();
  admin = await mesh.as('roadworks', 'ada');
  editor = await mesh.as('roadworks', 'edgar', ['editor']);
  colleague = await mesh.as('roadworks', 'cora', ['editor']);
  viewer = await mesh.as('roadworks', 'vera', ['viewer']);
});

afterAll(() => mesh?.close());

/** What may be done with a definition of either kind. */
interface Definition {
  read(api: ApiClient): Promise<object>;
  compare(api: ApiClient): Promise<object>;
  rename(api: ApiClient, query?: { readonly validate_only?: 'true' }): Promise<object>;
  rollback(api: ApiClient): Promise<object>;
  remove(api: ApiClient): Promise<object>;
}

const first = { version: 1 };
const versions = { from: 1, to: 1 };

function agentOf(agent_id: string): Definition {
  const [one, path, body] = ['/api/v1/agents/{agent_id}', { agent_id }, { agent_name: 'Renamed' }] as const;
  return {
    read: (api) => api.get(one, { path }),
    compare: (api) => api.get(`${one}/diff`, { path, query: versions }),
    rename: (api, query) => api.put(one, { path, query, body }),
    rollback: (api) => api.post(`${one}/rollback`, { path, body: first }),
    remove: (api) => api.delete(one, { path }),
  };
}

function domainOf(domain_id: string): Definition {
  const [one, path, body] = [
    '/api/v1/domains/{domain_id}',
    { domain_id },
    { domain_name: 'Renamed' },
  ] as const;
  return {
    read: (api) => api.get(one, { path }),
    compare: (api) => api.get(`${one}/diff`, { path, query: versions }),
    rename: (api, query) => api.put(one, { path, query, body }),
    rollback: (api) => api.post(`${one}/rollback`, { path, body: first }),
    remove: (api) => api.delete(one, { path }),
  };
}

const judgedOnly = { validate_only: 'true' } as const;

/** Nothing of this changes the definition for the caller. */
async function expectGuarded(definition: Definition, api: ApiClient): Promise<void> {
  for (const call of [
    definition.rename(api),
    definition.rename(api, judgedOnly),
    definition.rollback(api),
    definition.remove(api),
  ]) {
    expect((await refused(call)).status).toBe(403);
  }
}

describe('a definition', () => {
  it('of an editor is changed by the editor and by admins, and by nobody else', async () => {
    const definitions = [agentOf(await createAgent(editor)), domainOf('by_editor')];
    await createDomain(editor, 'by_editor');
    for (const definition of definitions) {
      for (const other of [colleague, viewer]) {
        expect(await definition.read(other)).toMatchObject({ version: 1 });
        await expectGuarded(definition, other);
      }
      expect(await definition.rename(editor)).toMatchObject({ version: 2 });
      expect(await definition.rollback(admin)).toMatchObject({ version: 3 });
      expect(await definition.read(editor)).toMatchObject({ version: 3 });
      await definition.remove(editor);
      expect((await refused(definition.read(editor))).status).toBe(404);
    }
  });

  it('is created by no viewer', async () => {
    const agent = viewer.post('/api/v1/agents', { body: agentDocument() });
    expect((await refused(agent)).status).toBe(403);
    const domain = viewer.post('/api/v1/domains', { body: domainDocument('viewed') });
    expect((await refused(domain)).status).toBe(403);
  });

  it.each([
    ['an agent', agentOf('builtin-query-what')],
    ['a domain', domainOf(sampleDomain)],
  ])('of the platform is read by all and changed by none: %s', async (_what, definition) => {
    expect(await definition.read(viewer)).toMatchObject({ version: 1 });
    expect(await definition.compare(viewer)).toMatchObject({ changes: [] });
    await expectGuarded(definition, admin);
    expect(await definition.read(admin)).toMatchObject({ version: 1 });
  });
});

const tool = '/api/v1/tools/{tool_name}';

describe('a tool', () => {
  const secret = 'sk-f2c5d7d6a8a94b8c';
  const withKey = { auth_method: 'api_key', credentials: { key: secret } } as const;

  it('never shows its credentials', async () => {
    const path = { tool_name: 'keyed' };
    const created = await admin.post('/api/v1/tools', { body: toolDocument('keyed', withKey) });
    expect(created).toMatchObject({ tool_name: 'keyed', has_credentials: true });
    const read = await viewer.get(tool, { path });
    expect(read).toMatchObject(created);
    const changed = await admin.put(tool, { path, body: { description: 'Weather' } });
    expect(changed).toMatchObject({ description: 'Weather', has_credentials: true });
    const listed = await viewer.get('/api/v1/tools');
    expect(JSON.stringify([created, read, changed, listed])).not.toContain(secret);
  });

  it('is refused with every problem at once, a name that is taken included', async () => {
    const raw = await mesh.raw('roadworks', 'ada');
    await createTool(admin, 'once');
    for (const name of ['once', 'bedrock']) {
      const wrong = { ...toolDocument(name), endpoint: 'http://localhost/', effect: 'magic' };
      const { status, body } = await raw('POST', '/tools', { body: wrong });
      expect(status).toBe(400);
      const fields = body.details.map(({ field }) => field);
      expect(fields.sort()).toEqual(['effect', 'endpoint', 'tool_name']);
    }
  });

  it('is listed with those of the platform, by type if one is asked for', async () => {
    await createTool(admin, 'listed', { tool_type: 'custom' });
    const all = await viewer.get('/api/v1/tools');
    const names = all.tools.map(({ tool_name }) => tool_name);
    expect(names).toEqual(expect.arrayContaining(['listed', 'bedrock', 'retrieval_api']));
    expect(all.count).toBe(all.tools.length);
    const custom = await viewer.get('/api/v1/tools', { query: { type: 'custom' } });
    expect(custom.tools.map(({ tool_name }) => tool_name)).toEqual(['listed']);
    const raw = await mesh.raw('roadworks', 'vera', ['viewer']);
    expect((await raw('GET', '/tools?type=hammer')).status).toBe(400);
  });

  it('is changed by admins alone, one of the platform by none', async () => {
    const path = { tool_name: 'guarded' };
    await createTool(admin, 'guarded');
    for (const other of [viewer, editor]) {
      const created = other.post('/api/v1/tools', { body: toolDocument('other') });
      expect((await refused(created)).status).toBe(403);
      expect((await refused(other.put(tool, { path, body: { effect: 'create' } }))).status).toBe(403);
      expect((await refused(other.delete(tool, { path }))).status).toBe(403);
    }
    const ofPlatform = { path: { tool_name: 'bedrock' } };
    const changed = admin.put(tool, { ...ofPlatform, body: { description: 'x' } });
    expect((await refused(changed)).status).toBe(403);
    expect((await refused(admin.delete(tool, ofPlatform))).status).toBe(403);
    expect(await admin.delete(tool, { path })).toMatchObject({ tool_name: 'guarded' });
    expect((await refused(admin.get(tool, { path }))).status).toBe(404);
  });
});

describe('access to a tool', () => {
  const grant = (agent_id: string, tool_name: string, by = admin) =>
    by.post('/api/v1/tool-access/grant', { body: { agent_id, tool_name } });
  const revoke = (agent_id: string, tool_name: string, by = admin) =>
    by.post('/api/v1/tool-access/revoke', { body: { agent_id, tool_name } });
  const verify = (agent_id: string, tool_name: string, by = admin) =>
    by.post('/api/v1/tool-access/verify', { body: { agent_id, tool_name } });
  const revokeByPath = (agent_id: string, tool_name: string) =>
    admin.delete('/api/v1/tool-access/{agent_id}/{tool_name}', { path: { agent_id, tool_name } });
  const codeOf = async (call: Promise<unknown>) => {
    const { status, problem } = await refused(call);
    return [status, problem?.code];
  };
  const denied = [403, 'permission_denied'];

  it('is denied until it is granted, and again once it is revoked', async () => {
    await createTool(admin, 'gauge');
    const agent_id = await createAgent(admin, { tools: ['gauge'] });
    const access = { agent_id, tool_name: 'gauge' };
    for (const end of [revoke, revokeByPath]) {
      expect(await codeOf(verify(agent_id, 'gauge'))).toEqual(denied);
      expect(await grant(agent_id, 'gauge')).toMatchObject({ ...access, is_builtin: false });
      expect(await verify(agent_id, 'gauge')).toMatchObject({ allowed: true, tool: { tool_name: 'gauge' } });
      const listed = await viewer.get('/api/v1/tool-access', { query: { agent_id } });
      expect(listed).toMatchObject({ count: 1, permissions: [access] });
      await end(agent_id, 'gauge');
      expect(await codeOf(verify(agent_id, 'gauge'))).toEqual(denied);
      expect((await refused(end(agent_id, 'gauge'))).status).toBe(404);
    }
  });

  it('ends with the tool', async () => {
    await createTool(admin, 'shortlived');
    const agent_id = await createAgent(admin);
    await grant(agent_id, 'shortlived');
    await admin.delete(tool, { path: { tool_name: 'shortlived' } });
    const refusal = await refused(verify(agent_id, 'shortlived'));
    expect([refusal.status, refusal.problem?.code]).toEqual([403, 'tool_not_found']);
    expect(refusal.message).toContain('tool_not_found');
    await createTool(admin, 'shortlived');
    expect(await codeOf(verify(agent_id, 'shortlived'))).toEqual(denied);
  });

  it('to a tool of an MCP server is granted alone, by both names', async () => {
    const endpoint = 'https://mcp.example.com/';
    await createTool(admin, 'files', { tool_type: 'mcp_server', endpoint });
    const agent_id = await createAgent(admin);
    expect(await grant(agent_id, 'files.read')).toMatchObject({ tool_name: 'files.read' });
    expect(await verify(agent_id, 'files.read')).toMatchObject({ allowed: true });
    expect((await refused(verify(agent_id, 'files.write'))).status).toBe(403);
    await revokeByPath(agent_id, 'files.read');
    expect((await refused(verify(agent_id, 'files.read'))).status).toBe(403);
  });

  it('of the platform is shown to all and changed by none', async () => {
    const [agent_id, tool_name] = ['builtin-query-what', 'retrieval_api'];
    const { permissions } = await viewer.get('/api/v1/tool-access', { query: { agent_id } });
    expect(permissions).toContainEqual(expect.objectContaining({ agent_id, tool_name, is_builtin: true }));
    expect(await verify(agent_id, tool_name)).toMatchObject({ allowed: true });
    expect((await refused(revoke(agent_id, tool_name))).status).toBe(403);
    expect((await refused(grant(agent_id, 'web_search'))).status).toBe(403);
  });

  it('is granted to known agents for known tools only, and the language model needs no grant', async () => {
    const raw = await mesh.raw('roadworks', 'ada');
    const agent_id = await createAgent(admin);
    const unknown = 'agent-00000000000000000000000000000000';
    expect((await refused(grant(unknown, 'web_search'))).status).toBe(404);
    expect((await refused(grant(agent_id, 'no_such_tool'))).status).toBe(404);
    expect((await refused(verify(unknown, 'web_search'))).status).toBe(403);
    expect((await refused(verify(unknown, 'bedrock'))).status).toBe(403);
    expect(await verify(agent_id, 'bedrock')).toMatchObject({ allowed: true });
    expect((await raw('POST', '/tool-access/grant', { body: {} })).status).toBe(400);
  });

  it('is decided by admins alone, and credentials come with it for nobody here', async () => {
    const agent_id = await createAgent(admin);
    for (const decide of [grant, revoke, verify]) {
      expect((await refused(decide(agent_id, 'web_search', editor))).status).toBe(403);
    }
    await grant(agent_id, 'web_search');
    const body = { agent_id, tool_name: 'web_search', include_credentials: true };
    const { status, problem } = await refused(admin.post('/api/v1/tool-access/verify', { body }));
    expect(status).toBe(403);
    expect(problem).not.toHaveProperty('code');
  });
});
