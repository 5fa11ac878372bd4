// Domains and plans through the real service.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestDatabases, type TestDatabases } from '../../../local/databases/test-databases.ts';
import { AgentClass } from '../../../proto/gen/domainflow/registry/v1/agent_pb.js';
import { FailurePolicy, TimeoutDecision } from '../../../proto/gen/domainflow/registry/v1/domain_pb.js';
import { type RegistryForTest, startRegistryForTest } from '../app.for-test.ts';
import { systemTenantId } from '../core/system-tenant.ts';
import {
  insertAgent,
  insertAgentVersion,
  insertDomain,
  newPrincipal,
  storedPlaybook,
} from '../store/rows.for-test.ts';

let databases: TestDatabases;
let registry: RegistryForTest;
beforeAll(async () => {
  databases = await startTestDatabases();
  registry = await startRegistryForTest(await databases.createDatabase('registry_domains'));
}, 60_000);
afterAll(async () => {
  await registry?.close();
  await databases?.stop();
});

const approval = { id: 'approval-chief', kind: 'approval', prompt: 'Really?', timeout_s: 60 };

describe('GetDomain', () => {
  it('answers the sample domain with its three playbooks', async () => {
    const { domain } = await registry.domains.getDomain(
      { domainId: 'civic_complaints' },
      registry.as(newPrincipal()),
    );
    expect(domain).toMatchObject({ domainName: 'Civic Complaints', version: 1, tenantId: systemTenantId });
    const nodes = [domain?.ingestionPlaybook, domain?.queryPlaybook, domain?.managementPlaybook].map(
      (playbook) => playbook?.nodes.map(({ kind }) => kind.value),
    );
    expect(nodes.map((ids) => ids?.length)).toEqual([3, 6, 3]);
    expect(nodes[0]?.[0]).toBe('builtin-ingestion-geo');
  });

  it('answers the newest version or the one that is asked for', async () => {
    const own = await registry.newTenant();
    const agentId = await insertAgent(registry.admin, own);
    const second = {
      ...storedPlaybook([agentId, approval], [[agentId, 'approval-chief']]),
      settings: { failure_policy: 'continue', max_retries: 0 },
    };
    const versions = [storedPlaybook([agentId]), second];
    await insertDomain(registry.admin, own, { domainId: 'roads', versions });
    const newest = await registry.domains.getDomain({ domainId: 'roads' }, registry.as(own));
    expect(newest.domain).toMatchObject({ version: 2, tenantId: own.tenantId, createdBy: own.userId });
    expect(newest.domain?.queryPlaybook).toMatchObject({
      nodes: [
        { kind: { value: agentId } },
        {
          kind: {
            value: {
              id: 'approval-chief',
              prompt: 'Really?',
              roles: [],
              timeoutS: 60,
              onTimeout: TimeoutDecision.REJECT,
            },
          },
        },
      ],
      edges: [{ from: agentId, to: 'approval-chief' }],
      settings: { failurePolicy: FailurePolicy.CONTINUE, maxRetries: 0 },
    });
    const first = await registry.domains.getDomain({ domainId: 'roads', version: 1 }, registry.as(own));
    expect(first.domain).toMatchObject({ version: 1, queryPlaybook: { edges: [] } });
  });

  it('prefers the domain of the tenant to one of the platform', async () => {
    const own = await registry.newTenant();
    const versions = [storedPlaybook([])];
    await insertDomain(registry.admin, own, { domainId: 'civic_complaints', versions });
    const { domain } = await registry.domains.getDomain({ domainId: 'civic_complaints' }, registry.as(own));
    expect(domain?.tenantId).toBe(own.tenantId);
  });

  it('answers alike for absent versions, unknown ids and domains of other tenants', async () => {
    const [own, other] = [await registry.newTenant(), await registry.newTenant()];
    await insertDomain(registry.admin, other, { domainId: 'secret', versions: [storedPlaybook([])] });
    for (const request of [
      { domainId: 'secret' },
      { domainId: 'secret', version: 1 },
      { domainId: 'unknown' },
      { domainId: 'NUL\0' },
      { domainId: 'civic_complaints', version: 2 },
    ]) {
      const absent = { reason: 'not_found', message: 'No such domain' };
      await expect(registry.domains.getDomain(request, registry.as(own))).rejects.toMatchObject(absent);
      const { domainId, version: domainVersion } = { version: 0, ...request };
      const plan = { domainId, domainVersion, playbook: AgentClass.QUERY };
      await expect(registry.domains.resolvePlan(plan, registry.as(own))).rejects.toMatchObject(absent);
    }
  });
});

