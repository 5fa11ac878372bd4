// The preparation of the bucket, against a store that keeps the settings as they came.
import {
  GetBucketCorsCommand,
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketVersioningCommand,
  GetPublicAccessBlockCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type LocalObjects, startLocalObjects } from '../../../local/objects/object-server.ts';
import { prepareBucket } from './object-bucket.ts';
import { createObjectClient } from './object-client.ts';

let server: LocalObjects;
let client: S3Client;

beforeAll(async () => {
  server = await startLocalObjects();
  const { endpoint } = server;
  client = createObjectClient({
    endpoint,
    region: 'eu-west-1',
    credentials: server,
    requestTimeoutMs: 5_000,
  });
});

afterAll(async () => {
  client.destroy();
  await server.stop();
});

describe('a bucket', () => {
  it('is made private, encrypted and versioned, and loses uploads after a day', async () => {
    const Bucket = 'images-of-a-test';
    expect(await prepareBucket(client, Bucket)).toEqual({ created: true, leftOut: [] });
    const access = await client.send(new GetPublicAccessBlockCommand({ Bucket }));
    expect(access.PublicAccessBlockConfiguration).toEqual({
      BlockPublicAcls: true,
      IgnorePublicAcls: true,
      BlockPublicPolicy: true,
      RestrictPublicBuckets: true,
    });
    const { ServerSideEncryptionConfiguration: encryption } = await client.send(
      new GetBucketEncryptionCommand({ Bucket }),
    );
    const [rule] = encryption?.Rules ?? [];
    expect(rule?.ApplyServerSideEncryptionByDefault).toEqual({ SSEAlgorithm: 'AES256' });
    expect((await client.send(new GetBucketVersioningCommand({ Bucket }))).Status).toBe('Enabled');
    const { Rules = [] } = await client.send(new GetBucketLifecycleConfigurationCommand({ Bucket }));
    expect(Rules.every(({ Status }) => Status === 'Enabled')).toBe(true);
    const going = Rules.filter(({ Expiration, NoncurrentVersionExpiration }) =>
      Boolean(Expiration ?? NoncurrentVersionExpiration),
    );
    expect(going.map(({ Filter }) => Filter?.Prefix)).toEqual(['uploads/', 'uploads/']);
    expect(Rules).toContainEqual(
      expect.objectContaining({
        Expiration: { Days: 1 },
        NoncurrentVersionExpiration: { NoncurrentDays: 1 },
      }),
    );
    expect(Rules.at(-1)?.AbortIncompleteMultipartUpload).toEqual({ DaysAfterInitiation: 1 });
  });

  it('that is there already is brought to the same state', async () => {
    const Bucket = 'images-there-already';
    await prepareBucket(client, Bucket);
    const options = { corsOrigins: ['https://app.example'], kmsKeyId: 'key-1' };
    expect(await prepareBucket(client, Bucket, options)).toEqual({ created: false, leftOut: [] });
    expect(await prepareBucket(client, Bucket, options)).toEqual({ created: false, leftOut: [] });
    const { ServerSideEncryptionConfiguration: encryption } = await client.send(
      new GetBucketEncryptionCommand({ Bucket }),
    );
    const [rule] = encryption?.Rules ?? [];
    expect(rule?.ApplyServerSideEncryptionByDefault).toEqual({
      SSEAlgorithm: 'aws:kms',
      KMSMasterKeyID: 'key-1',
    });
    const { CORSRules: [cors] = [] } = await client.send(new GetBucketCorsCommand({ Bucket }));
    expect(cors).toMatchObject({ AllowedOrigins: ['https://app.example'] });
    expect(cors?.AllowedMethods).toContain('PUT');
  });
});
