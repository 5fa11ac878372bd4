// How a domain is read: the columns that every statement on domains selects, and the domain that a row is.
import type { Domain } from '../core/domain.ts';
import type { ListRow } from './list-page.ts';
import { playbookOf, type StoredPlaybook } from './playbook-json.ts';

/** Columns of head `d` and version `v`: what stays the same comes from the head, what a version says from the version. */
export const domainColumns = `d.id, d.domain_id, d.tenant_id, d.created_at, d.created_by, d.created_at::text as position_at,
  v.version, v.domain_name, v.description, v.ingestion_playbook, v.query_playbook, v.management_playbook,
  v.created_at as updated_at`;

/** Joins the newest version `v`, which is the highest one, to a head `d`. */
export const newestDomainVersion = `join registry.domain_versions v
  on v.tenant_id = d.tenant_id and v.domain_configuration_id = d.id and v.version = (
    select max(newest.version) from registry.domain_versions newest
    where newest.tenant_id = d.tenant_id and newest.domain_configuration_id = d.id)`;

/** A row of `domainColumns`. */
export interface DomainRow extends ListRow {
  readonly domain_id: string;
  readonly tenant_id: string;
  readonly created_at: Date;
  readonly created_by: string;
  readonly version: number;
  readonly domain_name: string;
  readonly description: string | null;
  readonly ingestion_playbook: StoredPlaybook;
  readonly query_playbook: StoredPlaybook;
  readonly management_playbook: StoredPlaybook;
  readonly updated_at: Date;
}

/** The domain that a row is. */
export function domainOf(row: DomainRow): Domain {
  return {
    id: row.id,
    domainId: row.domain_id,
    tenantId: row.tenant_id,
    domainName: row.domain_name,
    description: row.description ?? '',
    playbooks: {
      ingestion: playbookOf(row.ingestion_playbook),
      query: playbookOf(row.query_playbook),
      management: playbookOf(row.management_playbook),
    },
    version: row.version,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    createdBy: row.created_by,
  };
}