describe('ListDomains', () => {
  it('answers own and builtin domains, newest first and in their newest version, by number and by cursor', async () => {
    const own = await registry.newTenant();
    const versions = [storedPlaybook([]), storedPlaybook([])];
    for (const domainId of ['one', 'two', 'three']) {
      await insertDomain(registry.admin, own, { domainId, versions });
    }
    const whole = await registry.domains.listDomains({}, registry.as(own));
    const shown = whole.domains.map(({ domainId, version }) => [domainId, version]);
    expect(shown).toEqual([
      ['three', 2],
      ['two', 2],
      ['one', 2],
      ['civic_complaints', 1],
    ]);
    expect(whole.page).toMatchObject({ page: 1, total: 4n, nextCursor: '' });
    const first = await registry.domains.listDomains({ page: { limit: 3 } }, registry.as(own));
    const cursor = first.page?.nextCursor ?? '';
    const second = await registry.domains.listDomains({ page: { limit: 3, cursor } }, registry.as(own));
    expect(second.domains.map(({ domainId }) => domainId)).toEqual(['civic_complaints']);
    expect(second.page).toMatchObject({ page: 0, nextCursor: '' });
    expect(second.page?.total).toBeUndefined();
  });
});

describe('ResolvePlan', () => {
  const resolve = (domainId: string, principal: Parameters<RegistryForTest['as']>[0], domainVersion = 0) =>
    registry.domains.resolvePlan(
      { domainId, domainVersion, playbook: AgentClass.QUERY },
      registry.as(principal),
    );

  it('pins every agent, those pulled in from the tenant and the platform included', async () => {
    const own = await registry.newTenant();
    const { admin } = registry;
    const deep = await insertAgent(admin, own, { dependencies: ['builtin-query-who'] });
    const gone = 'agent-gone';
    const top = await insertAgent(admin, own, { dependencies: [deep, gone] });
    const off = await insertAgent(admin, own, { enabled: false });
    const playbook = storedPlaybook([off, top, approval], [[top, 'approval-chief']]);
    await insertDomain(admin, own, { domainId: 'pinned', versions: [playbook] });

    const { plan } = await resolve('pinned', own);
    expect(plan).toMatchObject({ domainId: 'pinned', domainVersion: 1, playbook: AgentClass.QUERY });
    expect(plan?.nodes.map(({ nodeId, implicit, parents }) => [nodeId, implicit, parents])).toEqual([
      [off, false, []],
      ['builtin-query-who', true, []],
      [deep, true, ['builtin-query-who']],
      [gone, true, []],
      [top, false, [deep, gone]],
      ['approval-chief', false, [top]],
    ]);
    expect(plan?.nodes.map(({ kind }) => kind.case)).toEqual([
      'unavailable',
      'agent',
      'agent',
      'unavailable',
      'agent',
      'approval',
    ]);
    expect(plan?.nodes[0]?.kind.value).toMatchObject({ agentId: off, errorCode: 'agent_disabled' });
    expect(plan?.nodes[3]?.kind.value).toMatchObject({ agentId: gone, errorCode: 'agent_missing' });
    expect(plan?.hash).toMatch(/^[0-9a-f]{64}$/);
  });

  it('gives the same plan for the same versions and another hash for another version', async () => {
    const own = await registry.newTenant();
    const agentId = await insertAgent(registry.admin, own);
    await insertDomain(registry.admin, own, { domainId: 'hashed', versions: [storedPlaybook([agentId])] });
    const before = await resolve('hashed', own);
    expect(await resolve('hashed', own)).toEqual(before);
    await insertAgentVersion(registry.admin, agentId, { version: 2 });
    const { plan } = await resolve('hashed', own);
    expect(plan?.nodes[0]?.kind.value).toMatchObject({ version: 2 });
    expect(plan?.hash).not.toBe(before.plan?.hash);
  });

  it('answers that a plan is unchanged as long as it is, by its hash', async () => {
    const own = await registry.newTenant();
    const agentId = await insertAgent(registry.admin, own);
    await insertDomain(registry.admin, own, { domainId: 'held', versions: [storedPlaybook([agentId])] });
    const { plan } = await resolve('held', own);
    const asked = { domainId: 'held', playbook: AgentClass.QUERY, knownHash: plan?.hash ?? '' };
    const again = await registry.domains.resolvePlan(asked, registry.as(own));
    expect([again.unchanged, again.plan]).toEqual([true, undefined]);
    await insertAgentVersion(registry.admin, agentId, { version: 2 });
    const { plan: changed, unchanged } = await registry.domains.resolvePlan(asked, registry.as(own));
    expect([unchanged, changed?.nodes[0]?.kind.value]).toMatchObject([false, { version: 2 }]);
    await registry.admin.query('delete from registry.agent_definitions where agent_id = $1', [agentId]);
    const { plan: gone } = await registry.domains.resolvePlan(asked, registry.as(own));
    expect(gone?.nodes[0]?.kind.value).toMatchObject({ errorCode: 'agent_missing' });
  });

  it('compiles the version of the domain that is asked for', async () => {
    const own = await registry.newTenant();
    const agentId = await insertAgent(registry.admin, own);
    const versions = [storedPlaybook([agentId]), storedPlaybook([approval])];
    await insertDomain(registry.admin, own, { domainId: 'versioned', versions });
    expect((await resolve('versioned', own, 1)).plan).toMatchObject({
      domainVersion: 1,
      nodes: [{ nodeId: agentId }],
    });
    expect((await resolve('versioned', own)).plan?.domainVersion).toBe(2);
  });

  it('names the path when dependencies have become cyclic', async () => {
    const own = await registry.newTenant();
    const [a, b] = [`agent-a-${own.userId}`, `agent-b-${own.userId}`];
    await insertAgent(registry.admin, own, { agentId: a, dependencies: [b] });
    await insertAgent(registry.admin, own, { agentId: b, dependencies: [a] });
    await insertDomain(registry.admin, own, { domainId: 'cyclic', versions: [storedPlaybook([a])] });
    await expect(resolve('cyclic', own)).rejects.toMatchObject({
      reason: 'failed_precondition',
      message: `circular dependency: ${a} -> ${b} -> ${a}`,
    });
  });

  it('takes an agent of another tenant for a missing one', async () => {
    const [own, other] = [await registry.newTenant(), await registry.newTenant()];
    const foreign = await insertAgent(registry.admin, other);
    await insertDomain(registry.admin, own, { domainId: 'foreign', versions: [storedPlaybook([foreign])] });
    const { plan } = await resolve('foreign', own);
    expect(plan?.nodes[0]?.kind.value).toMatchObject({ agentId: foreign, errorCode: 'agent_missing' });
  });

  it('refuses a plan of more than 110 tasks', async () => {
    const own = await registry.newTenant();
    const leaves: string[] = [];
    while (leaves.length < 110) leaves.push(await insertAgent(registry.admin, own));
    const roots: string[] = [];
    for (let at = 0; at < 110; at += 20) {
      roots.push(await insertAgent(registry.admin, own, { dependencies: leaves.slice(at, at + 20) }));
    }
    const versions = [storedPlaybook(roots.slice(0, 5)), storedPlaybook(roots)];
    await insertDomain(registry.admin, own, { domainId: 'large', versions });
    expect((await resolve('large', own, 1)).plan?.nodes).toHaveLength(105);
    await expect(resolve('large', own, 2)).rejects.toMatchObject({
      reason: 'failed_precondition',
      message: 'The plan has more than 110 tasks',
    });
  });

  it('refuses a playbook that is not named', async () => {
    const request = { domainId: 'civic_complaints' };
    const call = registry.domains.resolvePlan(request, registry.as(newPrincipal()));
    await expect(call).rejects.toMatchObject({
      reason: 'invalid_argument',
      violations: [{ field: 'playbook' }],
    });
  });
});
