// Who may see what, on every route that names an object: a foreign object looks like one that never existed.
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { sampleDomain } from '../../local/demo/demo-run.ts';
import type { RestAnswer, RestClient } from '../../local/rest-client.ts';
import type { ProblemDocument } from '../../local/rest-documents.ts';
import { createAgent, createDomain, createTool } from './sample-definitions.ts';
import { finishQuery, finishReport, openSession, startTestMesh, type TestMesh } from './test-mesh.ts';

jest.setTimeout(60_000);

const unknownHex = '01890a5d0c0c7aaa8aaa0123456789ab';
let mesh: TestMesh;
let alice: RestClient;
let stranger: RestClient;
let colleague: RestClient;

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

const paths: Readonly<Record<Made, (id: string) => string>> = {
  report: (id) => `/api/v1/reports/${id}`,
  session: (id) => `/api/v1/sessions/${id}`,
  query: (id) => `/api/v1/queries/${id}`,
  ingestion: (id) => `/api/v1/executions/${id}`,
  answer: (id) => `/api/v1/executions/${id}`,
  agent: (id) => `/api/v1/agents/${id}`,
  domain: (id) => `/api/v1/domains/${id}`,
  tool: (id) => `/api/v1/tools/${id}`,
};
const nouns = Object.keys(paths) as Made[];

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

/** An error without what differs between any two requests. */
function shapeOf({ status, body }: RestAnswer<ProblemDocument>): object {
  return { sent: status, ...body, trace_id: '', timestamp: '', instance: '' };
}

/** The same id with other digits, or another name: the right form, and of nobody. */
function unknownLike(id: string): string {
  return /[0-9a-f]{32}$/.test(id) ? id.slice(0, -unknownHex.length) + unknownHex : `${id}_unknown`;
}

describe('an object of another tenant', () => {
  it.each(nouns)('looks like one that never existed: %s', async (noun) => {
    const path = paths[noun];
    expect((await alice.get(path(made[noun]))).status).toBe(200);
    const foreign = await stranger.get<ProblemDocument>(path(made[noun]));
    const unknown = await stranger.get<ProblemDocument>(path(unknownLike(made[noun])));
    expect(foreign.status).toBe(404);
    expect(shapeOf(foreign)).toEqual(shapeOf(unknown));
    expect(JSON.stringify(shapeOf(foreign))).not.toContain(made[noun]);
  });

  const version = { version: 1 };
  it.each<readonly [Made, string, string, object | null]>([
    ['agent', 'PUT', '', { agent_name: 'Mine' }],
    ['agent', 'PUT', '?validate_only=true', { agent_name: 'Mine' }],
    ['agent', 'DELETE', '', null],
    ['agent', 'GET', '/diff?from=1&to=1', null],
    ['agent', 'POST', '/rollback', version],
    ['domain', 'PUT', '', { domain_name: 'Mine' }],
    ['domain', 'PUT', '?validate_only=true', { domain_name: 'Mine' }],
    ['domain', 'DELETE', '', null],
    ['domain', 'GET', '/diff?from=1&to=1', null],
    ['domain', 'POST', '/rollback', version],
    ['domain', 'POST', '/estimate', { playbook: 'ingestion', count: 1 }],
    ['domain', 'POST', '/estimate', { playbook: { type: 'ingestion' }, count: 1 }],
    ['tool', 'PUT', '', { description: 'Mine' }],
    ['tool', 'DELETE', '', null],
  ])('cannot be reached by any other way: %s %s %s', async (noun, method, way, body) => {
    const send = (id: string) =>
      stranger.send<ProblemDocument>(method, paths[noun](id) + way, body ? { body } : {});
    const [foreign, unknown] = [await send(made[noun]), await send(unknownLike(made[noun]))];
    expect(foreign.status).toBe(404);
    expect(shapeOf(foreign)).toEqual(shapeOf(unknown));
    const { body: kept } = await alice.get(paths[noun](made[noun]));
    expect(JSON.stringify(kept)).not.toContain('Mine');
  });

  it('cannot be built upon: what names it is told of an unknown one', async () => {
    const told = async (method: string, path: string, body: object) => {
      const { status, body: problem } = await stranger.send<ProblemDocument>(method, path, { body });
      return { status, details: problem.details };
    };
    const agentId = await createAgent(stranger);
    const unknown = unknownLike(made.agent);
    const ways: ((agent: string, tool: string) => readonly [string, string, object])[] = [
      (agent) => ['PUT', paths.agent(agentId), { agent_dependencies: [agent] }],
      (_agent, tool) => ['PUT', paths.agent(agentId), { tools: [tool] }],
      (agent) => ['POST', '/api/v1/tool-access/grant', { agent_id: agent, tool_name: 'web_search' }],
      (_agent, tool) => ['POST', '/api/v1/tool-access/grant', { agent_id: agentId, tool_name: tool }],
      (agent) => ['POST', '/api/v1/tool-access/verify', { agent_id: agent, tool_name: 'bedrock' }],
      (_agent, tool) => ['POST', '/api/v1/tool-access/verify', { agent_id: agentId, tool_name: tool }],
    ];
    for (const way of ways) {
      const foreign = await told(...way(made.agent, made.tool));
      expect(foreign.status).toBeGreaterThanOrEqual(400);
      const other = await told(...way(unknown, unknownLike(made.tool)));
      const asUnknown = JSON.stringify(other)
        .replaceAll(unknown, made.agent)
        .replaceAll(unknownLike(made.tool), made.tool);
      expect(JSON.stringify(foreign)).toBe(asUnknown);
    }
  });

  it('cannot be asked about: a foreign session is an unknown one', async () => {
    const ask = (session: string) =>
      stranger.post<ProblemDocument>('/api/v1/queries', {
        ...{ session_id: session, domain_id: sampleDomain, question: 'What?' },
      });
    const [foreign, unknown] = [await ask(made.session), await ask(unknownLike(made.session))];
    expect(foreign.status).toBe(404);
    expect(shapeOf(foreign)).toEqual(shapeOf(unknown));
  });

  it.each(['reports', 'sessions', 'queries', 'executions'])('is in no list: %s', async (list) => {
    type List = Readonly<Record<string, readonly unknown[]>>;
    const own = await alice.get<List>(`/api/v1/${list}`);
    const foreign = await stranger.get<List>(`/api/v1/${list}`);
    expect(own.body[list]).not.toEqual([]);
    expect(foreign).toMatchObject({ status: 200, body: { [list]: [] } });
  });

  it.each(['agents', 'domains', 'tools'])('is not among what the platform lists: %s', async (list) => {
    const path = `/api/v1/${list}${list === 'tools' ? '' : '?limit=100'}`;
    const noun = list.slice(0, -1) as Made;
    expect(JSON.stringify((await alice.get(path)).body)).toContain(made[noun]);
    const foreign = await stranger.get(path);
    expect(foreign.status).toBe(200);
    expect(JSON.stringify(foreign.body)).not.toContain(made[noun]);
  });

  it('stays out of reach of a header that names the tenant', async () => {
    const { body } = await alice.get<{ readonly tenant_id: string }>(paths.report(made.report));
    const headers = { 'x-tenant-id': body.tenant_id };
    const answer = await stranger.send('GET', paths.report(made.report), { headers });
    expect(answer.status).toBe(404);
  });
});

