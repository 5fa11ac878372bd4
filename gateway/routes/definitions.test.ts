// Agents, domains and tenant settings: what is sent into the mesh, and what of its answers a caller sees.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AgentClass, AgentRuntime } from '../../proto/gen/domainflow/registry/v1/agent_pb.js';
import { ApplyMode, TimeoutDecision } from '../../proto/gen/domainflow/registry/v1/domain_pb.js';
import { startGatewayForTest, type TestGateway } from '../app.for-test.ts';

const createdAt = { seconds: 1_767_225_600n, nanos: 0 };
const at2026 = '2026-01-01T00:00:00.000Z';

describe('definitions', () => {
  let at: TestGateway;
  let token: string;
  beforeAll(async () => {
    at = await startGatewayForTest();
    token = await at.token({ roles: ['admin'] });
  });
  afterAll(() => at.close());

  const agent = {
    id: 'u',
    agentId: 'builtin-query-what',
    agentName: 'What Agent',
    agentClass: AgentClass.QUERY,
    systemPrompt: 'p',
    tools: ['aggregate'],
    maxOutputKeys: 5,
    outputSchema: { insight: 'string' },
    enabled: true,
    isInbuilt: true,
    version: 2,
    createdBy: 'system-builtin',
    ...{ createdAt, updatedAt: createdAt },
    settings: { runtime: AgentRuntime.BUILTIN, cacheTtlS: 0 },
  };

  it('lists agents of one class', async () => {
    const asked: unknown[] = [];
    at.handlers.agents = {
      listAgents: (request) => {
        asked.push(request.agentClass);
        return { agents: [agent], page: { limit: 20, total: 30_000n, totalAtLeast: true } };
      },
    };
    const { body } = await at.send('GET agents?agent_class=query&cursor=c', { token });
    expect(body.agents).toEqual([
      {
        agent_id: 'builtin-query-what',
        agent_name: 'What Agent',
        agent_class: 'query',
        enabled: true,
        is_inbuilt: true,
        version: 2,
        created_at: at2026,
        created_by_me: false,
      },
    ]);
    expect(body.pagination).toEqual({ limit: 20, total: 30_000, total_at_least: true, next_cursor: null });
    expect(asked).toEqual([AgentClass.QUERY]);
  });

  it('shows an agent with only the settings that were given, and its graph', async () => {
    at.handlers.agents = {
      getAgent: ({ version }) => ({
        agent: { ...agent, version },
        nodes: [{ id: 'a', label: 'A', agentClass: AgentClass.INGESTION }],
        edges: [{ from: 'a', to: 'b' }],
      }),
    };
    const { body } = await at.send('GET agents/builtin-query-what?version=7', { token });
    expect(body).toMatchObject({
      version: 7,
      system_prompt: 'p',
      tools: ['aggregate'],
      agent_dependencies: [],
      max_output_keys: 5,
      output_schema: { insight: 'string' },
      description: null,
      dependency_graph: {
        nodes: [{ id: 'a', label: 'A', class: 'ingestion' }],
        edges: [{ from: 'a', to: 'b' }],
      },
    });
    expect(body.settings).toEqual({ runtime: 'builtin', cache_ttl_s: 0 });
  });

  it('shows a domain with its playbooks as they are written', async () => {
    const approval = {
      id: 'approval-chief',
      prompt: 'Sure?',
      timeoutS: 60,
      onTimeout: TimeoutDecision.APPROVE,
    };
    const managementPlaybook = {
      nodes: [
        { kind: { case: 'agentId' as const, value: 'agent-1' } },
        { kind: { case: 'approval' as const, value: approval } },
      ],
      edges: [{ from: 'approval-chief', to: 'agent-1' }],
      settings: { apply: ApplyMode.REVIEW, maxRetries: 0, categoryModel: 'boston311' },
    };
    const [ingestionPlaybook, queryPlaybook] = [1, 2].map((at) => ({
      nodes: [{ kind: { case: 'agentId' as const, value: `agent-${at}` } }],
    }));
    const playbooks = { ingestionPlaybook, queryPlaybook, managementPlaybook };
    at.handlers.domains = {
      getDomain: () => ({
        domain: {
          ...{ domainId: 'civic', domainName: 'Civic', version: 4, createdAt, updatedAt: createdAt },
          ...playbooks,
        },
      }),
    };
    const { body } = await at.send('GET domains/civic', { token });
    expect(body).toMatchObject({
      domain_id: 'civic',
      domain_name: 'Civic',
      version: 4,
      ingestion_playbook: { agent_execution_graph: { nodes: ['agent-1'], edges: [] }, settings: {} },
      query_playbook: { agent_execution_graph: { nodes: ['agent-2'] } },
    });
    expect(body.management_playbook).toEqual({
      agent_execution_graph: {
        nodes: [
          'agent-1',
          { id: 'approval-chief', kind: 'approval', prompt: 'Sure?', timeout_s: 60, on_timeout: 'approve' },
        ],
        edges: [{ from: 'approval-chief', to: 'agent-1' }],
      },
      settings: { max_retries: 0, apply: 'review', category_model: 'boston311' },
    });
  });

  it('shows empty settings of a tenant, and stores the ones that are given', async () => {
    at.handlers.tenants = {
      getTenantSettings: () => ({}),
      updateTenantSettings: ({ settings }) => ({ settings }),
    };
    const budgets = { tenant: null, domain: null, run: null };
    const empty = { home_area: null, places: [], time_zone: 'UTC', budgets };
    expect((await at.send('GET tenant/settings', { token })).body).toEqual(empty);
    expect((await at.send('PUT tenant/settings', { token, body: { home_area: null } })).body).toEqual(empty);
    const point = { type: 'Point', coordinates: [16.37, 48.2] };
    const settings = {
      home_area: { name: 'Vienna', point },
      places: [{ name: 'Mill', aliases: ['Old Mill'], point }],
      time_zone: 'Europe/Vienna',
      budgets,
    };
    const body = { ...settings, colour: 'red' };
    expect((await at.send('PUT tenant/settings', { token, body })).body).toEqual(settings);
  });
});
