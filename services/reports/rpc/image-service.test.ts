// Taking images in, over a real socket and with a real object store: announcing, uploading, checking, and what becomes of them in a report.
import { createHash } from 'node:crypto';
import { timestampFromDate, timestampMs } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Fault, type Violation } from '../../../foundation/fault/fault.ts';
import type { ReportImage } from '../../../proto/gen/domainflow/reports/v1/report_pb.js';
import {
  newCaller,
  newSubmission,
  type ReportsUnderTest,
  startReportsForTest,
  type TestCaller,
  type TestSubmission,
} from '../app.for-test.ts';
import { imageBytesMax } from '../core/image.ts';
import { animatedPng, notImages, sampleImages } from '../core/sample-images.for-test.ts';

const png = sampleImages['image/png'];
const missing = 'was not uploaded, or has gone: uploads that no report takes are kept for a day';
const link = 'https://elsewhere.example/a.png?size=2';

let under: ReportsUnderTest;

beforeAll(async () => {
  under = await startReportsForTest();
}, 60_000);

afterAll(async () => {
  await under.stop();
}, 30_000);

async function refusalOf(call: Promise<unknown>): Promise<string | readonly Violation[]> {
  try {
    await call;
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return error.reason === 'invalid_argument' ? error.violations : error.reason;
  }
  return 'ok';
}

function announce(caller: TestCaller, contentType = 'image/png', sizeBytes = png.byteLength, role?: string) {
  return under.images.createUpload({ contentType, sizeBytes: BigInt(sizeBytes) }, under.as(caller, role));
}

function put(url: string, body: Uint8Array<ArrayBuffer>, contentType = 'image/png'): Promise<Response> {
  return fetch(url, { method: 'PUT', body, headers: { 'content-type': contentType } });
}

/** Announces and uploads; answers the image_url. */
async function upload(caller: TestCaller, body = png, contentType = 'image/png'): Promise<string> {
  const { imageUrl, uploadUrl } = await announce(caller, contentType, body.byteLength);
  expect((await put(uploadUrl, body, contentType)).status).toBe(200);
  return imageUrl;
}

async function check(caller: TestCaller, images: readonly string[], role?: string) {
  const { images: found } = await under.images.checkImages({ images: [...images] }, under.as(caller, role));
  return found;
}

function creation(submission: TestSubmission, images: ReportImage[]) {
  const { incidentId: _incidentId, createdAt, ...rest } = submission;
  return { ...rest, source: 'web', createdAt: timestampFromDate(createdAt), images };
}

async function create(caller: TestCaller, submission: TestSubmission, images: ReportImage[]) {
  const request = creation(submission, images);
  const { report } = await under.reports.createReport(request, under.asRun(caller, submission.incidentId));
  return report?.images ?? [];
}

async function imagesOf(caller: TestCaller, incidentId: string): Promise<readonly ReportImage[]> {
  const { report } = await under.reports.getReport({ incidentId }, under.as(caller));
  return report?.images ?? [];
}

