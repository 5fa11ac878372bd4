// Reading domains, alone or with the agents that a playbook needs. A domain of the caller's tenant hides one of the system tenant.
import type { Postgres } from '../../../foundation/postgres/pool.ts';
import type { SqlClient } from '../../../foundation/postgres/statement.ts';
import type { Domain } from '../core/domain.ts';
import { readNeededAgents } from './agent-statements.ts';
import { type ListRow, listPage, sliceValues } from './list-page.ts';
import { playbookOf, type StoredPlaybook } from './playbook-json.ts';
import type { DomainStore, VersionAsked } from './store.ts';

const columns = `d.id, d.domain_id, d.tenant_id, d.created_at, d.created_by, d.created_at::text as position_at,
  v.version, v.domain_name, v.description, v.ingestion_playbook, v.query_playbook, v.management_playbook,
  v.created_at as updated_at`;

const selectDomain = `select ${columns}
from registry.domain_configurations d
join registry.domain_versions v on v.tenant_id = d.tenant_id and v.domain_configuration_id = d.id
where d.tenant_id in ($1, registry.system_tenant_id()) and d.domain_id = $2 and ($3::integer = 0 or v.version = $3)
  and not exists (
    select from registry.domain_configurations own
    where own.tenant_id = $1 and own.domain_id = $2 and own.id <> d.id)
order by v.version desc
limit 1`;

const selectDomains = `select ${columns}
from registry.domain_configurations d
join registry.domain_versions v on v.tenant_id = d.tenant_id and v.domain_configuration_id = d.id
where v.version = (
    select max(newest.version) from registry.domain_versions newest
    where newest.tenant_id = d.tenant_id and newest.domain_configuration_id = d.id)
  and d.tenant_id in ($1, registry.system_tenant_id())
  and ($2::timestamptz is null or (d.created_at, d.id) < ($2::timestamptz, $3::uuid))
order by d.created_at desc, d.id desc
limit $4 offset $5`;

const countDomains = `select count(*)::integer as total
from registry.domain_configurations d
where d.tenant_id in ($1, registry.system_tenant_id())`;

/** Reads domains from PostgreSQL. */
export function createDomainStatements(postgres: Postgres): DomainStore {
  return {
    findDomain: (tenantId, asked) =>
      postgres.tenantRead(tenantId, (client) => readDomain(client, tenantId, asked)),
    listDomains: (tenantId, slice) =>
      postgres.tenantRead(tenantId, async (client) => {
        const page = { name: 'registry.select_domains', text: selectDomains };
        const count = { name: 'registry.count_domains', text: countDomains, values: [tenantId] };
        const [{ rows }, total] = await Promise.all([
          client.query<DomainRow>({ ...page, values: [tenantId, ...sliceValues(slice)] }),
          slice.after ? undefined : client.query<{ total: number }>(count),
        ]);
        return listPage({ slice, rows, total, itemOf: domainOf });
      }),
    findPlanSource: (tenantId, asked) =>
      postgres.tenantRead(tenantId, async (client) => {
        const domain = await readDomain(client, tenantId, asked);
        if (!domain) return undefined;
        const nodes = domain.playbooks[asked.playbook].nodes.filter(({ kind }) => kind === 'agent');
        const agentIds = nodes.map(({ id }) => id);
        const agents = await readNeededAgents(client, tenantId, agentIds);
        return { domain, agents };
      }),
  };
}

async function readDomain(
  client: SqlClient,
  tenantId: string,
  { id, version }: VersionAsked,
): Promise<Domain | undefined> {
  const { rows } = await client.query<DomainRow>({
    name: 'registry.select_domain',
    text: selectDomain,
    values: [tenantId, id, version],
    prepare: true,
  });
  const [row] = rows;
  return row && domainOf(row);
}

interface DomainRow extends ListRow {
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

function domainOf(row: DomainRow): Domain {
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
