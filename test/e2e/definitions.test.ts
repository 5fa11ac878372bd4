// Agents and domains of a new tenant through REST: created, wired, run, compared, rolled back and deleted.
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { ApiClient } from '../../clients/api/api-client.ts';
import type { AgentChanges, NewDomain } from '../../clients/api/gen/api-types.ts';
import { sampleDomain } from '../../local/demo/demo-run.ts';
import { answered, refused } from './answers.ts';
import type { RawClient } from './raw-client.ts';
import {
  agentDocument,
  createAgent,
  createDomain,
  domainDocument,
  judged,
  playbook,
  stored,
  toolDocument,
} from './sample-definitions.ts';
import { finishReport, startTestMesh, type TestMesh } from './test-mesh.ts';

jest.setTimeout(60_000);

const agents = '/api/v1/agents';
const agent = '/api/v1/agents/{agent_id}';
const domains = '/api/v1/domains';
const domain = '/api/v1/domains/{domain_id}';
const judgedOnly = { validate_only: 'true' } as const;
let mesh: TestMesh;
let admin: ApiClient;
let raw: RawClient;

beforeAll(async () => {
  mesh = await startTestMesh();
  admin = await mesh.as('roadworks', 'ada');
  raw = await mesh.raw('roadworks', 'ada');
});

afterAll(() => mesh?.close());

const readAgent = (agent_id: string) => admin.get(agent, { path: { agent_id } });
const changeAgent = async (agent_id: string, body: AgentChanges) =>
  stored(await admin.put(agent, { path: { agent_id }, body }));
const readDomain = (domain_id: string) => admin.get(domain, { path: { domain_id } });
const makeDomain = (body: NewDomain, by = admin) => by.post(domains, { body });

describe('a new tenant', () => {
  it('wires its agents into a domain of its own, and a report runs through it', async () => {
    const closer = await createAgent(admin, { agent_name: 'Closer', agent_class: 'management' });
    const teller = await createAgent(admin, { agent_dependencies: ['builtin-query-when'] });
    const created = await answered((onHead) =>
      admin.post(domains, {
        onHead,
        body: domainDocument('potholes', {
          ingestion_playbook: playbook(
            ['builtin-ingestion-geo', 'builtin-ingestion-temporal'],
            [['builtin-ingestion-temporal', 'builtin-ingestion-geo']],
          ),
          query_playbook: playbook([teller]),
          management_playbook: playbook([closer, 'builtin-management-status-updater']),
        }),
      }),
    );
    expect(created).toMatchObject({ status: 201, body: { domain_id: 'potholes', version: 1 } });
    expect(created.headers.get('location')).toBe('/api/v1/domains/potholes');
    expect(await readDomain('potholes')).toMatchObject({ domain_id: 'potholes', created_by_me: true });

    const text = 'There is a deep pothole on Main Street since yesterday';
    const { report } = await finishReport(admin, text, 'potholes');
    expect(report).toMatchObject({ status: 'completed', domain_id: 'potholes', error: null });
    expect(report.ingestion_data).toHaveProperty('location_text');
  });

  it('reads an agent with everything that it depends on', async () => {
    const first = await createAgent(admin, { agent_name: 'First' });
    const second = await createAgent(admin, { agent_name: 'Second', agent_dependencies: [first] });
    const { dependency_graph: graph } = await readAgent(second);
    expect(graph.edges).toEqual([{ from: first, to: second }]);
    expect(graph.nodes.map(({ label }) => label).sort()).toEqual(['First', 'Second']);
  });

  it('finds what it created in its lists', async () => {
    const agentId = await createAgent(admin);
    await createDomain(admin, 'listed');
    const first = await admin.get(agents, { query: { limit: 1 } });
    expect(first.agents).toMatchObject([{ agent_id: agentId, created_by_me: true, version: 1 }]);
    const second = await admin.get(domains, { query: { limit: 1 } });
    expect(second.domains).toMatchObject([{ domain_id: 'listed', created_by_me: true }]);
  });

  it('may create a domain from what a GET shows of another one', async () => {
    const sample = await readDomain(sampleDomain);
    const copied = await makeDomain({ ...sample, domain_id: 'copied' });
    expect(copied).toMatchObject({ domain_id: 'copied', version: 1 });
    expect((await readDomain('copied')).query_playbook).toEqual(sample.query_playbook);
  });
});