describe('an upload', () => {
  it('is announced, put, checked and shown in its report, with what was found out about it', async () => {
    const caller = newCaller();
    const startMs = Date.now();
    const announced = await announce(caller);
    const { endpoint, bucket } = under.objects;
    expect(announced.imageUrl).toBe(`${endpoint}/${bucket}/${announced.objectKey}`);
    expect(announced.objectKey).toMatch(new RegExp(`^uploads/${caller.tenantId}/[0-9a-f-]{36}\\.png$`));
    const endsMs = announced.expiresAt ? timestampMs(announced.expiresAt) : 0;
    expect(Math.abs(endsMs - startMs - 15 * 60_000)).toBeLessThan(60_000);
    expect((await put(announced.uploadUrl, png)).status).toBe(200);
    expect((await fetch(announced.imageUrl)).status).toBe(403);

    const [checked, external] = await check(caller, [announced.imageUrl, link]);
    const checksum = createHash('sha256').update(png).digest('hex');
    const facts = { contentType: 'image/png', sizeBytes: BigInt(png.byteLength), checksum, verified: true };
    expect(checked).toMatchObject({ ...facts, url: '', objectKey: announced.objectKey });
    expect(external).toMatchObject({
      url: link,
      objectKey: '',
      contentType: '',
      sizeBytes: 0n,
      verified: false,
    });

    const submission = newSubmission();
    const { incidentId, domainId } = submission;
    if (!checked || !external) throw new Error('both were checked');
    await create(caller, submission, [external, checked]);
    const [first, second] = await imagesOf(caller, incidentId);
    expect(first).toMatchObject({ url: link, objectKey: '', checksum: '', sizeBytes: 0n, verified: false });
    const objectKey = `${caller.tenantId}/${domainId}/${incidentId}/image_002.png`;
    expect(second).toMatchObject({ ...facts, objectKey });
    const seen = await fetch(second?.url ?? '');
    expect([seen.status, seen.headers.get('content-type')]).toEqual([200, 'image/png']);
    expect(new Uint8Array(await seen.arrayBuffer())).toEqual(png);
    expect(second?.url).toContain('X-Amz-Expires=3600');
  });

  it('is announced by each caller alone, under a key of its own', async () => {
    const caller = newCaller();
    const urls = await Promise.all([announce(caller), announce(caller)]);
    expect(new Set(urls.map(({ imageUrl }) => imageUrl)).size).toBe(2);
  });

  it.each([
    ['image/svg+xml', 10, ['content_type']],
    ['IMAGE/PNG', 10, ['content_type']],
    ['', 0, ['content_type', 'size_bytes']],
    ['constructor', imageBytesMax + 1, ['content_type', 'size_bytes']],
    ['image/png', imageBytesMax + 1, ['size_bytes']],
    ['image/png', -1, ['size_bytes']],
  ])('of type %j and %i bytes is refused with every problem', async (contentType, sizeBytes, fields) => {
    const violations = await refusalOf(announce(newCaller(), contentType, sizeBytes));
    expect(Array.isArray(violations) && violations.map(({ field }) => field)).toEqual(fields);
  });

  it('of the largest size is taken', async () => {
    const body = new Uint8Array(imageBytesMax);
    body.set(png);
    const caller = newCaller();
    const [found] = await check(caller, [await upload(caller, body)]);
    expect(found).toMatchObject({ sizeBytes: BigInt(imageBytesMax), verified: true });
  });

  it('is for persons with the role editor or admin, and for no run', async () => {
    const caller = newCaller();
    const imageUrl = await upload(caller);
    const data = { contentType: 'image/png', data: png };
    for (const role of ['viewer', 'nobody']) {
      expect(await refusalOf(announce(caller, 'image/png', 10, role))).toBe('permission_denied');
      expect(await refusalOf(under.images.putImage(data, under.as(caller, role)))).toBe('permission_denied');
      expect(await refusalOf(check(caller, [imageUrl], role))).toBe('permission_denied');
    }
    expect(await refusalOf(check(caller, [imageUrl], 'admin'))).toBe('ok');
    const run = under.asRun(caller, newSubmission().incidentId);
    expect(await refusalOf(under.images.createUpload({ contentType: 'image/png', sizeBytes: 9n }, run))).toBe(
      'permission_denied',
    );
    expect(await refusalOf(under.images.putImage(data, run))).toBe('permission_denied');
    expect(await refusalOf(under.images.checkImages({ images: [imageUrl] }, run))).toBe('permission_denied');
  });
});

describe('an image that comes with a request', () => {
  it.each(Object.entries(sampleImages))('of type %s is stored as an upload', async (contentType, data) => {
    const caller = newCaller();
    const request = { contentType, data };
    const { imageUrl } = await under.images.putImage(request, under.as(caller));
    const [found] = await check(caller, [imageUrl]);
    expect(found).toMatchObject({ contentType, sizeBytes: BigInt(data.byteLength), verified: true });
  });

  it.each(Object.entries(notImages))('that is %s is refused', async (_what, data) => {
    const call = under.images.putImage({ contentType: 'image/png', data }, under.as(newCaller()));
    expect(await refusalOf(call)).toEqual([
      { field: 'data', reason: expect.stringMatching(/^is declared as image\/png, but its content is/) },
    ]);
  });

  it('of another type than declared, too large, or empty is refused', async () => {
    const caller = newCaller();
    const putAs = (contentType: string, data: Uint8Array) =>
      refusalOf(under.images.putImage({ contentType, data }, under.as(caller)));
    const reason = 'is declared as image/jpeg, but its content is image/png';
    expect(await putAs('image/jpeg', png)).toEqual([{ field: 'data', reason }]);
    const size = { field: 'data', reason: 'must have 1 to 5242880 bytes (5 MiB)' };
    expect(await putAs('image/png', new Uint8Array(imageBytesMax + 1))).toEqual([size]);
    expect(await putAs('image/png', new Uint8Array(0))).toEqual([size]);
  });

  it('may be an animated PNG', async () => {
    const request = { contentType: 'image/png', data: animatedPng };
    expect(await refusalOf(under.images.putImage(request, under.as(newCaller())))).toBe('ok');
  });
});

