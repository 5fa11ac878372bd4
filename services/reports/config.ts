// The reports service's settings, read from its environment and checked at once.
import type { DatabaseConfig } from '../../foundation/config/database-config.ts';
import { type Environment, type Readers, readConfig } from '../../foundation/config/reader.ts';
import { readReplicatedDatabase } from '../../foundation/config/replica-source.ts';
import { readServiceConfig, type ServiceConfig } from '../../foundation/config/service-config.ts';

/** Where images are kept: in S3, or a store that speaks its API. */
export interface ObjectsConfig {
  /** `OBJECTS_BUCKET`. */
  readonly bucket: string;
  /** `OBJECTS_ENDPOINT`: absent means AWS's own of the region. */
  readonly endpoint: string | undefined;
  /** `OBJECTS_PUBLIC_ENDPOINT` [`OBJECTS_ENDPOINT`]: what clients can reach; scheme, host and port without a slash at the end. */
  readonly publicEndpoint: string;
  /** `OBJECTS_ACCESS_KEY_ID` and `OBJECTS_SECRET_ACCESS_KEY`; absent means the process's own identity. */
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string } | undefined;
}

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
  /** `PATCHES_TABLE` [Patches]. */
  readonly patchesTable: string;
  /** `TENANT_WRITE_SHARDS` [1]: partitions that a tenant's writes are spread over in the indexes, 1 to 64. May grow, never shrink. */
  readonly tenantWriteShards: number;
  readonly objects: ObjectsConfig;
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
    patchesTable: read.text('PATCHES_TABLE', { lengthMin: 3, default: 'Patches' }),
    tenantWriteShards: read.integer('TENANT_WRITE_SHARDS', { min: 1, max: 64, default: 1 }),
    objects: readObjectsConfig(read),
    pageTokenKey: read.text('PAGE_TOKEN_KEY', { lengthMin: 32, secret: true, orFile: true }),
  }));
}

/** Reads where images are kept; also for commands that prepare the bucket. */
export function readObjectsConfig(read: Readers): ObjectsConfig {
  const protocols = ['http:', 'https:'];
  const bucket = read.text('OBJECTS_BUCKET', { lengthMin: 3, lengthMax: 63 });
  if (!/^[a-z0-9][a-z0-9.-]*[a-z0-9]$/.test(bucket) && read.given('OBJECTS_BUCKET')) {
    read.problem('OBJECTS_BUCKET must be the name of a bucket: a-z, 0-9, dots and hyphens');
  }
  const region = read.text('AWS_REGION', { default: 'us-east-1' });
  const endpoint = read.optional.url('OBJECTS_ENDPOINT', { protocols });
  const given = read.optional.url('OBJECTS_PUBLIC_ENDPOINT', { protocols });
  const publicEndpoint = URL.parse(given ?? endpoint ?? `https://s3.${region}.amazonaws.com`);
  if (publicEndpoint && publicEndpoint.href !== `${publicEndpoint.origin}/`) {
    read.problem('OBJECTS_PUBLIC_ENDPOINT, or OBJECTS_ENDPOINT, must end after host and port');
  }
  const credentials = readObjectsCredentials(read);
  const isPlain = [endpoint, given].some((url) => url?.startsWith('http:'));
  if (isPlain && !credentials) {
    read.problem(
      'OBJECTS_ACCESS_KEY_ID and OBJECTS_SECRET_ACCESS_KEY are required with an http: endpoint of objects, where an identity of the process must not go',
    );
  }
  return { bucket, endpoint, publicEndpoint: publicEndpoint?.origin ?? '', credentials };
}

function readObjectsCredentials(read: Readers): ObjectsConfig['credentials'] {
  const accessKeyId = read.optional.text('OBJECTS_ACCESS_KEY_ID');
  const secretAccessKey = read.optional.text('OBJECTS_SECRET_ACCESS_KEY', { secret: true, orFile: true });
  if ((accessKeyId === undefined) !== (secretAccessKey === undefined)) {
    read.problem('OBJECTS_ACCESS_KEY_ID and OBJECTS_SECRET_ACCESS_KEY must be set together');
  }
  return accessKeyId && secretAccessKey ? { accessKeyId, secretAccessKey } : undefined;
}
