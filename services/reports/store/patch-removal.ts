// Removes the patches of a deleted report. It goes by the index, which lags: what was written a moment ago is found by a later call.
import { type DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { removeAll } from '../../../foundation/dynamodb/batches.ts';
import type { ReportKey } from '../core/report.ts';
import { reportPartition } from './patch-item.ts';
import type { PatchRemoval } from './store.ts';
import { reportCreatedIndex } from './tables.ts';

/** Patches that one call removes at most. */
const patchesPerRemovalMax = 100;

/** Removes patches from a table. */
export function createPatchRemoval(client: DynamoDBDocumentClient, table: string): PatchRemoval {
  return {
    async removeOf(report) {
      const { Items = [], LastEvaluatedKey } = await client.send(patchesOf(report, table));
      await removeAll(
        client,
        table,
        Items.map(({ pk }) => ({ pk })),
      );
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
