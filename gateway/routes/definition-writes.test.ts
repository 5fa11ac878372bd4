// Saving, judging and deleting agents and domains: what is sent into the mesh, and what of its answers a caller sees.
import { create } from '@bufbuild/protobuf';
import { ValueSchema } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Fault, invalidArgument, notFound } from '../../foundation/fault/fault.ts';
import { AgentClass } from '../../proto/gen/domainflow/registry/v1/agent_pb.js';
import { problemOf, startGatewayForTest, type TestGateway } from '../app.for-test.ts';

const createdAt = { seconds: 1_767_225_600n, nanos: 0 };
const at2026 = '2026-01-01T00:00:00.000Z';
const agent = {
  id: 'u',
  agentId: 'agent-1',
  agentName: 'Pothole Finder',
  agentClass: AgentClass.INGESTION,
  version: 3,
  createdBy: 'ada',
  createdAt,
  updatedAt: createdAt,
};
const playbook = { nodes: [{ kind: { case: 'agentId' as const, value: 'agent-1' } }] };
const domain = {
  ...{ id: 'v', domainId: 'roads', domainName: 'Roads', version: 3, createdBy: 'ada', createdAt },
  ...{ updatedAt: createdAt, ingestionPlaybook: playbook, queryPlaybook: playbook },
  managementPlaybook: playbook,
};
const told = {
  path: 'query_playbook.agent_execution_graph.nodes[1]',
  code: 'duplicate_key',
  text: 'Two agents produce answer',
};
const warning = { ...told, domainId: 'roads', playbook: AgentClass.QUERY };
const warningShown = { ...told, domain_id: 'roads', playbook: 'query' };

let at: TestGateway;
let token: string;
beforeAll(async () => {
  at = await startGatewayForTest();
  token = await at.token();
});
afterAll(() => at.close());
beforeEach(() => {
  at.handlers.agents = {};
  at.handlers.domains = {};
});

describe('a definition', () => {
  const document =
    '{"agent_name":"A","extra":{"deep":[1,-2.5e300,null,true,{"":"ü😀"}]},"__proto__":{"x":1},' +
    '"$typeName":"google.protobuf.Struct","big":12345678901234567890}';

  it('reaches the registry as it was sent, with the fields that nobody knows', async () => {
    const sent: unknown[] = [];
    at.handlers.agents = {
      createAgent: ({ definition }) => {
        sent.push(definition);
        return { agent };
      },
      updateAgent: ({ definition }) => {
        sent.push(definition);
        return { agent };
      },
    };
    expect((await at.send('POST agents', { token, body: document })).status).toBe(201);
    expect((await at.send('PUT agents/agent-1', { token, body: document })).status).toBe(200);
    for (const each of sent) expect(JSON.stringify(each)).toBe(JSON.stringify(JSON.parse(document)));
    expect(sent).toHaveLength(2);
  });

  const routes = ['POST agents', 'PUT agents/a', 'POST domains', 'PUT domains/a'];
  const noObjects = ['[]', 'null', '"text"', '7', 'true'];
  const cases = routes.flatMap((route) => noObjects.map((body) => [route, body] as const));

  it.each(cases)('that is no object is refused: %s %s', async (route, body) => {
    const problem = problemOf(await at.send(route, { token, body }));
    expect(problem).toMatchObject({ status: 400, detail: 'body: must be an object' });
    expect(problem.details).toEqual([{ field: 'body', reason: 'must be an object' }]);
  });

  it.each(routes)('that would change on its way is refused, place by place: %s', async (route) => {
    const body = '{"output_schema":{"a":"\\ud800","b":1e999}}';
    const { status, details } = problemOf(await at.send(route, { token, body }));
    expect(status).toBe(400);
    expect(details.map(({ field }) => field)).toEqual(['output_schema.a', 'output_schema.b']);
  });

  it('that breaks rules is told of all of them at once', async () => {
    const violations = Array.from({ length: 100 }, (_, i) => ({
      field: `tools[${i}]`,
      reason: 'is unknown',
    }));
    at.handlers.agents = {
      createAgent: () => {
        throw invalidArgument(violations);
      },
    };
    const problem = problemOf(await at.send('POST agents', { token, body: {} }));
    expect(problem).toMatchObject({ status: 400, details: violations });
  });
});

