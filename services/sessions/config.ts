// The settings of the sessions service.
import { type Environment, readConfig } from '../../foundation/config/reader.ts';
import { readServiceConfig, type ServiceConfig } from '../../foundation/config/service-config.ts';

/** Settings of the sessions service. */
export interface SessionsConfig extends ServiceConfig {
  readonly dynamodb: {
    /** `DYNAMODB_ENDPOINT`: absent means AWS's own of the region. */
    readonly endpoint: string | undefined;
    /** `AWS_REGION` [us-east-1]. */
    readonly region: string;
  };
  readonly tables: {
    /** `SESSIONS_TABLE` [Sessions]. */
    readonly sessions: string;
    /** `MESSAGES_TABLE` [Messages]. */
    readonly messages: string;
    /** `QUERY_JOBS_TABLE` [QueryJobs]. */
    readonly queryJobs: string;
  };
  /** `TENANT_WRITE_SHARDS` [1]: partitions that a tenant's writes are spread over in the indexes, 1 to 64. May grow, never shrink. */
  readonly tenantWriteShards: number;
  /** `PAGE_TOKEN_KEY`: signs cursors; the same in all replicas, at least 32 characters. */
  readonly pageTokenKey: string;
}

/** Reads the settings; throws one ConfigError with every problem. */
export function readSessionsConfig(env: Environment = process.env): SessionsConfig {
  const tableName = { lengthMin: 3, lengthMax: 255 };
  return readConfig(env, (read) => ({
    ...readServiceConfig(read),
    dynamodb: {
      endpoint: read.optional.url('DYNAMODB_ENDPOINT', { protocols: ['http:', 'https:'] }),
      region: read.text('AWS_REGION', { default: 'us-east-1' }),
    },
    tables: {
      sessions: read.text('SESSIONS_TABLE', { ...tableName, default: 'Sessions' }),
      messages: read.text('MESSAGES_TABLE', { ...tableName, default: 'Messages' }),
      queryJobs: read.text('QUERY_JOBS_TABLE', { ...tableName, default: 'QueryJobs' }),
    },
    tenantWriteShards: read.integer('TENANT_WRITE_SHARDS', { min: 1, max: 64, default: 1 }),
    pageTokenKey: read.text('PAGE_TOKEN_KEY', { lengthMin: 32, secret: true, orFile: true }),
  }));
}
