// What a signed request does: the part of S3's API that images need. What is not understood is refused, never left out silently.
import type { IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { bucketSetting } from './bucket-settings.ts';
import type { KeptObject, ObjectFolder, OpenObject } from './object-folder.ts';
import { noSuchKey, S3Problem } from './s3-problem.ts';
import { copyXml, keyOfToken, listXml, versionsXml } from './s3-xml.ts';

/** Largest object, in bytes. */
export const objectBytesMax = 64 * 1024 * 1024;
/** Largest document of a bucket's setting, in bytes. */
const settingBytesMax = 64 * 1024;
const keysPerPageMax = 1_000;
/** Headers of a write that would change its meaning, and that this server does not know. */
const unknownToWrites = /^(if-|x-amz-(checksum-|trailer|sdk-checksum|tagging|acl|grant-|object-lock))/;

/** A request whose signature holds. */
export interface S3Request {
  readonly method: string;
  /** Empty for what concerns the whole server. */
  readonly bucket: string;
  /** Empty for what concerns the bucket. */
  readonly key: string;
  readonly query: URLSearchParams;
  readonly message: IncomingMessage;
}

/** What is answered. */
export interface S3Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string | number>>;
  readonly body?: string;
  /** The part of an object that is the body, both ends included. */
  readonly object?: { readonly open: OpenObject; readonly start: number; readonly end: number };
}

/** Performs a request. Throws an S3Problem for what is refused. */
export async function perform(folder: ObjectFolder, request: S3Request): Promise<S3Answer> {
  const { bucket, key, method } = request;
  const isMaking = key === '' && method === 'PUT' && request.query.size <= 1 && !settingOf(request);
  if (isMaking) return makeBucket(folder, bucket);
  if (!(await folder.hasBucket(bucket))) {
    throw new S3Problem(404, 'NoSuchBucket', 'The specified bucket does not exist.');
  }
  if (key === '') return performOnBucket(folder, request);
  if (method === 'PUT') return write(folder, request);
  if (method === 'GET' || method === 'HEAD') return read(folder, request);
  if (method === 'DELETE') return remove(folder, request);
  throw new S3Problem(405, 'MethodNotAllowed', 'This server does not do this.');
}

async function makeBucket(folder: ObjectFolder, bucket: string): Promise<S3Answer> {
  if (await folder.hasBucket(bucket)) {
    throw new S3Problem(409, 'BucketAlreadyOwnedByYou', 'The bucket is there already and is yours.');
  }
  await folder.makeBucket(bucket);
  return { status: 200, headers: { location: `/${bucket}` } };
}

function settingOf({ query }: S3Request): string | undefined {
  return [...query.keys()].find((name) => bucketSetting(name) !== undefined);
}

async function performOnBucket(folder: ObjectFolder, request: S3Request): Promise<S3Answer> {
  const { bucket, method, query, message } = request;
  const setting = settingOf(request);
  if (method === 'HEAD') return { status: 200 };
  if (setting !== undefined && method === 'PUT') {
    await folder.writeSetting(bucket, setting, await bodyOf(message));
    return { status: 200 };
  }
  if (setting !== undefined && method === 'GET') {
    const body = await folder.readSetting(bucket, setting);
    if (body !== undefined) return { status: 200, headers: { 'content-type': 'application/xml' }, body };
    throw new S3Problem(404, bucketSetting(setting) ?? 'NoSuchConfiguration', 'The setting does not exist.');
  }
  const isList = query.get('list-type') === '2' || query.has('versions');
  if (method === 'GET' && isList) return list(folder, request);
  throw new S3Problem(501, 'NotImplemented', 'This server does not do this.');
}

async function bodyOf(message: IncomingMessage): Promise<string> {
  if (lengthOf(message) > settingBytesMax) {
    throw new S3Problem(400, 'MaxMessageLengthExceeded', 'Your request was too big.');
  }
  return (await buffer(message)).toString();
}

async function list(folder: ObjectFolder, { bucket, query }: S3Request): Promise<S3Answer> {
  const prefix = query.get('prefix') ?? '';
  const keysMax = Math.min(Number(query.get('max-keys') ?? keysPerPageMax), keysPerPageMax);
  if (!Number.isInteger(keysMax) || keysMax < 1 || query.has('delimiter')) {
    throw new S3Problem(400, 'InvalidArgument', 'max-keys is a number from 1, and delimiter is not known.');
  }
  const isOfVersions = query.has('versions');
  const token = keyOfToken(query.get('continuation-token') ?? '') || (query.get('start-after') ?? '');
  const after = isOfVersions ? (query.get('key-marker') ?? '') : token;
  const rest = (await folder.list(bucket, prefix)).filter(({ key }) => key > after);
  const objects = rest.slice(0, keysMax);
  const page = { bucket, prefix, keysMax, objects, isTruncated: rest.length > objects.length };
  const body = isOfVersions ? versionsXml(page) : listXml(page);
  return { status: 200, headers: { 'content-type': 'application/xml' }, body };
}

