// Who may see what, on every route that names an object: a foreign object looks like one that never existed.
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { ApiClient } from '../../clients/api/api-client.ts';
import type { EstimatePlaybookBody, GrantToolAccessBody } from '../../clients/api/gen/api-types.ts';
import { sampleDomain } from '../../local/demo/demo-run.ts';
import { refused, shapeOf } from './answers.ts';
import { createRawClient } from './raw-client.ts';
import { createAgent, createDomain, createTool } from './sample-definitions.ts';
import { finishQuery, finishReport, openSession, startTestMesh, type TestMesh } from './test-mesh.ts';

jest.setTimeout(60_000);

const unknownHex = '01890a5d0c0c7aaa8aaa0123456789ab';
let mesh: TestMesh;
let alice: ApiClient;
let stranger: ApiClient;
let colleague: ApiClient;

/** Ids of what alice made. */
const made = {
  report: '',
  session: '',
  query: '',
  ingestion: '',
  answer: '',
  agent: '',
  domain: '',
  tool: '',
};
type Made = keyof typeof made;

type Reading = (api: ApiClient, id: string) => Promise<object>;

const readRun: Reading = (api, job_id) => api.get('/api/v1/executions/{job_id}', { path: { job_id } });
const agent = '/api/v1/agents/{agent_id}';
const domain = '/api/v1/domains/{domain_id}';
const tool = '/api/v1/tools/{tool_name}';

const read: Readonly<Record<Made, Reading>> = {
  report: (api, incident_id) => api.get('/api/v1/reports/{incident_id}', { path: { incident_id } }),
  session: (api, session_id) => api.get('/api/v1/sessions/{session_id}', { path: { session_id } }),
  query: (api, query_id) => api.get('/api/v1/queries/{query_id}', { path: { query_id } }),
  ingestion: readRun,
  answer: readRun,
  agent: (api, agent_id) => api.get(agent, { path: { agent_id } }),
  domain: (api, domain_id) => api.get(domain, { path: { domain_id } }),
  tool: (api, tool_name) => api.get(tool, { path: { tool_name } }),
};
const nouns = Object.keys(read) as Made[];

beforeAll(async () => {
  mesh = await startTestMesh();
  alice = await mesh.as('acme', 'alice');
  stranger = await mesh.as('globex', 'alice');
  colleague = await mesh.as('acme', 'carol');
  const { report, jobId } = await finishReport(alice, 'A street light is out on Main Street');
  const session = await openSession(alice);
  const asked = await finishQuery(alice, session, 'Which lights are out?');
  Object.assign(made, { report: report.incident_id, session, query: asked.query.query_id });
  Object.assign(made, { ingestion: jobId, answer: asked.jobId });
  Object.assign(made, { agent: await createAgent(alice), domain: 'domain_of_alice', tool: 'tool_of_alice' });
  await createDomain(alice, made.domain);
  await createTool(alice, made.tool);
});

afterAll(() => mesh?.close());

/** The same id with other digits, or another name: the right form, and of nobody. */
function unknownLike(id: string): string {
  return /[0-9a-f]{32}$/.test(id) ? id.slice(0, -unknownHex.length) + unknownHex : `${id}_unknown`;
}

