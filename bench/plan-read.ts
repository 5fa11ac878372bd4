// What keeping versions of agents in the process saves when the source of a plan is read: the same reads over the same database, once
// with everything kept and once with nothing. Prints one line for each playbook. Starts a PostgreSQL of its own.
import pg from 'pg';
import { createPostgres } from '../foundation/postgres/pool.ts';
import { startTestDatabases } from '../local/databases/test-databases.ts';
import { createPlanStatements } from '../services/registry/store/plan-statements.ts';
import {
  insertAgent,
  insertDomain,
  insertPrincipal,
  newPrincipal,
  storedPlaybook,
} from '../services/registry/store/rows.for-test.ts';
import { prepareRegistryDatabase } from '../services/registry/store/schema.ts';

const agentsOfTenant = 400;
const promptCharacters = 1_800;
const rounds = 500;

const databases = await startTestDatabases();
const adminUrl = await databases.createDatabase('bench_plan_read');
const { databaseUrl } = await prepareRegistryDatabase({ adminUrl, appPassword: 'for-tests' });
const admin = new pg.Client({ connectionString: adminUrl });
await admin.connect();

const own = newPrincipal();
await insertPrincipal(admin, own);
const agentIds: string[] = [];
while (agentIds.length < agentsOfTenant) agentIds.push(await insertAgent(admin, own));
const top = await insertAgent(admin, own, { dependencies: agentIds.slice(0, 20) });
const playbooks = {
  '5 listed': agentIds.slice(0, 5),
  '50 listed': agentIds.slice(0, 50),
  '30 listed, 20 pulled in': [top, ...agentIds.slice(20, 49)],
};
for (const [at, nodes] of Object.values(playbooks).entries()) {
  await insertDomain(admin, own, { domainId: `domain_${at}`, versions: [storedPlaybook(nodes)] });
}
await admin.query("update registry.agent_versions set system_prompt = repeat('x', $1) where tenant_id = $2", [
  promptCharacters,
  own.tenantId,
]);
await admin.query('analyze');

const postgres = createPostgres({
  url: databaseUrl,
  applicationName: 'bench',
  sizeMax: 1,
  acquireTimeoutMs: 5_000,
  onError: () => undefined,
});
const kept = createPlanStatements(postgres);

async function medianMs(read: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const startMs = performance.now();
    await read();
    times.push(performance.now() - startMs);
  }
  const warm = times.slice(rounds / 5).toSorted((a, b) => a - b);
  return warm[Math.floor(warm.length / 2)] ?? Number.NaN;
}

for (const [at, playbook] of Object.keys(playbooks).entries()) {
  const asked = { id: `domain_${at}`, version: 0, playbook: 'query', agentsMax: 110 } as const;
  const keptMs = await medianMs(() => kept.findPlanSource(own.tenantId, asked));
  const nothingKeptMs = await medianMs(() =>
    createPlanStatements(postgres).findPlanSource(own.tenantId, asked),
  );
  const figures = { keptMs: keptMs.toFixed(3), nothingKeptMs: nothingKeptMs.toFixed(3) };
  process.stdout.write(
    `${JSON.stringify({ playbook, ...figures, ratio: (nothingKeptMs / keptMs).toFixed(2) })}\n`,
  );
}
await postgres.close();
await admin.end();
await databases.stop();
