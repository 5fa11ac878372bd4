// Which reports of a list words pick.
import { describe, expect, it } from '@jest/globals';
import { pickFrom, readPick } from './list-places.ts';

const list = ['inc_c', 'inc_a', 'inc_b', 'inc_d'];

function picked(text: string, bareNumbers = false) {
  const pick = readPick(text, bareNumbers);
  return pick && pickFrom(list, pick);
}

describe('a pick', () => {
  it.each([
    ['the first one', ['inc_c']],
    ['the second of these', ['inc_a']],
    ['3rd', ['inc_b']],
    ['number 4', ['inc_d']],
    ['#2', ['inc_a']],
    ['the first two', ['inc_c', 'inc_a']],
    ['the last two', ['inc_b', 'inc_d']],
    ['the last one', ['inc_d']],
    ['the first and third', ['inc_c', 'inc_b']],
    ['numbers 2, 3 and 4 of the list', ['inc_a', 'inc_b', 'inc_d']],
    ['the oldest of these', ['inc_a']],
    ['the newest of them', ['inc_d']],
  ])('is %s', (text, expected) => {
    expect(picked(text)).toEqual(expected);
  });

  it.each(['the fifth one', 'the first five', '#9', 'the last ten'])(
    'of a list that is too short is none: %s',
    (text) => {
      expect(readPick(text)).toBeDefined();
      expect(picked(text)).toBeUndefined();
    },
  );

  it.each(['the pothole', 'the first report', 'second street', 'the last report', 'these', ''])(
    'is none: %s',
    (text) => {
      expect(readPick(text)).toBeUndefined();
    },
  );

  it('is a bare number only in an answer', () => {
    expect([picked('2'), picked('2', true)]).toEqual([undefined, ['inc_a']]);
  });
});
