// How many statements agents cost: reading many is one, and saving one takes as many whatever it depends on and whoever needs it.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { systemClock } from '../../../foundation/clock.ts';
import type { Principal } from '../../../foundation/identity/principal.ts';
import { createSchemaCompiler } from '../../../foundation/json/schema-compiler.ts';
import { createPostgres, type Postgres } from '../../../foundation/postgres/pool.ts';
import { startTestDatabases, type TestDatabases } from '../../../local/databases/test-databases.ts';
import { type RegistryForTest, startRegistryForTest } from '../app.for-test.ts';
import { readAgentChanges } from '../core/agent-document.ts';
import { definitionLimits } from '../core/limits.ts';
import { createAgentStatements } from '../store/agent-statements.ts';
import { type CountedStatements, countStatements } from '../store/counted-statements.for-test.ts';

import { createDefinitionChanges } from '../store/definition-changes.ts';
import { insertAgent, insertDomain, insertTool, storedPlaybook } from '../store/rows.for-test.ts';
import type { AgentStore, DefinitionStore } from '../store/store.ts';
import { changeableAgent } from './changeable-agent.ts';
import { storeAgentVersion } from './store-agent-version.ts';

let databases: TestDatabases;
let registry: RegistryForTest;
let postgres: Postgres;
let counted: CountedStatements;
let store: AgentStore & DefinitionStore;
let own: Principal;
beforeAll(async () => {
  databases = await startTestDatabases();
  registry = await startRegistryForTest(await databases.createDatabase('registry_agent_statements'));
  const [url, applicationName] = [registry.databaseUrl, 'test'];
  postgres = createPostgres({ url, applicationName, sizeMax: 2, acquireTimeoutMs: 5_000 });
  counted = countStatements(postgres);
  store = { ...createAgentStatements(counted.postgres), ...createDefinitionChanges(counted.postgres) };
  own = await registry.newTenant();
}, 60_000);
afterAll(async () => {
  await postgres?.close();
  await registry?.close();
  await databases?.stop();
});

/** Agents with one dependency of their own each. */
async function someAgents(count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let at = 0; at < count; at += 1) {
    const leaf = await insertAgent(registry.admin, own);
    ids.push(await insertAgent(registry.admin, own, { dependencies: [leaf] }));
  }
  return ids;
}

/** Saves as UpdateAgent does, and answers the names of the statements. */
async function save(agentId: string, definition: { tools: string[]; agent_dependencies: string[] }) {
  const writing = {
    store,
    rules: { limits: definitionLimits, schemas: createSchemaCompiler() },
    clock: systemClock,
  };
  const actor = { ...own, role: 'admin' as const, traceId: undefined, startedMs: performance.now() };
  counted.taken();
  const { warnings } = await store.changeDefinitions(actor, async (change) => {
    const before = await changeableAgent(change, actor, agentId);
    const read = readAgentChanges(definition, before, writing.rules);
    return storeAgentVersion(change, { operation: 'update', before, read }, writing);
  });
  return { statements: counted.taken(), warnings };
}

describe('saving an agent', () => {
  it('takes as many statements with 20 dependencies and 50 domains as with one of each', async () => {
    const [few, many] = [await insertAgent(registry.admin, own), await insertAgent(registry.admin, own)];
    const dependencies = await someAgents(20);
    await insertTool(registry.admin, own, { name: 'tool_0' });
    await insertDomain(registry.admin, own, { domainId: 'one', versions: [storedPlaybook([few])] });
    for (let at = 0; at < 50; at += 1) {
      const versions = [storedPlaybook([many, dependencies[at % 20]])];
      await insertDomain(registry.admin, own, { domainId: `many_${at}`, versions });
    }
    const small = await save(few, { tools: ['tool_0'], agent_dependencies: dependencies.slice(0, 1) });
    const large = await save(many, { tools: ['tool_0'], agent_dependencies: dependencies });
    expect(large.statements).toEqual(small.statements);
    expect(small.statements.length).toBeLessThanOrEqual(12);
    expect(large.warnings).toHaveLength(50);
  });
});

describe('reading 100 agents by id and version', () => {
  it('is one statement', async () => {
    const ids = [...(await someAgents(49)), 'builtin-query-who', 'builtin-query-what'];
    const keys = ids.flatMap((id) => [
      { id, version: 0 },
      { id, version: 1 },
    ]);
    counted.taken();
    const agents = await store.findAgents(own.tenantId, keys.slice(0, 100));
    expect(counted.taken()).toEqual(['registry.select_agent_keys']);
    expect(agents).toHaveLength(100);
    expect(agents.map(({ agentId }) => agentId)).toEqual(keys.slice(0, 100).map(({ id }) => id));
  });
});
