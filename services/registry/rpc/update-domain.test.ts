// UpdateDomain and DeleteDomain through the real service: merging, versions, who may, and what happens at the same moment.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Principal } from '../../../foundation/identity/principal.ts';
import { newId } from '../../../foundation/ids/ids.ts';
import type { JsonObject } from '../../../foundation/json/json.ts';
import { startTestDatabases, type TestDatabases } from '../../../local/databases/test-databases.ts';
import { AgentClass } from '../../../proto/gen/domainflow/registry/v1/agent_pb.js';
import { type RegistryForTest, startRegistryForTest } from '../app.for-test.ts';
import { insertAgent, insertAgentVersion } from '../store/rows.for-test.ts';
import { refusal, told } from './agent-definition.for-test.ts';
import {
  type AgentOfEachClass,
  agentOfEachClass,
  colleague,
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
  registry = await startRegistryForTest(await databases.createDatabase('registry_update_domain'));
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

const update = (definition: JsonObject, principal = own, domainId = 'roads') =>
  registry.domains.updateDomain({ domainId, definition }, registry.as(principal));
const remove = (principal = own, domainId = 'roads') =>
  registry.domains.deleteDomain({ domainId }, registry.as(principal));
const read = async (version = 0) =>
  (await registry.domains.getDomain({ domainId: 'roads', version }, registry.as(own))).domain;

describe('UpdateDomain', () => {
  it('merges what is given into the next version, and leaves the version before as it was', async () => {
    const before = await read();
    const second = await insertAgent(registry.admin, own);
    const { domain } = await update({
      domain_id: 'ignored',
      description: 'Streets',
      query_playbook: playbook([agents.query, second], [[agents.query, second]]),
    });
    expect(domain).toMatchObject({
      id: before?.id,
      domainId: 'roads',
      domainName: 'Roads',
      description: 'Streets',
      version: 2,
      createdAt: before?.createdAt,
      createdBy: own.userId,
      ingestionPlaybook: before?.ingestionPlaybook,
      queryPlaybook: { edges: [{ from: agents.query, to: second }] },
    });
    expect(await read()).toEqual(domain);
    expect(await read(1)).toEqual(before);
  });

  it('takes the description away by null, and nothing else', async () => {
    await update({ description: 'Streets' });
    expect((await update({ description: null })).domain?.description).toBe('');
    const refused = await refusal(update({ domain_name: null, query_playbook: null }));
    expect(told(refused.violations)).toEqual([
      'domain_name: cannot be removed',
      'query_playbook: cannot be removed',
    ]);
  });

  it.each<JsonObject>([{}, { domain_id: 'roads' }, { unknown: 1 }])(
    'refuses %j, which changes nothing',
    async (definition) => {
      expect(told((await refusal(update(definition))).violations)).toEqual([
        'body: must give at least one of domain_name, description, ingestion_playbook, query_playbook, management_playbook',
      ]);
      expect((await read())?.version).toBe(1);
    },
  );

  it('judges all three playbooks again by the agents of now, and the wrong one is not replaced by the old one', async () => {
    await registry.admin.query(
      'update registry.agent_versions set enabled = false where agent_id = any($1)',
      [[agents.ingestion, agents.query]],
    );
    const refused = await refusal(update({ query_playbook: { agent_execution_graph: 1 } }));
    expect(told(refused.violations)).toEqual([
      `${queryGraph}: must be an object`,
      `ingestion_playbook.agent_execution_graph.nodes[0]: agent ${agents.ingestion} is disabled`,
    ]);
  });

  it('warns of what is probably not meant', async () => {
    const second = await insertAgent(registry.admin, own, { settings: { input_keys: ['weather'] } });
    const { warnings } = await update({ query_playbook: playbook([agents.query, second]) });
    const path = `${queryGraph}.nodes[1]`;
    expect(warnings).toMatchObject([
      { domainId: 'roads', playbook: AgentClass.QUERY, path, code: 'duplicate_key' },
      { domainId: 'roads', playbook: AgentClass.QUERY, path, code: 'missing_key' },
    ]);
    expect(warnings.map(({ text }) => text)).toEqual([
      `agents ${agents.query} and ${second} both produce the key answer`,
      `agent ${second} asks for the key weather, which neither the job's input nor an agent before it produces`,
    ]);
  });

  it('gives each of 20 updates at the same moment a version of its own and loses none', async () => {
    const names = Array.from({ length: 20 }, (_, at) => `Name ${at}`);
    const answers = await Promise.all(names.map((name) => update({ domain_name: name })));
    const versions = answers.map(({ domain }) => domain?.version ?? 0);
    expect(versions.toSorted((a, b) => a - b)).toEqual(names.map((_, at) => at + 2));
    for (const { domain } of answers) expect(await read(domain?.version)).toEqual(domain);
  });

  it('merges updates of different fields at the same moment', async () => {
    await Promise.all([update({ domain_name: 'Streets' }), update({ description: 'All of them' })]);
    expect(await read()).toMatchObject({ version: 3, domainName: 'Streets', description: 'All of them' });
  });
});

describe('DeleteDomain', () => {
  it('removes the domain for all reads, and its id may be used again from version 1', async () => {
    await update({ description: 'Old' });
    const before = await read();
    await remove();
    expect((await refusal(read())).reason).toBe('not_found');
    expect((await refusal(read(1))).reason).toBe('not_found');
    expect((await refusal(remove())).reason).toBe('not_found');
    const definition = domainDefinition(agents);
    const { domain } = await registry.domains.createDomain({ definition }, registry.as(own));
    expect(domain).toMatchObject({ version: 1, description: '' });
    expect(domain?.id).not.toBe(before?.id);
    expect((await refusal(read(2))).reason).toBe('not_found');
  });

  it('keeps the versions that runs pinned', async () => {
    const id = (await read())?.id;
    await remove();
    const { rows } = await registry.admin.query(
      'select version from registry.domain_versions where domain_configuration_id = $1',
      [id],
    );
    expect(rows).toEqual([{ version: 1 }]);
  });

  it('leaves an entry for each write, whose hashes join', async () => {
    await update({ description: 'Streets' });
    await registry.domains.rollbackDomain({ domainId: 'roads', version: 1 }, registry.as(own));
    await remove();
    const { rows } = await registry.admin.query<{
      operation_type: string;
      before_hash: string;
      after_hash: string;
    }>(
      `select operation_type, before_hash, after_hash from registry.audit_log
      where tenant_id = $1 and entity_id = 'roads' order by "timestamp", id`,
      [own.tenantId],
    );
    expect(rows.map(({ operation_type }) => operation_type)).toEqual([
      'create',
      'update',
      'rollback',
      'delete',
    ]);
    expect(rows.map(({ before_hash }) => before_hash)).toEqual([
      null,
      ...rows.slice(0, 3).map(({ after_hash }) => after_hash),
    ]);
    expect(rows[3]?.after_hash).toBeNull();
  });
});

describe('a domain and its agent at the same moment', () => {
  it.each(Array.from({ length: 5 }, (_, at) => at))(
    'lets one of naming the agent and deleting it win (%i)',
    async () => {
      const agentId = await insertAgent(registry.admin, own);
      const [named, deleted] = await Promise.allSettled([
        update({ query_playbook: playbook([agentId]) }),
        registry.agents.deleteAgent({ agentId }, registry.as(own)),
      ]);
      expect([named.status, deleted.status].toSorted()).toEqual(['fulfilled', 'rejected']);
      const { queryPlaybook } = (await read()) ?? {};
      const isNamed = queryPlaybook?.nodes[0]?.kind.value === agentId;
      expect(isNamed).toBe(named.status === 'fulfilled');
      const { rows } = await registry.admin.query(
        'select from registry.agent_definitions where agent_id = $1',
        [agentId],
      );
      expect(rows).toHaveLength(isNamed ? 1 : 0);
    },
  );
});

describe('whoever may not change a domain', () => {
  const writes: readonly (readonly [string, (principal: Principal, domainId: string) => Promise<unknown>])[] =
    [
      ['UpdateDomain', (principal, domainId) => update({ query_playbook: 1 }, principal, domainId)],
      ['DeleteDomain', remove],
      [
        'RollbackDomain',
        (principal, domainId) =>
          registry.domains.rollbackDomain({ domainId, version: 99 }, registry.as(principal)),
      ],
      [
        'CheckDomain',
        (principal, domainId) =>
          registry.domains.checkDomain(
            { domainId, definition: { query_playbook: 1 } },
            registry.as(principal),
          ),
      ],
    ];

  it.each(writes)(
    '%s refuses viewers and runs before it looks, unknown and foreign ids alike, then others’ and builtin ones',
    async (_name, write) => {
      const stranger = await registry.newTenant();
      const run = { runId: 'job_1', capability: 'management' as const, writeTarget: '' };
      for (const principal of [
        { ...own, roles: ['viewer'] },
        { ...own, run },
      ]) {
        expect((await refusal(write(principal, 'unknown'))).reason).toBe('permission_denied');
      }
      const absent = { reason: 'not_found', message: 'No such domain' };
      expect(await refusal(write(stranger, 'roads'))).toMatchObject(absent);
      expect(await refusal(write(own, 'unknown'))).toMatchObject(absent);
      expect(await refusal(write(own, 'NUL\0'))).toMatchObject(absent);
      const bob = await colleague(registry, own, { userId: newId(), roles: ['editor'] });
      expect(await refusal(write(bob, 'roads'))).toMatchObject({
        reason: 'permission_denied',
        message: 'This domain was created by another user; only an admin may change it',
      });
      expect(await refusal(write({ ...own, roles: ['admin'] }, 'civic_complaints'))).toMatchObject({
        reason: 'permission_denied',
        message: 'This domain belongs to the platform and cannot be changed',
      });
      expect((await read())?.version).toBe(1);
    },
  );

  it('are not the admins of the tenant', async () => {
    const admin = await colleague(registry, own, { userId: newId(), roles: ['admin'] });
    const { domain } = await update({ description: 'By the admin' }, admin);
    expect(domain).toMatchObject({ version: 2, createdBy: own.userId });
    await remove(admin);
    expect((await refusal(read())).reason).toBe('not_found');
  });
});

describe('agents that change under a domain', () => {
  it('keep the domain readable, and its next save is judged by them', async () => {
    await insertAgentVersion(registry.admin, agents.query, { version: 2, dependencies: [agents.query] });
    expect((await read())?.version).toBe(1);
    expect(told((await refusal(update({ description: 'x' }))).violations)).toEqual([
      `${queryGraph}: circular dependency: ${agents.query} -> ${agents.query}`,
    ]);
  });
});
