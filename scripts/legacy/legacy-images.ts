// Images of incidents as a report records them: objects of the service's own bucket stay where they are, if they are there; of others only
// the place is kept. No image is opened or moved.
import { HeadObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { ReportImage } from '../../services/reports/core/report.ts';
import type { LegacyImage } from './legacy-rows.ts';

/** The service's own bucket. */
export interface OwnBucket {
  readonly client: S3Client;
  readonly bucket: string;
}

/** The record of an image. Without a bucket nothing is looked for. Only an object that is there in the own bucket is verified. */
export async function recordImage(own: OwnBucket | undefined, image: LegacyImage): Promise<ReportImage> {
  const { key, bucket, contentType, sizeBytes } = image;
  const recorded = {
    ...{ url: '', objectKey: key ?? '', checksum: '', verified: false },
    ...{ contentType: contentType ?? '', sizeBytes: sizeBytes ?? 0 },
  };
  if (!own || bucket !== own.bucket) {
    return { ...recorded, objectKey: '', url: `s3://${bucket ?? ''}/${key ?? ''}` };
  }
  const held = await findObject(own, recorded.objectKey);
  if (!held) return recorded;
  return {
    ...recorded,
    sizeBytes: held.ContentLength ?? recorded.sizeBytes,
    contentType: recorded.contentType || (held.ContentType ?? ''),
    verified: true,
  };
}

async function findObject({ client, bucket: Bucket }: OwnBucket, Key: string) {
  try {
    return await client.send(new HeadObjectCommand({ Bucket, Key }));
  } catch (error) {
    const { name, $metadata } = error as { name?: string; $metadata?: { httpStatusCode?: number } };
    if (name === 'NotFound' || $metadata?.httpStatusCode === 404) return undefined;
    throw error;
  }
}
