// Writes domains and their versions, inside a transaction that someone else began.
import type { SqlClient } from '../../../foundation/postgres/statement.ts';
import type { Actor } from '../core/actor.ts';
import { agentClasses } from '../core/agent.ts';
import type { Domain } from '../core/domain.ts';
import { playbookDocument } from '../core/playbook-document.ts';
import { recordWrite } from './record-write.ts';
import type { DefinitionWrites } from './store.ts';

const insertHead = `insert into registry.domain_configurations (tenant_id, id, domain_id, domain_name, description,
  ingestion_playbook, query_playbook, management_playbook, created_by, created_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`;

// A head holds the same as its newest version.
const updateHead = `update registry.domain_configurations d
set domain_name = $3, description = $4, ingestion_playbook = $5, query_playbook = $6, management_playbook = $7
where d.tenant_id = $1 and d.id = $2`;

const insertVersion = `insert into registry.domain_versions (tenant_id, domain_configuration_id, domain_id, domain_name,
  description, ingestion_playbook, query_playbook, management_playbook, created_by, created_at, version)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`;

const deleteHead = 'delete from registry.domain_configurations d where d.tenant_id = $1 and d.id = $2';

/** Writes of the actor's tenant. */
export function domainWrites(
  client: SqlClient,
  actor: Actor,
): Pick<DefinitionWrites, 'insertDomain' | 'insertDomainVersion' | 'deleteDomain'> {
  const { tenantId, userId } = actor;
  const write = (name: string, text: string, values: readonly unknown[]) =>
    client.query({ name: `registry.${name}`, text, values: [tenantId, ...values] });
  const writeVersion = (domain: Domain) => {
    const { id, domainId, updatedAt, version } = domain;
    const values = [id, domainId, ...contentOf(domain), userId, updatedAt, version];
    return write('insert_domain_version', insertVersion, values);
  };
  return {
    insertDomain: async (domain, record) => {
      const { id, domainId, createdAt } = domain;
      const values = [id, domainId, ...contentOf(domain), userId, createdAt];
      await write('insert_domain', insertHead, values);
      await writeVersion(domain);
      await recordWrite(client, actor, record);
    },
    insertDomainVersion: async (domain, record) => {
      await write('update_domain', updateHead, [domain.id, ...contentOf(domain)]);
      await writeVersion(domain);
      await recordWrite(client, actor, record);
    },
    deleteDomain: async ({ id }, record) => {
      await write('delete_domain', deleteHead, [id]);
      await recordWrite(client, actor, record);
    },
  };
}

/** Name, description and the three playbooks, in the order of the columns. */
function contentOf({ domainName, description, playbooks }: Domain): readonly unknown[] {
  const documents = agentClasses.map((one) => JSON.stringify(playbookDocument(playbooks[one])));
  return [domainName, description === '' ? null : description, ...documents];
}
