// The registry's settings, read from its environment.
import { type Environment, readConfig } from '../../foundation/config/reader.ts';
import { readServiceConfig, type ServiceConfig } from '../../foundation/config/service-config.ts';

/** Settings of the registry. */
export interface RegistryConfig extends ServiceConfig {
  /** `DATABASE_URL`: PostgreSQL under the role `registry_app`. */
  readonly databaseUrl: string;
  /** `DATABASE_POOL_SIZE` [10]: the most connections. */
  readonly databasePoolSize: number;
  /** `PAGE_TOKEN_KEY`: secret text of at least 32 characters that signs cursors, the same in all replicas. */
  readonly pageTokenKey: string;
}

/** Reads the settings; one ConfigError names everything that is wrong. */
export function readRegistryConfig(env: Environment = process.env): RegistryConfig {
  return readConfig(env, (read) => ({
    ...readServiceConfig(read),
    databaseUrl: read.url('DATABASE_URL', { protocols: ['postgresql:', 'postgres:'], secret: true }),
    databasePoolSize: read.integer('DATABASE_POOL_SIZE', { min: 1, max: 100, default: 10 }),
    pageTokenKey: read.text('PAGE_TOKEN_KEY', { lengthMin: 32, secret: true }),
  }));
}
