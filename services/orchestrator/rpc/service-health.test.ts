// How the services are, over the wire: what the checks of a running orchestrator find, what the gateway tells, and who may ask and tell.
import { createClient } from '@connectrpc/connect';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startTestDatabases, type TestDatabases } from '../../../local/databases/test-databases.ts';
import { ServiceHealthService } from '../../../proto/gen/domainflow/orchestrator/v1/service_health_service_pb.js';
import { newAdmin, startTestOrchestrator, type TestOrchestrator } from '../app.for-test.ts';
import { createPostgresServiceHealthKeeper } from '../store/postgres-service-health-store.ts';
import { reasonOf, until } from './deletions.for-test.ts';

let databases: TestDatabases;
let app: TestOrchestrator;
beforeAll(async () => {
  databases = await startTestDatabases();
  app = await startTestOrchestrator(databases, 'service_health');
}, 30_000);
afterAll(async () => {
  await app.close();
  await databases.stop();
});

const viewer = newAdmin({ roles: ['viewer'] });

async function known() {
  const { services } = await app.workers.listServiceHealth({}, app.as(viewer));
  return Object.fromEntries(services.map(({ service, ...health }) => [service, health]));
}

const tell = (told: object, as = app.asGateway()) =>
  createClient(ServiceHealthService, app.transport).tellServiceHealth(told, as);

describe('how the services are', () => {
  it('is found by asking each, and unknown of a gateway that has not told', async () => {
    const asked = ['agents', 'orchestrator', 'registry', 'reports', 'sessions'];
    // Each is asked by itself, and told when it has answered.
    await until(async () => {
      const found = await known();
      return asked.every((name) => found[name]?.status !== 'unknown');
    });
    const found = await known();
    expect(Object.keys(found)).toEqual([
      'agents',
      'gateway',
      'orchestrator',
      'registry',
      'reports',
      'sessions',
    ]);
    for (const name of asked)
      expect(found[name]).toMatchObject({ status: 'healthy', detail: '', checkedAt: expect.anything() });
    expect(found.gateway).toMatchObject({ status: 'unknown' });
    expect(found.gateway?.checkedAt).toBeUndefined();
  });

  it('is told by the gateway', async () => {
    await tell({ serving: true, responseMs: 3 });
    expect((await known()).gateway).toMatchObject({ status: 'healthy', responseMs: 3 });
    await tell({ serving: false, detail: 'It waits for registry' });
    expect((await known()).gateway).toMatchObject({ status: 'unhealthy', detail: 'It waits for registry' });
  });

  it('is unknown again when nobody has found out for long', async () => {
    await tell({ serving: true });
    const text = `update orchestrator.service_health set checked_at = clock_timestamp() - interval '91 s' where service = 'gateway'`;
    await app.stores.admin.query(text);
    expect((await known()).gateway).toMatchObject({ status: 'unknown' });
  });

  it('is told by nobody but the gateway itself, and within its bounds', async () => {
    expect(await reasonOf(tell({ serving: true }, app.asService()))).toBe('permission_denied');
    expect(await reasonOf(tell({ serving: true }, app.as(viewer)))).toBe('permission_denied');
    expect(await reasonOf(tell({ responseMs: -1 }))).toBe('invalid_argument');
    expect(await reasonOf(tell({ detail: 'x'.repeat(501) }))).toBe('invalid_argument');
  });
});

describe('a check', () => {
  beforeEach(async () => {
    await app.stores.admin.query('delete from orchestrator.service_health');
  });

  it('is taken on by one of several replicas, and again when it is due', async () => {
    const keeper = createPostgresServiceHealthKeeper(app.stores.enginePool);
    const claim = () => keeper.claimDue(['registry', 'agents'], 30_000);
    const claims = await Promise.all([claim(), claim(), claim()]);
    expect(claims.flat().toSorted()).toEqual(['agents', 'registry']);
    expect(await claim()).toEqual([]);
    const text = `update orchestrator.service_health set updated_at = clock_timestamp() - interval '31 s' where service = 'agents'`;
    await app.stores.admin.query(text);
    expect(await claim()).toEqual(['agents']);
  });
});