describe("a colleague's work", () => {
  it.each(['session', 'query', 'answer'] as const)('is refused, to admins too: %s', async (noun) => {
    expect((await colleague.get(paths[noun](made[noun]))).status).toBe(403);
  });

  it.each([...(['report', 'ingestion', 'agent', 'domain', 'tool'] as const)])(
    'is shared where it concerns reports and definitions: %s',
    async (noun) => {
      expect((await colleague.get(paths[noun](made[noun]))).status).toBe(200);
    },
  );

  it('takes no question of another user', async () => {
    const question = { session_id: made.session, domain_id: sampleDomain, question: 'What?' };
    expect((await colleague.post('/api/v1/queries', question)).status).toBe(403);
  });

  it.each(['sessions', 'queries'])('is in no list of another user: %s', async (list) => {
    expect(await colleague.get(`/api/v1/${list}`)).toMatchObject({ status: 200, body: { [list]: [] } });
  });
});

describe('a caller', () => {
  it('without a valid credential is told how to send one', async () => {
    const { createRestClient } = await import('../../local/rest-client.ts');
    for (const token of [undefined, 'nonsense', 'a.b.c']) {
      const client = createRestClient({ gatewayUrl: mesh.gatewayUrl, ...(token && { token }) });
      const answer = await client.get<ProblemDocument>('/api/v1/reports');
      expect(answer.status).toBe(401);
      expect(answer.headers.get('www-authenticate')).toContain('Bearer');
    }
  });

  it('with the role viewer may ask but not report', async () => {
    const viewer = await mesh.as('acme', 'vera', ['viewer']);
    const report = { domain_id: sampleDomain, text: 'A pothole' };
    expect((await viewer.post('/api/v1/reports', report)).status).toBe(403);
    const { query } = await finishQuery(viewer, await openSession(viewer), 'What is wrong?');
    expect(query.status).toBe('completed');
  });
});
