// A decision that is cut off at any of its steps: the sweep brings document, patches and index together, and nothing is decided twice.
import { randomUUID } from 'node:crypto';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { create } from '@bufbuild/protobuf';
import { createContextValues, type HandlerContext } from '@connectrpc/connect';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { systemClock } from '../../../foundation/clock.ts';
import type { Unkindness } from '../../../foundation/dynamodb/unkind-client.for-test.ts';
import type { Principal } from '../../../foundation/identity/principal.ts';
import { newId } from '../../../foundation/ids/ids.ts';
import { createPostgres, type Postgres } from '../../../foundation/postgres/pool.ts';
import { callerKey } from '../../../foundation/rpc/caller.ts';
import { createLog } from '../../../foundation/telemetry/log.ts';
import { type OwnTestDatabases, startOwnTestDatabases } from '../../../local/databases/test-databases.ts';
import { PatchStatus } from '../../../proto/gen/domainflow/reports/v1/patch_pb.js';
import { GetPatchRequestSchema } from '../../../proto/gen/domainflow/reports/v1/patch_service_pb.js';
import { UpdateReportRequestSchema } from '../../../proto/gen/domainflow/reports/v1/report_service_pb.js';
import type { Patch } from '../core/patch.ts';
import { decideRevert, decideUpdate } from '../core/patch-decisions.ts';
import type { Report } from '../core/report.ts';
import { changeReport } from '../engine/change-report.ts';
import { createIndexedStore } from '../engine/indexed-store.ts';
import { createIndexer } from '../engine/indexer.ts';
import { newReport, openTestTables, testTables } from '../store/documents.for-test.ts';
import { createDynamodbStore } from '../store/dynamodb-store.ts';
import { createPatchDocuments } from '../store/patch-documents.ts';
import { createPostgresIndex } from '../store/postgres-index.ts';
import { prepareReportsDatabase } from '../store/schema.ts';
import type { ReportIndex, ReportStore } from '../store/store.ts';
import type { ChangingParts } from './change-parts.ts';
import { getPatch } from './get-patch.ts';
import { decideOnPatch } from './patch-decision.ts';
import { reportMessage } from './report-wire.ts';
import { updateReport } from './update-report.ts';

const log = createLog({ service: 'reports', level: 'silent' });
const principal: Principal = {
  ...{ tenantId: randomUUID(), userId: randomUUID(), username: 'someone', roles: ['editor'] },
};
const writes = new Set(['PutItemCommand', 'UpdateItemCommand', 'PutCommand', 'UpdateCommand']);

let databases: OwnTestDatabases;
let postgres: Postgres;
let index: ReportIndex;
let databaseUrl: string;
const clients: DynamoDBDocumentClient[] = [];

beforeAll(async () => {
  databases = await startOwnTestDatabases();
  const adminUrl = await databases.createDatabase('reports_crash');
  ({ databaseUrl } = await prepareReportsDatabase({ adminUrl, appPassword: 'reports-test' }));
  postgres = open();
  index = createPostgresIndex(postgres);
}, 60_000);

afterAll(async () => {
  for (const client of clients) client.destroy();
  await postgres.close();
  await databases.stop();
}, 30_000);

function open(): Postgres {
  return createPostgres({
    url: databaseUrl,
    applicationName: 'test',
    sizeMax: 2,
    acquireTimeoutMs: 5_000,
    onError: () => undefined,
  });
}

interface Process extends ChangingParts {
  readonly store: ReportStore;
  /** One sweep over what is pending. */
  sweep(): Promise<void>;
  pendingCount(): Promise<number>;
}

