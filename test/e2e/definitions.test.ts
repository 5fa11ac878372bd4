// Agents and domains of a new tenant through REST: created, wired, run, compared, rolled back and deleted.
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { sampleDomain } from '../../local/demo/demo-run.ts';
import { bodyOf, type RestClient } from '../../local/rest-client.ts';
import type { ReportAccepted } from '../../local/rest-documents.ts';
import {
  type AgentDocument,
  agentDocument,
  createAgent,
  createDomain,
  type DiffDocument,
  type DomainDocument,
  domainDocument,
  type JudgementDocument,
  type PlanDocument,
  playbook,
  type RefusalDocument,
  toolDocument,
} from './sample-definitions.ts';
import { reportOnceEnded, startTestMesh, type TestMesh } from './test-mesh.ts';

jest.setTimeout(60_000);

const agents = '/api/v1/agents';
const domains = '/api/v1/domains';
let mesh: TestMesh;
let admin: RestClient;

beforeAll(async () => {
  mesh = await startTestMesh();
  admin = await mesh.as('roadworks', 'ada');
});

afterAll(() => mesh?.close());

const fieldsOf = ({ details }: RefusalDocument): readonly string[] => details.map(({ field }) => field);

describe('a new tenant', () => {
  it('wires its agents into a domain of its own, and a report runs through it', async () => {
    const closer = await createAgent(admin, { agent_name: 'Closer', agent_class: 'management' });
    const teller = await createAgent(admin, { agent_dependencies: ['builtin-query-when'] });
    const created = await admin.post<DomainDocument>(
      domains,
      domainDocument('potholes', {
        ingestion_playbook: playbook(
          ['builtin-ingestion-geo', 'builtin-ingestion-temporal'],
          [['builtin-ingestion-temporal', 'builtin-ingestion-geo']],
        ),
        query_playbook: playbook([teller]),
        management_playbook: playbook([closer, 'builtin-management-status-updater']),
      }),
    );
    expect(created).toMatchObject({ status: 201, body: { domain_id: 'potholes', version: 1 } });
    const place = created.headers.get('location') ?? '';
    expect((await admin.get(place)).body).toMatchObject({ domain_id: 'potholes', created_by_me: true });

    const text = 'There is a deep pothole on Main Street since yesterday';
    const accepted = await admin.post<ReportAccepted>('/api/v1/reports', { domain_id: 'potholes', text });
    const { incident_id } = bodyOf(accepted, 202, 'Submitting a report');
    const report = await reportOnceEnded(admin, incident_id);
    expect(report).toMatchObject({ status: 'completed', domain_id: 'potholes', error: null });
    expect(report.ingestion_data).toHaveProperty('location_text');
  });

  it('reads an agent with everything that it depends on', async () => {
    const first = await createAgent(admin, { agent_name: 'First' });
    const second = await createAgent(admin, { agent_name: 'Second', agent_dependencies: [first] });
    const { body } = await admin.get<AgentDocument>(`${agents}/${second}`);
    expect(body.dependency_graph.edges).toEqual([{ from: first, to: second }]);
    expect(body.dependency_graph.nodes.map(({ label }) => label).sort()).toEqual(['First', 'Second']);
  });

  it('finds what it created in its lists', async () => {
    const agentId = await createAgent(admin);
    await createDomain(admin, 'listed');
    const { body: first } = await admin.get<{ agents: readonly AgentDocument[] }>(`${agents}?limit=1`);
    expect(first.agents).toMatchObject([{ agent_id: agentId, created_by_me: true, version: 1 }]);
    const { body: second } = await admin.get<{ domains: readonly DomainDocument[] }>(`${domains}?limit=1`);
    expect(second.domains).toMatchObject([{ domain_id: 'listed', created_by_me: true }]);
  });

  it('may create a domain from what a GET shows of another one', async () => {
    const { body: sample } = await admin.get<object>(`${domains}/${sampleDomain}`);
    const copied = await admin.post<DomainDocument>(domains, { ...sample, domain_id: 'copied' });
    expect(copied).toMatchObject({ status: 201, body: { domain_id: 'copied', version: 1 } });
    const { body: copy } = await admin.get<DomainDocument>(`${domains}/copied`);
    expect(copy.query_playbook).toEqual((sample as DomainDocument).query_playbook);
  });
});

