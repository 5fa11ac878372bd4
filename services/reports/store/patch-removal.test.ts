// Patches of a deleted report are removed a bounded number at a time, whatever DynamoDB leaves undone, and no others.
import { randomUUID } from 'node:crypto';
import { BatchWriteCommand, type DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Unkindness } from '../../../foundation/dynamodb/unkind-client.for-test.ts';
import { newId, prefixedId } from '../../../foundation/ids/ids.ts';
import { describeOnEachDynamodb } from '../../../local/databases/each-dynamodb.for-test.ts';
import type { ReportKey } from '../core/report.ts';
import { newReport, openTestTables, testTables } from './documents.for-test.ts';
import { patchItemKey, reportPartition } from './patch-item.ts';
import { createPatchRemoval } from './patch-removal.ts';
import { reportCreatedIndex } from './tables.ts';

const table = testTables.patches;
const kinds: readonly [string, Unkindness | undefined][] = [
  ['a client that behaves', undefined],
  ['a client whose batches come short and are sent twice', { batchMax: 4, sendsTwice: () => true }],
];

let client: DynamoDBDocumentClient;
let report: ReportKey;

beforeEach(() => {
  report = newReport({ tenantId: randomUUID() });
});

// Put in by hand: what a patch says is of no matter here.
async function putPatches(key: ReportKey, count: number): Promise<void> {
  for (let at = 0; at < count; at += 1) {
    const patchId = prefixedId('patch_', newId());
    const Item = {
      pk: patchItemKey({ tenantId: key.tenantId, patchId }),
      report_partition: reportPartition(key),
      created_order: `2025-01-01T00:00:00.000Z#${patchId}`,
    };
    await plain.send(new BatchWriteCommand({ RequestItems: { [table]: [{ PutRequest: { Item } }] } }));
  }
}

async function countPatches(key: ReportKey): Promise<number> {
  const query = new QueryCommand({
    TableName: table,
    IndexName: reportCreatedIndex,
    KeyConditionExpression: 'report_partition = :report',
    ExpressionAttributeValues: { ':report': reportPartition(key) },
  });
  return (await plain.send(query)).Count ?? 0;
}

let plain: DynamoDBDocumentClient;

describeOnEachDynamodb('the patches of a deleted report', (server) => {
  describe.each(kinds)('through %s', (_name, unkindness) => {
    beforeAll(async () => {
      plain = await openTestTables(server().endpoint);
      client = await openTestTables(server().endpoint, unkindness);
    });

    afterAll(() => {
      plain.destroy();
      client.destroy();
    });

    it('go a hundred at a time, until a call finds none', async () => {
      await putPatches(report, 130);
      const removal = createPatchRemoval(client, table);
      expect(await removal.removeOf(report)).toBe(false);
      expect(await countPatches(report)).toBe(30);
      expect(await removal.removeOf(report)).toBe(false);
      expect(await countPatches(report)).toBe(0);
      expect(await removal.removeOf(report)).toBe(true);
    });

    it('go without those of other reports, or of the same id in another tenant', async () => {
      const others = [newReport({ tenantId: report.tenantId }), { ...report, tenantId: randomUUID() }];
      for (const key of [report, ...others]) await putPatches(key, 3);
      await createPatchRemoval(client, table).removeOf(report);
      expect(await Promise.all([report, ...others].map(countPatches))).toEqual([0, 3, 3]);
    });
  });

  it('are not taken for gone while DynamoDB hardly does what it is told', async () => {
    client = await openTestTables(server().endpoint, { batchMax: 0 });
    plain = await openTestTables(server().endpoint);
    await putPatches(report, 25);
    const removal = createPatchRemoval(client, table).removeOf(report);
    await expect(removal).rejects.toMatchObject({ reason: 'unavailable' });
    client.destroy();
    plain.destroy();
  });
});
