// What a domain says as a JSON document: what two versions are compared by, and what the audit log hashes.
import type { JsonObject } from '../../../foundation/json/json.ts';
import type { Domain } from './domain.ts';
import { playbookDocument } from './playbook-document.ts';

/** What a version of a domain says, without what the platform adds. */
export type DomainContent = Pick<Domain, 'domainName' | 'description' | 'playbooks'>;

/** The fields that a caller may change, under their public names. No description is an empty one. */
export function domainDocument({ domainName, description, playbooks }: DomainContent): JsonObject {
  return {
    domain_name: domainName,
    description,
    ingestion_playbook: playbookDocument(playbooks.ingestion),
    query_playbook: playbookDocument(playbooks.query),
    management_playbook: playbookDocument(playbooks.management),
  };
}

/** What the audit log keeps a hash of: a version with all that it says. */
export function auditedDomain({ domainId, version, ...content }: Domain): JsonObject {
  return { domain_id: domainId, version, ...domainDocument(content) };
}