describe('what breaks rules', () => {
  it('is told all at once, each with its path', async () => {
    const wrong = agentDocument({
      ...{ agent_name: ' ', agent_class: 'hammer', tools: ['no_such_tool'] },
      agent_dependencies: ['agent-00000000000000000000000000000000'],
    });
    const refused = await admin.post<RefusalDocument>(agents, wrong);
    expect(refused.status).toBe(400);
    const wanted = ['agent_class', 'agent_dependencies[0]', 'agent_name', 'tools[0]'];
    expect([...fieldsOf(refused.body)].sort()).toEqual(wanted);
  });

  it('is told of every playbook at once', async () => {
    const wrong = domainDocument('wrong', {
      ingestion_playbook: playbook(['builtin-query-what']),
      query_playbook: playbook(['builtin-query-what', 'builtin-query-what'], [['builtin-query-what', 'x']]),
      management_playbook: undefined,
    });
    const refused = await admin.post<RefusalDocument>(domains, wrong);
    expect(refused.status).toBe(400);
    const playbooks = new Set(fieldsOf(refused.body).map((field) => field.split('.')[0]));
    expect([...playbooks].sort()).toEqual(['ingestion_playbook', 'management_playbook', 'query_playbook']);
    expect(fieldsOf(refused.body)).toContain('query_playbook.agent_execution_graph.nodes[1]');
    expect((await admin.get(`${domains}/wrong`)).status).toBe(404);
  });

  it('is a refusal and no failure where no store can hold it', async () => {
    const nul = 'x\0y';
    const inSchema = (properties: object) => agentDocument({ output_schema: { properties } });
    const inPlaybook = (query_playbook: object) => domainDocument('nul', { query_playbook });
    const answers = await Promise.all([
      admin.post(agents, agentDocument({ agent_name: nul })),
      admin.post(agents, agentDocument({ settings: { model: nul } })),
      admin.post(agents, inSchema({ a: { type: 'string', description: nul } })),
      admin.post(agents, inSchema({ [nul]: { type: 'string' } })),
      admin.post(domains, domainDocument(nul)),
      admin.post(domains, inPlaybook(playbook([nul]))),
      admin.post(domains, inPlaybook(playbook(['builtin-query-what'], [[nul, 'builtin-query-what']]))),
      admin.post('/api/v1/tools', toolDocument('nul', { parameters_schema: { description: nul } })),
    ]);
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 400));
  });

  it('names the way of a circular dependency of agents', async () => {
    const first = await createAgent(admin);
    const second = await createAgent(admin, { agent_dependencies: [first] });
    const closed = { agent_dependencies: [second] };
    const { status, body } = await admin.put<RefusalDocument>(`${agents}/${first}`, closed);
    expect(status).toBe(400);
    expect(body.detail).toMatch(
      new RegExp(
        `circular dependency: (${first} -> ${second} -> ${first}|${second} -> ${first} -> ${second})`,
      ),
    );
    const itself = { agent_dependencies: [first] };
    const own = await admin.put<RefusalDocument>(`${agents}/${first}`, itself);
    expect(own).toMatchObject({ status: 400 });
    expect(own.body.detail).toContain(`circular dependency: ${first} -> ${first}`);
    expect((await admin.get(`${agents}/${first}`)).body).toMatchObject({
      version: 1,
      agent_dependencies: [],
    });
  });

  it('names the way of a cycle of edges and dependencies in a playbook', async () => {
    const first = await createAgent(admin);
    const second = await createAgent(admin, { agent_dependencies: [first] });
    const query_playbook = playbook([first, second], [[second, first]]);
    const answer = await admin.post<RefusalDocument>(domains, domainDocument('cyclic', { query_playbook }));
    expect(answer.status).toBe(400);
    expect(answer.body.detail).toContain('query_playbook');
    expect(answer.body.detail).toMatch(/circular dependency: (\S+) -> (\S+) -> \1/);
  });

  it('includes an id that the tenant or the platform has already', async () => {
    await createDomain(admin, 'taken');
    expect((await admin.post(domains, domainDocument('taken'))).status).toBe(409);
    expect((await admin.post(domains, domainDocument(sampleDomain))).status).toBe(409);
    const stranger = await mesh.as('elsewhere', 'sam');
    expect((await stranger.post(domains, domainDocument('taken'))).status).toBe(201);
  });

  it('includes an update that changes nothing at all', async () => {
    const agentId = await createAgent(admin);
    await createDomain(admin, 'unchanged');
    for (const path of [`${agents}/${agentId}`, `${domains}/unchanged`]) {
      for (const body of [{}, { version: 9, id: 'x', unknown: true }]) {
        expect((await admin.put(path, body)).status).toBe(400);
      }
    }
  });
});

