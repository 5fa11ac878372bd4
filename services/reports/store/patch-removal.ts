// Removes the patches of a deleted report. It goes by the index, which lags: what was written a moment ago is found by a later call.
import {
  BatchWriteCommand,
  type BatchWriteCommandInput,
  type DynamoDBDocumentClient,
  QueryCommand,
} from '@aws-sdk/lib-dynamodb';
import { Fault } from '../../../foundation/fault/fault.ts';
import type { ReportKey } from '../core/report.ts';
import { reportPartition } from './patch-item.ts';
import type { PatchRemoval } from './store.ts';
import { reportCreatedIndex } from './tables.ts';

/** Patches that one call removes at most. */
const patchesPerRemovalMax = 100;
/** Items of one batch, by DynamoDB's own rule. */
const batchMax = 25;
/** Requests for one batch, of which DynamoDB may leave any part undone. */
const requestsPerBatchMax = 20;

/** Removes patches from a table. */
export function createPatchRemoval(client: DynamoDBDocumentClient, table: string): PatchRemoval {
  return {
    async removeOf(report) {
      const { Items = [], LastEvaluatedKey } = await client.send(patchesOf(report, table));
      for (let at = 0; at < Items.length; at += batchMax) {
        const requests = Items.slice(at, at + batchMax).map(({ pk }) => ({ DeleteRequest: { Key: { pk } } }));
        await writeAll(client, { [table]: requests });
      }
      return Items.length === 0 && LastEvaluatedKey === undefined;
    },
  };
}

function patchesOf(report: ReportKey, table: string): QueryCommand {
  return new QueryCommand({
    TableName: table,
    IndexName: reportCreatedIndex,
    KeyConditionExpression: 'report_partition = :report',
    ExpressionAttributeValues: { ':report': reportPartition(report) },
    ProjectionExpression: 'pk',
    Limit: patchesPerRemovalMax,
  });
}

async function writeAll(
  client: DynamoDBDocumentClient,
  batch: BatchWriteCommandInput['RequestItems'],
): Promise<void> {
  let left = batch;
  for (let requests = 0; left && Object.keys(left).length > 0; requests += 1) {
    if (requests === requestsPerBatchMax) {
      throw new Fault('unavailable', 'The document store is too busy', { retryAfterMs: 1_000 });
    }
    left = (await client.send(new BatchWriteCommand({ RequestItems: left }))).UnprocessedItems;
  }
}
