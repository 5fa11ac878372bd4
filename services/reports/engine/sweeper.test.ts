// The outbox from end to end: what is written while the index is away is in the index once it is back.

import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createDocumentClient } from '../../../foundation/dynamodb/client.ts';
import { pause } from '../../../local/pause.for-test.ts';
import { newCaller, newSubmission, type ReportsUnderTest, startReportsForTest } from '../app.for-test.ts';
import { pendingPartition, pendingShards } from '../store/keys.ts';

const caller = newCaller();
const domainId = 'civic_complaints';

let under: ReportsUnderTest;

beforeAll(async () => {
  under = await startReportsForTest();
}, 60_000);

afterAll(async () => {
  await under.stop();
}, 30_000);

async function pendingCount(): Promise<number> {
  const credentials = { accessKeyId: 'emulator', secretAccessKey: 'emulator' };
  const endpoint = under.dynamodbEndpoint;
  const client = createDocumentClient({ endpoint, region: 'local', credentials, requestTimeoutMs: 5_000 });
  let count = 0;
  for (let shard = 0; shard < pendingShards; shard += 1) {
    const query = new QueryCommand({
      TableName: 'Reports',
      IndexName: 'pending-index',
      KeyConditionExpression: 'pending_partition = :partition',
      ExpressionAttributeValues: { ':partition': pendingPartition(shard) },
    });
    count += (await client.send(query)).Count ?? 0;
  }
  client.destroy();
  return count;
}

async function statuses(incidentIds: readonly string[]): Promise<string[]> {
  const request = { domainId, incidentIds: [...incidentIds] };
  const { entries } = await under.index.verifyReferences(request, under.as(caller));
  return entries.map(({ status }) => status);
}

describe('the report index', () => {
  it('has a report as soon as its write is answered, and nothing stays pending', async () => {
    const submission = newSubmission();
    await under.submit(caller, submission);
    expect(await statuses([submission.incidentId])).toEqual(['processing']);
    expect(await pendingCount()).toBe(0);
  });

  it('catches up with everything that was written while it was away', async () => {
    const submissions = Array.from({ length: 40 }, () => newSubmission());
    const ids = submissions.map(({ incidentId }) => incidentId);
    const [first, ...others] = submissions;
    if (!first) throw new Error('nothing to submit');
    await under.submit(caller, first);
    await under.letIntoPostgres(false);
    for (const submission of others) await under.submit(caller, submission);
    for (const { incidentId, jobId } of submissions.slice(0, 10)) {
      const outcome = { incidentId, jobId, succeeded: true, at: timestampFromDate(new Date()) };
      const { applied } = await under.reports.applyIngestion(outcome, under.asRun(caller, incidentId));
      expect(applied).toBe(true);
    }
    expect(await pendingCount()).toBe(40);
    expect(under.service.health.overall()).toBe('serving');
    await under.letIntoPostgres(true);
    // The test's own time limit bounds the looks.
    while ((await pendingCount()) > 0) await pause();
    expect(await statuses(ids)).toEqual(submissions.map((_, at) => (at < 10 ? 'completed' : 'processing')));
  }, 30_000);
});
