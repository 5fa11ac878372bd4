// When the orchestrator is ready: on a schema that its release lives with, and it says which one it misses.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestDatabases, type TestDatabases } from '../../local/databases/test-databases.ts';
import { startTestOrchestrator, type TestOrchestrator } from './app.for-test.ts';
import { startOrchestrator } from './app.ts';
import { readOrchestratorConfig } from './config.ts';

let databases: TestDatabases;
let app: TestOrchestrator;
beforeAll(async () => {
  databases = await startTestDatabases();
  app = await startTestOrchestrator(databases, 'orchestrator_ready');
}, 30_000);
afterAll(async () => {
  await app?.close();
  await databases?.stop();
});

/** What another replica says of its parts. */
async function statesOfReplica(): Promise<Record<string, string>> {
  const replica = await startOrchestrator(
    readOrchestratorConfig({ ...app.settings, REPLICA_NAME: 'another', LOG_LEVEL: 'silent' }),
  );
  const states = replica.health.components().map(({ component, state }) => [component, state]);
  await replica.close();
  return Object.fromEntries(states);
}

const addNewer = (needs: string) =>
  app.stores.admin.query(`insert into orchestrator.migrations (number, name, checksum, needs)
    select max(number) + 1, 'newer.sql', '', ${needs} from orchestrator.migrations`);

describe('the orchestrator', () => {
  it('is ready on a schema that a newer release has only added to, and not on one that it is too old for', async () => {
    await addNewer('0');
    expect(await statesOfReplica()).toMatchObject({ postgres: 'serving', schema: 'serving' });
    await addNewer('max(number) + 1');
    expect(await statesOfReplica()).toMatchObject({ postgres: 'serving', schema: 'not_serving' });
  });
});
