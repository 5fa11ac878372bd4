// Which documents the report index may lack: reports and tombstones that carry a marker, over all tenants. For the sweeper alone.
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { ReportKey } from '../core/report.ts';
import { unlessConditionFails } from './conditional-write.ts';
import { itemKey, pendingPartition, pendingShards, reportKeyOf } from './keys.ts';
import type { ReportsTable } from './report-documents.ts';
import { queryUpTo } from './report-lists.ts';
import type { PendingReports } from './store.ts';
import { pendingIndex } from './tables.ts';

/** What the sweeper needs beside single documents. */
export type PendingMarkers = Omit<PendingReports, 'find' | 'findTombstone'>;

interface Versioned extends ReportKey {
  readonly version: number;
}

/** The markers of documents. */
export function createPendingMarkers({ client, table }: ReportsTable): PendingMarkers {
  // Settles the race with a write after the version that was indexed: that write's marker stays, and it is indexed in its turn.
  const clear = async (document: Versioned, more: string): Promise<void> => {
    const update = new UpdateCommand({
      TableName: table,
      Key: { pk: itemKey(document) },
      UpdateExpression: `remove pending_partition, marked_at${more}`,
      ConditionExpression: '#version = :indexed',
      ExpressionAttributeNames: { '#version': 'version' },
      ExpressionAttributeValues: { ':indexed': document.version },
    });
    await unlessConditionFails(client.send(update));
  };
  return {
    shards: pendingShards,
    async list(shard, limit) {
      const items = await queryUpTo(client, limit, {
        TableName: table,
        IndexName: pendingIndex,
        KeyConditionExpression: 'pending_partition = :partition',
        ExpressionAttributeValues: { ':partition': pendingPartition(shard) },
      });
      return items.map(({ pk, marked_at }) => ({ ...reportKeyOf(String(pk)), markedAt: String(marked_at) }));
    },
    clear: (report) => clear(report, ', outbox'),
    clearTombstone: (tombstone) => clear(tombstone, ''),
  };
}
