// Reconciling over the wire: which documents are settled and which are left to their runs.
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { ProxyTracerProvider } from '@opentelemetry/api';
import { systemClock } from '../../../foundation/clock.ts';
import { newId } from '../../../foundation/ids/ids.ts';
import { createLog } from '../../../foundation/telemetry/log.ts';
import { startTestDatabases, type TestDatabases } from '../../../local/databases/test-databases.ts';
import { newPerson, startTestOrchestrator, type TestOrchestrator } from '../app.for-test.ts';
import { createMeshClients, type MeshClients } from '../clients/mesh-clients.ts';
import { settleQueryJobs, settleReports } from '../clients/settle-documents.ts';
import type { ExecutionRecord } from '../core/execution-record.ts';
import { incidentIdOf, jobIdOf, queryIdOf } from '../core/public-id.ts';
import { appendOf, completed } from '../store/journal-append.for-test.ts';
import { recordOf } from './engine.for-test.ts';
import { openPlan } from './pinned-plan.ts';
import { reconcileOnce } from './reconcile.ts';

let databases: TestDatabases;
let app: TestOrchestrator;
let clients: MeshClients;
let ownerId: string;
beforeAll(async () => {
  databases = await startTestDatabases();
  app = await startTestOrchestrator(databases, 'reconcile');
  const tracer = new ProxyTracerProvider().getTracer('test');
  clients = createMeshClients({ targets: app.neighbours.targets, tracer, clock: systemClock });
}, 30_000);
afterEach(() => {
  app.neighbours.failing.clear();
  app.neighbours.documents.clear();
});
afterAll(async () => {
  clients.close();
  await app.close();
  await databases.stop();
});

function round(): Promise<void> {
  const documents = [settleReports(clients.reports, app.runs), settleQueryJobs(clients.queryJobs, app.runs)];
  const log = createLog({ service: 'test', level: 'silent' });
  return reconcileOnce({ documents, store: app.stores.engine, openPlan, clock: systemClock, log });
}

async function record(tenantId: string): Promise<ExecutionRecord> {
  const execution = recordOf({ a: [] }, {}, { tenantId });
  ownerId = await app.stores.newOwner(); // one that gives no sign of life does not live long
  await app.stores.executions.record(execution, ownerId);
  return execution;
}

async function end(execution: ExecutionRecord): Promise<void> {
  await app.stores.engine.append(ownerId, [appendOf(execution, 1, { change: completed })]);
}

/** A document that is processing; answers how it stands. */
function processing(subjectId: string, tenantId: string, jobId: string): () => string | undefined {
  const { userId } = newPerson();
  const document = { tenantId, userId, jobId, status: 'processing', error: '', result: undefined } as const;
  app.neighbours.documents.set(subjectId, { ...document });
  return () => app.neighbours.documents.get(subjectId)?.status;
}

describe('a round', () => {
  it('settles documents whose run has ended or never was, and leaves those with one alone', async () => {
    const { tenantId } = newPerson();
    const [open, ended] = [await record(tenantId), await record(tenantId)];
    await end(ended);
    const running = processing(incidentIdOf(newId()), tenantId, jobIdOf(open.id));
    const runningQuery = processing(queryIdOf(newId()), tenantId, jobIdOf(open.id));
    const settled = [
      processing(incidentIdOf(newId()), tenantId, jobIdOf(ended.id)),
      processing(incidentIdOf(newId()), tenantId, jobIdOf(newId())),
      processing(incidentIdOf(newId()), tenantId, 'job_nonsense'),
      processing(queryIdOf(newId()), tenantId, jobIdOf(ended.id)),
      processing(queryIdOf(newId()), tenantId, jobIdOf(newId())),
    ];
    await round();
    expect([running(), runningQuery()]).toEqual(['processing', 'processing']);
    expect(settled.map((status) => status())).toEqual(settled.map(() => 'failed'));
  });

  it('settles the document of a run that is set aside once its time is over, and not before', async () => {
    const { tenantId } = newPerson();
    const late = recordOf(
      { a: [] },
      { executionTimeoutS: 60 },
      { tenantId, createdAtMs: Date.now() - 61_000 },
    );
    const early = recordOf(
      { a: [] },
      { executionTimeoutS: 60 },
      { tenantId, createdAtMs: Date.now() - 30_000 },
    );
    const held = recordOf(
      { a: [] },
      { executionTimeoutS: 60 },
      { tenantId, createdAtMs: Date.now() - 61_000 },
    );
    for (const execution of [late, early, held]) await app.stores.executions.record(execution, ownerId);
    const why = { forMs: 600_000, error: 'It was set aside' };
    for (const execution of [late, early]) await app.stores.engine.setAside(ownerId, execution, why);
    const statuses = [late, early, held].map(({ id }) =>
      processing(incidentIdOf(newId()), tenantId, jobIdOf(id)),
    );
    await round();
    expect(statuses.map((status) => status())).toEqual(['failed', 'processing', 'processing']);
  });

  it("does not take another tenant's run for the document's", async () => {
    const [{ tenantId }, other] = [newPerson(), newPerson()];
    await record(tenantId);
    const foreign = await record(other.tenantId);
    const document = processing(incidentIdOf(newId()), tenantId, jobIdOf(foreign.id));
    await round();
    expect(document()).toBe('failed');
  });

  it('goes on with the other tenants when one cannot be reached', async () => {
    const documents: (() => string | undefined)[] = [];
    const tenantIds = Array.from({ length: 3 }, () => newPerson().tenantId).toSorted();
    for (const tenantId of tenantIds) {
      await end(await record(tenantId));
      documents.push(processing(incidentIdOf(newId()), tenantId, jobIdOf(newId())));
      documents.push(processing(queryIdOf(newId()), tenantId, jobIdOf(newId())));
    }
    app.neighbours.failing.add(`list ${tenantIds[1]}`);
    await round();
    const [failed, stuck] = ['failed', 'processing'];
    expect(documents.map((status) => status())).toEqual([failed, failed, stuck, stuck, failed, failed]);
  });

  it('goes on with the other documents when one cannot be settled', async () => {
    const { tenantId } = newPerson();
    await end(await record(tenantId));
    const ids = Array.from({ length: 3 }, () => incidentIdOf(newId()));
    const documents = ids.map((id) => processing(id, tenantId, jobIdOf(newId())));
    app.neighbours.failing.add(`apply ${ids[1]}`);
    await round();
    expect(documents.map((status) => status())).toEqual(['failed', 'processing', 'failed']);
  });
});
