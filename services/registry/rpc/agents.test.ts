// Agents through the real service: versions, graphs, lists, and what other tenants see of them.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Principal } from '../../../foundation/identity/principal.ts';
import { startTestDatabases, type TestDatabases } from '../../../local/databases/test-databases.ts';
import { AgentClass, AgentRuntime } from '../../../proto/gen/domainflow/registry/v1/agent_pb.js';
import { type RegistryForTest, startRegistryForTest } from '../app.for-test.ts';
import { systemTenantId } from '../core/system-tenant.ts';
import { insertAgent, insertAgentVersion, newPrincipal } from '../store/rows.for-test.ts';

let databases: TestDatabases;
let registry: RegistryForTest;
beforeAll(async () => {
  databases = await startTestDatabases();
  registry = await startRegistryForTest(await databases.createDatabase('registry_agents'));
}, 60_000);
afterAll(async () => {
  await registry?.close();
  await databases?.stop();
});

describe('GetAgent', () => {
  it('answers a builtin agent to a tenant that is not even stored', async () => {
    const { agent, nodes, edges } = await registry.agents.getAgent(
      { agentId: 'builtin-ingestion-temporal' },
      registry.as(newPrincipal({ roles: ['viewer'] })),
    );
    expect(agent).toMatchObject({
      agentName: 'Temporal Analyzer',
      agentClass: AgentClass.INGESTION,
      isInbuilt: true,
      enabled: true,
      version: 1,
      maxOutputKeys: 5,
      tenantId: systemTenantId,
      settings: { inputKeys: ['text', 'domain_id', 'reference_time'], runtime: AgentRuntime.UNSPECIFIED },
    });
    expect(Object.keys(agent?.outputSchema?.properties ?? {}).sort()).toEqual([
      'time_reference',
      'timestamp',
      'urgency',
    ]);
    expect(nodes.map(({ id }) => id)).toEqual(['builtin-ingestion-temporal']);
    expect(edges).toEqual([]);
  });

  it('answers the newest version, or the one that is asked for, with its own dependencies', async () => {
    const own = await registry.newTenant();
    const { admin, agents } = registry;
    const leaf = await insertAgent(admin, own);
    const middle = await insertAgent(admin, own, {
      dependencies: [leaf, 'builtin-query-who'],
      agentClass: 'ingestion',
    });
    const root = await insertAgent(admin, own, { settings: { runtime: 'model', max_output_tokens: 7 } });
    await insertAgentVersion(admin, root, { version: 2, name: 'Second', dependencies: [middle, leaf] });

    const newest = await agents.getAgent({ agentId: root }, registry.as(own));
    expect(newest.agent).toMatchObject({
      version: 2,
      agentName: 'Second',
      agentDependencies: [middle, leaf],
      createdBy: own.userId,
      tenantId: own.tenantId,
    });
    expect(newest.nodes.map(({ id }) => id)).toEqual([root, middle, leaf, 'builtin-query-who']);
    expect(newest.nodes[1]).toMatchObject({
      label: `Name of ${middle}`,
      agentClass: AgentClass.INGESTION,
    });
    expect(newest.edges.map(({ from, to }) => [from, to])).toEqual([
      [middle, root],
      [leaf, root],
      [leaf, middle],
      ['builtin-query-who', middle],
    ]);

    const first = await agents.getAgent({ agentId: root, version: 1 }, registry.as(own));
    expect(first.agent).toMatchObject({
      version: 1,
      agentName: `Name of ${root}`,
      settings: { runtime: AgentRuntime.MODEL, maxOutputTokens: 7 },
    });
    expect(first.nodes.map(({ id }) => id)).toEqual([root]);
  });

  it('answers the graph of agents whose dependencies have become cyclic', async () => {
    const own = await registry.newTenant();
    const [a, b] = [`agent-a-${own.userId}`, `agent-b-${own.userId}`];
    await insertAgent(registry.admin, own, { agentId: a, dependencies: [b] });
    await insertAgent(registry.admin, own, { agentId: b, dependencies: [a] });
    const { nodes, edges } = await registry.agents.getAgent({ agentId: a }, registry.as(own));
    expect(nodes.map(({ id }) => id)).toEqual([a, b]);
    expect(edges).toHaveLength(2);
  });

  it('answers alike for absent versions, unknown ids, ids of the wrong form and agents of other tenants', async () => {
    const [own, other] = [await registry.newTenant(), await registry.newTenant()];
    const agentId = await insertAgent(registry.admin, other);
    const asked = [
      { agentId },
      { agentId, version: 1 },
      { agentId: `${agentId}0` },
      { agentId: "' or true --\0" },
      { agentId: '' },
      { agentId: 'builtin-query-who', version: 2 },
      { agentId: 'builtin-query-who', version: -1 },
    ];
    for (const request of asked) {
      await expect(registry.agents.getAgent(request, registry.as(own))).rejects.toMatchObject({
        reason: 'not_found',
        message: 'No such agent',
      });
    }
    await expect(registry.agents.getAgent({ agentId }, registry.as(other))).resolves.toBeDefined();
  });

  it('does not follow a dependency into another tenant', async () => {
    const [own, other] = [await registry.newTenant(), await registry.newTenant()];
    const foreign = await insertAgent(registry.admin, other);
    const root = await insertAgent(registry.admin, own, { dependencies: [foreign] });
    const { nodes, edges } = await registry.agents.getAgent({ agentId: root }, registry.as(own));
    expect(nodes.map(({ id }) => id)).toEqual([root]);
    expect(edges).toEqual([]);
  });
});

