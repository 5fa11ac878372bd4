// The store of images against the local object store, and against a store with versions whose answers are AWS's own form.
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { S3Client } from '@aws-sdk/client-s3';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Fault } from '../../../foundation/fault/fault.ts';
import { newId } from '../../../foundation/ids/ids.ts';
import { type LocalObjects, startLocalObjects } from '../../../local/objects/object-server.ts';
import { imageBytesMax, uploadKey } from '../core/image.ts';
import { createObjectClient } from './object-client.ts';
import { createObjectStore } from './object-s3.ts';
import type { ObjectStore } from './object-store.ts';

const tenantId = '6a1b0000-0000-4000-8000-000000000001';
const report = { tenantId, domainId: 'civic_complaints', incidentId: 'inc_1' };
const dayMs = 24 * 3_600_000;
const bytes = new TextEncoder().encode('the bytes of an image');

let nowMs = Date.now();
let opened: S3Client[] = [];

function storeAt(endpoint: string, credentials = { accessKeyId: 'id', secretAccessKey: 'key' }): ObjectStore {
  const client = createObjectClient({
    endpoint,
    region: 'us-east-1',
    credentials,
    requestTimeoutMs: 5_000,
  });
  opened.push(client);
  return createObjectStore({ bucket: 'domainflow', client, publicClient: client, clock: () => nowMs });
}

beforeEach(() => {
  nowMs = Date.now();
});

afterEach(() => {
  for (const client of opened) client.destroy();
  opened = [];
});

function newUploadKey(): string {
  return uploadKey(tenantId, newId(), 'image/png');
}

