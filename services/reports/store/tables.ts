// The document tables of the reports service: their keys and their indexes.
import type { TableDefinition } from '../../../foundation/dynamodb/tables.ts';

/** Reports of one domain by time, with the fields that lists show. */
export const domainCreatedIndex = 'domain-created-index';
/** Reports of a tenant by domain and id. */
export const tenantDomainIndex = 'tenant-domain-index';
/** Reports whose run has not been applied, by time. */
export const unsettledIndex = 'unsettled-index';
/** Reports whose newest version may be missing in the report index. */
export const pendingIndex = 'pending-index';
/** Patches of one report by time. */
export const reportCreatedIndex = 'report-created-index';
/** Patches of a tenant in one status by time. */
export const statusCreatedIndex = 'status-created-index';

/** Attributes of a list entry beside its keys. */
export const listAttributes: readonly string[] = [
  'id',
  'incident_id',
  'tenant_id',
  'domain_id',
  'summary',
  'source',
  'status',
  'created_by',
  'created_at',
];

/** What the tables are called. */
export interface ReportsTableNames {
  readonly reports: string;
  readonly patches: string;
}

/** The tables, under the given names. `created_order` is `<created_at>#<public id>`, so that no two entries of an index are equal. */
export function reportsTables(names: ReportsTableNames): readonly TableDefinition[] {
  const order = 'created_order';
  const project = listAttributes;
  return [
    {
      name: names.reports,
      partition: 'pk',
      indexes: [
        { name: tenantDomainIndex, partition: 'tenant_partition', sort: 'domain_order', project: 'keys' },
        { name: domainCreatedIndex, partition: 'domain_partition', sort: order, project },
        { name: unsettledIndex, partition: 'unsettled_partition', sort: order, project: ['job_id'] },
        { name: pendingIndex, partition: 'pending_partition', sort: 'marked_at', project: 'keys' },
      ],
    },
    {
      name: names.patches,
      partition: 'pk',
      indexes: [
        { name: reportCreatedIndex, partition: 'report_partition', sort: order, project: 'all' },
        { name: statusCreatedIndex, partition: 'status_partition', sort: order, project: 'all' },
      ],
    },
  ];
}
