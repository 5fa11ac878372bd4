// CheckDomain, DiffDomain and RollbackDomain through the real service.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Principal } from '../../../foundation/identity/principal.ts';
import type { JsonObject } from '../../../foundation/json/json.ts';
import { startTestDatabases, type TestDatabases } from '../../../local/databases/test-databases.ts';
import { AgentClass } from '../../../proto/gen/domainflow/registry/v1/agent_pb.js';
import { type RegistryForTest, startRegistryForTest } from '../app.for-test.ts';
import { insertAgent } from '../store/rows.for-test.ts';
import { refusal, told } from './agent-definition.for-test.ts';
import {
  type AgentOfEachClass,
  agentOfEachClass,
  domainDefinition,
  playbook,
  queryGraph,
} from './domain-definition.for-test.ts';

let databases: TestDatabases;
let registry: RegistryForTest;
let own: Principal;
let agents: AgentOfEachClass;
beforeAll(async () => {
  databases = await startTestDatabases();
  registry = await startRegistryForTest(await databases.createDatabase('registry_check_domain'));
}, 60_000);
beforeEach(async () => {
  own = await registry.newTenant({ roles: ['editor'] });
  agents = await agentOfEachClass(registry, own);
  await registry.domains.createDomain({ definition: domainDefinition(agents) }, registry.as(own));
});
afterAll(async () => {
  await registry?.close();
  await databases?.stop();
});

const check = (definition: JsonObject, domainId = '') =>
  registry.domains.checkDomain({ domainId, definition }, registry.as(own));
const update = (definition: JsonObject) =>
  registry.domains.updateDomain({ domainId: 'roads', definition }, registry.as(own));
const diff = (fromVersion = 0, toVersion = 0) =>
  registry.domains.diffDomain({ domainId: 'roads', fromVersion, toVersion }, registry.as(own));
const rollback = (version: number) =>
  registry.domains.rollbackDomain({ domainId: 'roads', version }, registry.as(own));
const read = async (version = 0) =>
  (await registry.domains.getDomain({ domainId: 'roads', version }, registry.as(own))).domain;

describe('CheckDomain', () => {
  it('answers the plans of a sound definition and stores nothing', async () => {
    const verdict = await check(domainDefinition(agents, { domain_id: 'fresh' }));
    expect(verdict).toMatchObject({ violations: [], warnings: [] });
    expect(
      verdict.plans.map(({ playbook: asked, domainId, domainVersion, nodes }) => [
        asked,
        domainId,
        domainVersion,
        nodes.map(({ nodeId }) => nodeId),
      ]),
    ).toEqual([
      [AgentClass.INGESTION, 'fresh', 1, [agents.ingestion]],
      [AgentClass.QUERY, 'fresh', 1, [agents.query]],
      [AgentClass.MANAGEMENT, 'fresh', 1, [agents.management]],
    ]);
    const absent = registry.domains.getDomain({ domainId: 'fresh' }, registry.as(own));
    expect((await refusal(absent)).reason).toBe('not_found');
  });

  it('answers the plans of the sound playbooks beside the problems of the others', async () => {
    const second = await insertAgent(registry.admin, own, { settings: { input_keys: ['weather'] } });
    const verdict = await check(
      domainDefinition(agents, {
        domain_id: 'Fresh',
        ingestion_playbook: playbook([agents.query]),
        query_playbook: playbook([second]),
        management_playbook: undefined,
      }),
    );
    expect(told(verdict.violations)).toEqual([
      'management_playbook: is required',
      'domain_id: must be 1 to 50 lower-case letters, digits or _, the first of them a letter',
      `ingestion_playbook.agent_execution_graph.nodes[0]: agent ${agents.query} is of class query; this playbook lists agents of class ingestion`,
    ]);
    expect(verdict.plans.map(({ playbook: asked }) => asked)).toEqual([AgentClass.QUERY]);
    expect(verdict.warnings).toMatchObject([{ code: 'missing_key', path: `${queryGraph}.nodes[0]` }]);
  });

  it('tells of an id that is taken, by the tenant or by the platform', async () => {
    for (const domainId of ['roads', 'civic_complaints']) {
      const verdict = await check(domainDefinition(agents, { domain_id: domainId }));
      expect(told(verdict.violations)).toEqual([`domain_id: ${domainId} is taken; choose another one`]);
    }
  });

  it('judges changes of a domain as the next version of it', async () => {
    const verdict = await check({ description: 'x' }, 'roads');
    expect(verdict.violations).toEqual([]);
    expect(verdict.plans.map(({ domainVersion }) => domainVersion)).toEqual([2, 2, 2]);
    expect((await read())?.version).toBe(1);
    expect(told((await check({}, 'roads')).violations)).toHaveLength(1);
  });

  it('answers the plan that a save would run', async () => {
    const changes = { query_playbook: playbook([agents.query, 'builtin-query-who']) };
    const { plans } = await check(changes, 'roads');
    await update(changes);
    const request = { domainId: 'roads', playbook: AgentClass.QUERY };
    const { plan } = await registry.domains.resolvePlan(request, registry.as(own));
    expect(plan).toEqual(plans[1]);
  });
});

