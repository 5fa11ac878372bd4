// Marks around matches: texts cannot bring their own, and none stays open.
import { describe, expect, it } from '@jest/globals';
import { closedSnippet, markStart, markStop, withoutMarks } from './snippet.ts';

describe('a snippet', () => {
  it('is closed where it was cut inside a match, and lies on one line', () => {
    const match = `${markStart}flood${markStop}`;
    expect(closedSnippet(` a ${match}\n \n in ${markStart}flo`)).toBe(
      `a ${match} in ${markStart}flo${markStop}`,
    );
    expect(closedSnippet(`a ${match} in`)).toBe(`a ${match} in`);
    expect(closedSnippet('')).toBe('');
  });
});

describe('a text', () => {
  it('loses what could be taken for a mark, and nothing else', () => {
    expect(withoutMarks(`a${markStart}b${markStop}\u{E002}\u{1F525}`)).toBe('ab\u{E002}\u{1F525}');
  });
});
