// Reading domains. A domain of the caller's tenant hides one of the system tenant.
import type { Postgres } from '../../../foundation/postgres/pool.ts';
import type { SqlClient } from '../../../foundation/postgres/statement.ts';
import type { Domain } from '../core/domain.ts';
import { type DomainRow, domainColumns, domainOf, newestDomainVersion } from './domain-row.ts';
import { listPage, sliceValues } from './list-page.ts';
import type { DomainStore, VersionAsked } from './store.ts';

/** Picks the versions `v` of a domain `d`: `$1` is the caller's tenant, `$2` the domain_id, `$3` the version or 0 for all of them. */
export const askedDomain = `d.tenant_id in ($1, registry.system_tenant_id()) and d.domain_id = $2 and ($3::integer = 0 or v.version = $3)
  and not exists (
    select from registry.domain_configurations own
    where own.tenant_id = $1 and own.domain_id = $2 and own.id <> d.id)`;

const selectDomain = `select ${domainColumns}
from registry.domain_configurations d
join registry.domain_versions v on v.tenant_id = d.tenant_id and v.domain_configuration_id = d.id
where ${askedDomain}
order by v.version desc
limit 1`;

const selectDomains = `select ${domainColumns}
from registry.domain_configurations d
${newestDomainVersion}
where d.tenant_id in ($1, registry.system_tenant_id())
  and ($2::timestamptz is null or (d.created_at, d.id) < ($2::timestamptz, $3::uuid))
order by d.created_at desc, d.id desc
limit $4 offset $5`;

const countDomains = `select count(*)::integer as total
from registry.domain_configurations d
where d.tenant_id in ($1, registry.system_tenant_id())`;

/** Reads domains from PostgreSQL. */
export function createDomainStatements(postgres: Postgres): Omit<DomainStore, 'findPlanSource'> {
  return {
    findDomain: (tenantId, asked) =>
      postgres.tenantRead(tenantId, (client) => readDomain(client, tenantId, asked), { fresh: true }),
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
  };
}

/** One version of a domain, or undefined, inside a transaction that someone else began. */
export async function readDomain(
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
