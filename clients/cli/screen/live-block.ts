// A few lines of a terminal that are written over again and again while something goes on.
import type { Screen } from './output.ts';
import { cut } from './plain-text.ts';

/** Lines that change. */
export interface LiveBlock {
  /** Puts these lines in the place of the last. What does not fit the terminal is left out, with a count. */
  show(lines: readonly string[]): void;
  /** Puts these lines there for good. */
  leave(lines: readonly string[]): void;
}

const control = '\u001b[';

/** An empty block at the place of the cursor; `paint` colours a line once it fits. */
export function createLiveBlock(screen: Screen, paint: (line: string) => string): LiveBlock {
  let shown: readonly string[] = [];
  const replace = (lines: readonly string[]): void => {
    if (lines.join('\n') === shown.join('\n')) return;
    const up = shown.length > 0 ? `${control}${shown.length}A${control}0J` : '';
    screen.write(up + lines.map((line) => `${paint(line)}\n`).join(''));
    shown = lines;
  };
  return {
    show(lines) {
      const [columns, rows] = [screen.columns || 80, screen.rows || 24];
      const fitting =
        lines.length < rows ? lines : [...lines.slice(0, rows - 2), `… ${lines.length - rows + 2} more`];
      replace(fitting.map((line) => cut(line, columns - 1)));
    },
    leave(lines) {
      replace(lines);
      shown = [];
    },
  };
}
