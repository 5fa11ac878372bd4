// Events are read as the standard says, however the bytes are cut on their way.
import { expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { readServerEvents } from './server-events.ts';

async function* cutUp(text: string, lengths: readonly number[]): AsyncGenerator<Uint8Array> {
  let rest = Buffer.from(text);
  for (const length of lengths) {
    yield rest.subarray(0, length);
    rest = rest.subarray(length);
  }
  yield rest;
}

const read = (text: string, lengths: readonly number[] = []) =>
  Array.fromAsync(readServerEvents(cutUp(text, lengths)));

it.each([
  [
    'a named event with its place',
    'id: 7\nevent: status\ndata: {}\n\n',
    [{ event: { name: 'status', data: '{}' }, place: '7' }],
  ],
  ['an event without a name', 'data: a\n\n', [{ event: { name: 'message', data: 'a' } }]],
  [
    'data on several lines',
    'data: a\ndata:b\ndata:  c\n\n',
    [{ event: { name: 'message', data: 'a\nb\n c' } }],
  ],
  ['a place alone', 'id: 9\n\n', [{ place: '9' }]],
  [
    'a place that stays',
    'id: 1\ndata: a\n\ndata: b\n\n',
    [
      { event: { name: 'message', data: 'a' }, place: '1' },
      { event: { name: 'message', data: 'b' }, place: '1' },
    ],
  ],
  [
    'how long to wait',
    'retry: 1500\n\ndata: a\n\n',
    [{ retryMs: 1500 }, { event: { name: 'message', data: 'a' }, retryMs: 1500 }],
  ],
  ['comments, which say nothing', ': ping\n\n: ping\n\n', []],
  ['fields that nobody knows', 'colour: red\ndata: a\n\n', [{ event: { name: 'message', data: 'a' } }]],
  [
    'an event that is cut off, which is none',
    'data: a\n\ndata: b\n',
    [{ event: { name: 'message', data: 'a' } }],
  ],
  ['a byte order mark', '\ufeffdata: a\n\n', [{ event: { name: 'message', data: 'a' } }]],
])('reads %s', async (_, text, steps) => {
  expect(await read(text)).toEqual(steps);
});

it('reads the same however lines end and wherever the bytes are cut', async () => {
  const text =
    'retry: 5\n\nid: 1\nevent: status\ndata: {"text":"größer 🙂"}\n\n: ping\n\nid: 2\ndata: b\ndata: c\n\n';
  const expected = await read(text);
  const lengths = fc.array(fc.nat({ max: 9 }), { maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(lengths, fc.constantFrom('\n', '\r\n', '\r'), async (cuts, ending) => {
      expect(await read(`${text.replaceAll('\n', ending)}\n`, cuts)).toEqual(expected);
    }),
  );
});
