// The service's pools of connections. Requests of a tenant and the engine's work never share one, so that neither can starve the other.
import type { DatabaseConfig } from '../../../foundation/config/database-config.ts';
import type { DatabaseSource } from '../../../foundation/config/database-source.ts';
import { createMigrationGate } from '../../../foundation/postgres/migration-gate.ts';
import { type OpenPostgresOptions, openPostgres } from '../../../foundation/postgres/open-postgres.ts';
import type { Postgres } from '../../../foundation/postgres/pool.ts';
import type { ServiceFrame } from '../../../foundation/rpc/rpc-service.ts';
import { enginePoolSize, journalPoolSize, ownerPoolSize } from './engine-connections.ts';
import { journalSessionSettings } from './postgres-journal-store.ts';
import { migrationsDirectory, schema } from './schema.ts';

const acquireTimeoutMsMax = 5_000;
/** A statement of the journal takes milliseconds; one that takes this long is not waited for. */
const journalTimeoutMs = 10_000;

/** Where the database is, for each of the two roles. */
export interface PoolSources {
  readonly database: DatabaseConfig;
  readonly engineDatabase: DatabaseSource;
}

/** The pools by what they are for. */
export interface Pools {
  /** Under the role `orchestrator_app`, the others under `orchestrator_engine`. */
  readonly requests: Postgres;
  readonly engine: Postgres;
  readonly journal: Postgres;
  readonly owner: Postgres;
}

/** Opens them; they are closed with the service. */
export function openPools(frame: ServiceFrame, { database, engineDatabase }: PoolSources): Pools {
  const open = (options: Omit<OpenPostgresOptions, 'database'>): Postgres =>
    openPostgres(frame, { ...options, database, acquireTimeoutMsMax });
  const ofEngine = { source: engineDatabase };
  return {
    requests: open({ name: 'orchestrator' }),
    engine: open({ name: 'orchestrator engine', pool: 'engine', size: enginePoolSize, ...ofEngine }),
    journal: open({
      name: 'orchestrator journal',
      pool: 'journal',
      size: journalPoolSize,
      statementTimeoutMs: journalTimeoutMs,
      sessionSettings: journalSessionSettings,
      ...ofEngine,
    }),
    owner: open({ name: 'orchestrator owner', pool: 'owner', size: ownerPoolSize, ...ofEngine }),
  };
}

/** Not ready on a schema of another release that this one does not live with; says why in the log. */
export function openMigrationGate({ requests }: Pools, { telemetry }: ServiceFrame): () => Promise<void> {
  const gate = { client: requests, schema, directory: migrationsDirectory };
  return createMigrationGate({ ...gate, onMismatch: (why) => telemetry.log.error(why) });
}
