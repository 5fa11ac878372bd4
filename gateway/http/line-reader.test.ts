// Lines of a body, however its bytes are cut: none lost, none joined, each limit kept.
import { Readable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { groupLines } from './line-groups.ts';
import { type LineLimits, readLines } from './line-reader.ts';

const limits: LineLimits = { linesMax: 1_000, lineBytesMax: 1_000, bodyBytesMax: 100_000 };

async function read(
  parts: readonly (string | Buffer)[],
  given: Partial<LineLimits> = {},
): Promise<unknown[]> {
  const body = Readable.from(parts.map((part) => Buffer.from(part)));
  const lines = await Array.fromAsync(readLines(body, { ...limits, ...given }));
  return lines.map((line) => (line.kind === 'line' ? line.bytes.toString() : [line.line, line.kind]));
}

describe('the lines of a body', () => {
  it('are those between line feeds, wherever the bytes are cut', async () => {
    const text = fc.array(fc.string({ unit: 'grapheme' }).map((part) => part.replaceAll('\n', '')));
    const cuts = fc.array(fc.nat(200), { maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(text, cuts, fc.boolean(), async (lines, at, ends) => {
        const bytes = Buffer.from(lines.join('\n') + (ends && lines.length > 0 ? '\n' : ''));
        const places = [0, ...at.filter((cut) => cut < bytes.length).sort((a, b) => a - b), bytes.length];
        const parts = places.slice(1).map((place, index) => bytes.subarray(places[index], place));
        const wanted = ends || lines.at(-1) !== '' ? lines : lines.slice(0, -1);
        expect(await read(parts)).toEqual(wanted);
      }),
      { seed: 7, numRuns: 200 },
    );
  });

  it('are counted from 1, blank ones too, and a last line feed begins none', async () => {
    expect(await read(['a\n\nb\n'])).toEqual(['a', '', 'b']);
    expect(await read([''])).toEqual([]);
    expect(await read(['\n'])).toEqual(['']);
  });

  it('that are too long are told one by one, and others are taken', async () => {
    const long = 'x'.repeat(6);
    expect(await read(['12345\n', long, '\nok'], { lineBytesMax: 5 })).toEqual([
      '12345',
      [2, 'too long'],
      'ok',
    ]);
  });

  it('end where there are too many, whether the last one is whole or not', async () => {
    for (const body of ['a\nb\nc\nd\n', 'a\nb\nc']) {
      expect(await read([body], { linesMax: 2 })).toEqual(['a', 'b', [3, 'too many lines']]);
    }
    expect(await read(['a\nb\n'], { linesMax: 2 })).toEqual(['a', 'b']);
  });

  it('end where the body becomes too large', async () => {
    expect(await read(['a\nb\n', 'c\nd\n'], { bodyBytesMax: 5 })).toEqual(['a', 'b', [3, 'body too large']]);
  });

  it('break off with the body, as a fault', async () => {
    const body = new Readable({ read() {} });
    body.push('a\nb');
    const lines = readLines(body, limits);
    expect(await lines.next()).toMatchObject({ value: { line: 1 } });
    body.destroy(new Error('ECONNRESET'));
    await expect(lines.next()).rejects.toMatchObject({ reason: 'cancelled' });
  });

  it('make groups of at most so many lines and bytes, in order', async () => {
    const lines = readLines(Readable.from([Buffer.from('1\n2\n3\n44444\n5\n')]), limits);
    const groups = await Array.fromAsync(groupLines(lines, { linesMax: 2, bytesMax: 4 }));
    expect(groups.map((group) => group.map(({ line }) => line))).toEqual([[1, 2], [3], [4], [5]]);
  });
});
