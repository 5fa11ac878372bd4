// The orchestrator's settings.
import { type Environment, readConfig } from '../../foundation/config/reader.ts';
import {
  type PrivateKey,
  readPrivateKey,
  readServiceConfig,
  type ServiceConfig,
} from '../../foundation/config/service-config.ts';

/** Settings of the orchestrator. */
export interface OrchestratorConfig extends ServiceConfig {
  /** `DATABASE_URL`, as role orchestrator_app. */
  readonly databaseUrl: string;
  /** `ENGINE_DATABASE_URL`, as role orchestrator_engine. */
  readonly engineDatabaseUrl: string;
  /** `DATABASE_POOL_SIZE` [10], for requests. */
  readonly poolSize: number;
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
  /** `INVOCATIONS_MAX` [64]: agents that this replica runs at the same time. */
  readonly invocationsMax: number;
}

const databaseProtocols = { protocols: ['postgresql:', 'postgres:'], secret: true };

/** Reads and checks the settings; throws one ConfigError with every problem. */
export function readOrchestratorConfig(env: Environment = process.env): OrchestratorConfig {
  return readConfig(env, (read) => ({
    ...readServiceConfig(read),
    databaseUrl: read.url('DATABASE_URL', databaseProtocols),
    engineDatabaseUrl: read.url('ENGINE_DATABASE_URL', databaseProtocols),
    poolSize: read.integer('DATABASE_POOL_SIZE', { min: 1, max: 200, default: 10 }),
    runSigningKey: readPrivateKey(read, 'RUN_SIGNING_KEY'),
    replicaName: read.text('REPLICA_NAME', { lengthMax: 200 }),
    pageTokenKey: read.text('PAGE_TOKEN_KEY', { lengthMin: 32, secret: true }),
    targets: {
      registry: read.text('REGISTRY_TARGET'),
      reports: read.text('REPORTS_TARGET'),
      sessions: read.text('SESSIONS_TARGET'),
      agents: read.text('AGENTS_TARGET'),
    },
    invocationsMax: read.integer('INVOCATIONS_MAX', { min: 1, max: 10_000, default: 64 }),
  }));
}