describe('the store of images', () => {
  let server: LocalObjects;
  let objects: ObjectStore;

  beforeAll(async () => {
    server = await startLocalObjects({ clock: () => nowMs });
  });

  beforeEach(() => {
    objects = storeAt(server.endpoint, server);
  });

  afterAll(async () => {
    await server.stop();
  });

  it('signs uploads of one size and type for 15 minutes', async () => {
    const key = newUploadKey();
    const target = { key, contentType: 'image/png', sizeBytes: bytes.byteLength };
    const { url, expiresAtMs } = await objects.uploadUrl(target);
    const put = (body: Uint8Array, type = 'image/png') =>
      fetch(url, { method: 'PUT', body: new Uint8Array(body), headers: { 'content-type': type } });
    expect((await put(bytes, 'image/jpeg')).status).toBe(403);
    expect((await put(bytes.subarray(1))).status).toBe(403);
    expect(await objects.has(key)).toBe(false);
    nowMs = expiresAtMs - 1;
    expect((await put(bytes)).status).toBe(200);
    nowMs = expiresAtMs;
    expect((await put(bytes)).status).toBe(403);
    expect(expiresAtMs % 1_000).toBe(0);
    expect(await objects.read(key)).toMatchObject({ contentType: 'image/png', sizeBytes: 21, data: bytes });
  });

  it('signs links for an hour', async () => {
    const key = newUploadKey();
    await objects.put(key, 'image/png', bytes);
    const url = await objects.viewUrl(key);
    const startMs = Math.floor(nowMs / 1_000) * 1_000;
    nowMs = startMs + 3_600_000 - 1;
    const seen = await fetch(url);
    expect([seen.status, seen.headers.get('content-type')]).toEqual([200, 'image/png']);
    expect(new Uint8Array(await seen.arrayBuffer())).toEqual(bytes);
    nowMs = startMs + 3_600_000;
    expect((await fetch(url)).status).toBe(403);
  });

  it('has no object that was never stored', async () => {
    expect(await objects.has(newUploadKey())).toBe(false);
    expect(await objects.read(newUploadKey())).toBeUndefined();
    expect(await objects.copy({ key: newUploadKey(), etag: '"x"' }, newUploadKey())).toBe(false);
  });

  it('does not read what is too large for an image', async () => {
    const key = newUploadKey();
    await objects.put(key, 'image/png', new Uint8Array(imageBytesMax + 1));
    const upload = await objects.read(key);
    expect(upload).toMatchObject({ sizeBytes: imageBytesMax + 1 });
    expect(upload?.data).toBeUndefined();
    await objects.put(key, 'image/png', new Uint8Array(imageBytesMax));
    expect((await objects.read(key))?.data?.byteLength).toBe(imageBytesMax);
  });

  it('copies the bytes that were read, and none that came later', async () => {
    const [from, to] = [newUploadKey(), newUploadKey()];
    await objects.put(from, 'image/png', bytes);
    const { etag = '' } = (await objects.read(from)) ?? {};
    await objects.put(from, 'image/png', new TextEncoder().encode('other'));
    expect(await objects.copy({ key: from, etag }, to)).toBe(false);
    expect(await objects.has(to)).toBe(false);
    const newer = await objects.read(from);
    expect(await objects.copy({ key: from, etag: newer?.etag ?? '' }, to)).toBe(true);
    expect(await objects.read(to)).toMatchObject({ contentType: 'image/png', sizeBytes: 5 });
  });

  it("removes a report's images and nobody else's", async () => {
    const base = `${tenantId}/civic_complaints`;
    const own = [1, 2, 3].map((at) => `${base}/inc_1/image_00${at}.png`);
    const others = [`${base}/inc_10/image_001.png`, `${base}/inc_2/image_001.png`, newUploadKey()];
    for (const key of [...own, ...others]) await objects.put(key, 'image/png', bytes);
    expect(await objects.removeReportImages(report)).toBe(true);
    expect(await Promise.all(own.map((key) => objects.has(key)))).toEqual([false, false, false]);
    expect(await Promise.all(others.map((key) => objects.has(key)))).toEqual([true, true, true]);
    expect(await objects.removeReportImages(report)).toBe(true);
  });

  it('sweeps uploads from before a time, and never anything else', async () => {
    const old = newUploadKey();
    const kept = `${tenantId}/civic_complaints/inc_5/image_001.png`;
    await objects.put(old, 'image/png', bytes);
    await objects.put(kept, 'image/png', bytes);
    expect((await objects.sweepUploads(Date.now() - dayMs)).removed).toBe(0);
    expect(await objects.has(old)).toBe(true);
    const { removed, next } = await objects.sweepUploads(Date.now() + dayMs);
    expect(removed).toBeGreaterThanOrEqual(1);
    expect(next).toBeUndefined();
    expect([await objects.has(old), await objects.has(kept)]).toEqual([false, true]);
  });

  it('is unavailable while nobody answers', async () => {
    const away = storeAt('http://127.0.0.1:1');
    const reasons = [away.has('a'), away.read('a'), away.put('a', 'image/png', bytes)].map((call) =>
      call.catch((error: Fault) => [error instanceof Fault, error.reason]),
    );
    expect(await Promise.all(reasons)).toEqual(Array.from({ length: 3 }, () => [true, 'unavailable']));
  });
});

