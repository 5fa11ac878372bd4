// What reading the source of a plan costs in statements, what is kept between reads, and that what is kept never outlives its head.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import type { Principal } from '../../../foundation/identity/principal.ts';
import { createPostgres, type Postgres } from '../../../foundation/postgres/pool.ts';
import { silentObserver } from '../../../foundation/postgres/pool-observer.ts';
import { startTestDatabases, type TestDatabases } from '../../../local/databases/test-databases.ts';
import { createPlanStatements } from './plan-statements.ts';
import {
  insertAgent,
  insertAgentVersion,
  insertDomain,
  insertPrincipal,
  newPrincipal,
  storedPlaybook,
} from './rows.for-test.ts';
import { prepareRegistryDatabase } from './schema.ts';

let databases: TestDatabases;
let admin: pg.Client;
let postgres: Postgres;
let statements = 0;
let transactions = 0;
beforeAll(async () => {
  databases = await startTestDatabases();
  const adminUrl = await databases.createDatabase('registry_plan_statements');
  const { databaseUrl } = await prepareRegistryDatabase({ adminUrl, appPassword: 'for-tests' });
  admin = new pg.Client({ connectionString: adminUrl });
  await admin.connect();
  postgres = createPostgres({
    url: databaseUrl,
    applicationName: 'test',
    sizeMax: 2,
    acquireTimeoutMs: 5_000,
    onError: () => undefined,
    observer: {
      ...silentObserver,
      statementEnded: () => {
        statements += 1;
      },
      transactionEnded: () => {
        transactions += 1;
      },
    },
  });
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

/** What a read answers, in agent_ids with their versions, and the statements that it took in one transaction. */
async function readPlan(
  { findPlanSource }: ReturnType<typeof createPlanStatements>,
  { tenantId }: Principal,
  { agentsMax = 110 }: { readonly agentsMax?: number } = {},
) {
  [statements, transactions] = [0, 0];
  const source = await findPlanSource(tenantId, { id: 'roads', version: 0, playbook: 'query', agentsMax });
  expect(transactions).toBe(1);
  const agents = [...(source?.agents.values() ?? [])].map(({ agentId, version }) => `${agentId} ${version}`);
  return { source, agents: agents.toSorted(), statements };
}

async function tenantWithPlaybook(agents: number): Promise<{ own: Principal; agentIds: readonly string[] }> {
  const own = await newTenant();
  const leaves = await Promise.all(Array.from({ length: agents - 1 }, () => insertAgent(admin, own)));
  const top = await insertAgent(admin, own, { dependencies: leaves.slice(0, 3) });
  await insertDomain(admin, own, {
    domainId: 'roads',
    versions: [storedPlaybook([top, ...leaves.slice(3)])],
  });
  return { own, agentIds: [...leaves, top] };
}

describe('findPlanSource', () => {
  it.each([5, 50])('takes two statements for %i agents, and one when nothing changed', async (count) => {
    const { own, agentIds } = await tenantWithPlaybook(count);
    const plans = createPlanStatements(postgres);
    const expected = agentIds.map((id) => `${id} 1`).toSorted();
    expect(await readPlan(plans, own)).toMatchObject({ agents: expected, statements: 2 });
    const again = await readPlan(plans, own);
    expect(again).toMatchObject({ agents: expected, statements: 1 });
    const fresh = await readPlan(createPlanStatements(postgres), own);
    expect(again.source).toEqual(fresh.source);
  });

  it('reads a new version, and none that is gone', async () => {
    const { own, agentIds } = await tenantWithPlaybook(5);
    const plans = createPlanStatements(postgres);
    await readPlan(plans, own);
    const [changed = '', deleted = '', ...others] = agentIds;
    await insertAgentVersion(admin, changed, { version: 2, name: 'Another name' });
    const after = await readPlan(plans, own);
    expect(after.statements).toBe(2);
    expect(after.source?.agents.get(changed)).toMatchObject({ version: 2, agentName: 'Another name' });
    await admin.query('delete from registry.agent_definitions where agent_id = $1', [deleted]);
    expect(await readPlan(plans, own)).toMatchObject({
      agents: [`${changed} 2`, ...others.map((id) => `${id} 1`)].toSorted(),
      statements: 1,
    });
  });

  it('keeps what tenants share and nothing from whoever may not see it', async () => {
    const [own, other] = [await newTenant(), await newTenant()];
    const secret = await insertAgent(admin, own);
    const playbook = storedPlaybook([secret, 'builtin-query-who']);
    for (const tenant of [own, other])
      await insertDomain(admin, tenant, { domainId: 'roads', versions: [playbook] });
    const plans = createPlanStatements(postgres);
    expect((await readPlan(plans, own)).agents).toHaveLength(2);
    expect(await readPlan(plans, other)).toMatchObject({ agents: ['builtin-query-who 1'], statements: 1 });
  });

  it('reads one agent more than the most, and no more', async () => {
    const { own } = await tenantWithPlaybook(20);
    const plans = createPlanStatements(postgres);
    expect((await readPlan(plans, own, { agentsMax: 7 })).agents).toHaveLength(8);
    expect((await readPlan(plans, own, { agentsMax: 20 })).agents).toHaveLength(20);
  });

  it('ends where dependencies form a cycle', async () => {
    const own = await newTenant();
    const [a, b] = [`agent-a-${own.userId}`, `agent-b-${own.userId}`];
    await insertAgent(admin, own, { agentId: a, dependencies: [b] });
    await insertAgent(admin, own, { agentId: b, dependencies: [a] });
    await insertDomain(admin, own, { domainId: 'roads', versions: [storedPlaybook([a])] });
    expect((await readPlan(createPlanStatements(postgres), own)).agents).toEqual([`${a} 1`, `${b} 1`]);
  });

  it('knows no domain of another tenant', async () => {
    await tenantWithPlaybook(2);
    expect((await readPlan(createPlanStatements(postgres), await newTenant())).source).toBeUndefined();
  });
});