describe('what breaks rules', () => {
  it('is told all at once, each with its path', async () => {
    const wrong = {
      ...agentDocument({ agent_name: ' ', tools: ['no_such_tool'] }),
      agent_class: 'hammer',
      agent_dependencies: ['agent-00000000000000000000000000000000'],
    };
    const { status, body } = await raw('POST', '/agents', { body: wrong });
    expect(status).toBe(400);
    const wanted = ['agent_class', 'agent_dependencies[0]', 'agent_name', 'tools[0]'];
    expect(body.details.map(({ field }) => field).sort()).toEqual(wanted);
  });

  it('is told of every playbook at once', async () => {
    const query_playbook = playbook(
      ['builtin-query-what', 'builtin-query-what'],
      [['builtin-query-what', 'x']],
    );
    const { management_playbook: _, ...wrong } = domainDocument('wrong', {
      ingestion_playbook: playbook(['builtin-query-what']),
      query_playbook,
    });
    const { status, body } = await raw('POST', '/domains', { body: wrong });
    expect(status).toBe(400);
    const fields = body.details.map(({ field }) => field);
    const playbooks = new Set(fields.map((field) => field.split('.')[0]));
    expect([...playbooks].sort()).toEqual(['ingestion_playbook', 'management_playbook', 'query_playbook']);
    expect(fields).toContain('query_playbook.agent_execution_graph.nodes[1]');
    expect((await refused(readDomain('wrong'))).status).toBe(404);
  });

  it('is a refusal and no failure where no store can hold it', async () => {
    const nul = 'x\0y';
    const makeAgent = (more: AgentChanges) => admin.post(agents, { body: agentDocument(more) });
    const inSchema = (properties: object) => makeAgent({ output_schema: { properties } });
    const inPlaybook = (...given: Parameters<typeof playbook>) =>
      makeDomain(domainDocument('nul', { query_playbook: playbook(...given) }));
    const tool = toolDocument('nul', { parameters_schema: { description: nul } });
    const refusals = await Promise.all(
      [
        makeAgent({ agent_name: nul }),
        makeAgent({ settings: { model: nul } }),
        inSchema({ a: { type: 'string', description: nul } }),
        inSchema({ [nul]: { type: 'string' } }),
        makeDomain(domainDocument(nul)),
        inPlaybook([nul]),
        inPlaybook(['builtin-query-what'], [[nul, 'builtin-query-what']]),
        admin.post('/api/v1/tools', { body: tool }),
      ].map(refused),
    );
    expect(refusals.map(({ status }) => status)).toEqual(refusals.map(() => 400));
  });

  it('names the way of a circular dependency of agents', async () => {
    const first = await createAgent(admin);
    const second = await createAgent(admin, { agent_dependencies: [first] });
    const closed = await refused(changeAgent(first, { agent_dependencies: [second] }));
    expect(closed.status).toBe(400);
    expect(closed.message).toMatch(
      new RegExp(
        `circular dependency: (${first} -> ${second} -> ${first}|${second} -> ${first} -> ${second})`,
      ),
    );
    const own = await refused(changeAgent(first, { agent_dependencies: [first] }));
    expect(own.status).toBe(400);
    expect(own.message).toContain(`circular dependency: ${first} -> ${first}`);
    expect(await readAgent(first)).toMatchObject({ version: 1, agent_dependencies: [] });
  });

  it('names the way of a cycle of edges and dependencies in a playbook', async () => {
    const first = await createAgent(admin);
    const second = await createAgent(admin, { agent_dependencies: [first] });
    const query_playbook = playbook([first, second], [[second, first]]);
    const { status, message } = await refused(makeDomain(domainDocument('cyclic', { query_playbook })));
    expect(status).toBe(400);
    expect(message).toContain('query_playbook');
    expect(message).toMatch(/circular dependency: (\S+) -> (\S+) -> \1/);
  });

  it('includes an id that the tenant or the platform has already', async () => {
    await createDomain(admin, 'taken');
    expect((await refused(makeDomain(domainDocument('taken')))).status).toBe(409);
    expect((await refused(makeDomain(domainDocument(sampleDomain)))).status).toBe(409);
    const stranger = await mesh.as('elsewhere', 'sam');
    const theirs = await makeDomain(domainDocument('taken'), stranger);
    expect(theirs).toMatchObject({ domain_id: 'taken', version: 1 });
  });

  it('includes an update that changes nothing at all', async () => {
    const agentId = await createAgent(admin);
    await createDomain(admin, 'unchanged');
    for (const path of [`/agents/${agentId}`, '/domains/unchanged']) {
      for (const body of [{}, { version: 9, id: 'x', unknown: true }]) {
        expect((await raw('PUT', path, { body })).status).toBe(400);
      }
    }
  });
});

describe('a definition that is only judged', () => {
  it('is not stored, and its plan pulls in what it depends on', async () => {
    const whole = { query: { limit: 100 } };
    const before = await admin.get(domains, whole);
    const teller = await createAgent(admin, { agent_dependencies: ['builtin-query-when'] });
    const body = domainDocument('judged', { query_playbook: playbook([teller]) });
    const judgement = judged(await admin.post(domains, { query: judgedOnly, body }));
    expect(judgement).toMatchObject({ valid: true, details: [] });
    expect(judgement.plan.query).toMatchObject({
      nodes: [
        { node_id: 'builtin-query-when', implicit: true },
        { node_id: teller, implicit: false },
      ],
      edges: [{ from: 'builtin-query-when', to: teller }],
    });
    expect((await refused(readDomain('judged'))).status).toBe(404);
    expect(await admin.get(domains, whole)).toEqual(before);
  });

  it('leaves a saved one as it is', async () => {
    const agentId = await createAgent(admin);
    const before = await readAgent(agentId);
    const change = { path: { agent_id: agentId }, body: { agent_name: 'Other', tools: ['no_such'] } };
    const judgement = judged(await admin.put(agent, { ...change, query: judgedOnly }));
    expect(judgement).toMatchObject({ valid: false, plan: null, details: [{ field: 'tools[0]' }] });
    expect(await readAgent(agentId)).toEqual(before);
  });

  it('has no plan for a playbook that breaks a rule, and plans for the others', async () => {
    const wrong = domainDocument('judged', { query_playbook: playbook(['builtin-ingestion-geo']) });
    const judgement = await admin.post(domains, { query: judgedOnly, body: wrong });
    expect(judgement).toMatchObject({ valid: false, plan: { query: null, ingestion: {}, management: {} } });
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
    const told = new Map(warnings.map(({ code, text }) => [code, text]));
    expect(told.get('duplicate_key')).toContain('summary');
    expect(told.get('missing_key')).toContain('nowhere');
    const mended = await changeAgent(second, { system_prompt: '{{question}}' });
    expect(mended).toMatchObject({ warnings: [{ code: 'duplicate_key' }] });
  });
});

