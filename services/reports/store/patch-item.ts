// A patch as an item of the Patches table and back. Attribute names are those of the public patch, plus keys; what no list is narrowed by
// lies packed in one attribute.
import { shardOfItem, tenantShard } from '../../../foundation/dynamodb/write-shards.ts';
import type { Patch, PatchKey, PatchStatus } from '../core/patch.ts';
import type { ReportKey } from '../core/report.ts';
import { itemKey } from './keys.ts';
import { packJson, unpackJson } from './packed-json.ts';
import type { Item } from './report-item.ts';

/** Key of the table's item: `<tenant>#<patch_id>`. */
export function patchItemKey({ tenantId, patchId }: PatchKey): string {
  return `${tenantId}#${patchId}`;
}

/** The public id in a key. */
export function patchIdOfKey(key: string): string {
  return key.slice(key.indexOf('#') + 1);
}

/** Partition of the report-created-index: that of the report. */
export function reportPartition(key: ReportKey): string {
  return itemKey(key);
}

/** Partition of the status-created-index: `<tenant shard>#<status>`. */
export function statusPartition(tenant: string, status: PatchStatus): string {
  return `${tenant}#${status}`;
}

/** The item of a patch. */
export function patchItem(patch: Patch, shards: number): Item {
  const { tenantId, patchId, changes, application, conflictPaths } = patch;
  const tenant = tenantShard(tenantId, shardOfItem(patchId, shards));
  return {
    pk: patchItemKey(patch),
    report_partition: reportPartition(patch),
    status_partition: statusPartition(tenant, patch.status),
    created_order: `${patch.createdAt}#${patchId}`,
    ...{ id: patch.id, patch_id: patchId, tenant_id: tenantId, incident_id: patch.incidentId },
    ...{ domain_id: patch.domainId, source: patch.source, job_id: patch.jobId, query_id: patch.queryId },
    ...{ agent_id: patch.agentId, agent_version: patch.agentVersion, reason: patch.reason },
    ...{ references: patch.references, status: patch.status, reverts: patch.reverts },
    ...{ reverted_by: patch.revertedBy, created_by: patch.createdBy, created_at: patch.createdAt },
    ...{ decided_by: patch.decidedBy, decided_at: patch.decidedAt, revision: patch.revision },
    ...{ wish_mark: patch.wishMark, decision_mark: patch.decisionMark, revert_mark: patch.revertMark },
    packed: packJson({ changes, application, conflictPaths }),
  };
}

/** The patch of an item that `patchItem` made. */
export function patchOf(item: Item): Patch {
  const packed = unpackJson(item.packed as Uint8Array) as unknown;
  const { changes, application, conflictPaths } = packed as Pick<
    Patch,
    'changes' | 'application' | 'conflictPaths'
  >;
  return {
    ...{ id: text(item.id), patchId: text(item.patch_id), tenantId: text(item.tenant_id) },
    ...{ incidentId: text(item.incident_id), domainId: text(item.domain_id) },
    ...{ jobId: text(item.job_id), queryId: text(item.query_id), agentId: text(item.agent_id) },
    source: item.source === 'agent' ? 'agent' : 'user',
    ...{ agentVersion: Number(item.agent_version), changes, reason: text(item.reason) },
    references: (item.references ?? []) as readonly string[],
    status: item.status as PatchStatus,
    ...{ createdBy: text(item.created_by), createdAt: text(item.created_at) },
    decidedBy: text(item.decided_by),
    decidedAt: item.decided_at === undefined ? undefined : text(item.decided_at),
    ...{ reverts: text(item.reverts), revertedBy: text(item.reverted_by) },
    ...{ revision: Number(item.revision), application, conflictPaths },
    ...{ wishMark: text(item.wish_mark), decisionMark: text(item.decision_mark) },
    revertMark: text(item.revert_mark),
  };
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