/** A process of the service, as far as changes need it. */
async function startProcess(unkindness: Unkindness = {}, itsIndex = index): Promise<Process> {
  const client = await openTestTables(databases.dynamoEndpoint, unkindness);
  clients.push(client);
  const documents = createDynamodbStore({ client, table: testTables.reports });
  const { patches: table, reports: reportsTable } = testTables;
  const patches = createPatchDocuments({ client, table, reportsTable, shards: 1 });
  const { pending } = documents;
  const indexer = createIndexer({ pending, index: itsIndex, patches, log, clock: systemClock });
  const listed = async () => {
    const shards = Array.from({ length: pending.shards }, (_, shard) => pending.list(shard, 100));
    return (await Promise.all(shards)).flat();
  };
  return {
    store: createIndexedStore(documents, indexer),
    patches,
    clock: systemClock,
    show: async (report) => reportMessage(report),
    sweep: async () => {
      for (const key of await listed()) await indexer.catchUp(key);
    },
    pendingCount: async () => (await listed()).length,
  };
}

/** A report with an applied patch of a person. */
async function updatedReport(process: Process): Promise<{ report: Report; patch: Patch }> {
  const report = newReport({ tenantId: principal.tenantId });
  await process.store.create(report);
  const wish = { status: 'assigned', managementData: { a: 1 } };
  return changeReport(process, report, (held) => {
    const decided = decideUpdate(held, wish, { id: newId(), by: 'u', at: new Date().toISOString() });
    if (!decided) throw new Error('nothing changed');
    return { next: decided.report, answer: decided };
  });
}

/** The context of a call by a person. */
function callContext(): HandlerContext {
  const caller = { service: 'gateway', principal, token: '' };
  return { values: createContextValues().set(callerKey, caller) } as HandlerContext;
}

function revert(process: Process, patchId: string, requestId = '') {
  const id = newId();
  const call = { call: 'revert', patchId, requestId, principal } as const;
  return decideOnPatch(process, call, {
    markOf: ({ revertMark }) => revertMark,
    again: (report, patch) => ({ report, patch }),
    decide: (report, patch, decision) => decideRevert(report, patch, { ...decision, id, reason: '' }),
  });
}

/** Ends a process at its n-th write, counted from 0: before it or after it. Nothing that comes later is done. */
function endedAt(nth: number, when: 'before' | 'after'): Unkindness {
  let written = -1;
  const ended = new Error('The process has ended');
  return {
    before: async (command) => {
      if (written > nth || (written === nth && when === 'after')) throw ended;
      if (writes.has(command)) written += 1;
      if (written === nth && when === 'before') throw ended;
    },
  };
}

async function statesOf(process: Process, { tenantId, patchId, incidentId }: Patch) {
  const report = await process.store.find({ tenantId, incidentId });
  const patch = await process.patches.find({ tenantId, patchId });
  const by = patch?.revertedBy
    ? await process.patches.find({ tenantId, patchId: patch.revertedBy })
    : undefined;
  const [indexed] = await index.verify(tenantId, report?.domainId ?? '', [incidentId]);
  return {
    document: [report?.status, report?.version, report?.outbox.length],
    patches: [patch?.status, by?.status],
    index: indexed?.status,
    indexedVersion: (await index.idsAfter(tenantId, undefined, 1_000)).find(
      (entry) => entry.incidentId === incidentId,
    )?.version,
  };
}

const reverted = {
  document: ['processing', 3, 0],
  patches: ['reverted', 'applied'],
  index: 'processing',
  indexedVersion: 3,
};
const untouched = {
  document: ['assigned', 2, 0],
  patches: ['applied', undefined],
  index: 'assigned',
  indexedVersion: 2,
};

// The document, the two patches, and the marker: the index comes between the last two.
const cuts = [0, 1, 2, 3].flatMap((nth) => (['before', 'after'] as const).map((when) => ({ nth, when })));

