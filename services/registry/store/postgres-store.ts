// The registry's store on PostgreSQL: the statements of each noun under one port.
import type { Postgres } from '../../../foundation/postgres/pool.ts';
import { createAgentStatements } from './agent-statements.ts';
import { createApiKeyStatements } from './api-key-statements.ts';
import { createAuditStatements } from './audit-statements.ts';
import { createBreakerStatements } from './breaker-statements.ts';
import type { CredentialSeal } from './credential-seal.ts';
import { createDefinitionChanges } from './definition-changes.ts';
import { createDomainStatements } from './domain-statements.ts';
import { createGateStatements } from './gate-evidence-statements.ts';
import { createPlanStatements } from './plan-statements.ts';
import type { RegistryStore } from './store.ts';
import { createTeamStatements } from './team-statements.ts';
import { createTenantStatements } from './tenant-statements.ts';
import { createToolChanges } from './tool-changes.ts';
import { createToolStatements } from './tool-statements.ts';
import { createUsageStatements } from './usage-statements.ts';
import { createUserStatements } from './user-statements.ts';

/** A store over a pool that works under the role `registry_app`. The pool stays the caller's to close. */
export function createPostgresStore(postgres: Postgres, seal: CredentialSeal): RegistryStore {
  return {
    ...createAgentStatements(postgres),
    ...createDomainStatements(postgres),
    ...createPlanStatements(postgres),
    ...createTenantStatements(postgres),
    ...createDefinitionChanges(postgres),
    ...createApiKeyStatements(postgres),
    ...createAuditStatements(postgres),
    ...createBreakerStatements(postgres),
    ...createTeamStatements(postgres),
    ...createUserStatements(postgres),
    ...createUsageStatements(postgres),
    ...createGateStatements(postgres),
    ...createToolStatements(postgres, seal),
    ...createToolChanges(postgres, seal),
  };
}
