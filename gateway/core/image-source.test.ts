// Entries of `images`: what is taken, what is refused, and why.
import { describe, expect, it } from '@jest/globals';
import { imageBytesMax, readImages } from './image-source.ts';

const base64Of = (bytes: number) => Buffer.alloc(bytes).toString('base64');

describe('an entry of images', () => {
  it('is a URL of somewhere else, or an image with its type', () => {
    const images = [
      'https://e.org/a.png',
      'http://127.0.0.1:9/b/uploads/t/u.png',
      'DATA:image/PNG;base64,AAAA',
    ];
    expect(readImages(images)).toEqual({
      sources: [
        { kind: 'url', url: images[0] },
        { kind: 'url', url: images[1] },
        { kind: 'data', contentType: 'image/png', base64: 'AAAA' },
      ],
      problems: [],
      tooLarge: false,
    });
  });

  it.each([
    ['ftp://e.org/a.png', 'must be a data URL, or a URL'],
    ['javascript:alert(1)', 'must be a data URL, or a URL'],
    [`https://e.org/${'a'.repeat(2_000)}`, 'at most 2000 characters'],
    ['data:image/png,AAAA', 'must be a data URL such as'],
    ['data:image/png;base64', 'must be a data URL such as'],
    ['data:;base64,AAAA', 'of the type image/jpeg'],
    ['data:image/svg+xml;base64,AAAA', 'of the type image/jpeg'],
    ['data:image/png;base64,', 'must hold base64'],
    ['data:image/png;base64,A A', 'must hold base64'],
    ['data:image/png;base64,AA-_', 'must hold base64'],
    ['data:image/png;base64,==', 'must hold base64'],
    ['data:image/png;base64,A===', 'must hold base64'],
    ['data:image/png;base64,A=A', 'must hold base64'],
  ])('is refused with its place: %s', (entry, words) => {
    expect(readImages(['https://e.org/', entry]).problems).toEqual([
      { field: 'images[1]', reason: expect.stringContaining(words) },
    ]);
  });

  it('has at most five mebibytes, to the byte', () => {
    const prefix = 'data:image/png;base64,';
    // More than once, since an engine may take another way with what it has met before.
    for (let time = 0; time < 5; time += 1) {
      const image = prefix + base64Of(imageBytesMax);
      expect(readImages([image])).toMatchObject({ problems: [], tooLarge: false });
    }
    const found = readImages([prefix + base64Of(imageBytesMax + 1), 'x']);
    expect(found.tooLarge).toBe(true);
    expect(found.problems.map(({ field }) => field)).toEqual(['images[0]', 'images[1]']);
  });
});
