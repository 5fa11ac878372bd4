// Objects as files below one folder. A file holds a line of JSON about the object and then its bytes; it appears under its name by one
// rename, so an object is there whole or not at all, and of two writers the later one stands.
import { createHash, randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import {
  type FileHandle,
  mkdir,
  open,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { noSuchKey, S3Problem } from './s3-problem.ts';

/** Longest key, in bytes, as on AWS. */
export const keyBytesMax = 1_024;
const segmentForm = /^[\w.-]{1,250}$/;
const bucketForm = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
const headBytesMax = 1_024;
// No key can hold it, so that an object `a` stands beside a folder `a`.
const fileMark = '~';

/** An object without its bytes. */
export interface KeptObject {
  readonly key: string;
  readonly contentType: string;
  /** In quotes. New with every write; a copy keeps that of its source. On AWS it is a hash of the bytes, or not. */
  readonly etag: string;
  readonly sizeBytes: number;
  readonly modifiedMs: number;
}

/** An object that is open for reading. Close it. */
export interface OpenObject extends KeptObject {
  /** The bytes from `start` to `end`, both included. Closes the object when it ends. */
  stream(start: number, end: number): Readable;
  close(): Promise<void>;
}

/** What is written. */
export interface NewObject {
  readonly contentType: string;
  readonly etag?: string | undefined;
  readonly body: Readable;
  /** SHA-256 that the bytes must have, 64 hex digits; absent for any. */
  readonly sha256?: string | undefined;
}

/** Buckets of objects in a folder. Methods throw an S3Problem for keys and buckets that are not there or not allowed. */
export interface ObjectFolder {
  hasBucket(bucket: string): Promise<boolean>;
  makeBucket(bucket: string): Promise<void>;
  write(bucket: string, key: string, object: NewObject): Promise<KeptObject>;
  open(bucket: string, key: string): Promise<OpenObject>;
  /** Removing what is not there is no failure. */
  remove(bucket: string, key: string): Promise<void>;
  /** Keeps the document of a bucket's setting. */
  writeSetting(bucket: string, name: string, document: string): Promise<void>;
  /** The document of a setting, or undefined. */
  readSetting(bucket: string, name: string): Promise<string | undefined>;
  /** All objects whose key begins with the prefix, by key. */
  list(bucket: string, prefix: string): Promise<readonly KeptObject[]>;
}

/** Opens a folder, made when absent. What an earlier process left half written is dropped; one process at a time may use it. */
export async function openObjectFolder(folder: string): Promise<ObjectFolder> {
  const incoming = join(folder, '.incoming');
  await rm(incoming, { recursive: true, force: true });
  await mkdir(incoming, { recursive: true });
  return {
    hasBucket: async (bucket) => bucketForm.test(bucket) && (await isThere(join(folder, bucket))),
    makeBucket: async (bucket) => {
      await mkdir(bucketPath(folder, bucket), { recursive: true });
    },
    async write(bucket, key, object) {
      const path = objectPath(folder, bucket, key);
      const draft = join(incoming, randomUUID());
      try {
        await writeDraft(draft, object);
        const kept = await describe(draft, key);
        await mkdir(dirname(path), { recursive: true });
        await rename(draft, path);
        return kept;
      } finally {
        await rm(draft, { force: true });
      }
    },
    open: (bucket, key) => openObject(objectPath(folder, bucket, key), key),
    remove: (bucket, key) => rm(objectPath(folder, bucket, key), { force: true }),
    async writeSetting(bucket, name, document) {
      await mkdir(join(folder, '.settings'), { recursive: true });
      await writeFile(settingPath(folder, bucket, name), document);
    },
    readSetting: (bucket, name) => readFile(settingPath(folder, bucket, name), 'utf8').catch(() => undefined),
    list: (bucket, prefix) => listBelow(bucketPath(folder, bucket), prefix),
  };
}

function bucketPath(folder: string, bucket: string): string {
  if (bucketForm.test(bucket)) return join(folder, bucket);
  throw new S3Problem(400, 'InvalidBucketName', 'The specified bucket is not valid.');
}

function settingPath(folder: string, bucket: string, name: string): string {
  return join(folder, '.settings', `${bucket}.${name}.xml`);
}

/** Keys are paths here, so only plain ones are taken; on AWS almost any text is a key. */
function objectPath(folder: string, bucket: string, key: string): string {
  const segments = key.split('/');
  const isPlain = segments.every((it) => segmentForm.test(it) && !it.startsWith('.'));
  if (isPlain && key.length <= keyBytesMax)
    return join(bucketPath(folder, bucket), ...segments).concat(fileMark);
  throw new S3Problem(400, 'InvalidURI', 'This store takes only keys of plain names between slashes.');
}

async function writeDraft(draft: string, { contentType, etag, body, sha256 }: NewObject): Promise<void> {
  const hash = createHash('sha256');
  const head = { contentType, etag: etag ?? `"${randomUUID().replaceAll('-', '')}"` };
  async function* bytes() {
    yield Buffer.from(`${JSON.stringify(head)}\n`);
    for await (const chunk of body) {
      hash.update(chunk);
      yield chunk;
    }
  }
  await pipeline(bytes, createWriteStream(draft, { flags: 'wx', flush: true, mode: 0o600 }));
  if (sha256 === undefined || hash.digest('hex') === sha256) return;
  throw new S3Problem(400, 'XAmzContentSHA256Mismatch', 'The bytes do not have the announced SHA-256.');
}

async function openObject(path: string, key: string): Promise<OpenObject> {
  const file = await open(path, 'r').catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'ENOENT' || error.code === 'ENOTDIR' ? noSuchKey() : error;
  });
  try {
    const { headBytes, ...object } = await readHead(file, key);
    return {
      ...object,
      stream: (start, end) => {
        const options = { start: start + headBytes, end: end + headBytes };
        return end < start ? closing(file) : file.createReadStream(options);
      },
      close: () => file.close(),
    };
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** No bytes: a stream of a file has at least one. */
function closing(file: FileHandle): Readable {
  const nothing = Readable.from([]);
  nothing.once('close', () => void file.close());
  return nothing;
}

async function readHead(file: FileHandle, key: string): Promise<KeptObject & { readonly headBytes: number }> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(headBytesMax), 0, headBytesMax, 0);
  const headBytes = buffer.subarray(0, bytesRead).indexOf('\n') + 1;
  const { contentType, etag } = JSON.parse(buffer.subarray(0, headBytes).toString());
  const { size, mtimeMs } = await file.stat();
  return { key, contentType, etag, sizeBytes: size - headBytes, modifiedMs: mtimeMs, headBytes };
}

async function describe(path: string, key: string): Promise<KeptObject> {
  const { stream: _stream, close, ...object } = await openObject(path, key);
  await close();
  return object;
}

async function listBelow(bucket: string, prefix: string): Promise<readonly KeptObject[]> {
  const entries = await readdir(bucket, { recursive: true, withFileTypes: true });
  const keys = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(bucket.length + 1, -fileMark.length))
    .map((path) => path.replaceAll('\\', '/'))
    .filter((key) => key.startsWith(prefix))
    .sort();
  const objects: KeptObject[] = [];
  for (const key of keys) {
    const object = await describe(join(bucket, `${key}${fileMark}`), key).catch(() => undefined);
    if (object) objects.push(object); // it may have gone meanwhile
  }
  return objects;
}

async function isThere(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found?.isDirectory() ?? false;
}
