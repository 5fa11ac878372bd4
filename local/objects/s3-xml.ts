// The answers of S3 that are XML: refusals, lists, the result of a copy. Only what its clients read is written.
import type { KeptObject } from './object-folder.ts';
import type { S3Problem } from './s3-problem.ts';

const head = '<?xml version="1.0" encoding="UTF-8"?>\n';
const namespace = ' xmlns="http://s3.amazonaws.com/doc/2006-03-01/"';

/** One page of a list. */
export interface ListedPage {
  readonly bucket: string;
  readonly prefix: string;
  readonly keysMax: number;
  readonly objects: readonly KeptObject[];
  /** True when more objects follow the last one. */
  readonly isTruncated: boolean;
}

/** `Error`. */
export function problemXml({ code, message }: S3Problem): string {
  return `${head}<Error>${element('Code', code)}${element('Message', message)}</Error>`;
}

/** `CopyObjectResult`. */
export function copyXml({ etag, modifiedMs }: KeptObject): string {
  const parts = element('LastModified', iso(modifiedMs)) + element('ETag', etag);
  return `${head}<CopyObjectResult${namespace}>${parts}</CopyObjectResult>`;
}

/** `ListBucketResult` of ListObjectsV2. The token is the last key. */
export function listXml(page: ListedPage): string {
  const { objects, isTruncated } = page;
  const last = objects.at(-1);
  const entries = objects.map((object) => `<Contents>${entry(object)}</Contents>`).join('');
  const token = isTruncated && last ? element('NextContinuationToken', tokenOf(last.key)) : '';
  const count = element('KeyCount', objects.length);
  return `${head}<ListBucketResult${namespace}>${pageHead(page)}${count}${token}${entries}</ListBucketResult>`;
}

/** `ListVersionsResult`: every object has one version, named `null`, as in a bucket without versioning. */
export function versionsXml(page: ListedPage): string {
  const { objects, isTruncated } = page;
  const last = objects.at(-1);
  const version = element('VersionId', 'null') + element('IsLatest', 'true');
  const entries = objects.map((object) => `<Version>${entry(object)}${version}</Version>`).join('');
  const next =
    isTruncated && last ? element('NextKeyMarker', last.key) + element('NextVersionIdMarker', 'null') : '';
  return `${head}<ListVersionsResult${namespace}>${pageHead(page)}${next}${entries}</ListVersionsResult>`;
}

/** The token that leads on from a key. */
export function tokenOf(key: string): string {
  return Buffer.from(key).toString('base64url');
}

/** The key that a token leads on from. */
export function keyOfToken(token: string): string {
  return Buffer.from(token, 'base64url').toString();
}

function pageHead({ bucket, prefix, keysMax, isTruncated }: ListedPage): string {
  return (
    element('Name', bucket) +
    element('Prefix', prefix) +
    element('MaxKeys', keysMax) +
    element('IsTruncated', isTruncated)
  );
}

function entry({ key, etag, sizeBytes, modifiedMs }: KeptObject): string {
  return (
    element('Key', key) +
    element('LastModified', iso(modifiedMs)) +
    element('ETag', etag) +
    element('Size', sizeBytes) +
    element('StorageClass', 'STANDARD')
  );
}

function iso(timeMs: number): string {
  return new Date(timeMs).toISOString();
}

function element(name: string, value: string | number | boolean): string {
  const text = String(value).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return `<${name}>${text}</${name}>`;
}
