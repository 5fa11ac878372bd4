// Who may change which definition, and which agent may call which tool, through REST.
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { sampleDomain } from '../../local/demo/demo-run.ts';
import type { RestClient } from '../../local/rest-client.ts';
import {
  agentDocument,
  createAgent,
  createDomain,
  createTool,
  domainDocument,
  type RefusalDocument,
  toolDocument,
} from './sample-definitions.ts';
import { startTestMesh, type TestMesh } from './test-mesh.ts';

jest.setTimeout(60_000);

let mesh: TestMesh;
let admin: RestClient;
let editor: RestClient;
let colleague: RestClient;
let viewer: RestClient;

beforeAll(async () => {
  mesh = await startTestMesh();
  admin = await mesh.as('roadworks', 'ada');
  editor = await mesh.as('roadworks', 'edgar', ['editor']);
  colleague = await mesh.as('roadworks', 'cora', ['editor']);
  viewer = await mesh.as('roadworks', 'vera', ['viewer']);
});

afterAll(() => mesh?.close());

const renamed = { agent_name: 'Renamed', domain_name: 'Renamed' };

describe('a definition', () => {
  it('of an editor is changed by the editor and by admins, and by nobody else', async () => {
    const paths = [`/agents/${await createAgent(editor)}`, '/domains/by_editor'].map((p) => `/api/v1${p}`);
    await createDomain(editor, 'by_editor');
    for (const path of paths) {
      for (const other of [colleague, viewer]) {
        expect((await other.get(path)).status).toBe(200);
        expect((await other.put(path, renamed)).status).toBe(403);
        expect((await other.put(`${path}?validate_only=true`, renamed)).status).toBe(403);
        expect((await other.post(`${path}/rollback`, { version: 1 })).status).toBe(403);
        expect((await other.delete(path)).status).toBe(403);
      }
      expect((await editor.put(path, renamed)).status).toBe(200);
      expect((await admin.post(`${path}/rollback`, { version: 1 })).status).toBe(200);
      expect((await editor.get(path)).body).toMatchObject({ version: 3 });
      expect((await editor.delete(path)).status).toBe(200);
    }
  });

  it('is created by no viewer', async () => {
    expect((await viewer.post('/api/v1/agents', agentDocument())).status).toBe(403);
    expect((await viewer.post('/api/v1/domains', domainDocument('viewed'))).status).toBe(403);
  });

  it.each(['/agents/builtin-query-what', `/domains/${sampleDomain}`])(
    'of the platform is read by all and changed by none: %s',
    async (place) => {
      const path = `/api/v1${place}`;
      expect((await viewer.get(path)).status).toBe(200);
      expect((await viewer.get(`${path}/diff?from=1&to=1`)).status).toBe(200);
      expect((await admin.put(path, renamed)).status).toBe(403);
      expect((await admin.post(`${path}/rollback`, { version: 1 })).status).toBe(403);
      expect((await admin.delete(path)).status).toBe(403);
      expect((await admin.get(path)).body).toMatchObject({ version: 1 });
    },
  );
});

describe('a tool', () => {
  const secret = 'sk-f2c5d7d6a8a94b8c';
  const withKey = { auth_method: 'api_key', credentials: { key: secret } };

  it('never shows its credentials', async () => {
    const created = await admin.post('/api/v1/tools', toolDocument('keyed', withKey));
    expect(created).toMatchObject({ status: 201, body: { tool_name: 'keyed', has_credentials: true } });
    const read = await viewer.get('/api/v1/tools/keyed');
    expect(read).toMatchObject({ status: 200, body: created.body as object });
    const changed = await admin.put('/api/v1/tools/keyed', { description: 'Weather' });
    expect(changed).toMatchObject({ status: 200, body: { description: 'Weather', has_credentials: true } });
    const listed = await viewer.get('/api/v1/tools');
    for (const { body } of [created, read, changed, listed]) {
      expect(JSON.stringify(body)).not.toContain(secret);
    }
  });

  it('is refused with every problem at once, a name that is taken included', async () => {
    await createTool(admin, 'once');
    for (const name of ['once', 'bedrock']) {
      const wrong = toolDocument(name, { endpoint: 'http://localhost/', effect: 'magic' });
      const { status, body } = await admin.post<RefusalDocument>('/api/v1/tools', wrong);
      expect(status).toBe(400);
      const fields = body.details.map(({ field }) => field);
      expect([...fields].sort()).toEqual(['effect', 'endpoint', 'tool_name']);
    }
  });

  it('is listed with those of the platform, by type if one is asked for', async () => {
    interface List {
      readonly tools: readonly { readonly tool_name: string; readonly tool_type: string }[];
      readonly count: number;
    }
    await createTool(admin, 'listed', { tool_type: 'custom' });
    const { body: all } = await viewer.get<List>('/api/v1/tools');
    const names = all.tools.map(({ tool_name }) => tool_name);
    expect(names).toEqual(expect.arrayContaining(['listed', 'bedrock', 'retrieval_api']));
    expect(all.count).toBe(all.tools.length);
    const { body: custom } = await viewer.get<List>('/api/v1/tools?type=custom');
    expect(custom.tools.map(({ tool_name }) => tool_name)).toEqual(['listed']);
    expect((await viewer.get('/api/v1/tools?type=hammer')).status).toBe(400);
  });

  it('is changed by admins alone, one of the platform by none', async () => {
    await createTool(admin, 'guarded');
    for (const other of [viewer, editor]) {
      expect((await other.post('/api/v1/tools', toolDocument('other'))).status).toBe(403);
      expect((await other.put('/api/v1/tools/guarded', { effect: 'create' })).status).toBe(403);
      expect((await other.delete('/api/v1/tools/guarded')).status).toBe(403);
    }
    expect((await admin.put('/api/v1/tools/bedrock', { description: 'x' })).status).toBe(403);
    expect((await admin.delete('/api/v1/tools/bedrock')).status).toBe(403);
    const deleted = await admin.delete('/api/v1/tools/guarded');
    expect(deleted).toMatchObject({ status: 200, body: { tool_name: 'guarded' } });
    expect((await admin.get('/api/v1/tools/guarded')).status).toBe(404);
  });
});

