// How keys of the Reports table are built. Every key begins with the tenant, save that of the pending-index, which the sweeper alone reads.
import { createHash } from 'node:crypto';
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

/** Partition of the domain-created-index: `<tenant>#<domain_id>`. */
export function domainPartition(tenantId: string, domainId: string): string {
  return `${tenantId}#${domainId}`;
}

/** Partition of the pending-index: `pending#0` to `pending#15`. */
export function pendingPartition(shard: number): string {
  return `pending#${shard}`;
}

/** The attributes that place a report in the table and its indexes. Each write brings all of them. */
export function keyAttributes(report: Report): Record<string, string | undefined> {
  const { tenantId, incidentId, domainId } = report;
  return {
    pk: itemKey(report),
    tenant_partition: tenantId,
    domain_order: `${domainId}#${incidentId}`,
    domain_partition: domainPartition(tenantId, domainId),
    unsettled_partition: report.status === statusProcessing ? tenantId : undefined,
    pending_partition: pendingPartition(pendingShardOf(report)),
  };
}

function pendingShardOf(report: ReportKey): number {
  const [byte = 0] = createHash('sha256').update(itemKey(report)).digest();
  return byte % pendingShards;
}
