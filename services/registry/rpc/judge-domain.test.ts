// What judging a domain costs in statements, which does not grow with its agents.
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import pg from 'pg';
import { createPostgres, type Postgres } from '../../../foundation/postgres/pool.ts';
import { silentObserver } from '../../../foundation/postgres/pool-observer.ts';
import { startTestDatabases, type TestDatabases } from '../../../local/databases/test-databases.ts';
import { readNewDomain } from '../core/domain-definition.ts';
import { definitionLimits as limits } from '../core/limits.ts';
import { createDefinitionChanges } from '../store/definition-changes.ts';
import { insertAgent, insertPrincipal, newPrincipal } from '../store/rows.for-test.ts';
import { prepareRegistryDatabase } from '../store/schema.ts';
import { playbook } from './domain-definition.for-test.ts';
import { judgeDraft } from './judge-domain.ts';

let databases: TestDatabases;
let admin: pg.Client;
let postgres: Postgres;
let statements = 0;
beforeAll(async () => {
  databases = await startTestDatabases();
  const adminUrl = await databases.createDatabase('registry_judge_domain');
  const { databaseUrl } = await prepareRegistryDatabase({ adminUrl, appPassword: 'for-tests' });
  admin = new pg.Client({ connectionString: adminUrl });
  await admin.connect();
  postgres = createPostgres({
    url: databaseUrl,
    applicationName: 'test',
    sizeMax: 1,
    acquireTimeoutMs: 5_000,
    onError: () => undefined,
    observer: {
      ...silentObserver,
      statementEnded: () => {
        statements += 1;
      },
    },
  });
}, 60_000);
afterAll(async () => {
  await postgres?.close();
  await admin?.end();
  await databases?.stop();
});

it.each([2, 40])('judges three playbooks of %i agents with dependencies in six statements', async (count) => {
  const own = newPrincipal();
  await insertPrincipal(admin, own);
  const nodesOf = async (agentClass: string): Promise<readonly string[]> => {
    const leaf = await insertAgent(admin, own, { agentClass });
    const top = { agentClass, dependencies: [leaf] };
    return Promise.all(Array.from({ length: count }, () => insertAgent(admin, own, top)));
  };
  const definition = {
    domain_id: 'roads',
    domain_name: 'Roads',
    ingestion_playbook: playbook(await nodesOf('ingestion')),
    query_playbook: playbook(await nodesOf('query')),
    management_playbook: playbook(await nodesOf('management')),
  };
  const { judgeDefinitions } = createDefinitionChanges(postgres);
  statements = 0;
  const verdict = await judgeDefinitions(own.tenantId, (facts) =>
    judgeDraft(facts, readNewDomain(definition, limits), { limits }),
  );
  expect(verdict.violations).toEqual([]);
  expect(verdict.plans.map(({ nodes }) => nodes.length)).toEqual([count + 1, count + 1, count + 1]);
  expect(statements).toBe(6);
});
