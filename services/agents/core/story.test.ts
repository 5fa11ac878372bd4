// What an attempt tells, what late readers are told, and where telling ends.
import { describe, expect, it } from '@jest/globals';
import type { RuntimeNotice } from './invocation.ts';
import { createStory, progressTellingsMax, toldTextMax, toolCallTellingsMax } from './story.ts';

const call = (toolName: string): RuntimeNotice => ({
  kind: 'tool_call',
  call: { toolName, number: 1, arguments: {}, errorCode: '' },
});
const progress = (message: string): RuntimeNotice => ({ kind: 'progress', message });
const text = (piece: string): RuntimeNotice => ({ kind: 'text', text: piece });

function storyOf(notices: readonly RuntimeNotice[], uncertain = false) {
  const story = createStory({ uncertain });
  const told = notices.map((notice) => story.add(notice));
  return { story, told };
}

describe('a story', () => {
  it('gives each piece of text its place in the whole', () => {
    const { told } = storyOf([text('ab'), text('c'), text('')]);
    expect(told).toEqual([
      { kind: 'text', text: 'ab', offset: 0 },
      { kind: 'text', text: 'c', offset: 2 },
      undefined,
    ]);
  });

  it('tells late readers the last progress, every call and all text, and doubts first', () => {
    const { story } = storyOf(
      [progress('a'), text('x'), call('one'), progress('b'), call('two'), text('y')],
      true,
    );
    expect(story.soFar()).toEqual([
      { kind: 'uncertain' },
      progress('b'),
      call('one'),
      call('two'),
      { kind: 'text', text: 'xy', offset: 0 },
    ]);
    expect(story.lasting()).toEqual([{ kind: 'uncertain' }, call('one'), call('two')]);
  });

  it('tells late readers nothing where nothing was told', () => {
    expect(storyOf([]).story.soFar()).toEqual([]);
  });

  it('ends telling text where it is too long, within a piece', () => {
    const { story, told } = storyOf([text('x'.repeat(toldTextMax - 1)), text('yz'), text('more')]);
    expect(told.slice(1)).toEqual([{ kind: 'text', text: 'y', offset: toldTextMax - 1 }, undefined]);
    expect(story.soFar()).toMatchObject([{ text: expect.stringMatching(/xy$/) }]);
  });

  it.each([
    ['calls', toolCallTellingsMax, call],
    ['progress', progressTellingsMax, progress],
  ])('ends telling %s after so many', (_name, most, notice) => {
    const names = Array.from({ length: most + 1 }, (_, at) => String(at));
    const { told, story } = storyOf(names.map(notice));
    expect(told.filter((telling) => telling !== undefined)).toHaveLength(most);
    expect(told.at(-1)).toBeUndefined();
    expect(story.soFar().at(-1)).toEqual(notice(String(most - 1)));
  });
});
