// What the demo writes is readable on a terminal, and plain where nobody looks at one.
import { describe, expect, it } from '@jest/globals';
import { createNarrator, type NarratorOutput, wrap } from './narrator.ts';

function written(
  output: Partial<NarratorOutput>,
  tell: (narrator: ReturnType<typeof createNarrator>) => void,
  plain = false,
): string {
  let text = '';
  tell(createNarrator({ ...output, write: (piece: string) => (text += piece) }, { plain }));
  return text;
}

const escapeCode = '\u001b';

describe('a narrator', () => {
  it('writes neither colours nor carriage returns into a file or pipe', () => {
    const text = written({}, (narrator) => {
      narrator.heading('Part 1');
      narrator.progress('1 of 2');
      narrator.progress('2 of 2');
      narrator.progressDone('done');
    });
    expect(text).toBe('\nPart 1\n1 of 2\ndone\n');
  });

  it('replaces progress on a terminal and leaves nothing of a longer one', () => {
    const text = written({ isTTY: true, columns: 80 }, (narrator) => {
      narrator.progress('a long piece of news');
      narrator.progressDone('done');
    });
    expect(text).toBe(`\ra long piece of news\rdone${' '.repeat(16)}\n`);
  });

  it('is bold on a terminal unless colours are declined', () => {
    const head = (narrator: { heading(text: string): void }): void => narrator.heading('Part 1');
    expect(written({ isTTY: true }, head)).toContain(escapeCode);
    expect(written({ isTTY: true }, head, true)).not.toContain(escapeCode);
  });

  it('still writes whole words on a terminal that says it has no columns', () => {
    expect(written({ isTTY: true, columns: 0 }, (narrator) => narrator.say('two words'))).toBe('two words\n');
  });
});

describe('wrapped text', () => {
  it.each([
    ['short', 10, 'short'],
    ['one two three', 7, 'one two\nthree'],
    ['  one two three', 9, '  one two\n  three'],
    ['averylongword x', 5, 'averylongword\nx'],
    ['', 5, ''],
  ])('keeps words whole and the indentation on each line: %j in %d', (text, width, lines) => {
    expect(wrap(text, width)).toBe(lines);
  });
});
