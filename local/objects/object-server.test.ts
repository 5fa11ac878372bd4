// The local object store as its clients see it: AWS's own client, and plain HTTP with signed URLs.
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import {
  CopyObjectCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { localBucket as Bucket, type LocalObjects, startLocalObjects } from './object-server.ts';

const minuteMs = 60_000;
const bytes = Buffer.from('the bytes of an image');
const png = { ContentType: 'image/png', ContentLength: bytes.byteLength };

let folder: string;
let nowMs: number;
let server: LocalObjects;
let client: S3Client;

function clientOf({ endpoint, ...credentials }: LocalObjects, secretAccessKey?: string): S3Client {
  return new S3Client({
    ...{ endpoint, region: 'eu-central-1', forcePathStyle: true, maxAttempts: 1 },
    credentials: { ...credentials, ...(secretAccessKey && { secretAccessKey }) },
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  });
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'objects-'));
  server = await startLocalObjects({ path: folder, clock: () => nowMs });
  client = clientOf(server);
});

beforeEach(() => {
  nowMs = Date.now();
});

afterAll(async () => {
  client.destroy();
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

/** What is kept below the folder, drafts included. */
async function filesOf(part: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((it) => it.isFile())
    .map((it) => join(it.parentPath, it.name))
    .filter((it) => it.includes(part));
}

/** Waits until so many uploads are half written. */
async function draftsAre(count: number): Promise<void> {
  for (let tries = 0; tries < 100_000; tries += 1) {
    if ((await filesOf('.incoming')).length === count) return;
  }
  throw new Error(`There were never ${count} drafts`);
}

function uploadUrl(Key: string, input: Partial<typeof png> = {}): Promise<string> {
  return getSignedUrl(client, new PutObjectCommand({ Bucket, Key, ...png, ...input }), {
    expiresIn: 900,
    signingDate: new Date(nowMs),
    signableHeaders: new Set(['host', 'content-type', 'content-length']),
  });
}

function viewUrl(Key: string): Promise<string> {
  const options = { expiresIn: 3_600, signingDate: new Date(nowMs) };
  return getSignedUrl(client, new GetObjectCommand({ Bucket, Key }), options);
}

function put(url: string, body: Buffer = bytes, type = 'image/png'): Promise<Response> {
  return fetch(url, { method: 'PUT', body: new Uint8Array(body), headers: { 'content-type': type } });
}

async function codeOf(response: Response): Promise<string> {
  return `${response.status} ${/<Code>(\w+)</.exec(await response.text())?.[1]}`;
}

async function keep(Key: string, Body: Buffer = bytes): Promise<void> {
  await client.send(new PutObjectCommand({ Bucket, Key, Body, ContentType: 'image/png' }));
}

async function nameOf(call: Promise<unknown>): Promise<string> {
  return call.then(
    () => 'done',
    (error: Error) => error.name,
  );
}

describe('a signed upload', () => {
  it('is stored with its type and can be read by a signed link alone', async () => {
    const response = await put(await uploadUrl('a/whole.png'));
    expect(response.status).toBe(200);
    const link = await viewUrl('a/whole.png');
    const seen = await fetch(link);
    expect(seen.status).toBe(200);
    expect(seen.headers.get('content-type')).toBe('image/png');
    expect(seen.headers.get('etag')).toBe(response.headers.get('etag'));
    expect(Buffer.from(await seen.arrayBuffer())).toEqual(bytes);
    expect(await codeOf(await fetch(link.slice(0, link.indexOf('?'))))).toBe('403 AccessDenied');
  });

  it.each([
    ['another type', (url: string) => put(url, bytes, 'image/gif')],
    ['one byte more', (url: string) => put(url, Buffer.concat([bytes, Buffer.from('!')]))],
    ['one byte less', (url: string) => put(url, bytes.subarray(1))],
    ['another method', (url: string) => fetch(url, { method: 'DELETE' })],
    ['another key', (url: string) => put(url.replace('refused', 'chosen'))],
    ['a longer time', (url: string) => put(url.replace('Expires=900', 'Expires=9000'))],
    ['one more parameter', (url: string) => put(`${url}&versionId=1`)],
    ['another signature', (url: string) => put(url.replace(/(Signature=).{4}/, '$10000'))],
  ])('is refused with %s than was signed, and leaves nothing', async (_difference, send) => {
    expect(await codeOf(await send(await uploadUrl('a/refused.png')))).toBe('403 SignatureDoesNotMatch');
    expect(await filesOf('refused')).toEqual([]);
    expect(await filesOf('chosen')).toEqual([]);
  });

  it('is refused with a header of the store that was not signed', async () => {
    const headers = { 'content-type': 'image/png', 'x-amz-acl': 'public-read' };
    const url = await uploadUrl('a/refused.png');
    const response = await fetch(url, { method: 'PUT', body: new Uint8Array(bytes), headers });
    expect(await codeOf(response)).toBe('403 AccessDenied');
  });

  it('is taken until its time is out, and not after', async () => {
    const url = await uploadUrl('a/late.png');
    const startMs = Math.floor(nowMs / 1_000) * 1_000;
    nowMs = startMs + 15 * minuteMs;
    expect(await codeOf(await put(url))).toBe('403 AccessDenied');
    expect(await filesOf('late')).toEqual([]);
    nowMs -= 1;
    expect((await put(url)).status).toBe(200);
  });

  it('that breaks off leaves nothing, and the object of before', async () => {
    await keep('a/kept.png', Buffer.from('before'));
    const url = new URL(await uploadUrl('a/kept.png'));
    const socket = connect(Number(url.port), url.hostname);
    const head = `PUT ${url.pathname}${url.search} HTTP/1.1\r\nhost: ${url.host}\r\ncontent-type: image/png\r\n`;
    socket.write(`${head}content-length: ${bytes.byteLength}\r\n\r\n${bytes.subarray(0, 5)}`);
    await once(socket, 'ready');
    // The draft is there once the bytes have come; then the line goes dead.
    await draftsAre(1);
    socket.destroy();
    await draftsAre(0);
    expect(await (await fetch(await viewUrl('a/kept.png'))).text()).toBe('before');
  });

  it('without a length is refused, whether or not one was signed', async () => {
    const unsigned = new PutObjectCommand({ Bucket, Key: 'a/endless.png' });
    const urls = [await uploadUrl('a/endless.png'), await getSignedUrl(client, unsigned)];
    const answers = urls.map(async (url) => {
      const message = httpRequest(url, { method: 'PUT', headers: { 'content-type': 'image/png' } });
      message.write(bytes);
      message.end();
      const [response] = await once(message, 'response');
      return codeOf(new Response(await text(response), { status: response.statusCode }));
    });
    expect(await Promise.all(answers)).toEqual(['403 SignatureDoesNotMatch', '411 MissingContentLength']);
    expect(await filesOf('endless')).toEqual([]);
  });

  it('of many writers leaves one of them whole', async () => {
    const bodies = Array.from({ length: 20 }, (_, at) => Buffer.alloc(200_000, at));
    const url = await uploadUrl('a/raced.png', { ContentLength: 200_000 });
    const statuses = await Promise.all(bodies.map(async (body) => (await put(url, body)).status));
    expect(new Set(statuses)).toEqual(new Set([200]));
    const seen = Buffer.from(await (await fetch(await viewUrl('a/raced.png'))).arrayBuffer());
    expect(bodies.some((body) => body.equals(seen))).toBe(true);
    expect(await filesOf('.incoming')).toEqual([]);
  });

  it('may come from a page of any site', async () => {
    const url = await uploadUrl('a/browser.png');
    const headers = { origin: 'http://localhost:3000', 'access-control-request-method': 'PUT' };
    const preflight = await fetch(url, { method: 'OPTIONS', headers });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-origin')).toBe('*');
    expect(preflight.headers.get('access-control-allow-methods')).toContain('PUT');
    expect(preflight.headers.get('access-control-allow-headers')).toContain('content-type');
    expect((await put(url)).headers.get('access-control-allow-origin')).toBe('*');
  });
});

describe('a part of an object', () => {
  it.each([
    ['bytes=4-8', 206, 'bytes', 'bytes 4-8/21'],
    ['bytes=16-', 206, 'image', 'bytes 16-20/21'],
    ['bytes=-5', 206, 'image', 'bytes 16-20/21'],
    ['bytes=16-999', 206, 'image', 'bytes 16-20/21'],
    ['bytes=0-1,3-4', 200, bytes.toString(), null],
    ['lines=1-2', 200, bytes.toString(), null],
  ])('%s is answered with %i %j', async (range, status, part, contentRange) => {
    await keep('b/part.png');
    const response = await fetch(await viewUrl('b/part.png'), { headers: { range } });
    expect([response.status, await response.text()]).toEqual([status, part]);
    expect(response.headers.get('content-range')).toBe(contentRange);
  });

  it.each(['bytes=21-', 'bytes=-0'])('%s is outside of it', async (range) => {
    await keep('b/part.png');
    const response = await fetch(await viewUrl('b/part.png'), { headers: { range } });
    expect(await codeOf(response)).toBe('416 InvalidRange');
  });
});

describe("AWS's client", () => {
  it('puts, looks at, copies, lists and removes objects', async () => {
    await keep('c/one.png');
    const head = await client.send(new HeadObjectCommand({ Bucket, Key: 'c/one.png' }));
    expect(head).toMatchObject({ ContentType: 'image/png', ContentLength: bytes.byteLength });
    const copy = { Bucket, Key: 'c/two.png', CopySource: `${Bucket}/c/one.png` };
    await client.send(new CopyObjectCommand({ ...copy, CopySourceIfMatch: head.ETag }));
    const two = await client.send(new GetObjectCommand({ Bucket, Key: 'c/two.png' }));
    expect(two.ContentType).toBe('image/png');
    expect(await two.Body?.transformToString()).toBe(bytes.toString());
    const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket, Prefix: 'c/' }));
    expect(Contents.map(({ Key, Size }) => [Key, Size])).toEqual([
      ['c/one.png', 21],
      ['c/two.png', 21],
    ]);
    expect(Math.abs((Contents[0]?.LastModified?.getTime() ?? 0) - Date.now())).toBeLessThan(5 * minuteMs);
    await client.send(new DeleteObjectCommand({ Bucket, Key: 'c/one.png' }));
    await client.send(new DeleteObjectCommand({ Bucket, Key: 'c/one.png' }));
    expect(await nameOf(client.send(new GetObjectCommand({ Bucket, Key: 'c/one.png' })))).toBe('NoSuchKey');
    expect(await nameOf(client.send(new HeadObjectCommand({ Bucket, Key: 'c/one.png' })))).toBe('NotFound');
  });

  it('does not copy what has changed or gone', async () => {
    await keep('c/changed.png');
    const { ETag } = await client.send(new HeadObjectCommand({ Bucket, Key: 'c/changed.png' }));
    await keep('c/changed.png', Buffer.from('other'));
    const copyOf = (from: string) =>
      client.send(
        new CopyObjectCommand({
          ...{ Bucket, Key: 'c/copy.png', CopySource: `${Bucket}/${from}` },
          CopySourceIfMatch: ETag,
        }),
      );
    expect(await nameOf(copyOf('c/changed.png'))).toBe('PreconditionFailed');
    expect(await nameOf(copyOf('c/never.png'))).toBe('NoSuchKey');
    expect(await filesOf('copy.png')).toEqual([]);
  });

  it('walks a list in pages, in order of the keys', async () => {
    const keys = ['d-1', 'd/0', 'd/a/b', 'd/a', 'd/z'].map((key) => `l/${key}`);
    for (const key of keys) await keep(key);
    const listed: string[] = [];
    let ContinuationToken: string | undefined;
    do {
      const command = new ListObjectsV2Command({ Bucket, Prefix: 'l/d', MaxKeys: 2, ContinuationToken });
      const page = await client.send(command);
      listed.push(...(page.Contents ?? []).map(({ Key = '' }) => Key));
      ContinuationToken = page.NextContinuationToken;
    } while (ContinuationToken !== undefined);
    expect(listed).toEqual([...keys].sort());
    const input = { Bucket, Prefix: 'l/d', KeyMarker: 'l/d/0', MaxKeys: 2 };
    const page = await client.send(new ListObjectVersionsCommand(input));
    expect(page.Versions?.map(({ Key, VersionId }) => [Key, VersionId])).toEqual([
      ['l/d/a', 'null'],
      ['l/d/a/b', 'null'],
    ]);
    expect([page.IsTruncated, page.NextKeyMarker]).toEqual([true, 'l/d/a/b']);
  });

  it('keeps an object without bytes', async () => {
    await keep('c/empty.png', Buffer.alloc(0));
    await client.send(
      new CopyObjectCommand({ Bucket, Key: 'c/empty2.png', CopySource: `${Bucket}/c/empty.png` }),
    );
    const { Body, ContentLength } = await client.send(new GetObjectCommand({ Bucket, Key: 'c/empty2.png' }));
    expect([ContentLength, await Body?.transformToString()]).toEqual([0, '']);
  });

  it('is refused with another key', async () => {
    const stranger = clientOf(server, 'another secret');
    const call = stranger.send(new HeadObjectCommand({ Bucket, Key: 'c/two.png' }));
    expect(await call.catch((error) => error.$metadata.httpStatusCode)).toBe(403);
    stranger.destroy();
  });

  it.each([
    '../secrets.json',
    'a/../../b',
    '.incoming/x',
    'a//b',
    'a/./b',
    'a\\b',
    'a/\0',
    `a/${'x'.repeat(300)}`,
  ])('gets no file by the key %j', async (Key) => {
    const calls = [
      client.send(new PutObjectCommand({ Bucket, Key, Body: bytes })),
      client.send(new GetObjectCommand({ Bucket, Key })),
      client.send(new DeleteObjectCommand({ Bucket, Key })),
    ];
    const names = await Promise.all(calls.map(nameOf));
    expect(names).not.toContain('done');
  });

  it('is told what the server cannot do', async () => {
    const input = { Bucket, Key: 'c/once.png', Body: bytes };
    const once = client.send(new PutObjectCommand({ ...input, IfNoneMatch: '*' }));
    const summed = client.send(new PutObjectCommand({ ...input, ChecksumAlgorithm: 'SHA256' }));
    expect(await Promise.all([nameOf(once), nameOf(summed)])).toEqual(['NotImplemented', 'NotImplemented']);
    expect(await filesOf('once')).toEqual([]);
  });
});

describe('a folder', () => {
  it('keeps its objects from start to start, and drops what was half written', async () => {
    const path = join(folder, 'restarted');
    const first = await startLocalObjects({ path });
    const before = clientOf(first);
    await before.send(new PutObjectCommand({ Bucket, Key: 'kept.png', Body: bytes }));
    before.destroy();
    await first.stop();
    const second = await startLocalObjects({ path });
    const after = clientOf(second);
    const { Body } = await after.send(new GetObjectCommand({ Bucket, Key: 'kept.png' }));
    expect(await Body?.transformToString()).toBe(bytes.toString());
    after.destroy();
    await second.stop();
  });
});