describe('an object of another tenant', () => {
  it.each(nouns)('looks like one that never existed: %s', async (noun) => {
    await read[noun](alice, made[noun]);
    const foreign = await refused(read[noun](stranger, made[noun]));
    const unknown = await refused(read[noun](stranger, unknownLike(made[noun])));
    expect(foreign.status).toBe(404);
    expect(shapeOf(foreign)).toEqual(shapeOf(unknown));
    expect(JSON.stringify(shapeOf(foreign))).not.toContain(made[noun]);
  });

  const version = { version: 1 };
  const versions = { from: 1, to: 1 };
  const query = { validate_only: 'true' } as const;
  const ofAgent = (agent_id: string) => ({ path: { agent_id } });
  const ofDomain = (domain_id: string) => ({ path: { domain_id } });
  const ofTool = (tool_name: string) => ({ path: { tool_name } });
  const agentName = { body: { agent_name: 'Mine' } };
  const domainName = { body: { domain_name: 'Mine' } };
  const emptyPlaybook = { type: 'ingestion' as const, agent_execution_graph: { nodes: [], edges: [] } };
  const estimated = (playbook: EstimatePlaybookBody['playbook']) => ({ body: { playbook, count: 1 } });
  it.each<readonly [Made, string, (id: string) => Promise<unknown>]>([
    ['agent', 'changed', (id) => stranger.put(agent, { ...ofAgent(id), ...agentName })],
    ['agent', 'judged', (id) => stranger.put(agent, { ...ofAgent(id), ...agentName, query })],
    ['agent', 'deleted', (id) => stranger.delete(agent, ofAgent(id))],
    ['agent', 'compared', (id) => stranger.get(`${agent}/diff`, { ...ofAgent(id), query: versions })],
    ['agent', 'rolled back', (id) => stranger.post(`${agent}/rollback`, { ...ofAgent(id), body: version })],
    ['domain', 'changed', (id) => stranger.put(domain, { ...ofDomain(id), ...domainName })],
    ['domain', 'judged', (id) => stranger.put(domain, { ...ofDomain(id), ...domainName, query })],
    ['domain', 'deleted', (id) => stranger.delete(domain, ofDomain(id))],
    ['domain', 'compared', (id) => stranger.get(`${domain}/diff`, { ...ofDomain(id), query: versions })],
    [
      'domain',
      'rolled back',
      (id) => stranger.post(`${domain}/rollback`, { ...ofDomain(id), body: version }),
    ],
    [
      'domain',
      'estimated',
      (id) => stranger.post(`${domain}/estimate`, { ...ofDomain(id), ...estimated('ingestion') }),
    ],
    [
      'domain',
      'estimated with a playbook',
      (id) => stranger.post(`${domain}/estimate`, { ...ofDomain(id), ...estimated(emptyPlaybook) }),
    ],
    ['tool', 'changed', (id) => stranger.put(tool, { ...ofTool(id), body: { description: 'Mine' } })],
    ['tool', 'deleted', (id) => stranger.delete(tool, ofTool(id))],
  ])('cannot be reached by any other way: %s, to be %s', async (noun, _way, send) => {
    const foreign = await refused(send(made[noun]));
    const unknown = await refused(send(unknownLike(made[noun])));
    expect(foreign.status).toBe(404);
    expect(shapeOf(foreign)).toEqual(shapeOf(unknown));
    expect(JSON.stringify(await read[noun](alice, made[noun]))).not.toContain('Mine');
  });

  it('cannot be built upon: what names it is told of an unknown one', async () => {
    const told = async (call: Promise<unknown>) => {
      const { status, problem } = await refused(call);
      return { status, details: problem?.details };
    };
    const agent_id = await createAgent(stranger);
    const unknown = unknownLike(made.agent);
    const access = (verb: 'grant' | 'verify', body: GrantToolAccessBody) =>
      stranger.post(`/api/v1/tool-access/${verb}`, { body });
    const ways: ((agentId: string, toolName: string) => Promise<unknown>)[] = [
      (id) => stranger.put(agent, { ...ofAgent(agent_id), body: { agent_dependencies: [id] } }),
      (_id, name) => stranger.put(agent, { ...ofAgent(agent_id), body: { tools: [name] } }),
      (id) => access('grant', { agent_id: id, tool_name: 'web_search' }),
      (_id, tool_name) => access('grant', { agent_id, tool_name }),
      (id) => access('verify', { agent_id: id, tool_name: 'bedrock' }),
      (_id, tool_name) => access('verify', { agent_id, tool_name }),
    ];
    for (const way of ways) {
      const foreign = await told(way(made.agent, made.tool));
      const other = await told(way(unknown, unknownLike(made.tool)));
      const asUnknown = JSON.stringify(other)
        .replaceAll(unknown, made.agent)
        .replaceAll(unknownLike(made.tool), made.tool);
      expect(JSON.stringify(foreign)).toBe(asUnknown);
    }
  });

  it('cannot be asked about: a foreign session is an unknown one', async () => {
    const ask = (session: string) =>
      refused(
        stranger.post('/api/v1/queries', {
          body: { session_id: session, domain_id: sampleDomain, question: 'What?' },
        }),
      );
    const [foreign, unknown] = [await ask(made.session), await ask(unknownLike(made.session))];
    expect(foreign.status).toBe(404);
    expect(shapeOf(foreign)).toEqual(shapeOf(unknown));
  });

  it.each(['reports', 'sessions', 'queries', 'executions'] as const)('is in no list: %s', async (list) => {
    expect(await Array.fromAsync(alice.pages(`/api/v1/${list}`))).not.toEqual([]);
    expect(await Array.fromAsync(stranger.pages(`/api/v1/${list}`))).toEqual([]);
  });

  it.each([
    ['agent', (api: ApiClient) => Array.fromAsync(api.pages('/api/v1/agents'))],
    ['domain', (api: ApiClient) => Array.fromAsync(api.pages('/api/v1/domains'))],
    ['tool', (api: ApiClient) => api.get('/api/v1/tools')],
  ] as const)('is not among what the platform lists: %s', async (noun, list) => {
    expect(JSON.stringify(await list(alice))).toContain(made[noun]);
    expect(JSON.stringify(await list(stranger))).not.toContain(made[noun]);
  });

  it('stays out of reach of a header that names the tenant', async () => {
    const path = { incident_id: made.report };
    const { tenant_id } = await alice.get('/api/v1/reports/{incident_id}', { path });
    const init = { path, headers: { 'x-tenant-id': tenant_id } };
    const answer = stranger.get('/api/v1/reports/{incident_id}', init);
    expect((await refused(answer)).status).toBe(404);
  });
});

