// The marks that stand around matches in a snippet. Where a snippet is cut from is the index's business.

/** Stands before a match: a character of the private use area. */
export const markStart = '\u{E000}';
/** Stands behind a match. */
export const markStop = '\u{E001}';

/** The text with no character that could be taken for a mark. */
export function withoutMarks(text: string): string {
  return text.replaceAll(/[\u{E000}\u{E001}]/gu, '');
}

/** The snippet on one line, with its last match closed, should it have been cut inside. */
export function closedSnippet(snippet: string): string {
  const line = snippet.replaceAll(/\s+/gu, ' ').trim();
  return line.lastIndexOf(markStart) > line.lastIndexOf(markStop) ? line + markStop : line;
}
