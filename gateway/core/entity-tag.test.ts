// What If-None-Match says of a tag.
import { describe, expect, it } from '@jest/globals';
import { contentTag, isKnown } from './entity-tag.ts';

describe('If-None-Match', () => {
  it.each([
    ['"7"', '"7"', true],
    ['W/"7"', '"7"', true],
    ['"7"', 'W/"7"', true],
    ['"6", W/"7" ,"8"', '"7"', true],
    ['*', '"7"', true],
    [' * ', 'W/"7"', true],
    ['"a,b"', '"a,b"', true],
    ['""', '""', true],
    ['"8"', '"7"', false],
    ['7', '"7"', false],
    ['"7', '"7"', false],
    ['w/"7"', '"7"', false],
    ['"7" "8"', '"7"', false],
    ['"6", *', '"7"', false],
    ['"77"', '"7"', false],
    ['', '"7"', false],
  ])('%s knows %s: %s', (header, tag, known) => {
    expect(isKnown(header, tag)).toBe(known);
  });

  it('is read in a time that grows with its length alone', () => {
    expect(isKnown(`${'"a",'.repeat(4_000)}x`, '"7"')).toBe(false);
    expect(isKnown(`"${'"'.repeat(16_000)}`, '"7"')).toBe(false);
  });
});

describe('the tag of a text', () => {
  it('is weak, the same for the same text, and another for another', () => {
    expect(contentTag('{"a":1}')).toMatch(/^W\/"[\w-]{27}"$/);
    expect(contentTag('{"a":1}')).toBe(contentTag('{"a":1}'));
    expect(contentTag('{"a":1}')).not.toBe(contentTag('{"a":2}'));
  });
});
