// Which reports DynamoDB holds, by id: read consistently, and no more of them than says so.
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { batchGet } from '../../foundation/dynamodb/batches.ts';
import type { ReportKey } from '../../services/reports/core/report.ts';
import { itemKey, reportKeyOf } from '../../services/reports/store/keys.ts';

/** What is held under an id. */
export interface HeldDocument {
  readonly version: number;
  /** True for what stays of a deleted report. */
  readonly isTombstone: boolean;
}

/** By incident id, those of up to 100 ids of one tenant that are held. Fault `unavailable` when DynamoDB goes on leaving some out. */
export async function readHeldDocuments(
  { client, table }: { readonly client: DynamoDBDocumentClient; readonly table: string },
  keys: readonly ReportKey[],
): Promise<ReadonlyMap<string, HeldDocument>> {
  const items = await batchGet(client, {
    table,
    keys: keys.map((key) => ({ pk: itemKey(key) })),
    attributes: ['pk', 'version', 'deleted_at'],
  });
  return new Map(
    items.map(({ pk, version, deleted_at: deletedAt }) => [
      reportKeyOf(String(pk)).incidentId,
      { version: Number(version), isTombstone: deletedAt !== undefined },
    ]),
  );
}