describe('a definition that is only judged', () => {
  it('is not stored, and its plan pulls in what it depends on', async () => {
    const before = await admin.get(`${domains}?limit=100`);
    const teller = await createAgent(admin, { agent_dependencies: ['builtin-query-when'] });
    const judged = await admin.post<JudgementDocument<Record<string, PlanDocument | null>>>(
      `${domains}?validate_only=true`,
      domainDocument('judged', { query_playbook: playbook([teller]) }),
    );
    expect(judged).toMatchObject({ status: 200, body: { valid: true, details: [] } });
    expect(judged.body.plan.query).toMatchObject({
      nodes: [
        { node_id: 'builtin-query-when', implicit: true },
        { node_id: teller, implicit: false },
      ],
      edges: [{ from: 'builtin-query-when', to: teller }],
    });
    expect((await admin.get(`${domains}/judged`)).status).toBe(404);
    expect((await admin.get(`${domains}?limit=100`)).body).toEqual(before.body);
  });

  it('leaves a saved one as it is', async () => {
    const agentId = await createAgent(admin);
    const path = `${agents}/${agentId}`;
    const before = await admin.get(path);
    const judged = await admin.put(`${path}?validate_only=true`, { agent_name: 'Other', tools: ['no_such'] });
    expect(judged).toMatchObject({ status: 200, body: { valid: false, plan: null } });
    expect((judged.body as JudgementDocument<null>).details).toMatchObject([{ field: 'tools[0]' }]);
    expect((await admin.get(path)).body).toEqual(before.body);
  });

  it('has no plan for a playbook that breaks a rule, and plans for the others', async () => {
    const wrong = domainDocument('judged', { query_playbook: playbook(['builtin-ingestion-geo']) });
    const { status, body } = await admin.post(`${domains}?validate_only=true`, wrong);
    expect(status).toBe(200);
    expect(body).toMatchObject({ valid: false, plan: { query: null, ingestion: {}, management: {} } });
  });
});

describe('a save', () => {
  it('warns of a key that two agents produce and of one that nobody does', async () => {
    const first = await createAgent(admin);
    const second = await createAgent(admin, { system_prompt: 'Use {{nowhere}} and {{question}}.' });
    const { warnings } = await createDomain(admin, 'warned', { query_playbook: playbook([first, second]) });
    expect(warnings).toMatchObject([
      { domain_id: 'warned', playbook: 'query', code: expect.stringMatching(/duplicate_key|missing_key/) },
      { domain_id: 'warned', playbook: 'query', code: expect.stringMatching(/duplicate_key|missing_key/) },
    ]);
    const told = new Map(warnings?.map(({ code, text }) => [code, text]));
    expect(told.get('duplicate_key')).toContain('summary');
    expect(told.get('missing_key')).toContain('nowhere');
    const mended = await admin.put<AgentDocument>(`${agents}/${second}`, { system_prompt: '{{question}}' });
    expect(mended).toMatchObject({ status: 200, body: { warnings: [{ code: 'duplicate_key' }] } });
  });
});

