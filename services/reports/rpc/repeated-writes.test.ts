// Deleting and importing through a driver that sends every write twice, as it does when an answer is lost.
import { randomUUID } from 'node:crypto';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { create } from '@bufbuild/protobuf';
import { createContextValues, type HandlerContext } from '@connectrpc/connect';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { systemClock } from '../../../foundation/clock.ts';
import type { RunScope } from '../../../foundation/identity/principal.ts';
import { newId } from '../../../foundation/ids/ids.ts';
import { callerKey } from '../../../foundation/rpc/caller.ts';
import { describeOnEachDynamodb } from '../../../local/databases/each-dynamodb.for-test.ts';
import {
  DeleteReportRequestSchema,
  ImportReportsRequestSchema,
} from '../../../proto/gen/domainflow/reports/v1/report_service_pb.js';
import type { Report } from '../core/report.ts';
import type { Tombstone } from '../core/tombstone.ts';
import { newReport, openTestTables, testTables } from '../store/documents.for-test.ts';
import { createDynamodbStore } from '../store/dynamodb-store.ts';
import { deleteReport } from './delete-report.ts';
import { importReports } from './import-reports.ts';

const tenantId = randomUUID();

let client: DynamoDBDocumentClient;

function contextOf(run?: RunScope): HandlerContext {
  const principal = {
    tenantId,
    userId: newId(),
    username: 'someone',
    roles: ['editor'],
    ...(run && { run }),
  };
  const values = createContextValues().set(callerKey, { service: 'gateway', principal, token: '' });
  return { values, signal: new AbortController().signal } as HandlerContext;
}

describeOnEachDynamodb('a write that is sent twice', (server) => {
  beforeAll(async () => {
    client = await openTestTables(server().endpoint, { sendsTwice: (command) => command.startsWith('Put') });
  });

  afterAll(() => client.destroy());

  const store = () => createDynamodbStore({ client, table: testTables.reports });

  it('deletes a report once, and the index hears of it', async () => {
    const report = newReport({ tenantId });
    await store().create(report);
    const heard: Tombstone[] = [];
    const removal = {
      afterDelete: async (each: Tombstone) => void heard.push(each),
      catchUp: async () => true,
    };
    const handler = deleteReport({ store: store(), removal, clock: systemClock });
    const { incidentId } = report;
    const context = contextOf({ runId: 'job_1', capability: 'deletion', writeTarget: incidentId });
    const request = create(DeleteReportRequestSchema, { incidentId });
    expect(await handler(request, context)).toEqual({ deleted: true });
    expect(await handler(request, context)).toEqual({ deleted: false });
    expect(heard.map((each) => each.version)).toEqual([2]);
  });

  it('imports a new report as a new one', async () => {
    const stored: Report[] = [];
    const afterImport = async (reports: readonly Report[]) => void stored.push(...reports);
    const handler = importReports({ store: store(), afterImport, clock: systemClock });
    const reports = [{ domainId: 'civic_complaints', rawText: 'A pothole', ingestionData: {} }];
    const answer = await handler(create(ImportReportsRequestSchema, { reports }), contextOf());
    expect(answer.results?.map(({ existed }) => existed)).toEqual([false]);
    expect(stored).toHaveLength(1);
  });
});
