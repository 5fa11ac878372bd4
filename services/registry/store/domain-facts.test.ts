// Which saved domains need an agent.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import type { Principal } from '../../../foundation/identity/principal.ts';
import { createPostgres, type Postgres } from '../../../foundation/postgres/pool.ts';
import { startTestDatabases, type TestDatabases } from '../../../local/databases/test-databases.ts';
import { domainFacts } from './domain-facts.ts';
import { insertAgent, insertDomain, insertPrincipal, newPrincipal, storedPlaybook } from './rows.for-test.ts';
import { prepareRegistryDatabase } from './schema.ts';

let databases: TestDatabases;
let admin: pg.Client;
let postgres: Postgres;
beforeAll(async () => {
  databases = await startTestDatabases();
  const adminUrl = await databases.createDatabase('registry_domain_facts');
  const { databaseUrl } = await prepareRegistryDatabase({ adminUrl, appPassword: 'for-tests' });
  admin = new pg.Client({ connectionString: adminUrl });
  await admin.connect();
  const quiet = { applicationName: 'test', sizeMax: 2, acquireTimeoutMs: 5_000, onError: () => undefined };
  postgres = createPostgres({ url: databaseUrl, ...quiet });
}, 60_000);
afterAll(async () => {
  await postgres?.close();
  await admin?.end();
  await databases?.stop();
});

async function newTenant(): Promise<Principal> {
  const principal = newPrincipal();
  await insertPrincipal(admin, principal);
  return principal;
}

const insert = (own: Principal, domainId: string, ...versions: readonly (readonly unknown[])[]) =>
  insertDomain(admin, own, { domainId, versions: versions.map((nodes) => storedPlaybook(nodes)) });

const needing = async ({ tenantId }: Principal, agentId: string): Promise<readonly string[]> => {
  const domains = await postgres.tenantRead(tenantId, (client) =>
    domainFacts(client, tenantId).domainsNeeding(agentId),
  );
  return domains.map(({ domainId, version }) => `${domainId} ${version}`);
};

describe('domainsNeeding', () => {
  it('finds domains that list the agent or one that depends on it, over any number of agents', async () => {
    const own = await newTenant();
    const leaf = await insertAgent(admin, own);
    const middle = await insertAgent(admin, own, { dependencies: [leaf] });
    const top = await insertAgent(admin, own, { dependencies: ['builtin-query-who', middle] });
    await insert(own, 'lists_leaf', [leaf]);
    await insert(own, 'lists_top', ['builtin-query-how', top]);
    await insert(own, 'lists_others', ['builtin-query-how']);
    expect(await needing(own, leaf)).toEqual(['lists_leaf 1', 'lists_top 1']);
    expect(await needing(own, top)).toEqual(['lists_top 1']);
    expect(await needing(own, 'builtin-query-who')).toEqual(['lists_top 1']);
    expect(await needing(own, 'builtin-query-how')).toEqual(['lists_top 1', 'lists_others 1']);
    expect(await needing(own, 'agent-unknown')).toEqual([]);
  });

  it('looks at the newest versions alone, and at every playbook', async () => {
    const own = await newTenant();
    const agentId = await insertAgent(admin, own);
    await insert(own, 'no_more', [agentId], ['builtin-query-how']);
    await insert(own, 'since_two', ['builtin-query-how'], [agentId]);
    await insert(own, 'management', []);
    await admin.query(
      `update registry.domain_versions set management_playbook = $3
      where tenant_id = $1 and domain_id = $2`,
      [own.tenantId, 'management', JSON.stringify(storedPlaybook([agentId]))],
    );
    expect(await needing(own, agentId)).toEqual(['since_two 2', 'management 1']);
  });

  it('takes neither an approval nor another tenant’s domain for one', async () => {
    const [own, other] = [await newTenant(), await newTenant()];
    const agentId = await insertAgent(admin, own);
    await insert(own, 'approval', [{ id: agentId, kind: 'approval', prompt: agentId }]);
    await insert(other, 'foreign', [agentId]);
    expect(await needing(own, agentId)).toEqual([]);
  });

  it('ends where agents depend on each other', async () => {
    const own = await newTenant();
    const [a, b] = [`agent-a-${own.userId}`, `agent-b-${own.userId}`];
    await insertAgent(admin, own, { agentId: a, dependencies: [b] });
    await insertAgent(admin, own, { agentId: b, dependencies: [a] });
    await insert(own, 'cyclic', [a]);
    expect(await needing(own, b)).toEqual(['cyclic 1']);
  });
});
