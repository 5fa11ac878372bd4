// What a command writes: its result to standard output, as JSON or for people, and what is only news on the way to standard error.
import { paintMark } from './paint.ts';
import { type Column, tableLines } from './table.ts';

/** Where text goes; `process.stdout` fits. */
export interface Screen {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
  write(text: string | Uint8Array): unknown;
}

/** The output of one command. */
export interface Output {
  /** True when standard output is for machines: nothing but JSON goes there, and no news anywhere. */
  readonly isJson: boolean;
  /** Shows a result: the value as JSON, or the lines that stand for it. */
  result(value: unknown, lines: () => readonly string[]): void;
  /** Shows rows, as a JSON list or as a table. */
  table<R>(rows: readonly R[], columns: readonly Column<R>[]): void;
  /** One value of many, a line of JSON each; for people its lines. */
  line(value: unknown, lines: () => readonly string[]): void;
  /** Text as it stands, for people alone. */
  text(text: string): void;
  /** News on the way, for people alone. */
  note(text: string): void;
  /** News that takes the place of the last; on a terminal alone. */
  progress(text: string): void;
  /** The line with its mark in colour, where a person looks and has not declined it. */
  paint(line: string): string;
  /** The screen for people; undefined unless a person looks at a terminal that can be written over. */
  readonly live: Screen | undefined;
}

/** What an output is made of. */
export interface OutputParts {
  readonly stdout: Screen;
  readonly stderr: Screen;
  readonly isJson: boolean;
  readonly isPlain: boolean;
  readonly isDumb: boolean;
}

const widthMin = 40;

/** Columns of a screen; undefined where nobody looks. A terminal that does not know has 80. */
export function widthOf({ isTTY, columns }: Screen): number | undefined {
  return isTTY === true ? Math.max(widthMin, columns || 80) : undefined;
}

/** An output. */
export function createOutput({ stdout, stderr, isJson, isPlain, isDumb }: OutputParts): Output {
  const write = (lines: readonly string[]): void =>
    void stdout.write(lines.map((line) => `${line}\n`).join(''));
  const json = (value: unknown, indent: number): void => write([JSON.stringify(value ?? null, null, indent)]);
  const isWatched = stdout.isTTY === true && !isDumb && !isJson;
  const isTerminal = stderr.isTTY === true && !isDumb && !isJson;
  let shown = 0;
  const clear = (): void => {
    if (shown > 0) stderr.write(`\r${' '.repeat(shown)}\r`);
    shown = 0;
  };
  const toPeople = (lines: readonly string[]): void => {
    clear();
    write(lines);
  };
  return {
    isJson,
    paint: (line) => (isWatched && !isPlain ? paintMark(line) : line),
    live: isWatched ? stdout : undefined,
    result: (value, lines) => (isJson ? json(value, 2) : toPeople(lines())),
    line: (value, lines) => (isJson ? json(value, 0) : toPeople(lines())),
    table: (rows, columns) =>
      isJson
        ? json(rows, 2)
        : toPeople(rows.length === 0 ? ['none'] : tableLines(rows, columns, widthOf(stdout))),
    text: (text) => {
      if (isJson) return;
      clear();
      stdout.write(text);
    },
    note: (text) => {
      if (isJson) return;
      clear();
      stderr.write(`${text}\n`);
    },
    progress: (text) => {
      if (!isTerminal) return;
      clear();
      const line = text.slice(0, (widthOf(stderr) ?? text.length) - 1);
      stderr.write(line);
      shown = line.length;
    },
  };
}
