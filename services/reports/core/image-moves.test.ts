// Where the images of a submission go.
import { describe, expect, it } from '@jest/globals';
import { linkedImage, uploadOfKey } from './image.ts';
import { holdsMoves, takeImages } from './image-moves.ts';
import type { ReportImage } from './report.ts';

const tenantId = '6a1b0000-0000-4000-8000-000000000001';
const report = { tenantId, domainId: 'civic_complaints', incidentId: 'inc_1' };
const prefix = `${tenantId}/civic_complaints/inc_1`;

function uploaded(checksum: string, contentType = 'image/jpeg'): ReportImage {
  const objectKey = `uploads/${tenantId}/${checksum}`;
  return { url: 'ignored', objectKey, contentType, sizeBytes: 9, checksum, verified: false };
}

describe('the images of a submission', () => {
  it('get numbered places in the report, in their order, and links stay', () => {
    const link = linkedImage('https://elsewhere.example/a.png');
    const brought = [uploaded('a'), { ...link, verified: true }, uploaded('b', 'image/webp')];
    const { images, moves } = takeImages(brought, report);
    expect(images).toEqual([
      { ...uploaded('a'), url: '', objectKey: `${prefix}/image_001.jpg`, verified: true },
      link,
      { ...uploaded('b', 'image/webp'), url: '', objectKey: `${prefix}/image_003.webp`, verified: true },
    ]);
    expect(moves).toEqual([
      { position: 0, from: `uploads/${tenantId}/a`, to: `${prefix}/image_001.jpg`, checksum: 'a' },
      { position: 2, from: `uploads/${tenantId}/b`, to: `${prefix}/image_003.webp`, checksum: 'b' },
    ]);
    expect(takeImages(brought, report)).toEqual({ images, moves });
  });

  it('are known again in the document that they were put in, and in no other', () => {
    const { images, moves } = takeImages([uploaded('a'), uploaded('b')], report);
    expect(holdsMoves(images, moves)).toBe(true);
    expect(holdsMoves(images, [])).toBe(true);
    expect(holdsMoves([], moves)).toBe(false);
    expect(holdsMoves(takeImages([uploaded('a'), uploaded('c')], report).images, moves)).toBe(false);
    expect(holdsMoves([...images].reverse(), moves)).toBe(false);
  });
});

describe('the key of an upload', () => {
  const id = '019ab3c0-0000-7000-8000-000000000003';

  it('tells tenant and type', () => {
    expect(uploadOfKey(`uploads/${tenantId}/${id}.jpg`)).toEqual({ tenantId, contentType: 'image/jpeg' });
  });

  it.each([
    `uploads/${tenantId}/${id}.exe`,
    `uploads/${tenantId}/x/${id}.jpg`,
    `x/uploads/${tenantId}/${id}.jpg`,
    `uploads/${tenantId}/${id}.jpg\n`,
    `${tenantId}/civic_complaints/inc_1/image_001.jpg`,
    '',
  ])('is not %j', (key) => {
    expect(uploadOfKey(key)).toBeUndefined();
  });
});
