// Words on a terminal: headings, wrapped text and one line that shows progress. Colour only where a person looks and has not declined it.

const widthMax = 100;
const widthMin = 40; // a terminal may not know how wide it is and say 0
const quietLineMs = 2_000;

/** Where the words go; `process.stdout` fits. */
export interface NarratorOutput {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** Tells what is happening. */
export interface Narrator {
  /** A line after a blank one, bold where possible. */
  heading(text: string): void;
  /** Text wrapped to the terminal; later lines begin under the indentation of the first. */
  say(text: string): void;
  /** Lines as they are, without wrapping. */
  print(text: string): void;
  /** Replaces the last progress on a terminal; elsewhere it is a line of its own, at most every 2 s. */
  progress(text: string): void;
  /** The last progress, which stays. */
  progressDone(text: string): void;
}

/** A narrator; `plain` allows no colour even on a terminal. */
export function createNarrator(output: NarratorOutput, { plain }: { readonly plain: boolean }): Narrator {
  const isTerminal = output.isTTY === true;
  const width = Math.max(widthMin, Math.min(widthMax, output.columns || widthMax));
  let shown = 0;
  let lastLineMs = Number.NEGATIVE_INFINITY;
  const line = (text: string): void => void output.write(`${text}\n`);
  const overwrite = (text: string): void => {
    output.write(`\r${text.padEnd(shown)}`);
    shown = text.length;
  };
  return {
    heading: (text) => line(isTerminal && !plain ? `\n\u001b[1m${text}\u001b[0m` : `\n${text}`),
    say: (text) => line(wrap(text, width)),
    print: line,
    progress: (text) => {
      if (isTerminal) return overwrite(text.slice(0, width - 1));
      if (performance.now() - lastLineMs < quietLineMs) return;
      lastLineMs = performance.now();
      line(text);
    },
    progressDone: (text) => {
      if (!isTerminal) return line(text);
      overwrite(text);
      shown = 0;
      output.write('\n');
    },
  };
}

/** The text in lines of at most `width` characters, broken at spaces; each line is indented like the first. */
export function wrap(text: string, width: number): string {
  const [indent = ''] = /^ */.exec(text) ?? [];
  const lines: string[] = [];
  let current = '';
  for (const word of text.trim().split(/\s+/)) {
    const longer = current === '' ? word : `${current} ${word}`;
    if (indent.length + longer.length > width && current !== '') {
      lines.push(indent + current);
      current = word;
    } else current = longer;
  }
  return [...lines, indent + current].join('\n');
}