describe('a revert that ends', () => {
  it.each(cuts)('$when write $nth is made whole by the sweep', async ({ nth, when }) => {
    const kind = await startProcess();
    const { patch } = await updatedReport(kind);
    const dying = await startProcess(endedAt(nth, when));
    await revert(dying, patch.patchId).catch((error: unknown) => error);
    await kind.sweep();
    expect(await statesOf(kind, patch)).toEqual(nth === 0 && when === 'before' ? untouched : reverted);
    expect(await kind.pendingCount()).toBe(0);
  });

  it('before its patches are stored is shown in them all the same', async () => {
    const kind = await startProcess();
    const { patch } = await updatedReport(kind);
    await revert(await startProcess(endedAt(1, 'before')), patch.patchId);
    expect(await kind.patches.find(patch)).toMatchObject({ status: 'applied' });
    const message = create(GetPatchRequestSchema, { patchId: patch.patchId });
    const shown = await getPatch(kind)(message, callContext());
    expect(shown.patch).toMatchObject({ status: PatchStatus.REVERTED });
    await kind.sweep();
  });

  it('between the patches and the index is made whole by the sweep', async () => {
    const kind = await startProcess();
    const { patch } = await updatedReport(kind);
    const closed = open();
    await closed.close();
    await revert(await startProcess({}, createPostgresIndex(closed)), patch.patchId);
    expect(await statesOf(kind, patch)).toMatchObject({ document: ['processing', 3, 2], indexedVersion: 2 });
    await kind.sweep();
    expect(await statesOf(kind, patch)).toEqual(reverted);
  });

  it.each(cuts)('$when write $nth is decided only once, whoever comes next', async ({ nth, when }) => {
    const kind = await startProcess();
    const { patch } = await updatedReport(kind);
    const dying = await startProcess(endedAt(nth, when));
    await revert(dying, patch.patchId).catch((error: unknown) => error);
    const next = await revert(kind, patch.patchId).then(
      () => 'reverted',
      ({ reason }: { reason: string }) => reason,
    );
    expect(next).toBe(nth === 0 && when === 'before' ? 'reverted' : 'failed_precondition');
    await kind.sweep();
    expect(await statesOf(kind, patch)).toEqual(reverted);
  });
});

describe('a write whose answer is lost', () => {
  it('is known again by its request, which is answered as carried out before', async () => {
    const kind = await startProcess();
    const { patch } = await updatedReport(kind);
    let lost = false;
    const deaf = await startProcess({
      losesAnswer: (command, table) => {
        const isFirst = !lost && writes.has(command) && table === testTables.reports;
        lost ||= isFirst;
        return isFirst;
      },
    });
    await expect(revert(deaf, patch.patchId, 'mine')).rejects.toMatchObject({ reason: 'unavailable' });
    expect(await revert(deaf, patch.patchId, 'mine')).toMatchObject({ replayed: true });
    await kind.sweep();
    expect(await statesOf(kind, patch)).toEqual(reverted);
  });

  it('and that the driver repeats is no loss to its own call, with a name or without', async () => {
    const kind = await startProcess();
    for (const requestId of ['', 'mine']) {
      const { patch } = await updatedReport(kind);
      const stuttering = await startProcess({
        sendsTwice: (command, table) => writes.has(command) && table === testTables.reports,
      });
      expect((await revert(stuttering, patch.patchId, requestId)).report).toMatchObject({ version: 3 });
      await kind.sweep();
      expect(await statesOf(kind, patch)).toEqual(reverted);
    }
  });

  it('of an update is no second one, and the answer names its patch', async () => {
    const kind = await startProcess();
    const { report } = await updatedReport(kind);
    const stuttering = await startProcess({
      sendsTwice: (command, table) => writes.has(command) && table === testTables.reports,
    });
    const request = {
      incidentId: report.incidentId,
      status: 'closed',
      expectedVersion: BigInt(report.version),
    };
    const message = create(UpdateReportRequestSchema, request);
    const answer = await updateReport(stuttering)(message, callContext());
    expect(answer).toMatchObject({ report: { status: 'closed', version: 3n } });
    const patch = await kind.patches.find({ ...principal, patchId: answer.patchId ?? '' });
    expect(patch).toMatchObject({ status: 'applied', changes: [{ before: 'assigned', after: 'closed' }] });
  });
});