async function write(folder: ObjectFolder, { bucket, key, query, message }: S3Request): Promise<S3Answer> {
  const { headers } = message;
  const isAwsChunked = headers['content-encoding']?.includes('aws-chunked') ?? false;
  const source = headers['x-amz-copy-source'];
  const unknown = Object.keys(headers).find((name) => unknownToWrites.test(name));
  const onlySigned = [...query.keys()].every((name) => name === 'x-id' || name.startsWith('X-Amz-'));
  if (isAwsChunked || unknown || !onlySigned) {
    throw new S3Problem(501, 'NotImplemented', `This server does not do this: ${unknown ?? 'aws-chunked'}.`);
  }
  if (source !== undefined) return copy(folder, { bucket, key, source: String(source), headers });
  if (lengthOf(message) > objectBytesMax) {
    throw new S3Problem(400, 'EntityTooLarge', 'Your proposed upload exceeds the maximum allowed size.');
  }
  const hash = String(headers['x-amz-content-sha256'] ?? 'UNSIGNED-PAYLOAD');
  const kept = await folder.write(bucket, key, {
    contentType: headers['content-type'] ?? 'application/octet-stream',
    body: message,
    sha256: hash === 'UNSIGNED-PAYLOAD' ? undefined : hash,
  });
  return { status: 200, headers: { etag: kept.etag } };
}

function lengthOf({ headers }: IncomingMessage): number {
  const length = headers['content-length'];
  if (length === undefined) {
    throw new S3Problem(411, 'MissingContentLength', 'You must provide the Content-Length HTTP header.');
  }
  return Number(length);
}

/** A part of a URL without its escapes. */
export function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new S3Problem(400, 'InvalidURI', "Couldn't parse the specified URI.");
  }
}

interface Copy {
  readonly bucket: string;
  readonly key: string;
  /** `[/]bucket/key`, encoded. */
  readonly source: string;
  readonly headers: IncomingMessage['headers'];
}

async function copy(folder: ObjectFolder, { bucket, key, source, headers }: Copy): Promise<S3Answer> {
  const [from = '', ...rest] = decoded(source).replace(/^\//, '').split('/');
  const opened = await folder.open(from, rest.join('/'));
  const ifMatch = headers['x-amz-copy-source-if-match'];
  if (ifMatch !== undefined && ifMatch !== opened.etag) {
    await opened.close();
    throw new S3Problem(412, 'PreconditionFailed', 'The source is not the one that was meant.');
  }
  const { contentType, etag, sizeBytes } = opened;
  const kept = await folder.write(bucket, key, { contentType, etag, body: opened.stream(0, sizeBytes - 1) });
  return { status: 200, headers: { 'content-type': 'application/xml' }, body: copyXml(kept) };
}

async function read(folder: ObjectFolder, request: S3Request): Promise<S3Answer> {
  requireOnlyVersion(request.query);
  const open = await folder.open(request.bucket, request.key);
  try {
    const range = rangeOf(request.message.headers.range, open.sizeBytes);
    const { start, end } = range ?? { start: 0, end: open.sizeBytes - 1 };
    const headers = {
      ...headersOf(open),
      'content-length': end - start + 1,
      ...(range && { 'content-range': `bytes ${start}-${end}/${open.sizeBytes}` }),
    };
    const status = range ? 206 : 200;
    if (request.method === 'GET' && end >= start) return { status, headers, object: { open, start, end } };
    await open.close();
    return { status, headers };
  } catch (error) {
    await open.close();
    throw error;
  }
}

function headersOf({ contentType, etag, modifiedMs }: KeptObject): Record<string, string> {
  return {
    'content-type': contentType,
    etag,
    'last-modified': new Date(modifiedMs).toUTCString(),
    'accept-ranges': 'bytes',
  };
}

/** The asked range within the object; undefined for all of it, also when several ranges are asked for. */
function rangeOf(header: string | undefined, sizeBytes: number): { start: number; end: number } | undefined {
  const [, first, last] = /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? [];
  if (first === undefined || last === undefined || first + last === '') return undefined;
  const start = first === '' ? Math.max(0, sizeBytes - Number(last)) : Number(first);
  const end = first === '' || last === '' ? sizeBytes - 1 : Math.min(Number(last), sizeBytes - 1);
  if (start <= end) return { start, end };
  throw new S3Problem(416, 'InvalidRange', 'The requested range is not satisfiable');
}

async function remove(folder: ObjectFolder, { bucket, key, query }: S3Request): Promise<S3Answer> {
  requireOnlyVersion(query);
  await folder.remove(bucket, key);
  return { status: 204 };
}

function requireOnlyVersion(query: URLSearchParams): void {
  const version = query.get('versionId');
  if (version !== null && version !== 'null') throw noSuchKey();
}
