// Circuit breakers as the registry knows them: who may tell, who may look, whose they are, and what becomes of a mode that was asked for.

import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import type { CallOptions } from '@connectrpc/connect';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Principal } from '../../../foundation/identity/principal.ts';
import { newId } from '../../../foundation/ids/ids.ts';
import { startTestDatabases, type TestDatabases } from '../../../local/databases/test-databases.ts';
import { BreakerMode } from '../../../proto/gen/domainflow/common/v1/breaker_pb.js';
import { type RegistryForTest, startRegistryForTest } from '../app.for-test.ts';

let databases: TestDatabases;
let registry: RegistryForTest;
let own: Principal;
let other: Principal;
beforeAll(async () => {
  databases = await startTestDatabases();
  registry = await startRegistryForTest(await databases.createDatabase('breakers'));
  own = await registry.newTenant({ roles: ['admin'] });
  other = await registry.newTenant({ roles: ['admin'] });
}, 60_000);
afterAll(async () => {
  await registry?.close();
  await databases?.stop();
});

const { CLOSED, OPEN, HALF_OPEN } = BreakerMode;
const since = timestampFromMs(1_767_225_600_000);

/** Tells of a process with these breakers. */
function tell(modes: Readonly<Record<string, BreakerMode>>, processId = newId(), service = 'agents') {
  const states = Object.entries(modes).map(([name, mode]) => ({ name, mode, since }));
  const told = { processId, service, host: 'agents-0', states };
  return registry.breakers.exchangeBreakers(told, registry.asService('agents'));
}

const listed = async (principal: Principal) => {
  const { breakers } = await registry.breakers.listBreakers({}, registry.as(principal));
  return Object.fromEntries(breakers.map(({ name, mode }) => [name, mode]));
};

const force = (principal: Principal, name: string, mode = OPEN, headers: CallOptions['headers'] = {}) => {
  const call = registry.as(principal);
  const all = { ...(call.headers as Record<string, string>), ...(headers as Record<string, string>) };
  return registry.breakers.forceBreaker({ name, mode }, { ...call, headers: all });
};

describe('the list of breakers', () => {
  it('has those of the platform with the worst of all processes, and of tenants the own ones alone', async () => {
    await tell({ reports: CLOSED, 'model:main': HALF_OPEN, [`tool:${own.tenantId}/weather`]: OPEN });
    await tell({ reports: OPEN, [`worker:${other.tenantId}/w-1`]: HALF_OPEN });
    expect(await listed(own)).toMatchObject({
      ...{ reports: OPEN, 'model:main': HALF_OPEN, 'tool:weather': OPEN, database: CLOSED },
    });
    expect(await listed(own)).not.toHaveProperty('worker:w-1');
    const others = await listed(other);
    expect(others).toMatchObject({ reports: OPEN, 'worker:w-1': HALF_OPEN });
    expect(Object.keys(others).filter((name) => name.startsWith('tool:'))).toEqual([]);
    expect(JSON.stringify([others, await listed(own)])).not.toContain(own.tenantId);
  });

  it('says which process has which, the registry’s own included', async () => {
    const processId = newId();
    await tell({ sessions: OPEN }, processId, 'orchestrator');
    const { breakers } = await registry.breakers.listBreakers({}, registry.as(own));
    const processesOf = (name: string) => breakers.find((each) => each.name === name)?.processes ?? [];
    expect(processesOf('sessions')).toMatchObject([
      { processId, service: 'orchestrator', host: 'agents-0', state: { mode: OPEN, since } },
    ]);
    expect(processesOf('database').map(({ service }) => service)).toEqual(['registry']);
  });

  it.each(['editor', 'viewer'] as const)('is for admins and not for a role like %s', async (role) => {
    const someone = { ...own, roles: [role] };
    for (const refused of [listed(someone), force(someone, 'database')]) {
      await expect(refused).rejects.toMatchObject({ reason: 'permission_denied' });
    }
  });

  it('is told by services themselves and by nobody else', async () => {
    const told = { processId: newId(), service: 'agents', host: '', states: [] };
    await expect(registry.breakers.exchangeBreakers(told, registry.as(own))).rejects.toMatchObject({
      reason: 'permission_denied',
    });
  });

  it('keeps what a process told when nothing is new, and asks for it anew when it is gone', async () => {
    const processId = newId();
    await tell({ agents: OPEN }, processId);
    const unchanged = () =>
      registry.breakers.exchangeBreakers(
        { processId, service: 'agents', host: 'agents-0', isUnchanged: true },
        registry.asService('agents'),
      );
    expect((await unchanged()).isKnown).toBe(true);
    expect(await listed(own)).toMatchObject({ agents: OPEN });
    const set = `update registry.breaker_reports set seen_at = now() - interval '11 seconds' where process_id = $1`;
    await registry.admin.query(set, [processId]);
    expect(await listed(own)).not.toHaveProperty('agents');
    await registry.admin.query('delete from registry.breaker_reports where process_id = $1', [processId]);
    expect((await unchanged()).isKnown).toBe(false);
  });

  it('names everything that is wrong with what is told', async () => {
    const told = { processId: 'x', service: '', host: 'h'.repeat(254), states: [] };
    await expect(
      registry.breakers.exchangeBreakers(told, registry.asService('agents')),
    ).rejects.toMatchObject({
      violations: [{ field: 'process_id' }, { field: 'service' }, { field: 'host' }],
    });
  });
});

