// Which reports DynamoDB holds, by id: read consistently, and no more of them than says so.
import { setTimeout as sleep } from 'node:timers/promises';
import { BatchGetCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { Fault } from '../../foundation/fault/fault.ts';
import type { ReportKey } from '../../services/reports/core/report.ts';
import { itemKey, reportKeyOf } from '../../services/reports/store/keys.ts';

const barrenRoundsMax = 8;
const firstWaitMs = 20;

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
  const held = new Map<string, HeldDocument>();
  let open: Record<string, unknown>[] = keys.map((key) => ({ pk: itemKey(key) }));
  for (let barren = 0; open.length > 0; ) {
    const request = {
      Keys: open,
      ConsistentRead: true,
      ProjectionExpression: 'pk, #version, deleted_at',
      ExpressionAttributeNames: { '#version': 'version' },
    };
    const answer = await client.send(new BatchGetCommand({ RequestItems: { [table]: request } }));
    for (const { pk, version, deleted_at: deletedAt } of answer.Responses?.[table] ?? []) {
      const { incidentId } = reportKeyOf(String(pk));
      held.set(incidentId, { version: Number(version), isTombstone: deletedAt !== undefined });
    }
    const left = answer.UnprocessedKeys?.[table]?.Keys ?? [];
    barren = left.length === open.length ? barren + 1 : 0;
    open = left;
    if (barren === barrenRoundsMax) throw new Fault('unavailable', 'The document store is too busy');
    if (barren > 0) await sleep(firstWaitMs * 2 ** barren);
  }
  return held;
}
