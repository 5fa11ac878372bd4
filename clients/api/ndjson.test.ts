// Lines of JSON come out as they went in, wherever the bytes are cut.
import { expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { bodyOfLines, readJsonLines, readLines } from './ndjson.ts';

async function* cutUp(text: string, length: number): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += length) yield bytes.subarray(at, at + length);
}

it('reads what it wrote', async () => {
  const documents = fc.array(fc.jsonValue(), { maxLength: 20 });
  await fc.assert(
    fc.asyncProperty(documents, fc.integer({ min: 1, max: 9 }), async (values, length) => {
      const lines = values.map((value) => JSON.stringify(value))[Symbol.iterator]();
      const body = bodyOfLines({ next: async () => lines.next() });
      const text = Buffer.concat(await Array.fromAsync(body)).toString();
      expect(await Array.fromAsync(readJsonLines(cutUp(text, length)))).toEqual(
        JSON.parse(JSON.stringify(values)),
      );
    }),
  );
});

it.each([
  ['a\nb\n', ['a', 'b']],
  ['a\r\nb', ['a', 'b']],
  ['a\n\nb\n', ['a', '', 'b']],
  ['', []],
])('reads %j as lines', async (text, lines) => {
  expect(await Array.fromAsync(readLines(cutUp(text, 1)))).toEqual(lines);
});