describe('an agent', () => {
  it('that was created is answered with its place and its warnings', async () => {
    at.handlers.agents = { createAgent: () => ({ agent, warnings: [warning] }) };
    const { status, headers, body } = await at.send('POST agents', { token, body: {} });
    expect(status).toBe(201);
    expect(headers.get('location')).toBe('/api/v1/agents/agent-1');
    expect(body).toEqual({
      ...{ agent_id: 'agent-1', agent_name: 'Pothole Finder', agent_class: 'ingestion', version: 3 },
      ...{ is_inbuilt: false, id: 'u', created_at: at2026, updated_at: at2026, created_by: 'ada' },
      warnings: [warningShown],
    });
  });

  it.each([
    ['updated', 'PUT agents/agent-1', { description: null }, 'agent-1 {"description":null}'],
    ['rolled back', 'POST agents/agent-1/rollback', { version: 2 }, 'agent-1 2'],
  ])('that was %s is answered as a GET shows the stored version', async (_what, line, body, wanted) => {
    const asked: string[] = [];
    const graph = { nodes: [{ id: 'agent-1', label: 'A', agentClass: AgentClass.QUERY }], edges: [] };
    at.handlers.agents = {
      updateAgent: ({ agentId, definition }) => {
        asked.push(`${agentId} ${JSON.stringify(definition)}`);
        return { agent, warnings: [warning], ...graph };
      },
      rollbackAgent: ({ agentId, version }) => {
        asked.push(`${agentId} ${version}`);
        return { agent, warnings: [warning], ...graph };
      },
      getAgent: ({ agentId, version }) => ({ agent: { ...agent, agentId, version }, ...graph }),
    };
    const saved = await at.send(line, { token, body });
    const read = await at.send('GET agents/agent-1?version=3', { token });
    expect(saved).toMatchObject({ status: 200, body: { ...read.body, warnings: [warningShown] } });
    expect(saved.body.dependency_graph.nodes).toEqual([{ id: 'agent-1', label: 'A', class: 'query' }]);
    expect(asked).toEqual([wanted]);
  });

  it('that was deleted is named in the answer', async () => {
    const asked: string[] = [];
    at.handlers.agents = {
      deleteAgent: ({ agentId }) => {
        asked.push(agentId);
        return {};
      },
    };
    const { status, body } = await at.send('DELETE agents/agent-1', { token });
    expect({ status, body, asked }).toEqual({
      ...{ status: 200, asked: ['agent-1'] },
      body: { message: 'The agent was deleted', agent_id: 'agent-1' },
    });
  });

  it('in use is not deleted, and its users are listed beside the details', async () => {
    const violations = [
      { field: 'used_by[0]', reason: 'domain roads, query playbook' },
      { field: 'used_by[1]', reason: 'agent agent-2' },
    ];
    const sentence = 'The agent is used by domain roads, query playbook and agent agent-2';
    at.handlers.agents = {
      deleteAgent: () => {
        throw new Fault('failed_precondition', sentence, { violations });
      },
    };
    const answer = await at.send('DELETE agents/agent-1', { token });
    expect(problemOf(answer)).toMatchObject({ status: 409, detail: sentence, details: violations });
    expect(answer.body.used_by).toEqual(['domain roads, query playbook', 'agent agent-2']);
  });

  it.each([
    [409, new Fault('failed_precondition', 'Not in this state')],
    [403, new Fault('permission_denied', 'This agent belongs to the platform')],
    [404, notFound('agent')],
  ])('that is not deleted for another reason names no users: %i', async (status, fault) => {
    at.handlers.agents = {
      deleteAgent: () => {
        throw fault;
      },
    };
    const answer = await at.send('DELETE agents/agent-1', { token });
    expect(problemOf(answer)).toMatchObject({ status, detail: fault.message });
    expect(answer.body).not.toHaveProperty('used_by');
  });
});

