// Where the bucket of images is, for commands: read from the same settings as the reports service reads.
import type { S3Client } from '@aws-sdk/client-s3';
import type { Readers } from '../../foundation/config/reader.ts';
import { type ObjectsConfig, readObjectsConfig } from '../../services/reports/config.ts';
import { createObjectClient } from '../../services/reports/store/object-client.ts';

const requestTimeoutMs = 30_000;

/** Where the bucket is and who one is there. */
export interface BucketPlace extends ObjectsConfig {
  /** `AWS_REGION` [us-east-1]. */
  readonly region: string;
}

/** Reads `OBJECTS_BUCKET` and the settings beside it. */
export function readBucketPlace(read: Readers): BucketPlace {
  return { ...readObjectsConfig(read), region: read.text('AWS_REGION', { default: 'us-east-1' }) };
}

/** A client of the bucket's store. Call `destroy()` at the end. */
export function openBucketClient({ endpoint, region, credentials }: BucketPlace): S3Client {
  return createObjectClient({ endpoint, region, credentials, requestTimeoutMs });
}