describe('versions', () => {
  it('of an agent are compared, read and gone back to', async () => {
    const path = `${agents}/${await createAgent(admin, { description: 'one' })}`;
    const updated = await admin.put(path, { description: null, settings: { model: 'm' } });
    expect(updated).toMatchObject({ status: 200, body: { version: 2, description: null, warnings: [] } });
    const { body: diff } = await admin.get<DiffDocument>(`${path}/diff?from=1&to=2`);
    expect(diff).toMatchObject({ from: 1, to: 2 });
    expect(diff.changes.map((change) => change.path)).toEqual(['description', 'settings.model']);
    expect(diff.changes[1]).toEqual({ path: 'settings.model', after: 'm' });
    const rolledBack = await admin.post(`${path}/rollback`, { version: 1 });
    expect(rolledBack).toMatchObject({ status: 200, body: { version: 3, description: 'one', settings: {} } });
    expect((await admin.get<DiffDocument>(`${path}/diff?from=1&to=3`)).body.changes).toEqual([]);
    expect((await admin.get(`${path}?version=2`)).body).toMatchObject({ version: 2, description: null });
    expect((await admin.post(`${path}/rollback`, { version: 9 })).status).toBe(404);
    expect((await admin.get(`${path}/diff?from=1&to=9`)).status).toBe(404);
  });

  it('of a domain are compared, read and gone back to', async () => {
    await createDomain(admin, 'versioned');
    const path = `${domains}/versioned`;
    const query_playbook = playbook(['builtin-query-who', 'builtin-query-what']);
    const updated = await admin.put(path, { query_playbook });
    expect(updated).toMatchObject({ status: 200, body: { version: 2, domain_name: 'Road Works' } });
    const { body: diff } = await admin.get<DiffDocument>(`${path}/diff`);
    expect(diff).toMatchObject({ from: 1, to: 2 });
    const nodes = 'query_playbook.agent_execution_graph.nodes';
    expect(diff.changes).toEqual([
      { path: `${nodes}[0]`, before: 'builtin-query-what', after: 'builtin-query-who' },
      { path: `${nodes}[1]`, after: 'builtin-query-what' },
    ]);
    const rolledBack = await admin.post(`${path}/rollback`, { version: 1 });
    expect(rolledBack).toMatchObject({ status: 200, body: { version: 3, query_playbook: {} } });
    expect((await admin.get<DiffDocument>(`${path}/diff?from=1&to=3`)).body.changes).toEqual([]);
    expect((await admin.get(`${path}?version=9`)).status).toBe(404);
  });
});

describe('a deletion', () => {
  it('of an agent in use is refused and names who uses it', async () => {
    const used = await createAgent(admin);
    const dependent = await createAgent(admin, { agent_dependencies: [used] });
    await createDomain(admin, 'user_of_agents', { query_playbook: playbook([used, dependent]) });
    const refused = await admin.delete<RefusalDocument>(`${agents}/${used}`);
    expect(refused.status).toBe(409);
    expect(refused.body.used_by?.join('; ')).toContain('user_of_agents');
    expect(refused.body.used_by?.join('; ')).toContain(dependent);
    expect((await admin.delete(`${domains}/user_of_agents`)).status).toBe(200);
    expect((await admin.delete(`${agents}/${used}`)).status).toBe(409);
    expect((await admin.delete(`${agents}/${dependent}`)).status).toBe(200);
    const deleted = await admin.delete(`${agents}/${used}`);
    expect(deleted).toMatchObject({ status: 200, body: { agent_id: used } });
    expect((await admin.get(`${agents}/${used}`)).status).toBe(404);
    expect((await admin.delete(`${agents}/${used}`)).status).toBe(404);
  });

  it('of a domain frees its id', async () => {
    await createDomain(admin, 'gone');
    const deleted = await admin.delete(`${domains}/gone`);
    expect(deleted).toMatchObject({ status: 200, body: { domain_id: 'gone' } });
    expect((await admin.get(`${domains}/gone`)).status).toBe(404);
    expect(await createDomain(admin, 'gone')).toMatchObject({ version: 1 });
  });
});
