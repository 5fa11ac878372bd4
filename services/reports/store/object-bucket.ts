// Brings the bucket of images to what the service expects of it, for whoever holds the rights: private, encrypted, versioned, and rid of
// uploads that nobody took. Uploads go by the service's own sweep too; the rules here hold also while no service runs.
import {
  CreateBucketCommand,
  type LifecycleRule,
  PutBucketCorsCommand,
  PutBucketEncryptionCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketVersioningCommand,
  PutPublicAccessBlockCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { uploadsPrefix } from '../core/image.ts';

/** What may be chosen of a bucket. */
export interface BucketOptions {
  /** Sites whose pages may upload and show images; absent leaves the bucket's rule as it is. */
  readonly corsOrigins?: readonly string[] | undefined;
  /** A key of AWS KMS to encrypt with; absent encrypts with keys of the store itself (AES-256). */
  readonly kmsKeyId?: string | undefined;
}

/** What a call has done. */
export interface PreparedBucket {
  /** False when the bucket was there already. */
  readonly created: boolean;
  /** What a store other than AWS's has not, in words; empty for AWS. Encryption and versions are never among it. */
  readonly leftOut: readonly string[];
}

/** How a store says that it has not what is asked for. AWS has everything that is asked for here. */
const lacking = ['NotImplemented'];
/** How a store says that it does not understand a rule of expiry. */
const refusing = [...lacking, 'MalformedXML', 'InvalidRequest', 'InvalidArgument'];

/**
 * Makes the bucket in the client's region when it is absent, and sets what is set here in any case. Safe to repeat. Throws
 * the store's own error, such as `BucketAlreadyExists` for a name that another account has. A store that has no block of public access
 * (what nothing was granted on is private there too), no rules for sites or none for unfinished uploads is taken as it is.
 */
export async function prepareBucket(
  client: S3Client,
  name: string,
  options: BucketOptions = {},
): Promise<PreparedBucket> {
  const created = await create(client, name);
  const Bucket = name;
  const leftOut: string[] = [];
  const unless = async (codes: readonly string[], what: string, set: () => Promise<unknown>) => {
    try {
      await set();
    } catch (error) {
      if (!codes.includes((error as Error).name)) throw error;
      leftOut.push(what);
    }
  };
  await unless(lacking, 'public access block', () =>
    client.send(new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration: everyBlock })),
  );
  await client.send(new PutBucketEncryptionCommand({ Bucket, ...encryption(options.kmsKeyId) }));
  await client.send(
    new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }),
  );
  const expire = (Rules: LifecycleRule[]) =>
    client.send(new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules } }));
  const before = leftOut.length;
  await unless(refusing, 'expiry of unfinished uploads', () => expire([...uploadRules, unfinishedRule]));
  if (leftOut.length > before) await expire(uploadRules);
  const { corsOrigins } = options;
  if (corsOrigins)
    await unless(lacking, 'rules for sites', () =>
      client.send(new PutBucketCorsCommand({ Bucket, ...cors(corsOrigins) })),
    );
  return { created, leftOut };
}

async function create(client: S3Client, name: string): Promise<boolean> {
  const region = await client.config.region();
  // AWS takes no name for its first region.
  const place = region === 'us-east-1' ? {} : { CreateBucketConfiguration: { LocationConstraint: region } };
  try {
    await client.send(new CreateBucketCommand({ Bucket: name, ...(place as object) }));
    return true;
  } catch (error) {
    // In us-east-1 AWS answers 200 for an own bucket that is there.
    if ((error as Error).name === 'BucketAlreadyOwnedByYou') return false;
    throw error;
  }
}

function encryption(kmsKeyId: string | undefined) {
  const byDefault = kmsKeyId
    ? { SSEAlgorithm: 'aws:kms' as const, KMSMasterKeyID: kmsKeyId }
    : { SSEAlgorithm: 'AES256' as const };
  const rule = {
    ApplyServerSideEncryptionByDefault: byDefault,
    BucketKeyEnabled: kmsKeyId !== undefined,
  };
  return { ServerSideEncryptionConfiguration: { Rules: [rule] } };
}

const everyBlock = {
  ...{ BlockPublicAcls: true, IgnorePublicAcls: true },
  ...{ BlockPublicPolicy: true, RestrictPublicBuckets: true },
};

const uploadRules: LifecycleRule[] = [
  {
    ID: 'uploads-that-no-report-took',
    Status: 'Enabled',
    Filter: { Prefix: uploadsPrefix },
    Expiration: { Days: 1 },
    NoncurrentVersionExpiration: { NoncurrentDays: 1 },
    AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
  },
  {
    ID: 'marks-of-removed-uploads',
    Status: 'Enabled',
    Filter: { Prefix: uploadsPrefix },
    Expiration: { ExpiredObjectDeleteMarker: true },
  },
];

const unfinishedRule: LifecycleRule = {
  ID: 'unfinished-uploads',
  Status: 'Enabled',
  Filter: { Prefix: '' },
  AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
};

function cors(origins: readonly string[]) {
  const rule = {
    AllowedOrigins: [...origins],
    AllowedMethods: ['GET', 'HEAD', 'PUT'],
    AllowedHeaders: ['content-type', 'range'],
    ExposeHeaders: ['ETag'],
    MaxAgeSeconds: 600,
  };
  return { CORSConfiguration: { CORSRules: [rule] } };
}