describe('a check of images', () => {
  it('names every image that is refused, and why', async () => {
    const caller = newCaller();
    const [absent, disguised, good] = await Promise.all([
      announce(caller),
      upload(caller, notImages['a page'], 'image/png'),
      upload(caller),
    ]);
    const violations = await refusalOf(
      check(caller, [absent.imageUrl, good, disguised, 'http://elsewhere.example/a.png', 'data:image/png,x']),
    );
    expect(violations).toEqual([
      { field: 'images[0]', reason: missing },
      {
        field: 'images[2]',
        reason: 'is declared as image/png, but its content is no image of a known type',
      },
      { field: 'images[3]', reason: 'must be the image_url of an upload, or an https link' },
      { field: 'images[4]', reason: 'must be the image_url of an upload, or an https link' },
    ]);
  });

  it('takes five images and no sixth', async () => {
    const caller = newCaller();
    const links = Array.from({ length: 6 }, (_, at) => `https://elsewhere.example/${at}.png`);
    expect((await check(caller, links.slice(1))).map(({ url }) => url)).toEqual(links.slice(1));
    expect(await refusalOf(check(caller, links))).toEqual([{ field: 'images', reason: 'must be at most 5' }]);
    expect(await check(caller, [])).toEqual([]);
  });

  it("answers for another tenant's upload as for one that never was", async () => {
    const [owner, stranger] = [newCaller(), newCaller()];
    const theirs = await upload(owner);
    const never = theirs.replace(owner.tenantId, stranger.tenantId);
    const refusals = [await refusalOf(check(stranger, [theirs])), await refusalOf(check(stranger, [never]))];
    expect(refusals).toEqual(Array.from({ length: 2 }, () => [{ field: 'images[0]', reason: missing }]));
  });

  it('answers a signed URL, or the key of an image in a report, with what to give', async () => {
    const caller = newCaller();
    const { uploadUrl, imageUrl } = await announce(caller);
    const { endpoint, bucket } = under.objects;
    const inReport = `${endpoint}/${bucket}/${caller.tenantId}/civic_complaints/inc_1/image_001.png`;
    const reason = 'is in our store, but is not the image_url of an upload: give it as it was answered';
    const refusal = await refusalOf(check(caller, [uploadUrl, inReport, `${imageUrl}/../x`]));
    expect(refusal).toEqual([0, 1, 2].map((at) => ({ field: `images[${at}]`, reason })));
  });
});

