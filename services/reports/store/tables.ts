// The document table of the reports service: its key and its indexes.
import type { TableDefinition } from '../../../foundation/dynamodb/tables.ts';

/** Reports of one domain, newest first, with the fields that lists show. */
export const domainCreatedIndex = 'domain-created-index';
/** Reports of a tenant by domain and time. */
export const tenantDomainIndex = 'tenant-domain-index';
/** Reports whose run has not been applied, oldest first. */
export const unsettledIndex = 'unsettled-index';
/** Reports whose newest version may be missing in the report index. */
export const pendingIndex = 'pending-index';

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
];

/** The tables, under the given names. */
export function reportsTables(names: { readonly reports: string }): readonly TableDefinition[] {
  return [
    {
      name: names.reports,
      partition: 'pk',
      indexes: [
        { name: tenantDomainIndex, partition: 'tenant_partition', sort: 'domain_order', project: 'keys' },
        {
          name: domainCreatedIndex,
          partition: 'domain_partition',
          sort: 'created_at',
          project: listAttributes,
        },
        { name: unsettledIndex, partition: 'unsettled_partition', sort: 'created_at', project: ['job_id'] },
        { name: pendingIndex, partition: 'pending_partition', sort: 'updated_at', project: 'keys' },
      ],
    },
  ];
}