describe('DiffDomain', () => {
  it('names what differs by path, the last change unless versions are named', async () => {
    const second = await insertAgent(registry.admin, own);
    const two = { query_playbook: playbook([agents.query, second], [[agents.query, second]]) };
    const three = {
      description: 'Streets',
      query_playbook: playbook([second, agents.query], [[second, agents.query]], { max_retries: 1 }),
    };
    await update(two);
    await update(three);
    const last = await diff();
    expect([last.fromVersion, last.toVersion]).toEqual([2, 3]);
    expect(last.changes.map(({ path }) => path)).toEqual([
      'description',
      `${queryGraph}.edges[0].from`,
      `${queryGraph}.edges[0].to`,
      `${queryGraph}.nodes[0]`,
      `${queryGraph}.nodes[1]`,
      'query_playbook.settings.max_retries',
    ]);
    expect(last.changes[2]).toMatchObject({
      before: { kind: { value: second } },
      after: { kind: { value: agents.query } },
    });
    expect(last.changes[5]?.before).toBeUndefined();
    const first = await diff(1, 2);
    expect(first.changes.map(({ path }) => path)).toEqual([
      `${queryGraph}.edges[0]`,
      `${queryGraph}.nodes[1]`,
    ]);
    expect((await diff(2, 2)).changes).toEqual([]);
    const backwards = await diff(3, 2);
    expect(backwards.changes).toHaveLength(last.changes.length);
  });

  it('is for viewers too, also of builtin domains, and counts everything as new in the first version', async () => {
    const viewer = { ...own, roles: ['viewer'] };
    const request = { domainId: 'civic_complaints' };
    const { changes, fromVersion, toVersion } = await registry.domains.diffDomain(
      request,
      registry.as(viewer),
    );
    expect([fromVersion, toVersion]).toEqual([0, 1]);
    expect(changes.map(({ path }) => path)).toEqual([
      'description',
      'domain_name',
      'ingestion_playbook',
      'management_playbook',
      'query_playbook',
    ]);
  });

  it('knows neither other versions nor other tenants’ domains', async () => {
    const absent = { reason: 'not_found', message: 'No such domain' };
    expect(await refusal(diff(1, 2))).toMatchObject(absent);
    expect(await refusal(diff(7, 1))).toMatchObject(absent);
    expect(await refusal(diff(-1, 1))).toMatchObject(absent);
    const stranger = await registry.newTenant();
    const foreign = registry.domains.diffDomain({ domainId: 'roads' }, registry.as(stranger));
    expect(await refusal(foreign)).toMatchObject(absent);
  });
});

describe('RollbackDomain', () => {
  it('stores a new version equal to an earlier one', async () => {
    const second = await insertAgent(registry.admin, own);
    await update({ domain_name: 'Streets', description: 'x', query_playbook: playbook([second]) });
    const { domain } = await rollback(1);
    expect(domain?.version).toBe(3);
    expect((await diff(1, 3)).changes).toEqual([]);
    expect(await read()).toEqual(domain);
    expect((await read(2))?.domainName).toBe('Streets');
  });

  it('judges the earlier version by the agents of now', async () => {
    const gone = await insertAgent(registry.admin, own);
    await update({ query_playbook: playbook([gone]) });
    await update({ query_playbook: playbook([agents.query]) });
    await registry.agents.deleteAgent({ agentId: gone }, registry.as(own));
    expect(told((await refusal(rollback(2))).violations)).toEqual([
      `${queryGraph}.nodes[0]: agent ${gone} does not exist`,
    ]);
    expect((await read())?.version).toBe(3);
  });

  it.each([0, -1, 2])('does not know the version %i', async (version) => {
    expect(await refusal(rollback(version))).toMatchObject({
      reason: 'not_found',
      message: 'No such version of the domain',
    });
  });
});
