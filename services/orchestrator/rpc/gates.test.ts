// Gates over the wire: what runs, what is found, who may ask, and how one ends before its time.
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { startTestDatabases, type TestDatabases } from '../../../local/databases/test-databases.ts';
import { ExecutionKind } from '../../../proto/gen/domainflow/orchestrator/v1/execution_pb.js';
import { GateStatus } from '../../../proto/gen/domainflow/orchestrator/v1/gate_pb.js';
import { RerunMode } from '../../../proto/gen/domainflow/orchestrator/v1/rerun_pb.js';
import { newAdmin, startTestOrchestrator, type TestOrchestrator } from '../app.for-test.ts';
import { planMessageOf } from '../engine/pinned-plan.for-test.ts';
import { createPostgresAuditStore } from '../store/postgres-audit-store.ts';
import { planWithApprovals } from './control.for-test.ts';
import { reasonOf } from './deletions.for-test.ts';
import { answerGolden, gateWhen, prepareGolden, startGate } from './gates.for-test.ts';

jest.setTimeout(30_000);

let databases: TestDatabases;
let app: TestOrchestrator;
beforeAll(async () => {
  databases = await startTestDatabases();
  app = await startTestOrchestrator(databases, 'gates');
}, 30_000);
beforeEach(() => {
  prepareGolden(app, 4);
  app.neighbours.gateResults.length = 0;
  app.neighbours.failing.clear();
  app.neighbours.tokensOf = () => 0;
});
afterAll(async () => {
  await app?.close();
  await databases?.stop();
});

async function ended(admin = newAdmin()) {
  const gateId = await startGate(app, admin);
  return { admin, gateId, gate: await gateWhen(app, { admin, gateId }) };
}

describe('a gate', () => {
  it('runs every row once on both sides, and tells how they did', async () => {
    const asked = answerGolden(app.neighbours);
    const { gateId, gate } = await ended();
    expect(gate).toMatchObject({ status: GateStatus.COMPLETED, passed: true, rowsDone: 4, rowsTotal: 4 });
    const runs = asked.map(({ agentId, question }) => `${agentId} ${question}`).sort();
    expect(runs).toEqual(['bad', 'good'].flatMap((side) => [0, 1, 2, 3].map((at) => `${side} ${at}`)));
    expect(gate.result).toMatchObject({
      reasons: [],
      fields: [
        {
          path: 'answer',
          candidate: { expected: 4, answered: 4, correct: 4, precision: 1, recall: 1 },
          present: { expected: 4, answered: 4, correct: 2, precision: 0.5, recall: 0.5 },
        },
      ],
      runs_failed: { candidate: 0, present: 0 },
      differences_total: 0,
    });
    expect(app.neighbours.gateResults).toMatchObject([
      { gateId, goldenSet: 'basics', goldenSetVersion: 3, passed: true, failingPaths: [] },
    ]);
  });

  it('fails a candidate that is worse, and names rows and fields', async () => {
    app.neighbours.plans.set('candidate', planMessageOf({ bad: [] }));
    answerGolden(app.neighbours);
    const { gate } = await ended();
    expect(gate).toMatchObject({ status: GateStatus.COMPLETED, passed: false });
    expect(gate.result).toMatchObject({
      reasons: [
        'answer: precision 0.5 is below 0.9 (2 correct of 4 answered)',
        'answer: recall 0.5 is below 0.9 (2 correct of 4 expected)',
      ],
      differences: [
        { row: 1, path: 'answer', expected: '1', got: 'unknown', present: 'wrong' },
        { row: 3, path: 'answer', expected: '3', got: 'unknown', present: 'wrong' },
      ],
    });
    expect(app.neighbours.gateResults).toMatchObject([{ passed: false, failingPaths: ['answer'] }]);
  });

  it('lets its runs read alone, and keeps them out of lists, documents and caches', async () => {
    const asked = answerGolden(app.neighbours);
    const before = app.neighbours.documents.size;
    const { admin } = await ended();
    expect(new Set(asked.map(({ capability }) => capability))).toEqual(new Set(['shadow_query']));
    expect(new Set(asked.map(({ writeTarget }) => writeTarget))).toEqual(new Set(['']));
    expect(app.neighbours.documents.size).toBe(before);
    const list = async (kind?: ExecutionKind) =>
      (await app.executions.listExecutions(kind ? { kind } : {}, app.as(admin))).executions;
    expect(await list()).toEqual([]);
    const shadows = await list(ExecutionKind.SHADOW_QUERY);
    expect(shadows).toHaveLength(8);
    const again = { jobId: shadows[0]?.jobId ?? '', mode: RerunMode.ALL };
    expect(await reasonOf(app.control.rerunExecution(again, app.as(admin)))).toBe('failed_precondition');
    const { rows } = await app.stores.admin.query(
      'select 1 from orchestrator.output_cache where tenant_id = $1',
      [admin.tenantId],
    );
    expect(rows).toEqual([]);
  });

  it('has nothing to compare with where what is published cannot be compiled', async () => {
    app.neighbours.plans.delete('city');
    const asked = answerGolden(app.neighbours);
    const { gate } = await ended();
    expect(asked).toHaveLength(4);
    expect(gate.result).toMatchObject({
      overall: { candidate: { recall: 1 }, present: null },
      cost: { present: null, ratio: null },
      latency: { present: null, ratio: null },
    });
    expect(app.neighbours.gateResults).toMatchObject([{ presentHash: '', passed: true }]);
  });

  it('asks nobody for an approval', async () => {
    app.neighbours.plans.set('candidate', planWithApprovals({ 'approval-a': [], good: ['approval-a'] }));
    answerGolden(app.neighbours);
    const { admin, gate } = await ended();
    expect(gate.passed).toBe(true);
    expect((await app.approvals.listApprovals({}, app.as(admin))).approvals).toEqual([]);
  });

  it('holds what a candidate costs against what the present costs', async () => {
    const asked = answerGolden(app.neighbours);
    prepareGolden(app, 4, { precision: 0, recall: 0, costRatioMax: 1.5 });
    app.neighbours.tokensOf = (jobId) =>
      asked.some((each) => each.jobId === jobId && each.agentId === 'good') ? 200 : 100;
    const { gate } = await ended();
    expect(gate.passed).toBe(false);
    expect(gate.result).toMatchObject({
      reasons: ['cost: 2 times that of the present version is above 1.5'],
      cost: { ratio: 2, candidate: { calls: 4, tokens: { total: 800, median: 200, p90: 200 }, money: null } },
    });
  });

  it('has four runs under way at most, however often it is looked at', async () => {
    const held = Promise.withResolvers<void>();
    const fourth = Promise.withResolvers<void>();
    const asked = answerGolden(app.neighbours, async () => {
      if (asked.length === 4) fourth.resolve();
      await held.promise;
    });
    const admin = newAdmin();
    const gateId = await startGate(app, admin);
    await fourth.promise;
    const due = 'select next_at::text as at from orchestrator.gates where tenant_id = $1';
    const seen = new Set<string>();
    // Claiming and settling move it: two whole turns lie between.
    while (seen.size < 6) seen.add((await app.stores.admin.query(due, [admin.tenantId])).rows[0]?.at);
    expect(asked).toHaveLength(4);
    held.resolve();
    expect((await gateWhen(app, { admin, gateId })).passed).toBe(true);
    expect(asked).toHaveLength(8);
  });

  it('ends only once its evidence is kept', async () => {
    answerGolden(app.neighbours);
    app.neighbours.failing.add('record gate');
    const admin = newAdmin();
    const gateId = await startGate(app, admin);
    await app.neighbours.refusedToKeep();
    const { status, passed } = await gateWhen(app, { admin, gateId }, () => true);
    expect([status, passed]).toEqual([GateStatus.RUNNING, undefined]);
    app.neighbours.failing.clear();
    expect((await gateWhen(app, { admin, gateId })).passed).toBe(true);
  });
});

