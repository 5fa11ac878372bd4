// Versions of a domain as they come into being, and what the audit log is told of them.
import type { Actor } from './actor.ts';
import type { WriteRecord } from './audit.ts';
import type { Domain } from './domain.ts';
import { auditedDomain, type DomainContent } from './domain-document.ts';

/** What a new domain is made of. */
export interface NewDomain {
  /** A new UUIDv7. */
  readonly id: string;
  readonly domainId: string;
  readonly content: DomainContent;
  readonly createdAt: Date;
}

/** Version 1, the actor's. */
export function firstDomainVersion(
  { id, domainId, content, createdAt }: NewDomain,
  { tenantId, userId }: Actor,
): Domain {
  const made = { version: 1, createdAt, updatedAt: createdAt, createdBy: userId };
  return { id, domainId, tenantId, ...content, ...made };
}

/** The version after `before`. Clocks of replicas differ: it is never older than the one before. */
export function nextDomainVersion(before: Domain, content: DomainContent, now: Date): Domain {
  const { domainName, description, playbooks } = content;
  const updatedAt = now > before.updatedAt ? now : before.updatedAt;
  return { ...before, domainName, description, playbooks, version: before.version + 1, updatedAt };
}

/** The record of a write: a domain that came into being has no version before, one that is deleted none after. */
export function domainRecord(
  operation: WriteRecord['operation'],
  { before, after }: { readonly before?: Domain; readonly after?: Domain },
): WriteRecord {
  const entityId = (after ?? before)?.domainId ?? '';
  const message = after
    ? `Version ${after.version} of domain ${entityId} was stored`
    : `Domain ${entityId} was deleted`;
  return {
    operation,
    entityType: 'domain',
    entityId,
    message,
    before: before && auditedDomain(before),
    after: after && auditedDomain(after),
  };
}
