// Which names an agent may list: tools of its tenant and of the platform, and what an MCP server offers.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createPostgres, type Postgres } from '../../../foundation/postgres/pool.ts';
import { startTestDatabases, type TestDatabases } from '../../../local/databases/test-databases.ts';
import { type RegistryForTest, startRegistryForTest } from '../app.for-test.ts';
import { toolFacts } from './tool-facts.ts';

let databases: TestDatabases;
let registry: RegistryForTest;
let postgres: Postgres;
beforeAll(async () => {
  databases = await startTestDatabases();
  registry = await startRegistryForTest(await databases.createDatabase('tool_facts'));
  const { databaseUrl: url } = registry;
  postgres = createPostgres({ url, applicationName: 'test', sizeMax: 1, acquireTimeoutMs: 5_000 });
}, 60_000);
afterAll(async () => {
  await postgres?.close();
  await registry?.close();
  await databases?.stop();
});

async function tenantWith(...tools: (readonly [name: string, type: string])[]): Promise<string> {
  const own = await registry.newTenant();
  for (const [tool_name, tool_type] of tools) {
    const definition = { tool_name, tool_type, endpoint: 'https://a.example.org', auth_method: 'none' };
    await registry.tools.createTool({ definition }, registry.as(own));
  }
  return own.tenantId;
}

const known = (tenantId: string, names: readonly string[]) =>
  postgres.tenantRead(tenantId, (client) => toolFacts(client, tenantId).knownTools(names));

describe('known tools', () => {
  it('are those of the tenant and the platform, and all that an MCP server may offer', async () => {
    const tenantId = await tenantWith(['weather', 'custom'], ['office', 'mcp_server']);
    const other = await tenantWith(['theirs', 'custom'], ['their_office', 'mcp_server']);
    const right = ['weather', 'retrieval_api', 'office.search', 'office.docs/find.one'];
    const wrong = [
      'theirs',
      'their_office.search',
      'weather.today',
      'office.',
      'unknown',
      'No name',
      'a\0b',
      '',
    ];
    expect([...(await known(tenantId, [...wrong, ...right]))].sort()).toEqual([...right].sort());
    expect(await known(other, ['weather', 'office.search'])).toEqual(new Set());
  });

  it('are none of none', async () => {
    expect(await known(await tenantWith(), [])).toEqual(new Set());
  });
});