describe('ListAgents', () => {
  let own: Principal;
  const ids: string[] = [];
  const list = (page: object, agentClass = AgentClass.UNSPECIFIED, principal = own) =>
    registry.agents.listAgents({ page, agentClass }, registry.as(principal));
  beforeAll(async () => {
    own = await registry.newTenant();
    // All later than the builtin ones; three of them within one millisecond, and two at the same microsecond.
    for (const micros of ['000001', '000002', '000002', '000003', '500000']) {
      const createdAt = `2999-01-01T00:00:00.${micros}Z`;
      ids.unshift(await insertAgent(registry.admin, own, { createdAt, agentClass: 'management' }));
    }
    await insertAgent(registry.admin, await registry.newTenant(), { createdAt: '2999-01-02T00:00:00Z' });
  });

  it('answers own and builtin agents, newest first, with their number', async () => {
    const { agents, page } = await list({});
    expect(agents.slice(0, 5).map(({ agentId }) => agentId)).toEqual(ids);
    expect(agents.slice(5).every(({ isInbuilt }) => isInbuilt)).toBe(true);
    expect(page).toMatchObject({ page: 1, limit: 20, total: 17n, totalAtLeast: false, nextCursor: '' });
  });

  it('answers one class only', async () => {
    const { agents, page } = await list({}, AgentClass.MANAGEMENT);
    expect(agents.map(({ agentClass }) => agentClass)).toEqual(Array(8).fill(AgentClass.MANAGEMENT));
    expect(page?.total).toBe(8n);
  });

  it.each([1, 2, 3, 5])('walks everything once by cursor, %i at a time', async (limit) => {
    const walked: string[] = [];
    let cursor = '';
    do {
      const { agents, page } = await list({ limit, cursor });
      expect(agents.length).toBeLessThanOrEqual(limit);
      if (cursor !== '') expect([page?.page, page?.total]).toEqual([0, undefined]);
      walked.push(...agents.map(({ agentId }) => agentId));
      cursor = page?.nextCursor ?? '';
    } while (cursor !== '');
    const { agents } = await list({ limit: 100 });
    expect(walked).toEqual(agents.map(({ agentId }) => agentId));
    expect(new Set(walked).size).toBe(17);
  });

  it('walks everything once by number', async () => {
    const pages = await Promise.all([1, 2, 3, 4].map((page) => list({ limit: 5, page })));
    expect(pages.flatMap(({ agents }) => agents.map(({ agentId }) => agentId))).toEqual(
      (await list({ limit: 100 })).agents.map(({ agentId }) => agentId),
    );
    expect((await list({ limit: 5, page: 5 })).agents).toEqual([]);
  });

  it('clamps limits and pages', async () => {
    expect((await list({ limit: 1_000, page: -3 })).page).toMatchObject({ limit: 100, page: 1 });
    expect((await list({ limit: -1 })).page).toMatchObject({ limit: 1, page: 1 });
  });

  it('refuses cursors of other filters, other tenants or another page number, and pages beyond 10,000 items', async () => {
    const cursor = (await list({ limit: 1 })).page?.nextCursor ?? '';
    const refused = (field: string) => ({ reason: 'invalid_argument', violations: [{ field }] });
    await expect(list({ cursor }, AgentClass.QUERY)).rejects.toMatchObject(refused('cursor'));
    await expect(list({ cursor }, undefined, newPrincipal())).rejects.toMatchObject(refused('cursor'));
    await expect(registry.domains.listDomains({ page: { cursor } }, registry.as(own))).rejects.toMatchObject(
      refused('cursor'),
    );
    await expect(list({ cursor, page: 1 })).rejects.toMatchObject(refused('page'));
    await expect(list({ limit: 100, page: 101 })).rejects.toMatchObject(refused('page'));
    await expect(list({}, 9 as AgentClass)).rejects.toMatchObject(refused('agent_class'));
  });
});

describe('the system tenant', () => {
  it('is nobody: every RPC refuses a principal of it', async () => {
    const system = registry.as(newPrincipal({ tenantId: systemTenantId.toUpperCase() }));
    const { agents, domains, tenants } = registry;
    const calls = [
      agents.getAgent({ agentId: 'builtin-query-who' }, system),
      agents.listAgents({}, system),
      domains.getDomain({ domainId: 'civic_complaints' }, system),
      domains.listDomains({}, system),
      domains.resolvePlan({ domainId: 'civic_complaints', playbook: AgentClass.QUERY }, system),
      tenants.ensurePrincipal({ subject: 's', username: 'u' }, system),
      tenants.getTenantSettings({}, system),
      tenants.updateTenantSettings({}, system),
    ];
    for (const outcome of await Promise.allSettled(calls)) {
      expect(outcome).toMatchObject({ status: 'rejected', reason: { reason: 'unauthenticated' } });
    }
  });
});
