// The reports service's settings, read from its environment and checked at once.
import type { DatabaseConfig } from '../../foundation/config/database-config.ts';
import { type Environment, readConfig } from '../../foundation/config/reader.ts';
import { readReplicatedDatabase } from '../../foundation/config/replica-source.ts';
import { readServiceConfig, type ServiceConfig } from '../../foundation/config/service-config.ts';

/** Settings of the reports service. */
export interface ReportsConfig extends ServiceConfig {
  /** PostgreSQL as the role `reports_app`. */
  readonly database: DatabaseConfig;
  /** `DYNAMODB_ENDPOINT`: where DynamoDB is, an emulator if it is `http:`; absent means AWS. */
  readonly dynamodbEndpoint: string | undefined;
  /** `AWS_REGION` [us-east-1]. */
  readonly awsRegion: string;
  /** `REPORTS_TABLE` [Reports]. */
  readonly reportsTable: string;
  /** `PAGE_TOKEN_KEY`: at least 32 characters, the same in all replicas. */
  readonly pageTokenKey: string;
}

/** Reads the settings; throws a ConfigError that names every problem. */
export function readReportsConfig(env: Environment = process.env): ReportsConfig {
  return readConfig(env, (read) => ({
    ...readServiceConfig(read),
    database: readReplicatedDatabase(read),
    dynamodbEndpoint: read.optional.url('DYNAMODB_ENDPOINT', { protocols: ['http:', 'https:'] }),
    awsRegion: read.text('AWS_REGION', { default: 'us-east-1' }),
    reportsTable: read.text('REPORTS_TABLE', { lengthMin: 3, default: 'Reports' }),
    pageTokenKey: read.text('PAGE_TOKEN_KEY', { lengthMin: 32, secret: true }),
  }));
}
