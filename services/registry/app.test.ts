// When the registry is ready: on a schema that its release lives with, and it says why it is not.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { generateSigningKey } from '../../foundation/identity/signing-key.ts';
import { ensureRole } from '../../foundation/postgres/roles.ts';
import type { RunningService } from '../../foundation/rpc/rpc-service.ts';
import { startTestDatabases, type TestDatabases } from '../../local/databases/test-databases.ts';
import { startRegistry } from './app.ts';
import { readRegistryConfig } from './config.ts';
import { prepareRegistryDatabase, registrySchema } from './store/schema.ts';

const password = 'for tests';
let databases: TestDatabases;
let folder: string;
let count = 0;
let adminUrl: string;
beforeAll(async () => {
  databases = await startTestDatabases();
  folder = await mkdtemp(join(tmpdir(), 'registry-log-'));
}, 30_000);
afterAll(async () => {
  await databases?.stop();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  count += 1;
  adminUrl = await databases.createDatabase(`ready_${count}`);
});

const logFile = () => join(folder, `${count}.log`);

async function start(): Promise<RunningService> {
  const [gateway, orchestrator] = [await generateSigningKey(), await generateSigningKey()];
  const url = Object.assign(new URL(adminUrl), { username: registrySchema.role, password });
  const env = {
    MESH_KEYS: JSON.stringify({ gateway: [gateway.publicJwk], orchestrator: [orchestrator.publicJwk] }),
    DATABASE_URL: url.toString(),
    PAGE_TOKEN_KEY: 'a key for tests that is long enough',
    CREDENTIALS_KEYS: JSON.stringify([{ id: 'test', key: Buffer.alloc(32, 7).toString('base64url') }]),
    LOG_LEVEL: 'error',
    LOG_FILE: logFile(),
  };
  return startRegistry(readRegistryConfig(env));
}

function serving({ health }: RunningService): Promise<void> {
  return new Promise((resolve) => {
    if (health.overall() === 'serving') return resolve();
    health.onChange((overall) => overall === 'serving' && resolve());
  });
}

/** The record of a migration that this code does not know; `needs` is SQL. */
async function addNewer(needs: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  await client.query(
    `insert into registry.migrations (number, name, checksum, needs)
    select max(number) + 1, 'newer.sql', '', ${needs} from registry.migrations`,
  );
  await client.end();
}

describe('the registry', () => {
  it('is not ready without its migrations, says which is missing, and becomes ready with them', async () => {
    await ensureRole({ adminUrl, role: registrySchema.role, password, schema: registrySchema.schema });
    const service = await start();
    expect(service.health.overall()).toBe('not_serving');
    await prepareRegistryDatabase({ adminUrl, appPassword: password });
    await serving(service);
    await service.close();
    expect(await readFile(logFile(), 'utf8')).toContain('registry lacks migration 0001_core_tables.sql');
  });

  it('is ready on a schema that a newer release has only added to', async () => {
    await prepareRegistryDatabase({ adminUrl, appPassword: password });
    await addNewer('0');
    const service = await start();
    await serving(service);
    await service.close();
  });

  it('is not ready on a schema that it is too old for, and says so', async () => {
    await prepareRegistryDatabase({ adminUrl, appPassword: password });
    await addNewer('max(number) + 1');
    const service = await start();
    expect(service.health.overall()).toBe('not_serving');
    const states = service.health.components().map(({ component, state }) => [component, state]);
    expect(states).toContainEqual(['postgres', 'serving']);
    expect(states).toContainEqual(['schema', 'not_serving']);
    await service.close();
    expect(await readFile(logFile(), 'utf8')).toContain('newer.sql, which only code with migration');
  });
});
