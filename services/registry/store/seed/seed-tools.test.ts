// The tools of the platform and their grants as they are stored: loaded once, the same however often they are loaded, and brought up to
// date when their wording changes.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { startTestDatabases, type TestDatabases } from '../../../../local/databases/test-databases.ts';
import { prepareRegistryDatabase } from '../schema.ts';
import { builtinAgents } from './builtin-agents.ts';
import { builtinTools } from './builtin-tools.ts';
import { seedBuiltins } from './seed-builtins.ts';

let databases: TestDatabases;
let admin: pg.Client;
beforeAll(async () => {
  databases = await startTestDatabases();
  const adminUrl = await databases.createDatabase('seed_tools');
  await prepareRegistryDatabase({ adminUrl, appPassword: 'for-tests' });
  admin = new pg.Client({ connectionString: adminUrl });
  await admin.connect();
}, 60_000);
afterAll(async () => {
  await admin?.end();
  await databases?.stop();
});

/** Every row of a table with the transaction that wrote it. */
async function rowsOf(table: string) {
  return (await admin.query(`select xmin::text as written_by, t.* from registry.${table} t order by 2, 3, 4`))
    .rows;
}

describe('loading what the platform brings along', () => {
  it('stores the nine tools and the grants of the twelve agents', async () => {
    const tools = await rowsOf('tools');
    expect(tools.map((row) => row.tool_name).sort()).toEqual(
      builtinTools.map((tool) => tool.toolName).sort(),
    );
    for (const row of tools) {
      expect(row).toMatchObject({ effect: 'read', is_builtin: true, endpoint: null, credentials: null });
    }
    const grants = (await rowsOf('tool_permissions')).map((row) => `${row.agent_id} ${row.tool_name}`);
    const listed = builtinAgents.flatMap(({ agentId, tools: names }) =>
      names.map((name) => `${agentId} ${name}`),
    );
    expect(grants.sort()).toEqual(listed.sort());
  });

  it('changes nothing when it is done again', async () => {
    const before = [await rowsOf('tools'), await rowsOf('tool_permissions')];
    await seedBuiltins(admin);
    expect([await rowsOf('tools'), await rowsOf('tool_permissions')]).toEqual(before);
  });

  it('brings the wording of an earlier version up to date', async () => {
    const [before] = await rowsOf('tools');
    await admin.query(
      `update registry.tools set description = 'Old', parameters_schema = '{}' where id = $1`,
      [before.id],
    );
    await seedBuiltins(admin);
    const [after] = await rowsOf('tools');
    expect(after).toMatchObject({ id: before.id, description: before.description });
    expect(after.parameters_schema).toEqual(before.parameters_schema);
  });
});