describe('a domain', () => {
  it('that was created is answered with its place and its warnings', async () => {
    at.handlers.domains = { createDomain: () => ({ domain, warnings: [warning] }) };
    const { status, headers, body } = await at.send('POST domains', { token, body: {} });
    expect(status).toBe(201);
    expect(headers.get('location')).toBe('/api/v1/domains/roads');
    expect(body).toEqual({
      ...{ domain_id: 'roads', domain_name: 'Roads', version: 3, id: 'v' },
      ...{ created_at: at2026, updated_at: at2026, created_by: 'ada', warnings: [warningShown] },
    });
  });

  it.each([
    ['updated', 'PUT domains/roads', { domain_name: 'R' }, 'roads {"domain_name":"R"}'],
    ['rolled back', 'POST domains/roads/rollback', { version: 1 }, 'roads 1'],
  ])('that was %s is answered as a GET shows it', async (_what, line, body, wanted) => {
    const asked: string[] = [];
    at.handlers.domains = {
      updateDomain: ({ domainId, definition }) => {
        asked.push(`${domainId} ${JSON.stringify(definition)}`);
        return { domain, warnings: [warning] };
      },
      rollbackDomain: ({ domainId, version }) => {
        asked.push(`${domainId} ${version}`);
        return { domain, warnings: [warning] };
      },
      getDomain: () => ({ domain }),
    };
    const saved = await at.send(line, { token, body });
    const read = await at.send('GET domains/roads', { token });
    expect(saved).toMatchObject({ status: 200, body: { ...read.body, warnings: [warningShown] } });
    expect(asked).toEqual([wanted]);
  });

  it('that was deleted is named in the answer', async () => {
    at.handlers.domains = { deleteDomain: () => ({}) };
    const { status, body } = await at.send('DELETE domains/roads', { token });
    expect(status).toBe(200);
    expect(body).toEqual({ message: 'The domain was deleted', domain_id: 'roads' });
  });
});

describe('a definition that is only judged', () => {
  const approval = { id: 'approval-chief', prompt: 'Sure?' };
  const plan = {
    hash: 'abc',
    nodes: [
      { nodeId: 'agent-1', implicit: true, kind: { case: 'agent' as const, value: agent } },
      {
        ...{ nodeId: 'approval-chief', parents: ['agent-1'] },
        kind: { case: 'approval' as const, value: approval },
      },
      {
        ...{ nodeId: 'agent-9', parents: ['agent-1', 'approval-chief'] },
        kind: {
          case: 'unavailable' as const,
          value: { agentId: 'agent-9', errorCode: 'agent_disabled' },
        },
      },
    ],
  };
  const planShown = {
    nodes: [
      { node_id: 'agent-1', kind: 'agent', agent_name: 'Pothole Finder', agent_version: 3, implicit: true },
      { node_id: 'approval-chief', kind: 'approval', agent_name: null, agent_version: null, implicit: false },
      {
        ...{ node_id: 'agent-9', kind: 'unavailable', agent_name: null, agent_version: null },
        ...{ implicit: false, error_code: 'agent_disabled' },
      },
    ],
    edges: [
      { from: 'agent-1', to: 'approval-chief' },
      { from: 'agent-1', to: 'agent-9' },
      { from: 'approval-chief', to: 'agent-9' },
    ],
    hash: 'abc',
  };

  it.each([
    ['POST agents', ''],
    ['PUT agents/agent-1', 'agent-1'],
  ])('is answered with the plan of a run: %s', async (line, wanted) => {
    const asked: unknown[] = [];
    at.handlers.agents = {
      checkAgent: ({ agentId, definition }) => {
        asked.push([agentId, definition]);
        return { plan, warnings: [warning] };
      },
    };
    const answer = await at.send(`${line}?validate_only=true`, { token, body: { x: 1 } });
    const body = { valid: true, details: [], warnings: [warningShown], plan: planShown };
    expect(answer).toMatchObject({ status: 200, body });
    expect(asked).toEqual([[wanted, { x: 1 }]]);
  });

  it('has no plan where rules are violated, and that is no error', async () => {
    const violations = [{ field: 'agent_name', reason: 'is required' }];
    at.handlers.agents = { checkAgent: () => ({ violations }) };
    const { status, body } = await at.send('POST agents?validate_only=true', { token, body: {} });
    expect(status).toBe(200);
    expect(body).toEqual({ valid: false, details: violations, warnings: [], plan: null });
  });

  it.each([
    ['POST domains', ''],
    ['PUT domains/roads', 'roads'],
  ])('shows the plan of each playbook that keeps the rules: %s', async (line, wanted) => {
    const asked: string[] = [];
    const violations = [{ field: 'query_playbook', reason: 'is required' }];
    at.handlers.domains = {
      checkDomain: ({ domainId }) => {
        asked.push(domainId);
        return { violations, plans: [{ ...plan, playbook: AgentClass.INGESTION }] };
      },
    };
    const { status, body } = await at.send(`${line}?validate_only=true`, { token, body: {} });
    expect(status).toBe(200);
    expect(body).toEqual({
      ...{ valid: false, details: violations, warnings: [] },
      plan: { ingestion: planShown, query: null, management: null },
    });
    expect(asked).toEqual([wanted]);
  });

  it('is stored after all when the query says false, and nothing else is a word for it', async () => {
    at.handlers.agents = { createAgent: () => ({ agent }) };
    expect((await at.send('POST agents?validate_only=false', { token, body: {} })).status).toBe(201);
    const { details } = problemOf(await at.send('POST agents?validate_only=yes', { token, body: {} }));
    expect(details).toEqual([{ field: 'validate_only', reason: 'must be one of true, false' }]);
  });
});