describe('a store of another kind', () => {
  let server: Server;
  let store: ObjectStore;
  let requests: string[];
  let answer: (request: string) => {
    readonly status: number;
    readonly body?: string;
    readonly cut?: boolean;
  };

  beforeEach(async () => {
    requests = [];
    server = createServer((message, response) => {
      const url = new URL(message.url ?? '', 'http://store');
      const request = `${message.method} ${url.pathname}?${[...url.searchParams].map((it) => it.join('=')).join('&')}`;
      requests.push(request);
      const { status, body, cut } = answer(request);
      const length = cut ? { 'content-length': 1_000 } : {};
      response.writeHead(status, { 'content-type': 'application/xml', etag: '"e"', ...length });
      if (cut) response.write('half', () => response.destroy());
      else response.end(body);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    store = storeAt(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  });

  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  const entry = (tag: string, key: string, version: string, at: string) =>
    `<${tag}><Key>${key}</Key><VersionId>${version}</VersionId><LastModified>${at}</LastModified></${tag}>`;
  const removals = () => requests.filter((it) => it.startsWith('DELETE')).sort();
  const prefix = `${tenantId}/civic_complaints/inc_1/`;

  it('with versions loses every version and every mark of a removal', async () => {
    const old = '2020-01-01T00:00:00.000Z';
    const entries = [
      entry('Version', `${prefix}image_001.png`, 'v2', old),
      entry('Version', `${prefix}image_001.png`, 'v1', old),
      entry('DeleteMarker', `${prefix}image_002.png`, 'm1', old),
    ];
    const list = (more: boolean) =>
      `<ListVersionsResult><IsTruncated>${more}</IsTruncated>${entries.join('')}</ListVersionsResult>`;
    answer = (it) => (it.startsWith('GET') ? { status: 200, body: list(true) } : { status: 204 });
    expect(await store.removeReportImages(report)).toBe(false);
    expect(requests[0]).toContain(`prefix=${prefix}`);
    expect(removals()).toEqual([
      `DELETE /domainflow/${prefix}image_001.png?versionId=v1&x-id=DeleteObject`,
      `DELETE /domainflow/${prefix}image_001.png?versionId=v2&x-id=DeleteObject`,
      `DELETE /domainflow/${prefix}image_002.png?versionId=m1&x-id=DeleteObject`,
    ]);
    answer = (it) => (it.startsWith('GET') ? { status: 200, body: list(false) } : { status: 204 });
    expect(await store.removeReportImages(report)).toBe(true);
  });

  it('with versions is swept by the age of each of them, and the walk goes on after the last key', async () => {
    const [old, young] = ['2020-01-01T00:00:00.000Z', '2020-01-03T00:00:00.000Z'];
    const entries = [
      entry('Version', 'uploads/a', 'v2', young),
      entry('Version', 'uploads/a', 'v1', old),
      entry('DeleteMarker', 'uploads/b', 'm1', old),
      entry('Version', 'elsewhere', 'v1', old),
    ];
    const body = `<ListVersionsResult><IsTruncated>true</IsTruncated>${entries.join('')}</ListVersionsResult>`;
    answer = (it) => (it.startsWith('GET') ? { status: 200, body } : { status: 204 });
    const swept = await store.sweepUploads(Date.parse('2020-01-02T00:00:00.000Z'), 'uploads/9');
    expect(swept).toEqual({ removed: 2, next: 'uploads/b' });
    expect(requests[0]).toContain('key-marker=uploads/9');
    expect(requests[0]).toContain('prefix=uploads/&');
    expect(removals()).toEqual([
      'DELETE /domainflow/uploads/a?versionId=v1&x-id=DeleteObject',
      'DELETE /domainflow/uploads/b?versionId=m1&x-id=DeleteObject',
    ]);
  });

  it('that knows no versions is listed without them', async () => {
    const at = '2020-01-01T00:00:00.000Z';
    const contents = `<Contents><Key>${prefix}image_001.png</Key><LastModified>${at}</LastModified></Contents>`;
    const body = `<ListBucketResult><IsTruncated>false</IsTruncated>${contents}</ListBucketResult>`;
    answer = (it) => {
      if (it.includes('versions='))
        return { status: 501, body: '<Error><Code>NotImplemented</Code></Error>' };
      return it.startsWith('GET') ? { status: 200, body } : { status: 204 };
    };
    expect(await store.removeReportImages(report)).toBe(true);
    expect(removals()).toEqual([`DELETE /domainflow/${prefix}image_001.png?x-id=DeleteObject`]);
  });

  it.each([
    ['is out of order', 500, 'InternalError'],
    ['has too much to do', 503, 'SlowDown'],
  ])('that %s is unavailable, after it was asked three times', async (_what, status, code) => {
    answer = () => ({ status, body: `<Error><Code>${code}</Code></Error>` });
    await expect(store.read('uploads/x')).rejects.toMatchObject({ reason: 'unavailable' });
    expect(requests).toHaveLength(3);
  });

  it('that stops in the middle of an object is unavailable', async () => {
    answer = () => ({ status: 200, cut: true });
    await expect(store.read('uploads/x')).rejects.toMatchObject({ reason: 'unavailable' });
  });

  it('that forbids something is no matter of waiting', async () => {
    answer = () => ({ status: 403, body: '<Error><Code>AccessDenied</Code></Error>' });
    const error = await store.read('uploads/x').catch((it) => it);
    expect([error.name, error instanceof Fault]).toEqual(['AccessDenied', false]);
  });
});