describe('of gates', () => {
  it('a tenant has three under way, others as many of their own', async () => {
    const held = Promise.withResolvers<void>();
    answerGolden(app.neighbours, () => held.promise);
    const admin = newAdmin();
    const gateIds = [await startGate(app, admin), await startGate(app, admin), await startGate(app, admin)];
    expect(await reasonOf(startGate(app, admin))).toBe('resource_exhausted');
    const other = newAdmin();
    gateIds.push(await startGate(app, other));
    held.resolve();
    for (const [at, gateId] of gateIds.entries()) {
      await gateWhen(app, { admin: at < 3 ? admin : other, gateId });
    }
    await startGate(app, admin);
  });

  it('one that is cancelled ends with its runs, and is not cancelled after its end', async () => {
    const reached = Promise.withResolvers<void>();
    answerGolden(app.neighbours, async () => {
      reached.resolve();
      await new Promise(() => undefined);
    });
    const admin = newAdmin();
    const gateId = await startGate(app, admin);
    await reached.promise;
    await app.gates.cancelGate({ domainId: 'city', gateId }, app.as(admin));
    const gate = await gateWhen(app, { admin, gateId });
    expect([gate.status, gate.passed, gate.result]).toEqual([GateStatus.CANCELLED, undefined, undefined]);
    const kind = ExecutionKind.SHADOW_QUERY;
    const { executions } = await app.executions.listExecutions({ kind }, app.as(admin));
    for (const { id } of executions) await app.watch.seen({ id }, 'ended');
    await app.gates.cancelGate({ domainId: 'city', gateId }, app.as(admin));
    expect(app.neighbours.gateResults).toEqual([]);
    answerGolden(app.neighbours);
    const done = await ended(admin);
    const again = app.gates.cancelGate({ domainId: 'city', gateId: done.gateId }, app.as(admin));
    expect(await reasonOf(again)).toBe('failed_precondition');
  });

  it('one is none of another domain', async () => {
    answerGolden(app.neighbours);
    const { admin, gateId } = await ended();
    expect(await reasonOf(app.gates.getGate({ domainId: 'town', gateId }, app.as(admin)))).toBe('not_found');
  });

  it('each start and cancel leaves an entry, and no run of one does', async () => {
    answerGolden(app.neighbours);
    const { admin, gateId } = await ended();
    const audit = createPostgresAuditStore(app.stores.app);
    const { items } = await audit.list(admin.tenantId, {
      filter: {},
      limit: 50,
      offset: 0,
      after: undefined,
    });
    expect(items).toMatchObject([
      {
        ...{ operationType: 'gate_start', entityType: 'gate', entityId: gateId },
        details: {
          domain_id: 'city',
          golden_set: 'basics',
          candidate: { kind: 'domain_version', version: 1 },
        },
      },
    ]);
  });
});
