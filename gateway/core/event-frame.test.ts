// Frames of server-sent events, byte by byte.
import { describe, expect, it } from '@jest/globals';
import { commentFrame, eventFrame, placeFrame, retryFrame } from './event-frame.ts';

describe('a frame', () => {
  it.each([
    ['has its id first', eventFrame({ name: 'status', id: '7', data: { a: 1 } }), 'id: 7\nevent: status\n'],
    ['has no line for an id that it lacks', eventFrame({ name: 'token', data: {} }), 'event: token\n'],
    ['of a place has no data', placeFrame('x'), 'id: x\n\n'],
    ['of a wait holds milliseconds', retryFrame(1500), 'retry: 1500\n\n'],
    ['of a comment begins with a colon', commentFrame('ping'), ': ping\n\n'],
  ])('%s', (_what, frame, start) => {
    expect(frame.startsWith(start)).toBe(true);
    expect(frame.endsWith('\n\n')).toBe(true);
  });

  it('holds its data on one line, whatever breaks lines in it', () => {
    const text = 'a\nb\r\nc\rd\u2028e';
    const lines = eventFrame({ name: 'status', data: { text } }).split(/\r\n|\r|\n/);
    expect(lines).toHaveLength(4);
    expect(JSON.parse(lines[1]?.slice('data: '.length) ?? '')).toEqual({ text });
  });
});
