// The orchestrator's settings.
import { type DatabaseConfig, readDatabaseConfig } from '../../foundation/config/database-config.ts';
import { type DatabaseSource, readDatabaseSource } from '../../foundation/config/database-source.ts';
import { type Environment, type Readers, readConfig } from '../../foundation/config/reader.ts';
import {
  type PrivateKey,
  readPrivateKey,
  readServiceConfig,
  type ServiceConfig,
} from '../../foundation/config/service-config.ts';
import type { Network } from '../../foundation/net/address.ts';

/** Settings of the orchestrator. */
export interface OrchestratorConfig extends ServiceConfig {
  /** PostgreSQL for requests, as role orchestrator_app. */
  readonly database: DatabaseConfig;
  /** `ENGINE_DATABASE_URL` and the like: the same database, as role orchestrator_engine. */
  readonly engineDatabase: DatabaseSource;
  /** `RUN_SIGNING_KEY`: private Ed25519 JWK that the tokens of runs are signed with. */
  readonly runSigningKey: PrivateKey;
  /** `REPLICA_NAME`: stable name of this replica; a new start of the same name takes over at once. */
  readonly replicaName: string;
  /** `PAGE_TOKEN_KEY`: signs cursors. */
  readonly pageTokenKey: string;
  /** `REGISTRY_TARGET`, `REPORTS_TARGET`, `SESSIONS_TARGET`, `AGENTS_TARGET`: addresses, or `dns:///name:port`. */
  readonly targets: {
    readonly registry: string;
    readonly reports: string;
    readonly sessions: string;
    readonly agents: string;
  };
  /** `EVENT_EXPORT`: base URL of the REST proxy of Kafka that events are published to; absent for no export. */
  readonly eventExport?: EventExportConfig;
  /** `WORKER_NETWORKS` [none]: networks whose private addresses workers may name, and where http will do. */
  readonly workerNetworks: readonly Network[];
  /** `INVOCATIONS_MAX` [64]: agents that this replica runs at the same time. */
  readonly invocationsMax: number;
  /** `EXECUTIONS_PER_TENANT_MAX` [100]: while so many executions of a tenant run, on all replicas together, further ones wait before they begin or go on after a wait. */
  readonly executionsPerTenantMax: number;
  /** `EXECUTIONS_MAX` [5,000]: while this replica holds so many executions, it begins and wakes no further ones. */
  readonly executionsMax: number;
  /** `TOOL_CALLS_PER_EXECUTION_MAX` [100]: calls of tools that the tasks of one execution may make together. */
  readonly toolCallsMax: number;
  /** `RETENTION_DAYS` [90]: how long executions with their logs and events, and gates, are kept. */
  readonly retentionDays: number;
}

/** Where events are exported to. */
export interface EventExportConfig {
  readonly url: string;
  /** `EVENT_EXPORT_AUTHORIZATION`: value of the header `Authorization`; absent for none. */
  readonly authorization?: string;
  /** `EVENT_EXPORT_PREFIX` [domainflow.]: before the name of each topic. */
  readonly prefix: string;
}

function readEventExport(read: Readers): { readonly eventExport?: EventExportConfig } {
  const url = read.optional.url('EVENT_EXPORT', { protocols: ['https:', 'http:'] });
  const authorization = read.optional.text('EVENT_EXPORT_AUTHORIZATION', { secret: true, orFile: true });
  const prefix = read.text('EVENT_EXPORT_PREFIX', { default: 'domainflow.', lengthMax: 100 });
  if (url === undefined) return {};
  return { eventExport: { url, prefix, ...(authorization === undefined ? {} : { authorization }) } };
}

/** Reads and checks the settings; throws one ConfigError with every problem. */
export function readOrchestratorConfig(env: Environment = process.env): OrchestratorConfig {
  return readConfig(env, (read) => ({
    ...readServiceConfig(read),
    database: readDatabaseConfig(read),
    engineDatabase: readDatabaseSource(read, 'ENGINE_'),
    runSigningKey: readPrivateKey(read, 'RUN_SIGNING_KEY'),
    replicaName: read.text('REPLICA_NAME', { lengthMax: 200 }),
    pageTokenKey: read.text('PAGE_TOKEN_KEY', { lengthMin: 32, secret: true, orFile: true }),
    targets: {
      registry: read.text('REGISTRY_TARGET'),
      reports: read.text('REPORTS_TARGET'),
      sessions: read.text('SESSIONS_TARGET'),
      agents: read.text('AGENTS_TARGET'),
    },
    workerNetworks: read.networks('WORKER_NETWORKS', { default: [] }),
    ...readEventExport(read),
    invocationsMax: read.integer('INVOCATIONS_MAX', { min: 1, max: 10_000, default: 64 }),
    executionsPerTenantMax: read.integer('EXECUTIONS_PER_TENANT_MAX', { min: 1, max: 100_000, default: 100 }),
    executionsMax: read.integer('EXECUTIONS_MAX', { min: 1, max: 100_000, default: 5_000 }),
    toolCallsMax: read.integer('TOOL_CALLS_PER_EXECUTION_MAX', { min: 1, max: 10_000, default: 100 }),
    retentionDays: read.integer('RETENTION_DAYS', { min: 1, max: 3_650, default: 90 }),
  }));
}