describe("a colleague's work", () => {
  it.each(['session', 'query', 'answer'] as const)('is refused, to admins too: %s', async (noun) => {
    expect((await refused(read[noun](colleague, made[noun]))).status).toBe(403);
  });

  it.each([...(['report', 'ingestion', 'agent', 'domain', 'tool'] as const)])(
    'is shared where it concerns reports and definitions: %s',
    async (noun) => {
      expect(JSON.stringify(await read[noun](colleague, made[noun]))).toContain(made[noun]);
    },
  );

  it('takes no question of another user', async () => {
    const body = { session_id: made.session, domain_id: sampleDomain, question: 'What?' };
    expect((await refused(colleague.post('/api/v1/queries', { body }))).status).toBe(403);
  });

  it.each(['sessions', 'queries'] as const)('is in no list of another user: %s', async (list) => {
    expect(await Array.fromAsync(colleague.pages(`/api/v1/${list}`))).toEqual([]);
  });
});

describe('a caller', () => {
  it('without a valid credential is told how to send one', async () => {
    for (const token of [undefined, 'nonsense', 'a.b.c']) {
      const raw = createRawClient({ gatewayUrl: mesh.gatewayUrl, ...(token && { token }) });
      const answer = await raw('GET', '/reports');
      expect(answer.status).toBe(401);
      expect(answer.headers.get('www-authenticate')).toContain('Bearer');
    }
  });

  it('with the role viewer may ask but not report', async () => {
    const viewer = await mesh.as('acme', 'vera', ['viewer']);
    const body = { domain_id: sampleDomain, text: 'A pothole' };
    expect((await refused(viewer.post('/api/v1/reports', { body }))).status).toBe(403);
    const { query } = await finishQuery(viewer, await openSession(viewer), 'What is wrong?');
    expect(query.status).toBe('completed');
  });
});
