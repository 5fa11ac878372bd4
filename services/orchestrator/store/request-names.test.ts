// Names of requests on a real database: bound together with the execution that they stand for, to one of many.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestDatabases, type TestDatabases } from '../../../local/databases/test-databases.ts';
import { newRecord } from '../core/execution-record.for-test.ts';
import type { ExecutionRecord } from '../core/execution-record.ts';
import { nameKeptMs, type RequestName } from '../core/request-name.ts';
import { openTestStores, type TestStores } from './stores.for-test.ts';

let databases: TestDatabases;
let stores: TestStores;
let ownerId: string;
beforeAll(async () => {
  databases = await startTestDatabases();
  stores = await openTestStores(databases, 'names');
  ownerId = await stores.newOwner();
}, 30_000);
afterAll(async () => {
  await stores.close();
  await databases.stop();
});

function newName({ tenantId, principal }: ExecutionRecord, key = 'key'): RequestName {
  const bodyHash = 'a'.repeat(64);
  return { tenantId, userId: principal.userId, route: 'start_ingestion', key, bodyHash };
}

const record = (execution: ExecutionRecord, name: RequestName, replaces?: string) =>
  stores.executions.record(execution, ownerId, { name, ...(replaces ? { replaces } : {}) });
const isThere = async ({ tenantId, id }: ExecutionRecord) =>
  (await stores.executions.read(tenantId, id)) !== undefined;

describe('an owner that has been ended', () => {
  it('records nothing and binds no name, however late it comes', async () => {
    const [execution, ended] = [newRecord(), await stores.newOwner()];
    const name = newName(execution);
    await stores.owners.end(ended);
    const late = stores.executions.record(execution, ended, { name });
    await expect(late).rejects.toMatchObject({ reason: 'unavailable' });
    expect(await isThere(execution)).toBe(false);
    expect(await stores.executions.findStart(name)).toBeUndefined();
    expect(await record(execution, name)).toBe('recorded');
  });

  it('is not waited for while it records, and what it records nevertheless is taken over', async () => {
    const [execution, slow, other] = [newRecord(), await stores.newOwner(), await stores.newOwner()];
    const { admin } = stores;
    await admin.query('begin');
    await admin.query(
      `insert into orchestrator.executions (tenant_id, id, kind, domain_id, domain_version, plan_hash, subject_id, input, principal,
        created_by, rank, created_at) values ($1, $2, 'ingest', 'city', 1, '', '', '', '', $1, now(), now())`,
      [execution.tenantId, execution.id],
    );
    const recorded = stores.executions.record(execution, slow, { name: newName(execution) });
    await stores.untilBlocked(1);
    await stores.owners.end(slow);
    expect(await stores.engine.claimOrphans(other, 10)).toEqual([]);
    await admin.query('rollback');
    expect(await recorded).toBe('recorded');
    const { tenantId, id } = execution;
    expect(await stores.engine.claimOrphans(other, 10)).toEqual([{ tenantId, id }]);
  });
});

describe('a name', () => {
  it('is found with the execution that it was bound to', async () => {
    const execution = newRecord();
    const name = newName(execution);
    expect(await stores.executions.findStart(name)).toBeUndefined();
    expect(await record(execution, name)).toBe('recorded');
    const { id, subjectId, createdAtMs } = execution;
    expect(await stores.executions.findStart(name)).toEqual({
      bodyHash: name.bodyHash,
      executionId: id,
      createdAtMs,
      execution: { status: 'pending', subjectId, createdAtMs, started: false },
    });
  });

  it('is bound to one of many executions that are recorded at the same time, and no other is recorded', async () => {
    const { tenantId, principal } = newRecord();
    const executions = Array.from({ length: 6 }, () => newRecord({ tenantId, principal }));
    const outcomes = await Promise.all(executions.map((execution) => record(execution, newName(execution))));
    expect(outcomes.toSorted()).toEqual(['recorded', 'taken', 'taken', 'taken', 'taken', 'taken']);
    const there = await Promise.all(executions.map(isThere));
    expect(there).toEqual(outcomes.map((outcome) => outcome === 'recorded'));
  });

  it('is taken only from the execution that it may be taken from', async () => {
    const { tenantId, principal } = newRecord();
    const next = () => newRecord({ tenantId, principal });
    const [first, second, late] = [next(), next(), next()];
    const name = newName(first);
    await record(first, name);
    expect(await record(second, name, first.id)).toBe('recorded');
    expect(await record(late, name, first.id)).toBe('taken');
    expect((await stores.executions.findStart(name))?.executionId).toBe(second.id);
    expect(await isThere(late)).toBe(false);
  });

  it.each([
    ['another key', { key: 'other' }],
    ['another route', { route: 'start_query' as const }],
    ['another user', { userId: randomUUID() }],
    ['another tenant', { tenantId: randomUUID() }],
  ])('is unknown under %s', async (_, changes) => {
    const execution = newRecord();
    await record(execution, newName(execution));
    expect(await stores.executions.findStart({ ...newName(execution), ...changes })).toBeUndefined();
  });

  it('is removed when it is older than a day, so many at a time, and its execution stays', async () => {
    await stores.admin.query('truncate orchestrator.idempotency_keys');
    const old = Array.from({ length: 3 }, () => newRecord({ createdAtMs: Date.now() - nameKeptMs - 60_000 }));
    const young = newRecord({ createdAtMs: Date.now() - nameKeptMs + 60_000 });
    for (const execution of [...old, young]) await record(execution, newName(execution));
    expect(await stores.engine.removeNames(nameKeptMs, 2)).toBe(2);
    expect(await stores.engine.removeNames(nameKeptMs, 2)).toBe(1);
    expect(await stores.engine.removeNames(nameKeptMs, 2)).toBe(0);
    expect(await stores.executions.findStart(newName(young))).toBeDefined();
    for (const execution of old) {
      expect(await stores.executions.findStart(newName(execution))).toBeUndefined();
      expect(await isThere(execution)).toBe(true);
    }
  });
});