describe('versions', () => {
  it('of an agent are compared, read and gone back to', async () => {
    const path = { agent_id: await createAgent(admin, { description: 'one' }) };
    const updated = await changeAgent(path.agent_id, { description: null, settings: { model: 'm' } });
    expect(updated).toMatchObject({ version: 2, description: null, warnings: [] });
    const compare = (from: number, to: number) => admin.get(`${agent}/diff`, { path, query: { from, to } });
    const diff = await compare(1, 2);
    expect(diff).toMatchObject({ from: 1, to: 2 });
    expect(diff.changes.map((change) => change.path)).toEqual(['description', 'settings.model']);
    expect(diff.changes[1]).toEqual({ path: 'settings.model', after: 'm' });
    const goBack = (version: number) => admin.post(`${agent}/rollback`, { path, body: { version } });
    expect(await goBack(1)).toMatchObject({ version: 3, description: 'one', settings: {} });
    expect((await compare(1, 3)).changes).toEqual([]);
    const second = await admin.get(agent, { path, query: { version: 2 } });
    expect(second).toMatchObject({ version: 2, description: null });
    expect((await refused(goBack(9))).status).toBe(404);
    expect((await refused(compare(1, 9))).status).toBe(404);
  });

  it('of a domain are compared, read and gone back to', async () => {
    const path = { domain_id: 'versioned' };
    await createDomain(admin, path.domain_id);
    const query_playbook = playbook(['builtin-query-who', 'builtin-query-what']);
    const updated = await admin.put(domain, { path, body: { query_playbook } });
    expect(updated).toMatchObject({ version: 2, domain_name: 'Road Works' });
    const diff = await admin.get(`${domain}/diff`, { path });
    expect(diff).toMatchObject({ from: 1, to: 2 });
    const nodes = 'query_playbook.agent_execution_graph.nodes';
    expect(diff.changes).toEqual([
      { path: `${nodes}[0]`, before: 'builtin-query-what', after: 'builtin-query-who' },
      { path: `${nodes}[1]`, after: 'builtin-query-what' },
    ]);
    const rolledBack = await admin.post(`${domain}/rollback`, { path, body: { version: 1 } });
    expect(rolledBack).toMatchObject({ version: 3, query_playbook: {} });
    const same = await admin.get(`${domain}/diff`, { path, query: { from: 1, to: 3 } });
    expect(same.changes).toEqual([]);
    expect((await refused(admin.get(domain, { path, query: { version: 9 } }))).status).toBe(404);
  });
});

describe('a deletion', () => {
  const deleteAgent = (agent_id: string) => admin.delete(agent, { path: { agent_id } });
  const deleteDomain = (domain_id: string) => admin.delete(domain, { path: { domain_id } });

  it('of an agent in use is refused and names who uses it', async () => {
    const used = await createAgent(admin);
    const dependent = await createAgent(admin, { agent_dependencies: [used] });
    await createDomain(admin, 'user_of_agents', { query_playbook: playbook([used, dependent]) });
    const { status, problem } = await refused(deleteAgent(used));
    expect(status).toBe(409);
    expect(problem?.used_by?.join('; ')).toContain('user_of_agents');
    expect(problem?.used_by?.join('; ')).toContain(dependent);
    expect(await deleteDomain('user_of_agents')).toMatchObject({ domain_id: 'user_of_agents' });
    expect((await refused(deleteAgent(used))).status).toBe(409);
    expect(await deleteAgent(dependent)).toMatchObject({ agent_id: dependent });
    expect(await deleteAgent(used)).toMatchObject({ agent_id: used });
    expect((await refused(readAgent(used))).status).toBe(404);
    expect((await refused(deleteAgent(used))).status).toBe(404);
  });

  it('of a domain frees its id', async () => {
    await createDomain(admin, 'gone');
    expect(await deleteDomain('gone')).toMatchObject({ domain_id: 'gone' });
    expect((await refused(readDomain('gone'))).status).toBe(404);
    expect(await createDomain(admin, 'gone')).toMatchObject({ version: 1 });
  });
});
