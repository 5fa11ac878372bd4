// How keys of the Reports table are built. Every key begins with the tenant, save that of the pending-index, which the sweeper alone reads.
// Partitions that all of a tenant's reports would share are spread over the tenant's write shards, by the report's public id.
import { createHash } from 'node:crypto';
import { shardOfItem, tenantShard, tenantShards } from '../../../foundation/dynamodb/write-shards.ts';
import { type Report, type ReportKey, statusProcessing } from '../core/report.ts';

/** Partitions of the pending-index. */
export const pendingShards = 16;

/** Key of the table's item: `<tenant>#<incident_id>`. */
export function itemKey({ tenantId, incidentId }: ReportKey): string {
  return `${tenantId}#${incidentId}`;
}

/** The report that an item's key names. */
export function reportKeyOf(key: string): ReportKey {
  const end = key.indexOf('#');
  return { tenantId: key.slice(0, end), incidentId: key.slice(end + 1) };
}

/** Partitions of the domain-created-index that hold a domain's reports: `<tenant shard>#<domain_id>`. */
export function domainPartitions(tenantId: string, domainId: string, shards: number): readonly string[] {
  return tenantShards(tenantId, shards).map((tenant) => domainPartition(tenant, domainId));
}

/** Sort key of the indexes by time: `<created_at>#<incident_id>`. A time alone sorts before all reports of that time. */
export function createdOrder(createdAt: string, incidentId: string): string {
  return `${createdAt}#${incidentId}`;
}

/** Partition of the pending-index: `pending#0` to `pending#15`. */
export function pendingPartition(shard: number): string {
  return `pending#${shard}`;
}

/** What marks an item as pending for the index since a time (ISO 8601). */
export function markerAttributes(key: ReportKey, markedAt: string): Record<string, string> {
  return { pending_partition: pendingPartition(pendingShardOf(key)), marked_at: markedAt };
}

/** The attributes that place a report in the table and its lists. Each write brings all of them. */
export function keyAttributes(report: Report, shards: number): Record<string, string | undefined> {
  const { tenantId, incidentId, domainId } = report;
  const tenant = tenantShard(tenantId, shardOfItem(incidentId, shards));
  return {
    pk: itemKey(report),
    tenant_partition: tenant,
    domain_order: `${domainId}#${incidentId}`,
    domain_partition: domainPartition(tenant, domainId),
    created_order: createdOrder(report.createdAt, incidentId),
    unsettled_partition: report.status === statusProcessing ? tenant : undefined,
  };
}

function domainPartition(tenant: string, domainId: string): string {
  return `${tenant}#${domainId}`;
}

function pendingShardOf(report: ReportKey): number {
  const [byte = 0] = createHash('sha256').update(itemKey(report)).digest();
  return byte % pendingShards;
}
