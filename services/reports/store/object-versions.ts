// Lists and removes objects together with their versions, so that what was removed is not kept behind a delete marker.
import {
  DeleteObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  type ListObjectVersionsOutput,
  type S3Client,
} from '@aws-sdk/client-s3';
import { isNotImplemented } from './object-fault.ts';

/** Removals that run at the same time. */
const concurrencyMax = 8;

/** One version of an object, or the mark of a removal. */
export interface ObjectVersion {
  readonly key: string;
  /** Absent where the store has no versions. */
  readonly versionId: string | undefined;
  readonly modifiedMs: number;
}

/** A page of a list. */
export interface VersionPage {
  readonly versions: readonly ObjectVersion[];
  readonly isTruncated: boolean;
}

/** What to list. */
export interface VersionQuery {
  readonly prefix: string;
  /** Only keys after this one. */
  readonly after?: string | undefined;
  readonly limit: number;
}

/** A bucket and the client that reaches it. */
export interface Bucket {
  readonly client: S3Client;
  readonly name: string;
}

/** Versions by key, also in a bucket that keeps none, and in stores that do not know them. On AWS this needs `s3:ListBucketVersions`. */
export async function listVersions(bucket: Bucket, query: VersionQuery): Promise<VersionPage> {
  try {
    return await listAllVersions(bucket, query);
  } catch (error) {
    if (!isNotImplemented(error)) throw error;
    return listObjects(bucket, query);
  }
}

/** Removes versions for good; removing what has gone is no failure. On AWS this needs `s3:DeleteObjectVersion`. */
export async function removeVersions(
  { client, name }: Bucket,
  versions: readonly ObjectVersion[],
): Promise<void> {
  for (let at = 0; at < versions.length; at += concurrencyMax) {
    await Promise.all(
      versions.slice(at, at + concurrencyMax).map(({ key, versionId }) =>
        // A version `null` is one from before the bucket kept any, and is named too: without a name a mark would be left.
        client.send(new DeleteObjectCommand({ Bucket: name, Key: key, VersionId: versionId })),
      ),
    );
  }
}

async function listAllVersions({ client, name }: Bucket, query: VersionQuery): Promise<VersionPage> {
  const { prefix, after, limit } = query;
  const output: ListObjectVersionsOutput = await client.send(
    new ListObjectVersionsCommand({ Bucket: name, Prefix: prefix, KeyMarker: after, MaxKeys: limit }),
  );
  const found = [...(output.Versions ?? []), ...(output.DeleteMarkers ?? [])];
  const versions = found.map(({ Key = '', VersionId, LastModified }) => ({
    key: Key,
    versionId: VersionId,
    modifiedMs: LastModified?.getTime() ?? Number.POSITIVE_INFINITY,
  }));
  return { versions, isTruncated: output.IsTruncated ?? false };
}

async function listObjects({ client, name }: Bucket, query: VersionQuery): Promise<VersionPage> {
  const { prefix, after, limit } = query;
  const { Contents = [], IsTruncated = false } = await client.send(
    new ListObjectsV2Command({ Bucket: name, Prefix: prefix, StartAfter: after, MaxKeys: limit }),
  );
  const versions = Contents.map(({ Key = '', LastModified }) => ({
    key: Key,
    versionId: undefined,
    modifiedMs: LastModified?.getTime() ?? Number.POSITIVE_INFINITY,
  }));
  return { versions, isTruncated: IsTruncated };
}
