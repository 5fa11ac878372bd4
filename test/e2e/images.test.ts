// Images through the whole mesh: put in place before or with a report, checked at its submission, read by links, gone with it.
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { ApiClient } from '../../clients/api/api-client.ts';
import { smallPng } from '../../local/demo/attach-image.ts';
import { pollUntil, sampleDomain } from '../../local/demo/demo-run.ts';
import { refused } from './answers.ts';
import { reportOnceEnded, startTestMesh, type TestMesh } from './test-mesh.ts';

jest.setTimeout(60_000);

const signal = new AbortController().signal;
const link = 'https://example.org/photo.jpg';
const dataUrl = `data:image/png;base64,${smallPng.toString('base64')}`;
let mesh: TestMesh;
let editor: ApiClient;
let viewer: ApiClient;

beforeAll(async () => {
  mesh = await startTestMesh();
  editor = await mesh.as('acme', 'edgar', ['editor']);
  viewer = await mesh.as('acme', 'vera', ['viewer']);
});

afterAll(() => mesh?.close());

const uploadImage = async (tenant: string, user: string) =>
  (await mesh.as(tenant, user, ['editor'])).uploadImage(new Uint8Array(smallPng), 'image/png');

const reportWith = <T>(images: T) => ({ domain_id: sampleDomain, text: 'A hydrant leaks', images });
const submit = (client: ApiClient, images: string[]) =>
  client.post('/api/v1/reports', { body: reportWith(images) });
const announce = (client: ApiClient, size_bytes: number) =>
  client.post('/api/v1/reports/images', { body: { content_type: 'image/png', size_bytes } });

describe('images of a report', () => {
  it('are kept with what was found out about them, and read by links', async () => {
    const accepted = await submit(editor, [await uploadImage('acme', 'edgar'), dataUrl, link]);
    const report = await reportOnceEnded(viewer, accepted.incident_id);
    const checksum = createHash('sha256').update(smallPng).digest('hex');
    const kept = { content_type: 'image/png', size_bytes: smallPng.length, checksum, verified: true };
    expect(report.images).toMatchObject([kept, kept, { url: link, object_key: null, verified: false }]);
    const [first, second] = report.images;
    const key = new RegExp(`/${sampleDomain}/${accepted.incident_id}/image_00\\d\\.png$`);
    expect([first?.object_key, second?.object_key]).toEqual([
      expect.stringMatching(key),
      expect.stringMatching(key),
    ]);
    const answer = await fetch(first?.url ?? '');
    expect(answer.headers.get('content-type')).toBe('image/png');
    expect(Buffer.from(await answer.arrayBuffer()).equals(smallPng)).toBe(true);
    const bare = await fetch(String(first?.url).split('?')[0] ?? '');
    expect(bare.status).toBe(403);
    await bare.body?.cancel();
  });

  it('go with it', async () => {
    const accepted = await submit(editor, [dataUrl]);
    const { images } = await reportOnceEnded(editor, accepted.incident_id);
    const url = images[0]?.url ?? '';
    const path = { incident_id: accepted.incident_id };
    await editor.delete('/api/v1/reports/{incident_id}', { path });
    const read = async () => {
      const answer = await fetch(url);
      await answer.body?.cancel();
      return answer.status;
    };
    expect(await pollUntil(read, (status) => status === 404, signal)).toBe(404);
  });

  it('are refused each with its reason, and nothing is submitted', async () => {
    const never = await announce(editor, 7);
    const foreign = await uploadImage('globex', 'greta');
    const images = [link, never.image_url, foreign, 'http://example.org/photo.jpg'];
    const { status, violations } = await refused(submit(editor, images));
    expect(status).toBe(400);
    expect(violations.map(({ field }) => field)).toEqual(['images[1]', 'images[2]', 'images[3]']);
    const [missing, others] = violations.map(({ reason }) => reason);
    expect(others).toBe(missing);
    const lie = `data:image/jpeg;base64,${smallPng.toString('base64')}`;
    expect((await refused(submit(editor, [dataUrl, lie]))).violations).toMatchObject([
      { field: 'images[1]' },
    ]);
  });

  it.each([
    ['too many', Array(6).fill(link), 400],
    ['a number', [7], 400],
    ['an empty text', [''], 400],
    ['one that is too large', [`data:image/png;base64,${Buffer.alloc(5_242_881).toString('base64')}`], 413],
  ])('are refused before anything is stored: %s', async (_what, images, status) => {
    const raw = await mesh.raw('acme', 'edgar', ['editor']);
    const answer = await raw('POST', '/reports', { body: reportWith(images) });
    expect([answer.status, answer.body.details.length]).toEqual([status, 1]);
  });

  it('are sent again under one key with their report, and it is the same report', async () => {
    const body = { domain_id: sampleDomain, text: 'A hydrant drips', images: [dataUrl] };
    const send = () => editor.post('/api/v1/reports', { body, headers: { 'idempotency-key': 'photo' } });
    const [first, again] = [await send(), await send()];
    expect(again.incident_id).toBe(first.incident_id);
  });
});

describe('a place for an image', () => {
  it('takes what was announced and nothing else', async () => {
    const place = await announce(editor, smallPng.length);
    expect(Date.parse(place.expires_at)).toBeGreaterThan(Date.now());
    const put = async (body: Buffer, type: string) => {
      const answer = await fetch(place.upload_url, {
        method: 'PUT',
        headers: { 'content-type': type },
        body,
      });
      await answer.body?.cancel();
      return answer.status;
    };
    expect(await put(smallPng, 'image/gif')).toBe(403);
    expect(await put(smallPng.subarray(1), 'image/png')).toBe(403);
    expect(await put(smallPng, 'image/png')).toBe(200);
  });

  it('is given to editors alone', async () => {
    expect((await refused(announce(viewer, 1))).status).toBe(403);
  });
});