describe('a forced breaker', () => {
  const entries = async (entityId: string) =>
    (await registry.audit.listAuditEntries({ entityType: 'circuit_breaker', entityId }, registry.as(own)))
      .entries;

  it('is told to every process that asks, under the key of its tenant, and audited', async () => {
    const key = `tool:${own.tenantId}/forecast`;
    await tell({ [key]: CLOSED });
    const { id } = await force(own, 'tool:forecast');
    for (const process of [newId(), newId()]) {
      const { forced } = await tell({}, process);
      expect(forced.filter(({ name }) => name === key)).toMatchObject([{ id, mode: OPEN }]);
    }
    expect(await entries('tool:forecast')).toMatchObject([
      { operationType: 'update', userId: own.userId, message: 'Forced the circuit breaker to be open' },
    ]);
  });

  it('is told of to the platform as ailing until it is closed everywhere', async () => {
    const processId = newId();
    expect((await tell({ 'model:slow': OPEN }, processId)).ailing).toContainEqual(
      expect.objectContaining({ name: 'model:slow', mode: OPEN, processes: [] }),
    );
    const { ailing } = await tell({ 'model:slow': CLOSED }, processId);
    expect(ailing.map(({ name }) => name)).not.toContain('model:slow');
    expect(ailing.filter(({ name }) => /^(tool|worker):/.test(name))).toEqual([]);
  });

  it('gives way to the next, and a request that comes again asks once', async () => {
    await tell({ orchestrator: CLOSED });
    const requestId = newId();
    const name = { 'x-request-id': requestId };
    expect((await force(own, 'orchestrator', OPEN, name)).id).toBe(requestId);
    const next = await force(own, 'orchestrator', HALF_OPEN);
    expect((await force(own, 'orchestrator', OPEN, name)).id).toBe(requestId);
    const { forced } = await tell({});
    expect(forced.filter((each) => each.name === 'orchestrator')).toMatchObject([
      { id: next.id, mode: HALF_OPEN },
    ]);
    expect(await entries('orchestrator')).toHaveLength(2);
  });

  it('of another tenant is one that never existed', async () => {
    await tell({ [`tool:${own.tenantId}/secret`]: CLOSED });
    await expect(force(other, 'tool:secret')).rejects.toMatchObject({ reason: 'not_found' });
    await expect(force(other, `tool:${own.tenantId}/secret`)).rejects.toMatchObject({ reason: 'not_found' });
    await expect(force(own, 'nobody')).rejects.toMatchObject({ reason: 'not_found' });
  });
});
