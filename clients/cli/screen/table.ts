// Rows in columns that fit the terminal: the widest columns give way first.
import { cut, lengthOf, onOneLine } from './plain-text.ts';

/** A column. */
export interface Column<R> {
  readonly title: string;
  /** Null and undefined are shown as nothing. */
  readonly of: (row: R) => string | number | boolean | null | undefined;
}

const gap = '  ';
/** No column is made narrower than this, in characters. */
const columnMin = 6;

/** The lines of a table, its titles first; `width` in characters, undefined for no limit. */
export function tableLines<R>(
  rows: readonly R[],
  columns: readonly Column<R>[],
  width: number | undefined,
): readonly string[] {
  const cells = rows.map((row) => columns.map(({ of }) => onOneLine(String(of(row) ?? ''))));
  const titles = columns.map(({ title }) => title);
  const natural = titles.map((title, at) =>
    Math.max(...[title, ...cells.map((line) => line[at] ?? '')].map(lengthOf)),
  );
  const widths = width === undefined ? natural : fitted(natural, width - gap.length * (columns.length - 1));
  return [titles, ...cells].map((line) =>
    line
      .map((cell, at) => padded(cut(cell, widths[at] ?? 0), widths[at] ?? 0))
      .join(gap)
      .trimEnd(),
  );
}

function padded(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - lengthOf(text)));
}

function fitted(natural: readonly number[], room: number): readonly number[] {
  const widths = [...natural];
  const sum = (): number => widths.reduce((total, each) => total + each, 0);
  while (sum() > room) {
    const widest = Math.max(...widths);
    if (widest <= columnMin) break;
    widths[widths.indexOf(widest)] = widest - 1;
  }
  return widths;
}