describe('a report with images', () => {
  it('is created once with all of them, however often and by how many it is asked', async () => {
    const caller = newCaller();
    const types = Object.entries(sampleImages);
    const urls = await Promise.all(types.map(([type, data]) => upload(caller, data, type)));
    const images = await check(caller, urls);
    const submission = newSubmission();
    const calls = Array.from({ length: 8 }, () => create(caller, submission, images));
    const answers = await Promise.all(calls);
    const seen = await imagesOf(caller, submission.incidentId);
    expect(seen.map(({ objectKey }) => objectKey.split('/').at(-1))).toEqual([
      'image_001.png',
      'image_002.gif',
      'image_003.webp',
      'image_004.jpg',
    ]);
    for (const answer of answers)
      expect(answer.map((it) => it.checksum)).toEqual(seen.map((it) => it.checksum));
    for (const [at, [, data]] of types.entries()) {
      const bytes = await (await fetch(seen[at]?.url ?? '')).arrayBuffer();
      expect(new Uint8Array(bytes)).toEqual(data);
    }
  });

  it('is not created from uploads that have changed since they were checked, and tells which', async () => {
    const caller = newCaller();
    const { imageUrl, uploadUrl } = await announce(caller);
    await put(uploadUrl, png);
    const images = await check(caller, [link, imageUrl]);
    const other = new Uint8Array(png);
    other.set([0], other.byteLength - 1);
    expect((await put(uploadUrl, other)).status).toBe(200);
    const submission = newSubmission();
    const reason = 'has been uploaded again since it was checked';
    const refusal = await refusalOf(create(caller, submission, images));
    expect(refusal).toEqual([{ field: 'images[1]', reason }]);
    const { incidentId } = submission;
    expect(await refusalOf(under.reports.getReport({ incidentId }, under.as(caller)))).toBe('not_found');
    await put(uploadUrl, png);
    expect(await create(caller, submission, images)).toHaveLength(2);
    // From then on the upload does not matter.
    await put(uploadUrl, other);
    expect(await create(caller, submission, images)).toHaveLength(2);
    const [, image] = await imagesOf(caller, incidentId);
    expect(new Uint8Array(await (await fetch(image?.url ?? '')).arrayBuffer())).toEqual(png);
  });

  it('takes nothing that was not checked, of another tenant, or from anywhere else in the store', async () => {
    const [caller, stranger] = [newCaller(), newCaller()];
    const [mine, theirs] = [await upload(caller), await upload(stranger)];
    const [[good], [foreign]] = await Promise.all([check(caller, [mine]), check(stranger, [theirs])]);
    if (!good || !foreign) throw new Error('both were checked');
    const wrong = [
      foreign,
      { ...good, objectKey: `${caller.tenantId}/civic_complaints/inc_1/image_001.png` },
      { ...good, checksum: '' },
      { ...good, contentType: 'image/gif' },
      { ...good, objectKey: '', url: mine },
    ] as ReportImage[];
    const unchecked = 'must be checked before it is handed in';
    expect(await refusalOf(create(caller, newSubmission(), wrong))).toEqual([
      { field: 'images[0]', reason: missing },
      { field: 'images[1]', reason: missing },
      { field: 'images[2]', reason: unchecked },
      { field: 'images[3]', reason: unchecked },
      { field: 'images[4]', reason: unchecked },
    ]);
    const six = Array.from({ length: 6 }, () => good);
    const refusal = await refusalOf(create(caller, newSubmission(), six));
    expect(refusal).toEqual([{ field: 'images', reason: 'must be at most 5' }]);
  });

  it('has no verified link, whatever the run says', async () => {
    const caller = newCaller();
    const submission = newSubmission();
    const [external] = await check(caller, [link]);
    if (!external) throw new Error('it was checked');
    const [image] = await create(caller, submission, [{ ...external, verified: true }]);
    expect(image).toMatchObject({ url: link, verified: false });
  });

  it('of another submission under the same id is refused, and gets none of its images', async () => {
    const caller = newCaller();
    const submission = newSubmission();
    const images = await check(caller, [
      await upload(caller),
      await upload(caller, sampleImages['image/gif'], 'image/gif'),
    ]);
    await create(caller, submission, images.slice(0, 1));
    const other = { ...submission, jobId: newSubmission().jobId };
    expect(await refusalOf(create(caller, other, images))).toBe('already_exists');
    expect(await refusalOf(create(caller, submission, images))).toBe('already_exists');
    expect(await imagesOf(caller, submission.incidentId)).toHaveLength(1);
  });

  it('loses them when it is deleted and purged', async () => {
    const caller = newCaller();
    const submission = newSubmission();
    const { incidentId } = submission;
    await create(caller, submission, await check(caller, [await upload(caller)]));
    const [image] = await imagesOf(caller, incidentId);
    const deletion = under.asRun(caller, incidentId, 'deletion');
    await under.reports.deleteReport({ incidentId }, deletion);
    expect((await fetch(image?.url ?? '')).status).toBe(200);
    await under.reports.purgeReport({ incidentId }, deletion);
    expect((await fetch(image?.url ?? '')).status).toBe(404);
  });
});
