// Colour for the marks of tasks: the only colour there is, and nothing is said by it alone.

const codes: Readonly<Record<string, number>> = { '✓': 32, '✗': 31, '▸': 36, '↻': 33, '?': 33 };

/** The line with its mark in colour; one without a mark stays as it is. */
export function paintMark(line: string): string {
  return line.replace(/^([│├└─ ]*)([✓✗▸↻?]) /u, (_, indent: string, mark: string) => {
    return `${indent}\u001b[${codes[mark]}m${mark}\u001b[0m `;
  });
}
