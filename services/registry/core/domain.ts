// A domain as the registry knows it: one version of a business configuration.
import type { AgentClass } from './agent.ts';
import type { Playbook } from './playbook.ts';
import { isSystemTenant } from './system-tenant.ts';

/** One version of a domain. */
export interface Domain {
  /** UUID, the same for all versions. */
  readonly id: string;
  /** Unique in its tenant. */
  readonly domainId: string;
  readonly tenantId: string;
  readonly domainName: string;
  /** Empty when none was given. */
  readonly description: string;
  readonly playbooks: Readonly<Record<AgentClass, Playbook>>;
  /** From 1. */
  readonly version: number;
  readonly createdAt: Date;
  /** When this version was made. */
  readonly updatedAt: Date;
  /** UUID of the user who created the domain. */
  readonly createdBy: string;
}

/** True for a domain of the platform, which every tenant sees and none changes. */
export function isInbuiltDomain({ tenantId }: Domain): boolean {
  return isSystemTenant(tenantId);
}
