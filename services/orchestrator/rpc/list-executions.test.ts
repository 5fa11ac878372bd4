// ListExecutions over the wire: both ways of paging, filters, and what is left out.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Principal } from '../../../foundation/identity/principal.ts';
import { startTestDatabases, type TestDatabases } from '../../../local/databases/test-databases.ts';
import {
  ExecutionKind,
  ExecutionStatus,
} from '../../../proto/gen/domainflow/orchestrator/v1/execution_pb.js';
import { newPerson, startTestOrchestrator, type TestOrchestrator } from '../app.for-test.ts';
import type { ExecutionRecord } from '../core/execution-record.ts';
import { jobIdOf } from '../core/public-id.ts';
import { recordOf } from '../engine/engine.for-test.ts';

let databases: TestDatabases;
let app: TestOrchestrator;
let ownerId: string;
beforeAll(async () => {
  databases = await startTestDatabases();
  app = await startTestOrchestrator(databases, 'lists');
  ownerId = await app.stores.newOwner();
}, 30_000);
afterAll(async () => {
  await app.close();
  await databases.stop();
});

async function record(person: Principal, changes: Partial<ExecutionRecord> = {}): Promise<ExecutionRecord> {
  const execution = recordOf({ a: [] }, {}, { tenantId: person.tenantId, principal: person, ...changes });
  await app.stores.executions.record(execution, ownerId);
  return execution;
}

/** A person with so many runs, newest first. */
async function personWith(count: number): Promise<[Principal, string[]]> {
  const person = newPerson();
  const jobIds: string[] = [];
  for (let at = 0; at < count; at += 1) {
    jobIds.unshift(jobIdOf((await record(person, { createdAtMs: 1_000 * at })).id));
  }
  return [person, jobIds];
}

type Asked = Parameters<TestOrchestrator['executions']['listExecutions']>[0];

async function list(person: Principal, asked: Asked) {
  const { executions, page } = await app.executions.listExecutions(asked, app.as(person));
  return { jobIds: executions.map(({ jobId }) => jobId), page, executions };
}

describe('a list', () => {
  it('is read by page, newest first, with its total', async () => {
    const [person, all] = await personWith(5);
    const first = await list(person, { page: { limit: 2 } });
    const third = await list(person, { page: { limit: 2, page: 3 } });
    expect(first.jobIds).toEqual(all.slice(0, 2));
    expect(first.page).toMatchObject({ page: 1, limit: 2, total: 5n });
    expect(first.page?.nextCursor).not.toBe('');
    expect(third.jobIds).toEqual(all.slice(4));
    expect(third.page).toMatchObject({ page: 3, nextCursor: '' });
    expect((await list(person, { page: { limit: 2, page: 4 } })).jobIds).toEqual([]);
  });

  it('is read on by cursor, unmoved by what comes meanwhile', async () => {
    const [person, all] = await personWith(5);
    const walked: string[] = [];
    let cursor = '';
    do {
      const { jobIds, page } = await list(person, { page: { limit: 2, cursor } });
      walked.push(...jobIds);
      cursor = page?.nextCursor ?? '';
      if (cursor) await record(person);
    } while (cursor);
    expect(walked).toEqual(all);
  });

  it('takes a cursor of its own alone: unaltered, with the same filters, of the same tenant, without a page', async () => {
    const [person] = await personWith(3);
    const [other] = await personWith(1);
    const { page } = await list(person, { page: { limit: 1 } });
    const cursor = page?.nextCursor ?? '';
    const refusals: [Principal, Asked][] = [
      [person, { page: { cursor: `${cursor.slice(0, -2)}xx` } }],
      [person, { page: { cursor }, domainId: 'farm' }],
      [other, { page: { cursor } }],
      [person, { page: { cursor, page: 2 } }],
    ];
    for (const [as, asked] of refusals) {
      await expect(list(as, asked)).rejects.toMatchObject({ reason: 'invalid_argument' });
    }
  });

  it.each([
    [{ limit: 0 }, { limit: 20, page: 1 }],
    [
      { limit: 1_000, page: -1 },
      { limit: 100, page: 1 },
    ],
  ])('asked for with %o is answered with %o', async (asked, expected) => {
    const [person] = await personWith(1);
    expect((await list(person, { page: asked })).page).toMatchObject(expected);
    expect((await list(person, {})).page).toMatchObject({ limit: 20, page: 1 });
  });

  it('does not reach further than its pages do', async () => {
    const [person] = await personWith(1);
    await expect(list(person, { page: { limit: 100, page: 100 } })).resolves.toMatchObject({ jobIds: [] });
    await expect(list(person, { page: { limit: 100, page: 101 } })).rejects.toMatchObject({
      reason: 'invalid_argument',
      violations: [{ field: 'page', reason: expect.stringContaining('cursor') }],
    });
  });

  it('shows what its filters name', async () => {
    const person = newPerson();
    const report = jobIdOf((await record(person, { createdAtMs: 1 })).id);
    const question = jobIdOf((await record(person, { kind: 'query', createdAtMs: 2 })).id);
    const farm = jobIdOf((await record(person, { domainId: 'farm', createdAtMs: 3 })).id);
    const cases: [Asked, string[]][] = [
      [{}, [farm, question, report]],
      [{ kind: ExecutionKind.QUERY }, [question]],
      [{ kind: ExecutionKind.INGEST }, [farm, report]],
      [{ kind: ExecutionKind.WORKFLOW }, []],
      [{ status: ExecutionStatus.PENDING }, [farm, question, report]],
      [{ status: ExecutionStatus.COMPLETED }, []],
      [{ domainId: 'farm' }, [farm]],
    ];
    for (const [asked, expected] of cases) {
      const { jobIds, page } = await list(person, asked);
      expect(jobIds).toEqual(expected);
      expect(page?.total).toBe(BigInt(expected.length));
    }
  });

  it("leaves out other users' questions and other tenants' runs", async () => {
    const [person, own] = await personWith(1);
    const colleague = newPerson({ tenantId: person.tenantId });
    await record(colleague, { kind: 'query' });
    const shared = jobIdOf((await record(colleague)).id);
    await record(newPerson({ userId: person.userId, tenantId: randomUUID() }));
    const { jobIds, page } = await list(person, {});
    expect(jobIds).toEqual([shared, ...own]);
    expect(page?.total).toBe(2n);
  });

  it('has neither tasks nor logs', async () => {
    const [person] = await personWith(1);
    const { executions } = await list(person, {});
    expect(executions).toMatchObject([
      { kind: ExecutionKind.INGEST, status: ExecutionStatus.PENDING, tasks: [], executionLog: [] },
    ]);
  });
});