describe('versions', () => {
  const value = (text: string) => create(ValueSchema, { kind: { case: 'stringValue', value: text } });
  const nothing = create(ValueSchema, { kind: { case: 'nullValue', value: 0 } });
  const changes = [
    { path: 'description', before: nothing, after: value('new') },
    { path: 'settings.model', after: value('m') },
    { path: 'tools[0]', before: value('t') },
  ];

  it.each([
    ['agents/agent-1/diff?from=2&to=5', 'agent-1 2 5'],
    ['agents/agent-1/diff', 'agent-1 0 0'],
    ['domains/roads/diff?to=3', 'roads 0 3'],
  ])('are compared: %s', async (path, wanted) => {
    const asked: string[] = [];
    const answer = (id: string, from: number, to: number) => {
      asked.push(`${id} ${from} ${to}`);
      return { changes, fromVersion: 2, toVersion: 5 };
    };
    at.handlers.agents = { diffAgent: (each) => answer(each.agentId, each.fromVersion, each.toVersion) };
    at.handlers.domains = { diffDomain: (each) => answer(each.domainId, each.fromVersion, each.toVersion) };
    const { status, body } = await at.send(`GET ${path}`, { token });
    expect(status).toBe(200);
    expect(body).toEqual({
      ...{ from: 2, to: 5 },
      changes: [
        { path: 'description', before: null, after: 'new' },
        { path: 'settings.model', after: 'm' },
        { path: 'tools[0]', before: 't' },
      ],
    });
    expect(asked).toEqual([wanted]);
  });

  it.each([
    ['GET agents/a/diff?from=0&to=x', undefined, ['from', 'to']],
    ['POST agents/a/rollback', {}, ['version']],
    ['POST domains/a/rollback', { version: 0 }, ['version']],
    ['POST domains/a/rollback', { version: '1' }, ['version']],
    ['POST agents/a/rollback', { version: 1.5 }, ['version']],
  ])('are whole numbers from 1: %s %j', async (line, body, fields) => {
    const { status, details } = problemOf(await at.send(line, { token, body }));
    expect({ status, fields: details.map(({ field }) => field) }).toEqual({ status: 400, fields });
  });
});

describe('a viewer', () => {
  it.each([
    ...['POST agents', 'PUT agents/a', 'DELETE agents/a', 'POST agents/a/rollback'],
    ...['POST domains', 'PUT domains/a', 'DELETE domains/a', 'POST domains/a/rollback'],
    ...['POST agents?validate_only=true', 'PUT domains/a?validate_only=true'],
  ])('changes nothing: %s', async (line) => {
    const viewer = await at.token({ roles: ['viewer'] });
    const answer = await at.send(line, { token: viewer, ...(line.startsWith('DELETE') ? {} : { body: {} }) });
    expect(problemOf(answer)).toMatchObject({ status: 403, detail: 'This needs the role editor' });
  });
});
