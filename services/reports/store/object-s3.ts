// The store of images in a bucket of S3, or of a store that speaks its API. What is signed for clients names the address that they can
// reach; the service itself may reach the bucket by another one.
import {
  CopyObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import type { Clock } from '../../../foundation/clock.ts';
import { imageBytesMax, reportImagesPrefix, uploadsPrefix } from '../core/image.ts';
import { asObjectFault, isMissingObject, isOtherObject } from './object-fault.ts';
import type { ObjectStore, StoredUpload, SweptUploads } from './object-store.ts';
import { type Bucket, listVersions, removeVersions } from './object-versions.ts';

/** How long an upload's URL holds. */
export const uploadSecondsMax = 15 * 60;
/** How long a link to an image holds. On AWS a link ends sooner when the identity that signed it does. */
export const viewSecondsMax = 60 * 60;
/** Versions that one call removes of a report. */
const removalsPerCallMax = 100;
/** Versions that one part of a sweep looks at. */
const sweepPageMax = 1_000;

/** What the images are kept in. */
export interface ObjectStoreOptions {
  readonly bucket: string;
  /** Reaches the bucket. */
  readonly client: S3Client;
  /** Signs for the address that clients reach. It sends nothing. */
  readonly publicClient: S3Client;
  readonly clock: Clock;
}

/** The store of images. On AWS it needs `s3:ListBucket` too: without it a missing object is answered as a forbidden one. */
export function createObjectStore(options: ObjectStoreOptions): ObjectStore {
  const { bucket: Bucket, client } = options;
  const bucket: Bucket = { client, name: Bucket };
  return {
    ...signing(options),
    async put(key, contentType, data) {
      const input = { Bucket, Key: key, ContentType: contentType, ContentLength: data.byteLength };
      await client.send(new PutObjectCommand({ ...input, Body: data }));
    },
    read: (key) => unlessMissing(read(bucket, key)),
    has: async (key) => {
      const head = client.send(new HeadObjectCommand({ Bucket, Key: key }));
      return (await unlessMissing(head)) !== undefined;
    },
    async copy({ key, etag }, to) {
      // Settles the race with another upload to the same URL: only the bytes that were looked at are copied.
      const condition = { CopySource: encodeURI(`${Bucket}/${key}`), CopySourceIfMatch: etag };
      try {
        await client.send(new CopyObjectCommand({ Bucket, Key: to, ...condition }));
        return true;
      } catch (error) {
        if (isOtherObject(error) || isMissingObject(error)) return false;
        throw error;
      }
    },
    async removeReportImages(report) {
      const prefix = reportImagesPrefix(report);
      const page = await listVersions(bucket, { prefix, limit: removalsPerCallMax });
      await removeVersions(bucket, page.versions);
      return !page.isTruncated;
    },
    sweepUploads: (beforeMs, from) => sweep(bucket, beforeMs, from),
  };
}

function signing({
  bucket: Bucket,
  publicClient,
  clock,
}: ObjectStoreOptions): Pick<ObjectStore, 'uploadUrl' | 'viewUrl'> {
  return {
    async uploadUrl({ key, contentType, sizeBytes }) {
      const startMs = Math.floor(clock() / 1_000) * 1_000; // signatures count in seconds
      const input = { Bucket, Key: key, ContentType: contentType, ContentLength: sizeBytes };
      const url = await getSignedUrl(publicClient, new PutObjectCommand(input), {
        expiresIn: uploadSecondsMax,
        signingDate: new Date(startMs),
        signableHeaders: new Set(['host', 'content-type', 'content-length']),
      });
      return { url, expiresAtMs: startMs + uploadSecondsMax * 1_000 };
    },
    viewUrl: (key) =>
      getSignedUrl(publicClient, new GetObjectCommand({ Bucket, Key: key }), {
        expiresIn: viewSecondsMax,
        signingDate: new Date(clock()),
      }),
  };
}

async function read({ client, name }: Bucket, key: string): Promise<StoredUpload> {
  const output = await client.send(new GetObjectCommand({ Bucket: name, Key: key }));
  const { ContentType: contentType = '', ContentLength: sizeBytes = 0, ETag: etag = '', Body } = output;
  if (sizeBytes > imageBytesMax) {
    await Body?.transformToWebStream().cancel();
    return { contentType, sizeBytes, etag };
  }
  try {
    return { contentType, sizeBytes, etag, data: await Body?.transformToByteArray() };
  } catch (error) {
    // The connection ended in the middle of the object, which no command is left to notice.
    throw asObjectFault(
      Object.assign(new Error('The object was cut off', { cause: error }), { $metadata: {} }),
    );
  }
}

async function sweep(bucket: Bucket, beforeMs: number, from: string | undefined): Promise<SweptUploads> {
  const page = await listVersions(bucket, { prefix: uploadsPrefix, after: from, limit: sweepPageMax });
  const old = page.versions.filter(
    ({ key, modifiedMs }) => key.startsWith(uploadsPrefix) && modifiedMs < beforeMs,
  );
  await removeVersions(bucket, old);
  // Further versions of the last key wait for the next walk.
  const last = page.versions
    .map(({ key }) => key)
    .sort()
    .at(-1);
  return { removed: old.length, next: page.isTruncated ? last : undefined };
}

async function unlessMissing<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (isMissingObject(error)) return undefined;
    throw error;
  }
}
