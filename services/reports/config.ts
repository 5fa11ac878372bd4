// The reports service's settings, read from its environment and checked at once.
import { type Environment, readConfig } from '../../foundation/config/reader.ts';
import { readServiceConfig, type ServiceConfig } from '../../foundation/config/service-config.ts';

/** Settings of the reports service. */
export interface ReportsConfig extends ServiceConfig {
  /** `DATABASE_URL`: PostgreSQL as the role `reports_app`. */
  readonly databaseUrl: string;
  /** `DATABASE_POOL_SIZE` [10]. */
  readonly databasePoolSize: number;
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
    databaseUrl: read.url('DATABASE_URL', { protocols: ['postgres:', 'postgresql:'], secret: true }),
    databasePoolSize: read.integer('DATABASE_POOL_SIZE', { min: 1, max: 100, default: 10 }),
    dynamodbEndpoint: read.optional.url('DYNAMODB_ENDPOINT', { protocols: ['http:', 'https:'] }),
    awsRegion: read.text('AWS_REGION', { default: 'us-east-1' }),
    reportsTable: read.text('REPORTS_TABLE', { lengthMin: 3, default: 'Reports' }),
    pageTokenKey: read.text('PAGE_TOKEN_KEY', { lengthMin: 32, secret: true }),
  }));
}
