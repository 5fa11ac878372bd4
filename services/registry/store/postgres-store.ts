// The registry's store on PostgreSQL: the statements of each noun under one port.
import type { Postgres } from '../../../foundation/postgres/pool.ts';
import { createAgentStatements } from './agent-statements.ts';
import { createDomainStatements } from './domain-statements.ts';
import type { RegistryStore } from './store.ts';
import { createTenantStatements } from './tenant-statements.ts';

/** A store over a pool that works under the role `registry_app`. The pool stays the caller's to close. */
export function createPostgresStore(postgres: Postgres): RegistryStore {
  return {
    ...createAgentStatements(postgres),
    ...createDomainStatements(postgres),
    ...createTenantStatements(postgres),
  };
}