describe('access to a tool', () => {
  const verify = (agent_id: string, tool_name: string, more: object = {}) =>
    admin.post<RefusalDocument>('/api/v1/tool-access/verify', { agent_id, tool_name, ...more });

  it('is denied until it is granted, and again once it is revoked', async () => {
    await createTool(admin, 'gauge');
    const agent_id = await createAgent(admin, { tools: ['gauge'] });
    const access = { agent_id, tool_name: 'gauge' };
    const denied = { status: 403, body: { code: 'permission_denied' } };
    for (const revoke of [
      () => admin.post('/api/v1/tool-access/revoke', access),
      () => admin.delete(`/api/v1/tool-access/${agent_id}/gauge`),
    ]) {
      expect(await verify(agent_id, 'gauge')).toMatchObject(denied);
      const granted = await admin.post('/api/v1/tool-access/grant', access);
      expect(granted).toMatchObject({ status: 201, body: { ...access, is_builtin: false } });
      const allowed = { status: 200, body: { allowed: true, tool: { tool_name: 'gauge' } } };
      expect(await verify(agent_id, 'gauge')).toMatchObject(allowed);
      const listed = await viewer.get(`/api/v1/tool-access?agent_id=${agent_id}`);
      expect(listed).toMatchObject({ status: 200, body: { count: 1, permissions: [access] } });
      expect((await revoke()).status).toBe(200);
      expect(await verify(agent_id, 'gauge')).toMatchObject(denied);
      expect((await revoke()).status).toBe(404);
    }
  });

  it('ends with the tool', async () => {
    await createTool(admin, 'shortlived');
    const agent_id = await createAgent(admin);
    await admin.post('/api/v1/tool-access/grant', { agent_id, tool_name: 'shortlived' });
    await admin.delete('/api/v1/tools/shortlived');
    const refused = await verify(agent_id, 'shortlived');
    expect(refused).toMatchObject({ status: 403, body: { code: 'tool_not_found' } });
    expect(refused.body.detail).toContain('tool_not_found');
    await createTool(admin, 'shortlived');
    expect((await verify(agent_id, 'shortlived')).body.code).toBe('permission_denied');
  });

  it('to a tool of an MCP server is granted alone, by both names', async () => {
    const endpoint = 'https://mcp.example.com/';
    await createTool(admin, 'files', { tool_type: 'mcp_server', endpoint });
    const agent_id = await createAgent(admin);
    const access = { agent_id, tool_name: 'files.read' };
    expect((await admin.post('/api/v1/tool-access/grant', access)).status).toBe(201);
    expect((await verify(agent_id, 'files.read')).status).toBe(200);
    expect((await verify(agent_id, 'files.write')).status).toBe(403);
    expect((await admin.delete(`/api/v1/tool-access/${agent_id}/files.read`)).status).toBe(200);
    expect((await verify(agent_id, 'files.read')).status).toBe(403);
  });

  it('of the platform is shown to all and changed by none', async () => {
    const access = { agent_id: 'builtin-query-what', tool_name: 'retrieval_api' };
    const listed = await viewer.get(`/api/v1/tool-access?agent_id=${access.agent_id}`);
    expect(listed.body).toMatchObject({
      permissions: expect.arrayContaining([expect.objectContaining({ ...access, is_builtin: true })]),
    });
    expect((await verify(access.agent_id, access.tool_name)).status).toBe(200);
    expect((await admin.post('/api/v1/tool-access/revoke', access)).status).toBe(403);
    const more = { ...access, tool_name: 'web_search' };
    expect((await admin.post('/api/v1/tool-access/grant', more)).status).toBe(403);
  });

  it('is granted to known agents for known tools only, and the language model needs no grant', async () => {
    const agent_id = await createAgent(admin);
    const unknown = 'agent-00000000000000000000000000000000';
    const grant = (body: object) => admin.post('/api/v1/tool-access/grant', body);
    expect((await grant({ agent_id: unknown, tool_name: 'web_search' })).status).toBe(404);
    expect((await grant({ agent_id, tool_name: 'no_such_tool' })).status).toBe(404);
    expect((await verify(unknown, 'web_search')).status).toBe(403);
    expect((await verify(unknown, 'bedrock')).status).toBe(403);
    expect((await verify(agent_id, 'bedrock')).status).toBe(200);
    expect((await grant({})).status).toBe(400);
  });

  it('is decided by admins alone, and credentials come with it for nobody here', async () => {
    const agent_id = await createAgent(admin);
    const access = { agent_id, tool_name: 'web_search' };
    for (const verb of ['grant', 'revoke', 'verify']) {
      expect((await editor.post(`/api/v1/tool-access/${verb}`, access)).status).toBe(403);
    }
    await admin.post('/api/v1/tool-access/grant', access);
    const asked = await verify(agent_id, 'web_search', { include_credentials: true });
    expect(asked.status).toBe(403);
    expect(asked.body).not.toHaveProperty('code');
  });
});
