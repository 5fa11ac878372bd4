// What an entry of a submission's images means, for every way in which it can be written.
import { describe, expect, it } from '@jest/globals';
import { type ImageSite, imageAddressOf, imageUrlOf, missingUpload } from './image-address.ts';

const tenant = '6a1b0000-0000-4000-8000-000000000001';
const other = '6a1b0000-0000-4000-8000-000000000002';
const id = '019ab3c0-0000-7000-8000-000000000003';
const aws: ImageSite = { publicEndpoint: 'https://s3.eu-west-1.amazonaws.com', bucket: 'images' };
const local: ImageSite = { publicEndpoint: 'http://127.0.0.1:9000', bucket: 'images' };
const own = `uploads/${tenant}/${id}.png`;

const notAnImage = 'must be the image_url of an upload, or an https link';
const notTheUpload = 'is in our store, but is not the image_url of an upload: give it as it was answered';

function read(text: string, site = aws) {
  return imageAddressOf(text, tenant, site);
}

describe('an entry of images', () => {
  it.each([aws, local])('is an own upload by its image_url', (site) => {
    expect(read(imageUrlOf(site, own), site)).toEqual({
      kind: 'upload',
      key: own,
      contentType: 'image/png',
    });
  });

  it.each([
    'https://elsewhere.example/a.png',
    'https://elsewhere.example:8443/a%20b.png?x=1&y=2#part',
    'https://bücher.example/größe.png',
    'HTTPS://ELSEWHERE.EXAMPLE/a',
    'https://s3.eu-west-1.amazonaws.com/other-bucket/a.png',
    'https://s3.eu-west-1.amazonaws.com/images-of-others/a.png',
    'https://127.0.0.1/images/a.png',
    `https://elsewhere.example/${'a'.repeat(1_974)}`,
  ])('is a link to another place, kept as it was written: %s', (text) => {
    expect(read(text)).toEqual({ kind: 'link', url: text });
  });

  it.each([
    '',
    'a.png',
    '//elsewhere.example/a.png',
    'http://elsewhere.example/a.png',
    'ftp://elsewhere.example/a.png',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'data:image/png;base64,AAAA',
    'https://',
    'https://elsewhere.example/a b.png',
    'https://elsewhere.example/a.png\n',
    ' https://elsewhere.example/a.png',
    'https://elsewhere.example/\0.png',
    'https://elsewhere.example/\u202e.png\ud800',
  ])('is refused: %j', (text) => {
    expect(read(text)).toEqual({ kind: 'refused', reason: notAnImage });
  });

  it.each([
    `${aws.publicEndpoint}/images/${own}?X-Amz-Signature=1`,
    `${aws.publicEndpoint}/images/uploads/${tenant}/../${other}/${id}.png`,
    `${aws.publicEndpoint}/images/uploads/${tenant}/${id}.svg`,
    `${aws.publicEndpoint}/images/uploads/${tenant}/${id}`,
    `${aws.publicEndpoint}/images/uploads/${tenant}/a.png`,
    `${aws.publicEndpoint}/images/uploads/x/${id}.png`,
    `${aws.publicEndpoint}/images/${tenant}/civic_complaints/inc_1/image_001.png`,
    `${aws.publicEndpoint}/images`,
    `${aws.publicEndpoint}:443/images/${own}`,
    `${aws.publicEndpoint}//images/${own}`,
    `${aws.publicEndpoint}/x/../images/${own}`,
    `${aws.publicEndpoint}/%69mages/${own}`,
    `https://S3.EU-WEST-1.amazonaws.com/images/${own}`,
    `https://user:secret@s3.eu-west-1.amazonaws.com/images/${own}`,
    `https://images.s3.eu-west-1.amazonaws.com/${own}`,
    `http://s3.eu-west-1.amazonaws.com/images/${own}`,
  ])('is refused when it leads into the own bucket in any other way: %s', (text) => {
    expect(read(text)).toEqual({ kind: 'refused', reason: notTheUpload });
  });

  it("is refused as missing when it is another tenant's upload", () => {
    const theirs = imageUrlOf(aws, `uploads/${other}/${id}.png`);
    expect(read(theirs)).toEqual({ kind: 'refused', reason: missingUpload });
  });

  it('is refused with a password in it, or too long', () => {
    expect(read('https://user:secret@elsewhere.example/a.png')).toEqual({
      kind: 'refused',
      reason: 'must hold no user name and no password',
    });
    expect(read(`https://elsewhere.example/${'a'.repeat(1_975)}`)).toEqual({
      kind: 'refused',
      reason: 'must have at most 2000 characters',
    });
  });
});
